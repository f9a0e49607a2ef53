"""Many recommendations changed in one stroke: what is ticked in the work list, what an imported sheet says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict
from chassis.transaction import Transaction
from followup import repository
from followup.domain.answers import Content
from followup.domain.recommendation import Recommendation
from followup.domain.rules import Broken, RulesBroken, Untimely
from followup.domain.work import Work
from followup.errors import house_errors
from followup.use_cases.answering import say_draft
from followup.use_cases.finding import delivered
from followup.use_cases.working import known_committees, say_work, with_work


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one recommendation is to hold. What is None stays as it is.

    `content` is a draft; `edit` is the number of the edit that was read, as `work.number` is of the work.
    """

    assembly: str
    recommendation: str
    content: Content | None = None
    edit: int = 0
    work: Work | None = None


class Overtaken(Conflict):
    """Somebody has saved some of them since they were read; `which` are their (assembly, recommendation) ids."""

    def __init__(self, which: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"saved by someone else in the meantime: {', '.join(':'.join(one) for one in which)}")
        self.which = tuple(which)


async def change_together(tx: Transaction, wanted: Sequence[Wanted]) -> list[Recommendation]:
    """Change all of them or none, and return those that changed.

    BadInput with every rule that is broken, Overtaken with all that were saved since they were read, NotFound for one
    that is not delivered.
    """
    changed: list[Recommendation] = []
    broken: list[Broken] = []
    overtaken: list[tuple[str, str]] = []
    committees = {id_: await known_committees(tx, id_) for id_ in dict.fromkeys(one.assembly for one in wanted)}
    for one in wanted:
        known = await delivered(tx, one.assembly, one.recommendation)
        try:
            after = _after(known, one, committees[one.assembly], tx.now)
        except RulesBroken as error:
            broken += error.broken
        except Untimely:
            overtaken.append((one.assembly, one.recommendation))
        else:
            if after is not known:
                changed.append(after)
                await _save(tx, known, after)
    if overtaken:
        raise Overtaken(overtaken)
    with house_errors():
        if broken:
            raise RulesBroken(*broken)
    return changed


def _after(known: Recommendation, one: Wanted, committees: tuple[str, ...], at: datetime) -> Recommendation:
    after = known
    if one.content is not None:
        after = after.drafted(one.content, read=one.edit, at=at)
    if one.work is not None:
        after = with_work(after, one.work, committees)
    return after


async def _save(tx: Transaction, known: Recommendation, after: Recommendation) -> None:
    await repository.save_recommendation(tx, after)
    if after.edits != known.edits:
        say_draft(tx, after)
    if after.work.number != known.work.number:
        say_work(tx, after)
