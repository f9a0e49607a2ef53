"""How a rule is reported as broken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule broken: `where` (a recommendation, a form), which field, which rule, and what to do about it."""

    where: str
    field: str
    rule: str
    message: str


LONGEST_LINK = 1000
"""Characters of a web address: longer ones are cut off by mail programs and printers."""


def no_web_address(link: str, where: str, field: str) -> list[Broken]:
    """Return what is wrong with a link that everyone can press; an empty one is left out and fine."""
    if not link:
        return []
    if not link.startswith(("https://", "http://")) or any(sign.isspace() for sign in link):
        return [Broken(where, field, "a web address", "begin the link with https:// and leave no blanks in it")]
    if len(link) > LONGEST_LINK:
        return [Broken(where, field, "a shorter link", f"it may have at most {LONGEST_LINK} characters")]
    return []


class RulesBroken(ValueError):  # noqa: N818 - it is a list of broken rules, not one error
    """What was asked for breaks rules, all of which are listed."""

    def __init__(self, *broken: Broken) -> None:
        super().__init__("; ".join(f"{b.where}: {b.field}: {b.message}" for b in broken))
        self.broken = broken


class Untimely(ValueError):  # noqa: N818
    """What was asked for clashes with what is there: someone was first, or its time has not come."""
