"""The promised statuses as days in people's own calendars (iCalendar, RFC 5545): whole days, without a time."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import icalendar

from chassis.language import N_, Words
from followup.domain.calendar import COPENHAGEN
from followup.domain.commitment import Commitment
from followup.domain.mandate import Words as Both
from followup.paths import dashboard_path, status_path

MEDIA = "text/calendar; charset=utf-8"
PUBLISHED = N_("Published on %(date)s.")
MOVED = N_("Moved from %(before)s: %(reason)s")
DUE = N_("The council’s status is due on this day.")


def write(name: str, titles: Mapping[str, Both], owed: Sequence[Commitment], words: Words, origin: str) -> bytes:
    """Return the calendar. Taken again it changes the same days and adds none.

    A day's id is the commitment's, for ever; `SEQUENCE` counts how often it was moved, so that a calendar moves it too.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Borgersamling//followup//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(days=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for one in owed:
        calendar.add_component(_day(one, words.text(titles[one.assembly]), words, origin))
    return bytes(calendar.to_ical())


def _day(one: Commitment, assembly: str, words: Words, origin: str) -> icalendar.Event:
    changed = _changed(one)
    day = icalendar.Event()
    day.add("uid", f"{one.assembly}-{one.milestone}@followup.borgersamling")
    day.add("sequence", len(one.extensions))
    day.add("dtstamp", changed)
    day.add("last-modified", changed)
    day.add("dtstart", one.due_on)
    day.add("dtend", one.due_on + timedelta(days=1))
    day.add("summary", f"{assembly}: {words.text(one.title)}")
    day.add("description", "\n".join(_said(one, words)))
    path = status_path(one.assembly, one.milestone) if one.status else dashboard_path(one.assembly)
    day.add("url", f"{origin}{path}")
    day.add("status", "CONFIRMED")
    day.add("transp", "TRANSPARENT")  # nobody is busy because of it
    return day


def _said(one: Commitment, words: Words) -> list[str]:
    lines = [words.gettext(DUE)]
    if one.status:
        lines = [str(words.gettext(PUBLISHED)) % {"date": words.format_date(one.status.reported_on)}]
    for moved in one.extensions:
        said = {"before": words.format_date(moved.from_day), "reason": moved.reason}
        lines.append(str(words.gettext(MOVED)) % said)
    return lines


def _changed(one: Commitment) -> datetime:
    """Return when what the calendar says of it was last changed, so that the same file is the same, byte by byte."""
    made = datetime.combine(one.made_on, time(), COPENHAGEN)
    status = [one.status.published_at] if one.status else []
    return max([made, *(moved.at for moved in one.extensions), *status]).astimezone(UTC)
