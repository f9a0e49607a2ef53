"""A mail server that delivers to nobody: it keeps what it takes."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

from borgersamling.standin.store import Store


class Sink:
    """aiosmtpd's handler."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail for each of its recipients."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        for recipient in envelope.rcpt_tos:
            self._store.keep_mail(recipient, str(mail["subject"] or ""), text, datetime.now(UTC).isoformat())
        return "250 kept"
