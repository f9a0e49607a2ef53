"""A mail server that delivers to nobody: it keeps what it takes, whole, and reads it when somebody looks."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from borgersamling.standin.faults import Faults
from borgersamling.standin.options import Options
from borgersamling.standin.people import share_of
from borgersamling.standin.store import Store


class Sink:
    """aiosmtpd's handler."""

    def __init__(self, options: Options, store: Store, faults: Faults) -> None:
        self._options, self._store, self._faults = options, store, faults

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Take a recipient, or say that there is none."""
        share = self._options.mail_refused_share
        if share and share_of("mail", self._options.seed, address) < share:
            return "550 5.1.1 there is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail for each of its recipients."""
        if self._faults.happens(self._options.mail_busy_share):
            return "451 4.3.0 try again"
        for recipient in envelope.rcpt_tos:
            self._store.keep_mail(recipient, bytes(envelope.content), datetime.now(UTC).isoformat())
        if self._faults.happens(self._options.mail_silent_share):
            await asyncio.sleep(self._options.silent_seconds)  # taken, and the sender is left waiting
        return "250 kept"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was taken. `files` are what hangs on it, a calendar's appointment included: name and content."""

    seq: int
    to: str
    created: str
    subject: str
    text: str
    headers: dict[str, str]
    files: tuple[tuple[str, str], ...]


def opened(seq: int, to: str, source: bytes, created: str) -> Mail:
    """Return a mail as it can be read."""
    mail = message_from_bytes(source, policy=policy.default)
    body = mail.get_body(("plain", "html"))
    return Mail(
        seq,
        to,
        created,
        subject=str(mail["subject"] or ""),
        text=str(body.get_content()) if body is not None else "",
        headers={name: str(value) for name, value in mail.items()},
        files=tuple(_file(part) for part in mail.walk() if _is_file(part)),
    )


def _is_file(part: EmailMessage) -> bool:
    return part.get_content_type() == "text/calendar" or part.get_content_disposition() == "attachment"


def _file(part: EmailMessage) -> tuple[str, str]:
    content = part.get_content()
    name = part.get_filename() or ("invitation.ics" if part.get_content_type() == "text/calendar" else "file")
    return name, content if isinstance(content, str) else f"({len(content)} bytes)"
