"""Assemblies side by side: how each stands, what is due next, how many recommendations are answered and how."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from contracts.base import Text
from followup import repository
from followup.domain.commitment import State
from followup.domain.standing import standing
from followup.paging import SIZE, Paged, paged
from followup.paths import dashboard_path
from followup.repository import overview
from followup.views.assembly import milestone_views
from followup.views.shapes import MilestoneView
from followup.words import as_text

URGENT_FIRST = (State.OVERDUE, State.DUE, State.DUE_SOON, State.UPCOMING, State.UNDATED, State.REPORTED)
"""The states of a whole follow-up, what asks for attention first."""


class Row(NamedTuple):
    """One assembly. `next` is the first milestone that is not reported; `answers` counts by answer, "" for none yet."""

    assembly: str
    title: Text
    municipality: Text
    delivered_on: date | None
    closed_on: date | None
    state: State
    next: MilestoneView | None
    answers: Counter[str]
    path: str

    @property
    def recommendations(self) -> int:
        """How many were delivered and heard of."""
        return self.answers.total()

    @property
    def answered(self) -> int:
        """How many of them are answered."""
        return self.recommendations - self.answers[""]


class Listing(NamedTuple):
    """One page of the assemblies that were asked for, and what there is to ask for among them all.

    `states` counts the assemblies of the municipality that was asked for, or of all, by how they stand.
    """

    paged: Paged[Row]
    municipalities: tuple[tuple[str, Text], ...]
    states: Mapping[State, int]


class Sorted(NamedTuple):
    """The ids of the assemblies that were asked for, in the order of the list."""

    ids: tuple[str, ...]
    municipalities: tuple[tuple[str, Text], ...]
    states: Mapping[State, int]


async def sorted_out(store: repository.Store, today: date, municipality: str = "", state: str = "") -> Sorted:
    """Return the assemblies of a municipality that stand so; empty asks for any. What is most urgent comes first.

    Within a state the first due day comes first; what has none by its delivery, the latest first.
    """
    heads = await overview.heads(store)
    dues = await overview.next_dues(store)
    municipalities = {head.municipality: as_text(head.municipality_title) for head in heads}
    stands: dict[str, State] = {}
    for head in heads:
        due = dues.get(head.id)
        if municipality in ("", head.municipality):
            stands[head.id] = standing(
                today, due.due_on if due else None, due.soon_on if due else None, closed=head.closed
            )
    # Sorting is stable: without a due day the order of the heads stays, the latest delivery first.
    ids = sorted(
        (id_ for id_, stand in stands.items() if state in ("", stand.value)),
        key=lambda id_: (URGENT_FIRST.index(stands[id_]), dues[id_].due_on if id_ in dues else today),
    )
    return Sorted(tuple(ids), tuple(municipalities.items()), Counter(stands.values()))


async def listing(
    store: repository.Store, today: date, municipality: str = "", state: str = "", page: int = 1, size: int = SIZE
) -> Listing:
    """Return one page of the assemblies that were asked for."""
    found = await sorted_out(store, today, municipality, state)
    on_page = paged(found.ids, page, size)
    rows = await _rows(store, list(on_page.rows), today)
    return Listing(Paged(rows, *on_page[1:]), found.municipalities, found.states)


async def _rows(store: repository.Store, ids: list[str], today: date) -> list[Row]:
    commitments = await overview.commitments_of(store, ids)
    verdicts = await overview.verdicts(store, ids)
    rows = []
    for one in await overview.assemblies_of(store, ids):
        if one.mandate is None:
            continue
        milestones = milestone_views(one.mandate, commitments[one.id], today)
        following = next((m for m in milestones if m.status is None), None)
        soon_on = min((c.soon_on for c in commitments[one.id] if c.status is None), default=None)
        closed = one.closed_on is not None
        rows.append(
            Row(
                assembly=one.id,
                title=as_text(one.mandate.title),
                municipality=as_text(one.mandate.municipality),
                delivered_on=one.delivery.on if one.delivery else None,
                closed_on=one.closed_on,
                state=standing(today, following.due_on if following else None, soon_on, closed=closed),
                next=following,
                answers=verdicts.get(one.id, Counter()),
                path=dashboard_path(one.id),
            )
        )
    return rows
