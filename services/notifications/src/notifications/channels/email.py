"""E-mail to the staff, and to those who follow, over SMTP. Residents get none: Digital Post and letters are theirs."""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

import aiosmtplib

from notifications.channels import ChannelName, Follower, Outcome, Outgoing, StaffMember
from notifications.channels.mail import POLICY, RecipientError, mail
from notifications.channels.one_by_one import each
from notifications.domain.shipment import Step
from notifications.settings import SmtpSettings

PERMANENT = 500
"""SMTP replies from 500 on are definite (RFC 5321, 4.2.1)."""


class Email:
    """The channel."""

    name: ChannelName = "email"

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(4)
        # Whom the machine trusts, and who signed the mail server's own certificate where the municipality has one.
        self._tls = ssl.create_default_context()
        if settings.ca_file:
            self._tls.load_verify_locations(settings.ca_file)

    async def send(self, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Send each as a mail; taken by the mail server is as far as anyone knows of e-mail."""
        return await each(partial(self._send_one, now=now), batch)

    async def _send_one(self, out: Outgoing, now: datetime) -> Outcome:
        if not isinstance(out.to, StaffMember | Follower):
            return Outcome((Step.FAILED,), "not-for-email")
        try:
            made = mail(out, out.to, self._settings.sender, now).as_bytes(policy=POLICY)
        except RecipientError:
            return Outcome((Step.FAILED,), "recipient-malformed")
        async with self._slots:
            return await self._hand_over(made, out.to.email)

    async def _hand_over(self, made: bytes, to: str) -> Outcome:
        settings = self._settings
        server = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=settings.timeout_seconds,
            start_tls=False,  # not by itself: whether it is there decides if anything is said at all
            tls_context=self._tls,
        )
        try:
            if kept_back := await self._greet(server):
                return kept_back
            await server.sendmail(settings.sender, [to], made)
            with suppress(aiosmtplib.SMTPException, OSError):  # the mail is taken, however we part
                await server.quit()
        except (aiosmtplib.SMTPException, OSError) as error:
            return _failure(error)
        finally:
            server.close()
        return Outcome((Step.ACCEPTED, Step.DELIVERED))

    async def _greet(self, server: aiosmtplib.SMTP) -> Outcome | None:
        """Connect, encrypt, log in. An outcome says why no mail was handed over: nothing has been taken until here."""
        settings = self._settings
        try:
            await server.connect()
            await server.ehlo()
            if settings.start_tls != "never":
                if server.supports_extension("starttls"):
                    await server.starttls()
                elif settings.start_tls == "always" or settings.username:
                    return Outcome((Step.NOT_TAKEN,), "no-starttls")
            if settings.username:
                password = settings.password.get_secret_value() if settings.password else ""
                await server.login(settings.username, password)
        except ssl.SSLError:
            return Outcome((Step.NOT_TAKEN,), "certificate-refused")
        except aiosmtplib.SMTPAuthenticationError:
            return Outcome((Step.NOT_TAKEN,), "credentials-refused")  # ours to mend, then it can be sent
        except aiosmtplib.SMTPResponseException as error:
            return Outcome((Step.NOT_TAKEN,), f"smtp-{error.code}")
        except (aiosmtplib.SMTPException, OSError):
            return Outcome((Step.NOT_TAKEN,), "unreachable")
        return None

    async def close(self) -> None:
        """Nothing is kept open between mails."""


def _failure(error: Exception) -> Outcome:
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            definite = all(refused.code >= PERMANENT for refused in error.recipients)
            return Outcome((Step.FAILED if definite else Step.NOT_TAKEN,), "recipient-refused")
        case aiosmtplib.SMTPResponseException():
            return Outcome((Step.FAILED if error.code >= PERMANENT else Step.NOT_TAKEN,), f"smtp-{error.code}")
        case _:  # lost on the way, perhaps after the mail was taken
            return Outcome((Step.TIMED_OUT,), "no-answer")
