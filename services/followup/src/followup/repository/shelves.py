"""What is stored where. One document per aggregate: an assembly, a recommendation with its answers, a commitment.

A commitment holds `next_on`, the day of its next crossing, so that the sweep asks one indexed question of all
assemblies; `soon_on`, the day from which it is due soon, which the dashboards ask about; and the record of what was
said, which the counts are taken from. A recommendation holds the fields the lists ask about: how it is answered, how
far its draft is, whether a committee's decision is awaited. `changed_at` is when the feeds last told something of it.
"""

from datetime import UTC, datetime

from chassis.mongo import Document
from followup.domain.assembly import Assembly
from followup.domain.commitment import Commitment
from followup.domain.recommendation import Recommendation
from followup.repository import upgrades
from followup.repository.documents import Shelf

ASSEMBLIES, RECOMMENDATIONS, COMMITMENTS = "assemblies", "recommendations", "commitments"


def _municipality(one: Assembly) -> Document:
    return {"municipality": one.mandate.municipality_id if one.mandate else ""}


def _standing(one: Recommendation) -> Document:
    return {
        "answered": one.answer is not None,
        "verdict": one.answer.content.verdict if one.answer else "",
        "draft_state": one.draft.state.value if one.draft else "",
        "waits_for_committee": one.work.waits_for_committee and one.work.completed_on is None,
        "referred": list(one.referred),
        "changed_at": _moment(one.answer.answered_at) if one.answer else "",
    }


def _next(one: Commitment) -> Document:
    crossing = next(one.ahead(), None)
    told = [*(moved.at for moved in one.extensions), *(said.at for said in one.said)]
    told += [one.status.published_at] if one.status else []
    return {
        "next_on": crossing.on.isoformat() if crossing else None,
        "reported": one.status is not None,
        "soon_on": one.soon_on.isoformat(),
        "changed_at": max((_moment(at) for at in told), default=one.made_on.isoformat()),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")  # of one length, so that it sorts as a text


assemblies = Shelf(ASSEMBLIES, Assembly, lambda one: one.id, upgrades.ASSEMBLY, _municipality)
recommendations = Shelf(
    RECOMMENDATIONS, Recommendation, lambda one: f"{one.assembly}:{one.id}", upgrades.RECOMMENDATION, _standing
)
commitments = Shelf(COMMITMENTS, Commitment, lambda one: one.id, upgrades.COMMITMENT, _next)
