"""Letters on paper: a PDF a shipment in the folder that the print office fetches from.

The folder tells nothing back. A letter that lies there whole is handed over, which is the last anyone learns of it.
"""

import asyncio
import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import structlog

from chassis.language import Words
from contracts.recipients import Address
from notifications.channels import ChannelName, Outcome, Outgoing, Person
from notifications.channels.one_by_one import each
from notifications.channels.typesetting import typeset
from notifications.domain.message import Block
from notifications.domain.shipment import Step

WHOLE, HALF = ".pdf", ".part"

log = structlog.get_logger()


class LetterFolder:
    """The channel. The file's name is the shipment's id, so a letter made twice is one letter."""

    name: ChannelName = "letter"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worker = ThreadPoolExecutor(1, "letters")

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Typeset each letter and put it into the folder, whole or not at all."""
        return await each(partial(self._send_one, now=now), batch)

    async def _send_one(self, out: Outgoing, now: datetime) -> Outcome:
        if not isinstance(out.to, Person):
            return Outcome((Step.FAILED,), "not-a-person")
        data = json.dumps(letter_data(out, out.to, now))
        try:
            await asyncio.get_running_loop().run_in_executor(self._worker, self._print, out.shipment, data)
        except OSError as error:
            log.warning("a letter could not be written", shipment=out.shipment, error=type(error).__name__)
            return Outcome((Step.NOT_TAKEN,), "folder-unavailable")
        except RuntimeError as error:  # typst's own: the letter cannot be set as an accessible PDF
            log.warning("a letter could not be typeset", shipment=out.shipment, error=type(error).__name__)
            return Outcome((Step.FAILED,), "not-typeset")
        return Outcome((Step.ACCEPTED, Step.AT_PRINTER, Step.DISPATCHED))

    def _print(self, shipment: str, data: str) -> None:
        pdf = typeset(data)
        self._folder.mkdir(parents=True, exist_ok=True)
        target = (self._folder / shipment).with_suffix(WHOLE)
        half = target.with_suffix(HALF)
        with half.open("wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)

    async def remove(self, shipments: Iterable[str]) -> None:
        """Take the letters of these shipments out of the folder, whole or half written, if they still lie there."""

        def unlink() -> None:
            for shipment in shipments:
                for suffix in (WHOLE, HALF):
                    (self._folder / shipment).with_suffix(suffix).unlink(missing_ok=True)

        await asyncio.to_thread(unlink)

    async def close(self) -> None:
        """Let the letter in hand be finished."""
        await asyncio.to_thread(self._worker.shutdown)


def letter_data(out: Outgoing, to: Person, now: datetime) -> dict[str, Any]:
    """Return what `letter.typ` reads."""
    groups = [
        {"kind": kind, "blocks": [_block(block) for block in blocks]}
        for kind, blocks in groupby(out.message.blocks, lambda block: "item" if block.kind == "item" else "paragraph")
    ]
    return {
        "subject": out.message.subject,
        "sender": out.sender,
        "language": out.language,
        "date": Words("en" if out.language == "en" else "da", "notifications").format_date(now),
        "address": [to.name, *address_lines(to.address)],
        "groups": groups,
    }


def address_lines(address: Address) -> list[str]:
    """Return street and city as a Danish envelope has them."""
    street = f"{address.street} {address.house_number}"
    if address.floor:
        floor = f"{address.floor}." if address.floor.isdigit() else address.floor
        street += f", {floor}" + (f" {address.door}" if address.door else "")
    elif address.door:
        street += f", {address.door}"
    return [street, f"{address.postcode} {address.city}"]


def _block(block: Block) -> dict[str, Any]:
    runs = [{"text": run.text, "bold": run.bold} for run in block.runs]
    return {"kind": block.kind, "text": block.text, "url": block.url, "runs": runs}
