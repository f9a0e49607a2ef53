"""What a mail is made of: text, HTML, attachments, an invitation for the calendar, a way to stop it."""

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from chassis.language import LOCAL
from notifications.catalogue import KINDS
from notifications.channels import Attachment, Calendar, Follower, StaffMember
from notifications.channels.mail import POLICY, mail
from notifications.domain.message import Message
from support.notifying import ENDS, NOW, STARTS, message

SENDER = "samling@eksempel.dk"
UNSUBSCRIBE = "https://samling.eksempel.dk/foelg/stop/" + "aB3-_x" * 20
SESSION = Calendar("session-first@dragoer-2025", 0, "Første møde; åbning", STARTS, ENDS, "Rådhuset, sal 1")


def received(template: str = "status-due", **changes: Any) -> EmailMessage:
    """The mail, as a mail program reads what came over the wire."""
    out = replace(message(template), **changes)
    assert isinstance(out.to, StaffMember | Follower)
    return message_from_bytes(mail(out, out.to, SENDER, NOW).as_bytes(policy=POLICY), policy=policy.default)


def types(made: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in made.walk()]


def invited(made: EmailMessage) -> icalendar.Calendar:
    (part,) = (p for p in made.walk() if p.get_content_type() == "text/calendar" and not p.is_attachment())
    calendar = icalendar.Calendar.from_ical(part.get_content())
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


@pytest.mark.parametrize("template", sorted(name for name, kind in KINDS.items() if kind.staff))
def test_a_mail_to_the_staff_has_text_and_html_and_always_the_same_id(template: str) -> None:
    out, made = message(template), received(template)
    assert made["To"] == "officer@eksempel.dk"
    assert made["From"] == "Dragør Kommune <samling@eksempel.dk>"
    assert made["Message-ID"] == f"<{out.message_uuid}@eksempel.dk>"
    assert made["Subject"] == out.message.subject
    assert [kind for kind in types(made) if kind.startswith("text")][:2] == ["text/plain", "text/html"]
    assert ("text/calendar" in types(made)) == (KINDS[template].action == "AFTALE")


def test_every_server_can_carry_a_mail_for_it_is_in_seven_bits() -> None:
    out = message("status-due")
    assert isinstance(out.to, StaffMember)
    assert mail(out, out.to, SENDER, NOW).as_bytes(policy=POLICY).isascii()


def test_who_follows_can_stop_it_with_one_click() -> None:
    made = received(to=Follower("nogen@eksempel.dk", "/foelg/abc"), unsubscribe=UNSUBSCRIBE)
    assert made["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made["To"] == "nogen@eksempel.dk"


def test_the_staff_is_not_offered_to_stop_what_is_their_duty() -> None:
    assert received()["List-Unsubscribe"] is None


def test_a_line_break_in_a_title_does_not_begin_a_header() -> None:
    out = message("status-due")
    evil = Message("Status\r\nBcc: tyv@eksempel.dk\r\n\r\n<b>hej</b>", out.message.blocks)
    made = received(message=evil)
    assert made["Bcc"] is None
    assert made["Subject"] == "Status Bcc: tyv@eksempel.dk <b>hej</b>"


@pytest.mark.parametrize("sender", ["Kommune\r\nBcc: tyv@eksempel.dk", "Kommune\nX: y"])
def test_a_line_break_in_the_senders_name_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="CR or LF"):
        received(sender=sender)


def test_a_name_that_looks_like_an_address_stays_a_name() -> None:
    made = received(sender='Kommune" <tyv@eksempel.dk>, "x')
    assert [one.addr_spec for one in made["From"].addresses] == [SENDER]


def test_an_attachment_is_a_file() -> None:
    made = received(attachments=(Attachment("referat\r\nX: y.pdf", "Referat", b"%PDF-1.7 indhold"),))
    (part,) = made.iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("application/pdf", "referat X: y.pdf")
    assert part.get_content() == b"%PDF-1.7 indhold"
    assert made["X"] is None


def test_a_session_is_an_invitation_that_outlook_shows_and_a_file_for_the_others() -> None:
    made = received(calendar=SESSION)
    assert types(made) == [
        "multipart/mixed",
        *("multipart/alternative", "text/plain", "text/html", "text/calendar"),
        "text/calendar",
    ]
    shown, file = (p for p in made.walk() if p.get_content_type() == "text/calendar")
    assert shown["Content-Type"].params["method"] == "REQUEST"
    assert file.get_filename() == "moede.ics"
    assert shown.get_content() == file.get_content()


def test_the_invitation_says_when_and_where_in_danish_time() -> None:
    calendar = invited(received(calendar=SESSION))
    assert calendar["METHOD"] == "REQUEST"
    (event,) = calendar.walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"]) == ("Første møde; åbning", "Rådhuset, sal 1")
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2025, 4, 9, 17, 0)  # noqa: DTZ001 - as it is written
    assert event["ORGANIZER"] == f"mailto:{SENDER}"
    assert event["ATTENDEE"] == "mailto:officer@eksempel.dk"


def test_a_moved_session_is_the_same_entry_and_a_cancelled_one_is_taken_out() -> None:
    moved = replace(SESSION, sequence=1, starts_at=STARTS + timedelta(days=1), ends_at=ENDS + timedelta(days=1))
    cancelled = replace(moved, sequence=2, cancelled=True)
    read = [invited(received(calendar=one)) for one in (SESSION, moved, cancelled)]
    events = [calendar.walk("VEVENT")[0] for calendar in read]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [str(calendar["METHOD"]) for calendar in read] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize("year", [2025, 2026, 2031])
@pytest.mark.parametrize("month", range(1, 13))
def test_the_zone_in_the_file_has_denmarks_summer_time(year: int, month: int) -> None:
    (zone,) = invited(received(calendar=SESSION)).walk("VTIMEZONE")
    for day in (1, 15, 25, 28):
        moment = datetime(year, month, day, 12)  # noqa: DTZ001 - a wall clock's
        assert zone.to_tz().utcoffset(moment) == moment.replace(tzinfo=LOCAL).utcoffset(), moment
