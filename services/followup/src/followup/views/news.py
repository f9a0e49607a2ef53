"""What is new: in a status since the one before it, and today since the last."""

from collections.abc import Sequence
from dataclasses import replace

from followup.domain.changes import changes
from followup.domain.commitment import Commitment
from followup.domain.recommendation import Recommendation
from followup.domain.status import Status, as_reported
from followup.views.shapes import ChangeView


def before_each(commitments: Sequence[Commitment]) -> dict[str, Status | None]:
    """Return for each reported milestone the status that was published before its own."""
    reported = _in_order(commitments)
    statuses: list[Status | None] = [None, *(status for _, status in reported)]
    return {milestone: before for (milestone, _), before in zip(reported, statuses, strict=False)}


def since_last(commitments: Sequence[Commitment], recommendations: Sequence[Recommendation]) -> tuple[ChangeView, ...]:
    """Return what the answers and the work tell today that the last status did not; nothing before the first."""
    reported = _in_order(commitments)
    if not reported:
        return ()
    last = reported[-1][1]
    return told(last, replace(last, answers=as_reported(recommendations)))


def told(before: Status | None, after: Status) -> tuple[ChangeView, ...]:
    """Return the changes as the public reads them."""
    return tuple(
        ChangeView(
            recommendation=change.recommendation,
            number=change.after.number,
            theme=change.after.theme,
            title=change.after.title,
            what=change.what,
            verdict_before=change.before.content.verdict if change.before else None,
            verdict=change.after.content.verdict,
            progress_before=change.before.progress if change.before else None,
            progress=change.after.progress,
        )
        for change in changes(before, after)
    )


def _in_order(commitments: Sequence[Commitment]) -> list[tuple[str, Status]]:
    found = [(one.milestone, one.status) for one in commitments if one.status is not None]
    return sorted(found, key=lambda one: one[1].published_at)
