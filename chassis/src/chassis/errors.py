"""Errors with a meaning the house acts on: HTTP statuses, retries, dead letters.

Adapters raise these and nothing else on purpose, so that one place can decide what is tried again (`chassis.retry`)
and one place what a caller is told (`chassis.pages`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what was sent: where (a row, a form), which field, which rule, and what to do.

    `message` never repeats the value: it may be a CPR number or a name.
    """

    where: str
    field: str
    rule: str
    message: str


class HouseError(Exception):
    """Base of the errors below."""


class Permanent(HouseError):  # noqa: N818 - the field's words: errors are permanent or transient
    """Trying again cannot help: a fact that raises it becomes a dead letter."""


class Transient(HouseError):  # noqa: N818
    """Trying again may help; `retry_after` in seconds where the other side said when."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BadInput(Permanent):
    """What was sent breaks rules, all of which are listed. HTTP 422."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.where}: {p.field}: {p.message}" for p in problems[:5]))
        self.problems = tuple(problems)

    def as_json(self) -> list[dict[str, str]]:
        """Return the problems as plain objects, for an RFC 9457 body."""
        return [asdict(problem) for problem in self.problems]


class NotFound(Permanent):
    """There is no such thing. HTTP 404."""


class Conflict(HouseError):  # noqa: N818
    """Someone else was first, or the thing is not in a state that allows it. HTTP 409."""


class Duplicate(Conflict):
    """A document with this id or unique key is there already."""
