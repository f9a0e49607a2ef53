"""Sessions are scheduled, changed and held."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.errors import BadInput, Conflict, NotFound, Problem
from chassis.transaction import Transaction
from contracts.sessions import SessionChanged, SessionHeld, SessionScheduled
from sessions import repository
from sessions.domain.assembly_file import AssemblyFile
from sessions.domain.assembly_file.model import Session


@dataclass(frozen=True)
class Timing:
    """What is wished of a session; None leaves it as scheduled, or as planned when it is not yet."""

    place: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


async def schedule(tx: Transaction, assembly: str, session_id: str, wish: Timing) -> repository.Document:
    """Schedule a session, or change its time or place. Saying the same again changes nothing and calls nobody."""
    _, session = await _planned(tx, assembly, session_id)
    sessions = tx.collection(repository.SESSIONS)
    document = await sessions.get(repository.key(assembly, session_id))
    before: repository.Document = document or {
        "starts_at": session.starts,
        "ends_at": session.ends,
        "place": session.place,
    }
    after: repository.Document = {
        "starts_at": _or(wish.starts_at, before["starts_at"]),
        "ends_at": _or(wish.ends_at, before["ends_at"]),
        "place": wish.place or before["place"],
    }
    if after["ends_at"] <= after["starts_at"]:
        where = f"session {session_id}"
        raise BadInput([Problem(where, "ends_at", "after the start", "the session must end later than it starts")])
    parts = {"assembly": assembly, "session": session_id, "number": session.number, "title": session.title.model_dump()}
    if document is None:
        document = {
            "_id": repository.key(assembly, session_id),
            "assembly": assembly,
            "session": session_id,
            "number": session.number,
            "status": "scheduled",
            "changes": 0,
            **after,
        }
        await sessions.save(document)
        tx.say(
            SessionScheduled.model_validate({**parts, **after, "open": session.open}), once=f"scheduled:{session_id}"
        )
        return document
    if all(document[name] == value for name, value in after.items()):
        return document
    if document["status"] == "held":
        raise Conflict(f"session {session_id} is held: its time and place cannot change any more")
    document |= {**after, "changes": document["changes"] + 1}
    await sessions.save(document)
    once = f"changed:{session_id}:{document['changes']}"
    tx.say(SessionChanged.model_validate({**parts, **after, "open": session.open}), once=once)
    return document


@dataclass(frozen=True)
class TookPart:
    """How many members were at a session, their opaque ids, or both."""

    attended: int | None = None
    present: tuple[str, ...] | None = None

    def problems(self, where: str) -> Iterator[Problem]:
        """Yield what the two say against each other."""
        if self.present is None:
            if self.attended is None:
                yield Problem(where, "attended", "one of the two", "say how many members took part, or who")
            return
        if len(set(self.present)) < len(self.present):
            yield Problem(where, "present", "each once", "a member stands in the list twice")
        if self.attended not in {None, len(self.present)}:
            message = f"{len(self.present)} members are listed, and {self.attended} are said to have taken part"
            yield Problem(where, "attended", "as many as are present", message)

    @property
    def number(self) -> int:
        return len(self.present) if self.present is not None else self.attended or 0

    @property
    def digest(self) -> str | None:
        """What is kept of the ids: enough to know the same list again, and no id."""
        return None if self.present is None else hashlib.sha256("\n".join(sorted(self.present)).encode()).hexdigest()


async def hold(tx: Transaction, assembly: str, session_id: str, who: TookPart) -> repository.Document:
    """Record that a session took place with so many members, and say who they were if that is known.

    Kept is their number alone: this service knows no member. Raises BadInput before it is scheduled, when number and
    list do not agree, and when more attended than the panel has seats; Conflict when it was held with others.
    """
    plan, session = await _planned(tx, assembly, session_id)
    sessions = tx.collection(repository.SESSIONS)
    document = await sessions.get(repository.key(assembly, session_id))
    where = f"session {session_id}"
    if document is None:
        raise BadInput([Problem(where, "session", "scheduled first", "schedule the session before it is held")])
    if problems := list(who.problems(where)):
        raise BadInput(problems)
    attended = who.number
    if document["status"] == "held":
        if document["attended"] != attended or who.digest not in {None, document.get("present_digest")}:
            raise Conflict(f"session {session_id} is held, with {document['attended']} members, and not with others")
        return document
    if attended > plan.panel.size:
        raise BadInput([Problem(where, "attended", "at most the panel", f"the panel has {plan.panel.size} members")])
    held = {"status": "held", "attended": attended, "present_digest": who.digest}
    document |= held | {"held_at": repository.moment(tx.now)}
    await sessions.save(document)
    fact = SessionHeld(
        assembly=assembly,
        session=session_id,
        number=session.number,
        attended=attended,
        present=tuple(sorted(who.present or ())),
    )
    tx.say(fact, once=f"held:{session_id}")
    return document


def _or(wished: datetime | None, before: datetime) -> datetime:
    return repository.moment(wished.astimezone(UTC)) if wished else before


async def _planned(tx: Transaction, assembly: str, session_id: str) -> tuple[AssemblyFile, Session]:
    plan = repository.plan(await repository.announced(tx.collection(repository.ASSEMBLIES), assembly))
    session = plan.session(session_id)
    if session is None:
        raise NotFound(f"{assembly} has no session {session_id}")
    return plan, session
