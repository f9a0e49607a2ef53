"""What can be wrong with what the lottery is given."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Flaw:
    """One thing that breaks one rule: where (a row, a criterion), in which field, which rule, and in words.

    Never holds a person's answer: a row number and a column are enough to find it.
    """

    where: str
    field: str
    rule: str
    message: str


class FlawedInputError(Exception):
    """The quotas or the pool break their rules; nothing was computed."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(f"{flaw.where}, {flaw.field}: {flaw.message}" for flaw in flaws))
        self.flaws = tuple(flaws)


class SolverError(Exception):
    """The solver stopped without an answer: never a property of the input, always a defect or a broken machine."""


class OutOfTimeError(Exception):
    """The solver was given so many seconds and has no answer yet. A draw gives it all the time it takes."""


class Cancelled(Exception):  # noqa: N818  # it is not an error: whoever waits for the lottery wants it no more
    """Raised by whoever is told of the progress, to stop the computation at once."""
