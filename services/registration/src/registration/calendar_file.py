"""The meetings as a file for people's own calendars (iCalendar, RFC 5545). Nothing in it is about a person."""

from datetime import UTC, datetime

from chassis.language import Words
from registration.domain.assembly import Assembly

MOST_BYTES = 73
"""Of a line, its end and the space that continues it aside: RFC 5545, 3.1 allows 75."""


def calendar_file(assembly: Assembly, words: Words, now: datetime) -> str:
    """Return the file. Taken again it changes the same entries and adds none: the ids are the meetings' numbers."""
    title = words.text(assembly.title)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Borgersamling//registration//DA", "METHOD:PUBLISH"]
    for number, meeting in enumerate(assembly.meetings, 1):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{assembly.id}-{number}@borgersamling",
            f"DTSTAMP:{_moment(now)}",
            f"DTSTART:{_moment(meeting.starts_at)}",
            f"DTEND:{_moment(meeting.ends_at)}",
            f"SUMMARY:{_text(f'{title}: {words.text(meeting.title)}')}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for special, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(special, written)
    return text


def _folded(line: str) -> str:
    """Break a line that is too long, between two characters."""
    parts, room = [""], MOST_BYTES
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append("")
            room = MOST_BYTES
        parts[-1] += character
        room -= size
    return "\r\n ".join(parts)
