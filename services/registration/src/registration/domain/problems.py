"""What is wrong with a file or a form, in a shape that never repeats what stood there."""

from dataclasses import dataclass, field

LISTED = 100
"""How many problems are kept with their text; all are counted."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One broken rule: `row` as a spreadsheet numbers it (the header is row 1), 0 for the file as a whole.

    `message` says what to do and never holds the value: it may be a CPR number or a name.
    """

    row: int
    column: str
    rule: str
    message: str

    @property
    def where(self) -> str:
        """Name the place in words: `row 3`, or `file`."""
        return f"row {self.row}" if self.row else "file"


class BrokenRuleError(ValueError):
    """A single value breaks a rule; the reader of a row turns it into a RowProblem."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


@dataclass(slots=True)
class Problems:
    """What is wrong with a file so far."""

    listed: list[RowProblem] = field(default_factory=list)
    count: int = 0

    def refuse(self, *problems: RowProblem) -> None:
        """Count the problems and keep the first of them."""
        self.count += len(problems)
        self.listed.extend(problems[: max(0, LISTED - len(self.listed))])
