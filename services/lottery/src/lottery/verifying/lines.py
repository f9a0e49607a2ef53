"""What the verifier says: a line for everything it looked at."""

from collections.abc import Iterable
from typing import NamedTuple


class Line(NamedTuple):
    """One thing that was looked at. `holds` is None for what cannot be seen from the files that were given.

    `what` is one of a fixed set of sentences, which pages translate; numbers, names and what is wrong are in `detail`.
    """

    holds: bool | None
    what: str
    detail: str = ""

    def __str__(self) -> str:
        word = {True: "holds", False: "FAILS", None: "not shown here"}[self.holds]
        return f"{word}: {self.what}" + (f" ({self.detail})" if self.detail else "")


def flaws_line(what: str, flaws: Iterable[str], detail: str = "") -> Line:
    """Return the line of something that holds unless there are flaws; the first few of them are told."""
    found = list(flaws)
    more = f", and {len(found) - 3} more" if len(found) > 3 else ""
    return Line(not found, what, "; ".join(found[:3]) + more if found else detail)
