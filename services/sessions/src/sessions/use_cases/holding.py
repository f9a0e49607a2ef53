"""Sessions are scheduled, changed and held."""

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


async def hold(tx: Transaction, assembly: str, session_id: str, attended: int) -> repository.Document:
    """Record that a session took place with so many members (a count, never who).

    Raises BadInput before it is scheduled, and when more attended than the panel has seats; Conflict when it was held
    with another count.
    """
    plan, session = await _planned(tx, assembly, session_id)
    sessions = tx.collection(repository.SESSIONS)
    document = await sessions.get(repository.key(assembly, session_id))
    where = f"session {session_id}"
    if document is None:
        raise BadInput([Problem(where, "session", "scheduled first", "schedule the session before it is held")])
    if document["status"] == "held":
        if document["attended"] != attended:
            raise Conflict(f"session {session_id} is held, with {document['attended']} members")
        return document
    if attended > plan.panel.size:
        raise BadInput([Problem(where, "attended", "at most the panel", f"the panel has {plan.panel.size} members")])
    document |= {"status": "held", "attended": attended, "held_at": repository.moment(tx.now)}
    await sessions.save(document)
    fact = SessionHeld(assembly=assembly, session=session_id, number=session.number, attended=attended)
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
