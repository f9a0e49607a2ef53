"""A session as an invitation for a mail program's calendar (iCalendar, RFC 5545 and 5546)."""

from datetime import UTC, datetime
from typing import Literal

import icalendar

from chassis.language import LOCAL
from notifications.channels import Calendar

Method = Literal["REQUEST", "CANCEL"]

# The Union's rule since 1996, in the form that Outlook reads: it does not read lists of single days.
_ZONE = icalendar.Timezone.from_ical(
    "BEGIN:VTIMEZONE\r\nTZID:Europe/Copenhagen\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:19960331T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    "TZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    "TZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def method(appointment: Calendar) -> Method:
    """Return what the mail program is asked to do with it."""
    return "CANCEL" if appointment.cancelled else "REQUEST"


def calendar_file(appointment: Calendar, organizer: str, attendee: str, now: datetime) -> bytes:
    """Return the file. One with the same `uid` and a higher `sequence` moves the entry, and adds none.

    Times are Copenhagen's, with the zone's own rules in the file, so that no calendar has to know them.
    """
    entry = icalendar.Event()
    entry.add("uid", appointment.uid)
    entry.add("sequence", appointment.sequence)
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", appointment.starts_at.astimezone(LOCAL))
    entry.add("dtend", appointment.ends_at.astimezone(LOCAL))
    entry.add("summary", appointment.title)
    entry.add("location", appointment.place)
    entry.add("organizer", f"mailto:{organizer}")
    entry.add("attendee", f"mailto:{attendee}", parameters={"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    entry.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    file = icalendar.Calendar()
    file.add("prodid", "-//Borgersamling//notifications//DA")
    file.add("version", "2.0")
    file.add("method", method(appointment))
    file.add_component(_ZONE)
    file.add_component(entry)
    return bytes(file.to_ical())
