"""The council's own dashboard: what it owes and by when, what lies on which committee's table, which elections come.

It shows nothing that is not public, so that politicians need no account.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from contracts.base import Text
from followup import repository
from followup.domain.assembly import Assembly
from followup.domain.commitment import Commitment, State
from followup.domain.elections import Election, elections_within
from followup.paging import SIZE, Paged, within
from followup.paths import dashboard_path
from followup.repository import overview, tables
from followup.repository.tables import Load
from followup.views.assembly import recommendation_view
from followup.views.shapes import RecommendationView
from followup.words import as_text


class Deadline(NamedTuple):
    """A status that is owed. `elections` are those since the delivery and until the day; their councils are bound."""

    assembly: str
    assembly_title: Text
    municipality: Text
    title: Text
    due_on: date
    state: State
    days_left: int
    overdue_days: int
    elections: tuple[Election, ...]
    path: str


class Table(NamedTuple):
    """A committee's table, and its name in the mandates."""

    id: str
    title: Text
    load: Load


class Lying(NamedTuple):
    """A recommendation on a table, of an assembly."""

    assembly: str
    assembly_title: Text
    one: RecommendationView


class Council(NamedTuple):
    """The dashboard. Without a municipality there are no tables: a committee is one municipality's.

    `table` is the committee that was asked for and `lying` what lies on it, a page at a time.
    """

    municipality: str
    municipalities: tuple[tuple[str, Text], ...]
    deadlines: Paged[Deadline]
    overdue: int
    tables: tuple[Table, ...]
    table: Table | None
    lying: Paged[Lying]


async def council(store: repository.Store, today: date, municipality: str, committee: str, page: int) -> Council:
    """Return the dashboard of a municipality's council; the only one there is need not be named.

    `page` is that of what lies on the committee's table, or else that of the deadlines.
    """
    heads = await overview.heads(store)
    municipalities = {head.municipality: as_text(head.municipality_title) for head in heads}
    if len(municipalities) == 1:
        municipality = next(iter(municipalities))
    ids = [head.id for head in heads if head.municipality == municipality and not head.closed]
    asked = ids if municipality else None
    dues = await overview.next_dues(store, asked)
    known = {one.id: one for one in await overview.assemblies_of(store, ids)}
    loads = {load.committee: load for load in await tables.loads(store, ids)} if ids else {}
    names = _names(known.values())
    shown = tuple(Table(id_, title, loads.get(id_, Load(id_, 0, 0, 0))) for id_, title in names.items())
    table = next((one for one in shown if one.id == committee), None)
    owed = await tables.count_deadlines(store, asked)
    number, pages = within(1 if table else page, owed)
    found = await tables.deadlines(store, asked, SIZE, (number - 1) * SIZE)
    others = sorted({one.assembly for one in found} - set(known))
    known |= {one.id: one for one in await overview.assemblies_of(store, others)}
    return Council(
        municipality=municipality,
        municipalities=tuple(municipalities.items()),
        deadlines=Paged([_deadline(one, known[one.assembly], today) for one in found], number, pages, owed),
        overdue=sum(due.due_on < today for due in dues.values()),
        tables=shown,
        table=table,
        lying=await _lying(store, known, ids, table, page),
    )


async def _lying(
    store: repository.Store, known: Mapping[str, Assembly], ids: Sequence[str], table: Table | None, page: int
) -> Paged[Lying]:
    if table is None:
        return Paged([], 1, 1, 0)
    number, pages = within(page, table.load.open)
    found = await tables.on_the_table(store, ids, table.id, SIZE, (number - 1) * SIZE)
    rows = [
        Lying(one.assembly, as_text(mandate.title), recommendation_view(one, mandate))
        for one in found
        if (mandate := known[one.assembly].mandate) is not None
    ]
    return Paged(rows, number, pages, table.load.open)


def _names(assemblies: Iterable[Assembly]) -> dict[str, Text]:
    """Return the committees by id as the latest mandate names them, in its order."""
    names: dict[str, Text] = {}
    for one in assemblies:
        for id_, title in (one.mandate.committees if one.mandate else {}).items():
            names.setdefault(id_, as_text(title))
    return names


def _deadline(one: Commitment, assembly: Assembly, today: date) -> Deadline:
    delivered_on = assembly.delivery.on if assembly.delivery else one.made_on
    mandate = assembly.mandate
    return Deadline(
        assembly=one.assembly,
        assembly_title=as_text(mandate.title if mandate else one.title),
        municipality=as_text(mandate.municipality if mandate else one.title),
        title=as_text(one.title),
        due_on=one.due_on,
        state=one.state(today),
        days_left=max(0, (one.due_on - today).days),
        overdue_days=one.overdue_days(today),
        elections=elections_within(delivered_on, max(one.due_on, today)),
        path=dashboard_path(one.assembly),
    )
