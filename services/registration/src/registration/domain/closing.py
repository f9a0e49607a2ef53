"""The review before a pool is closed: what is looked at, what stops it, and what somebody must have judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

SHORTEST, LONGEST = 5, 500
"""Characters of a comment."""


class Item(StrEnum):
    """A line of the checklist, in its order."""

    BLANKS = "blanks"
    TRIALS = "trials"
    DUPLICATES = "duplicates"
    EXCLUDED = "excluded"
    GONE = "gone"
    FEASIBILITY = "feasibility"
    EARLY = "early"


STOPS = frozenset({Item.BLANKS, Item.TRIALS})
"""What no comment helps against: the person withdraws, or is put right, first."""


class Refusal(StrEnum):
    """Why an item keeps the pool from being closed."""

    STOPS = "stops"
    TICK = "tick"
    COMMENT = "comment"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for an item. `concerns` are opaque marks of what it is about; none: all is well.

    `people` are the reference numbers to look them up by.
    """

    item: Item
    concerns: tuple[str, ...] = ()
    people: tuple[tuple[str, ...], ...] = ()

    @property
    def state(self) -> str:
        if not self.concerns:
            return "fine"
        return "stops" if self.item in STOPS else "review"


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody said of an item: looked at (`ticked`), why it is all right, and which concerns they saw."""

    ticked: bool = False
    comment: str = ""
    seen: frozenset[str] = frozenset()


def refusals(findings: Iterable[Finding], reviews: Mapping[Item, Review]) -> list[tuple[Item, Refusal]]:
    """Return what still keeps the pool from being closed; empty when it can be.

    What has gone away since the review does no harm. What has come since must be seen first.
    """
    found = ((one.item, _refusal(one, reviews.get(one.item, Review()))) for one in findings)
    return [(item, refusal) for item, refusal in found if refusal]


def _refusal(finding: Finding, review: Review) -> Refusal | None:
    if not finding.concerns:
        return None
    if finding.item in STOPS:
        return Refusal.STOPS
    if not review.ticked:
        return Refusal.TICK
    if not SHORTEST <= len(review.comment) <= LONGEST:
        return Refusal.COMMENT
    return None if review.seen.issuperset(finding.concerns) else Refusal.NEW
