"""One command, one transaction: state, the facts it says and the inbox row stand or fall together."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from chassis.clock import Clock
from chassis.errors import BadInput, Problem
from chassis.facts import FactLike
from chassis.mongo import Collection, Database, Session
from chassis.outbox import COLLECTION as OUTBOX
from chassis.outbox import NUMBERS, STATE, OutboxRow, once_id
from chassis.telemetry import current_traceparent

T = TypeVar("T")


class Transaction:
    """What a command works with. Entry points open it; nothing below opens or commits one."""

    def __init__(
        self, session: Session, now: datetime, machine_now: datetime, largest_bytes: int | None = None
    ) -> None:
        # To the millisecond, as MongoDB keeps it: what is answered now is what is read again later.
        self.now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        """The clock when the transaction began, to the millisecond."""
        self._session = session
        self.machine_now = machine_now
        """The machine's clock when the transaction began: for leases and waits, which no rehearsal moves."""
        self._largest_bytes = largest_bytes
        self._said: list[OutboxRow] = []

    def collection(self, name: str) -> Collection:
        """Return a collection bound to this transaction."""
        return self._session.collection(name)

    def say(self, fact: FactLike, *, once: str | None = None, attachment: bytes | None = None) -> str:
        """Say a fact when, and only when, this transaction commits; return its event id.

        `once` makes saying idempotent: the same type, assembly and `once` are one event, however often they are said.
        `attachment` travels beside the stream (a claim check), where it can be erased later.
        BadInput for one that is larger than a stream takes: it would be true here and never heard anywhere.
        """
        body = fact.model_dump_json()
        if self._largest_bytes is not None and len(body.encode()) > self._largest_bytes:
            message = f"shorten the texts: all of it together may have {self._largest_bytes} bytes"
            raise BadInput([Problem(fact.name, "texts", f"at most {self._largest_bytes} bytes", message)])
        event_id = once_id(fact, once) if once is not None else str(uuid.uuid4())
        self._said.append(
            OutboxRow(
                id=event_id,
                fact_type=fact.fact_type(),
                subject=fact.subject_for(fact.assembly),
                stream=fact.speaker.upper(),
                body=body,
                time=self.now,
                traceparent=current_traceparent(),
                attachment=attachment,
                created_at=self.machine_now,
                place=len(self._said),
            )
        )
        return event_id

    async def flush(self, *, in_order: bool = False) -> int:
        """Write the outbox rows; called once and last, by whoever opened the transaction.

        `in_order` numbers them. The counter is part of the transaction: another one that took a number meanwhile makes
        this one run again, so that numbers are given in the order of the commits.
        """
        rows = [row.document() for row in self._said]
        if in_order and rows:
            counter = await self.collection(STATE).claim({"_id": NUMBERS}, {"$inc": {"last": len(rows)}})
            if counter is None:
                raise RuntimeError("the outbox is not prepared: it has no counter")
            for row in rows:
                row["number"] = counter["last"] - len(rows) + 1 + row["place"]
        return await self.collection(OUTBOX).upsert_new(rows)


class UnitOfWork:
    """Opens transactions on one service's database and wakes the relay after each that said something."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        said: Callable[[], None],
        *,
        in_order: bool = False,
        largest_bytes: int | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._wake_relay = said
        self._in_order = in_order
        self._largest_bytes = largest_bytes

    async def run(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run a command. `work` may be run again on a transient conflict, so it has no side effects of its own."""
        said = 0

        async def attempt(session: Session) -> T:
            nonlocal said
            tx = Transaction(session, self._clock.now(), self._clock.machine_now(), self._largest_bytes)
            result = await work(tx)
            said = await tx.flush(in_order=self._in_order)
            return result

        result = await self._db.in_session(attempt)
        if said:
            self._wake_relay()
        return result
