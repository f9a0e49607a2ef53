"""What is new in a status since the one before: recommendation by recommendation, and theme by theme."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from followup.domain.answers import Verdict
from followup.domain.status import ReportedAnswer, Status

What = Literal["new", "verdict", "reason", "action", "done_by", "unit", "money", "progress"]
"""What may have changed. "new" stands alone: the status before said nothing of the recommendation."""

_IN_CONTENT: tuple[What, ...] = tuple(one for one in get_args(What) if one not in ("new", "progress"))


@dataclass(frozen=True, slots=True)
class Change:
    """One recommendation that a status tells something new of. `what` is in the order of What, never empty."""

    before: ReportedAnswer | None
    after: ReportedAnswer
    what: tuple[What, ...]

    @property
    def recommendation(self) -> str:
        """The recommendation's id."""
        return self.after.recommendation


@dataclass(frozen=True, slots=True)
class ThemeStanding:
    """What a status says of one theme: how many have each answer, how many are closed, and the ids that changed."""

    theme: str
    followed: int
    partly: int
    not_followed: int
    completed: int
    changed: tuple[str, ...]


def changes(before: Status | None, after: Status) -> tuple[Change, ...]:
    """Return what `after` tells that `before` did not, in the order of `after`; without a `before`, all of it is new.

    A new revision that says the same words is no change: what counts is what people can read.
    """
    known = {one.recommendation: one for one in before.answers} if before else {}
    pairs = [(known.get(one.recommendation), one) for one in after.answers]
    return tuple(Change(old, new, what) for old, new in pairs if (what := _what(old, new)))


def _what(old: ReportedAnswer | None, new: ReportedAnswer) -> tuple[What, ...]:
    if old is None:
        return ("new",)
    content = tuple(name for name in _IN_CONTENT if getattr(old.content, name) != getattr(new.content, name))
    return (*content, "progress") if old.progress != new.progress else content


def by_theme(
    before: Status | None, after: Status, themes: Iterable[str], completed: Collection[str] = ()
) -> tuple[ThemeStanding, ...]:
    """Return how each theme stands in `after`: those of `themes`, the mandate's, in its order, then any other.

    A theme without a recommendation is left out. `completed` are the ids of the recommendations that are closed.
    """
    changed = {change.recommendation for change in changes(before, after)}
    groups: dict[str, list[ReportedAnswer]] = {theme: [] for theme in themes}
    for one in after.answers:
        groups.setdefault(one.theme, []).append(one)
    return tuple(_standing(theme, group, completed, changed) for theme, group in groups.items() if group)


def _standing(
    theme: str, group: Collection[ReportedAnswer], completed: Collection[str], changed: Collection[str]
) -> ThemeStanding:
    def count(verdict: Verdict) -> int:
        return sum(one.content.verdict == verdict for one in group)

    return ThemeStanding(
        theme=theme,
        followed=count("followed"),
        partly=count("partly"),
        not_followed=count("not-followed"),
        completed=sum(one.recommendation in completed for one in group),
        changed=tuple(one.recommendation for one in group if one.recommendation in changed),
    )
