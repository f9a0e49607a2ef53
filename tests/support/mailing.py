"""A real mail server (aiosmtpd) in this process, with the TLS and the moods that a test asks for."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """What it has taken, and what it says to each step instead of 250."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    answer_to_recipient: str = "250 fine"
    answer_to_mail: str = "250 kept"
    hang_up_after_mail: bool = False

    async def handle_RCPT(self, _server: Any, _session: Session, envelope: Envelope, to: str, _options: Any) -> str:  # noqa: N802
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.answer_to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer_to_mail.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None)
        if self.hang_up_after_mail:
            server.transport.abort()
        return self.answer_to_mail

    def log_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword) -> AuthResult:
        self.logins.append(given.password)
        return AuthResult(success=given.password == b"right", handled=False)


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None = None, *, login: bool = False) -> AsyncIterator[MailServer]:
    """Run one on a port of its own; it offers STARTTLS when it has a certificate."""
    taken = MailServer()
    needs: dict[str, Any] = {"authenticator": taken.log_in, "auth_require_tls": False} if login else {}
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taken, tls_context=tls, loop=loop, **needs), sock=listening)
    taken.port = listening.getsockname()[1]
    try:
        yield taken
    finally:
        server.close()
        await server.wait_closed()


@dataclass(frozen=True)
class Certificate:
    """A mail server's certificate of our own making, and the file that says who signed it."""

    context: ssl.SSLContext
    signed_by: Path


def certificate(folder: Path, name: str = "127.0.0.1") -> Certificate:
    """Return a certificate for a host of this name."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    signed_by = folder / f"{name}.pem"
    authority.cert_pem.write_to_path(str(signed_by))
    return Certificate(context, signed_by)
