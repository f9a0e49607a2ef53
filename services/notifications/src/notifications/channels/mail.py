"""A message as a mail: text and HTML, attachments, an invitation for the calendar, a way to unsubscribe (RFC 8058)."""

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from notifications.channels import Follower, Outgoing, StaffMember
from notifications.channels.calendar import calendar_file, method
from notifications.formats import as_html, as_text

UNSUBSCRIBE = "List-Unsubscribe"


class RecipientError(ValueError):
    """An e-mail address that no mail can be sent to. Its text does not repeat the address."""


class _Policy(EmailPolicy):
    """SMTP's policy, with 7 bits for servers of every age, and links left whole: folded they would be encoded."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == UNSUBSCRIBE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit")


def mail(out: Outgoing, to: StaffMember | Follower, sender: str, now: datetime) -> EmailMessage:
    """Return the mail. The Message-ID is the message's UUID, so that a second copy is seen as one.

    RecipientError for an address that is none, or more than one; ValueError for a name that cannot stand in a header.
    """
    made = EmailMessage(POLICY)
    # A line break cannot get into a header: in a title it is a space, and anywhere else it is refused.
    made["Subject"] = " ".join(out.message.subject.split())
    made["From"] = Address(out.sender, addr_spec=sender)
    made["To"] = _recipient(to.email)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{out.message_uuid}@{sender.rsplit('@', 1)[-1]}>"
    made["Content-Language"] = out.language
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is answered to us
    if out.unsubscribe:
        made[UNSUBSCRIBE] = f"<{out.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(as_text(out.message))
    made.add_alternative(as_html(out.message, out.language), subtype="html")
    if out.calendar:
        _invite(made, calendar_file(out.calendar, sender, to.email, now), method(out.calendar))
    for attachment in out.attachments:
        made.add_attachment(
            attachment.content, maintype="application", subtype="pdf", filename=_filename(attachment.filename)
        )
    return made


def _invite(made: EmailMessage, file: bytes, asks: str) -> None:
    """Put the invitation in twice: as a form of the message, which Outlook shows with buttons, and as a file."""
    made.add_alternative(file.decode(), subtype="calendar", params={"method": asks})
    made.add_attachment(
        file, maintype="text", subtype="calendar", params={"method": asks, "charset": "utf-8"}, filename="moede.ics"
    )


def _recipient(email: str) -> Address:
    try:
        return Address(addr_spec=email)
    except (ValueError, IndexError, HeaderParseError):
        raise RecipientError("not one e-mail address") from None


def _filename(name: str) -> str:
    return " ".join(name.split())
