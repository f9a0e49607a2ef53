"""What the lottery holds about one person, for registration to tell them (GDPR, article 15).

The record of who saw what is not among it: it counts the people who were seen and names none.
"""

from typing import Any

from contracts.subject_access import Held, WhatIsHeld
from lottery.repository import boards, draws
from lottery.repository.pools import POOL, person_key
from lottery.repository.store import PEOPLE, Store
from lottery.verifying.seals import line_of


class Holdings:
    """Answers from the pool, the sealed draw and the board."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, question: WhatIsHeld) -> Held:
        """Return everything; nothing for the erased, of whom no more is kept than that their id is."""
        row = await self._store.collection(PEOPLE).get(person_key(question.assembly, question.person))
        if row is None or row["status"] == "erased":
            return Held()
        records: list[dict[str, Any]] = [
            {
                "what": "a place in the pool",
                "features": row["features"],
                "household": row["household"],
                "line in the draw's record": line_of(row["salt"]),
            }
            if row["status"] == POOL
            else {"what": "that you left the pool", "how": row["status"], "at": row["left_at"]}
        ]
        for draw, panels in (await draws.panels_with(self._store, question.assembly, question.person)).items():
            what = "a place on some of the sealed draw's numbered panels"
            records.append({"what": what, "draw": draw, "panels": panels})
        seating = await boards.seating(self._store, question.assembly)
        if seating is not None:
            if member := seating.board.members.get(question.person):
                until = seating.board.answer_by.get(question.person)
                records.append({"what": "a seat in the assembly", "status": member.value, "answer_by": until})
            if alternate := seating.board.alternates.get(question.person):
                place = list(seating.board.alternates).index(question.person) + 1
                records.append({"what": "a place among the alternates", "number": place, "status": alternate.value})
        return Held(records=tuple(records))
