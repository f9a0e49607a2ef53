"""E-mail to the staff over SMTP. Residents get none: Digital Post and letters are theirs."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial

import aiosmtplib

from notifications.channels import ChannelName, Outcome, Outgoing, StaffMember
from notifications.channels.one_by_one import each
from notifications.domain.shipment import Step
from notifications.formats import as_html, as_text
from notifications.settings import SmtpSettings

PERMANENT = 500
"""SMTP replies from 500 on are definite (RFC 5321, 4.2.1)."""


class Email:
    """The channel. The Message-ID is the message's UUID, so that a second copy is seen as one."""

    name: ChannelName = "email"

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(4)

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Send each as a mail; taken by the mail server is as far as anyone knows of e-mail."""
        return await each(partial(self._send_one, now=now), batch)

    async def _send_one(self, out: Outgoing, now: datetime) -> Outcome:
        if not isinstance(out.to, StaffMember):
            return Outcome((Step.FAILED,), "not-for-email")
        try:
            async with self._slots:
                await self._hand_over(email_message(out, out.to, self._settings.sender, now))
        except (aiosmtplib.SMTPException, OSError) as error:
            return _failure(error)
        return Outcome((Step.ACCEPTED, Step.DELIVERED))

    async def _hand_over(self, mail: EmailMessage) -> None:
        settings = self._settings
        await aiosmtplib.send(
            mail,
            hostname=settings.host,
            port=settings.port,
            timeout=settings.timeout_seconds,
            username=settings.username,
            password=settings.password.get_secret_value() if settings.password else None,
            start_tls={"auto": None, "always": True, "never": False}[settings.start_tls],
        )

    async def close(self) -> None:
        """Nothing is kept open between mails."""


def email_message(out: Outgoing, to: StaffMember, sender: str, now: datetime) -> EmailMessage:
    """Return the mail, as text and as HTML."""
    mail = EmailMessage()
    mail["Subject"] = out.message.subject
    mail["From"] = sender
    mail["To"] = to.email
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{out.message_uuid}@{sender.rsplit('@', 1)[-1]}>"
    mail["Content-Language"] = out.language
    mail.set_content(as_text(out.message))
    mail.add_alternative(as_html(out.message, out.language), subtype="html")
    return mail


def _failure(error: Exception) -> Outcome:
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            definite = all(refused.code >= PERMANENT for refused in error.recipients)
            return Outcome((Step.FAILED if definite else Step.NOT_TAKEN,), "recipient-refused")
        case aiosmtplib.SMTPAuthenticationError():
            return Outcome((Step.NOT_TAKEN,), "credentials-refused")  # ours to mend, then it can be sent
        case aiosmtplib.SMTPResponseException():
            return Outcome((Step.FAILED if error.code >= PERMANENT else Step.NOT_TAKEN,), f"smtp-{error.code}")
        case aiosmtplib.SMTPConnectError():
            return Outcome((Step.NOT_TAKEN,), "unreachable")
        case aiosmtplib.SMTPException():  # lost on the way, perhaps after the mail was taken
            return Outcome((Step.TIMED_OUT,), "no-answer")
        case _:
            return Outcome((Step.NOT_TAKEN,), "unreachable")
