"""Letters into a folder that the print office fetches them from: a PDF a shipment, and one for each attachment.

The folder tells nothing back. A letter that lies there whole is handed over, which is the last anyone learns of it.
"""

import asyncio
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from notifications.channels import ChannelName, Outcome, Outgoing, Person
from notifications.channels.addresses import refusal
from notifications.channels.letter import Letterhead, Press, too_large
from notifications.channels.one_by_one import each
from notifications.domain.shipment import Step

WHOLE, HALF, ATTACHMENT = ".pdf", ".part", "-bilag-"

log = structlog.get_logger()


class LetterFolder:
    """The channel. The files are named after the shipment, so a letter made twice is one letter."""

    name: ChannelName = "letter"

    def __init__(self, folder: Path, letterhead: Letterhead | None = None) -> None:
        self._folder, self._press = folder, Press(letterhead or Letterhead())

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Typeset each letter and put it into the folder, whole or not at all."""
        return await each(partial(self._send_one, now=now), batch)

    async def _send_one(self, out: Outgoing, now: datetime) -> Outcome:
        if not isinstance(out.to, Person):
            return Outcome((Step.FAILED,), "not-a-person")
        if refused := refusal(out.to.name, out.to.address):
            return Outcome((Step.FAILED,), refused)
        try:
            if not await self._press.made(out, out.to, now, partial(self._write, out)):
                return Outcome((Step.FAILED,), "attachment-too-large")
        except OSError as error:
            log.warning("a letter could not be written", shipment=out.shipment, error=type(error).__name__)
            return Outcome((Step.NOT_TAKEN,), "folder-unavailable")
        except RuntimeError as error:  # typst's own: the letter cannot be set as an accessible PDF
            log.warning("a letter could not be typeset", shipment=out.shipment, error=type(error).__name__)
            return Outcome((Step.FAILED,), "not-typeset")
        return Outcome((Step.ACCEPTED, Step.AT_PRINTER, Step.DISPATCHED))

    def _write(self, out: Outgoing, pdf: bytes) -> bool:
        """Write the letter and its attachments; False, and nothing is written, when they are too large together."""
        if too_large(pdf, out):
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        for number, attachment in enumerate(out.attachments, 1):
            self._put(f"{out.shipment}{ATTACHMENT}{number}", attachment.content)
        # The letter last: where it lies, its attachments lie too.
        self._put(out.shipment, pdf)
        return True

    def _put(self, name: str, content: bytes) -> None:
        half = self._folder / f"{name}{HALF}"
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(self._folder / f"{name}{WHOLE}")

    async def remove(self, shipments: Iterable[str]) -> None:
        """Take the letters of these shipments out of the folder, whole or half written, if they still lie there."""
        gone = set(shipments)

        def unlink() -> None:
            for file in self._folder.iterdir() if gone and self._folder.is_dir() else ():
                if file.name.split(".")[0].split(ATTACHMENT)[0] in gone:
                    file.unlink(missing_ok=True)

        await asyncio.to_thread(unlink)

    async def close(self) -> None:
        """Let the letter in hand be finished."""
        await self._press.close()
