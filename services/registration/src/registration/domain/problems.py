"""What is wrong with a file or a form, in a shape that never repeats what stood there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LISTED = 100
"""How many problems are kept with their text; all are counted."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One broken rule: `row` as a spreadsheet numbers it (the header is row 1), 0 for the file as a whole.

    `message` says what to do and never holds the value: it may be a CPR number or a name. Both texts are made from one
    that can be translated (`rule_text`, `message_text`) and what it is filled in with.
    """

    row: int
    column: str
    rule_text: str
    message_text: str
    told: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """The rule's short name, in English."""
        return filled(self.rule_text, self.told)

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return filled(self.message_text, self.told)

    @property
    def where(self) -> str:
        """Name the place in words: `row 3`, or `file`."""
        return f"row {self.row}" if self.row else "file"


class BrokenRuleError(ValueError):
    """A single value breaks a rule; the reader of a row turns it into a RowProblem."""

    def __init__(self, rule: str, message: str, **told: str | int) -> None:
        super().__init__(filled(message, told))
        self.rule_text, self.message_text, self.told = rule, message, told

    @property
    def rule(self) -> str:
        """The rule's short name, in English."""
        return filled(self.rule_text, self.told)


def filled(text: str, told: Mapping[str, str | int]) -> str:
    """Fill a text in."""
    return text % told if told else text


def N_(text: str) -> str:  # noqa: N802 - gettext's own name; the chassis' own is not for the domain
    """Mark a text that is translated where it is shown."""
    return text


@dataclass(slots=True)
class Problems:
    """What is wrong with a file so far."""

    listed: list[RowProblem] = field(default_factory=list)
    count: int = 0

    def refuse(self, *problems: RowProblem) -> None:
        """Count the problems and keep the first of them."""
        self.count += len(problems)
        self.listed.extend(problems[: max(0, LISTED - len(self.listed))])
