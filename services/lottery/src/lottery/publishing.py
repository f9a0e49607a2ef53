"""The public record of a draw: what was sealed, what the number made of it, and what has happened since."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from lottery.domain.record import published
from lottery.repository import boards, draws
from lottery.repository.draws import Draw
from lottery.repository.store import Store


async def public_record(store: Store, draw: Draw) -> dict[str, Any]:
    """Return the record as anyone may download it. LookupError before the draw is announced."""
    if draw.announced_at is None:
        raise LookupError(f"{draw.id} is not announced")
    return published(
        await draws.record(store, draw),
        announced_at=draw.announced_at.isoformat(),
        drawn=draw.public,
        afterwards=await _afterwards(store, draw),
        voided=None if draw.voided_at is None else {"at": draw.voided_at.isoformat(), "why": draw.voided_why},
    )


async def _afterwards(store: Store, draw: Draw) -> list[dict[str, Any]]:
    seating = await boards.seating(store, draw.assembly)
    if seating is None or seating.draw != draw.id:
        return []
    # The replica that passed a seat on may have a clock some milliseconds behind the one that drew.
    drawn_at = datetime.fromisoformat(draw.public["drawn_at"]) if draw.public else None
    log = [(change, max(change.at, drawn_at or change.at)) for change in seating.board.log]
    return [asdict(change) | {"at": at.isoformat()} for change, at in log]
