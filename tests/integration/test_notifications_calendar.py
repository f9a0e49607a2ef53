"""The secretariat has each session in its calendar, from the call to the last change."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import pytest

from contracts.base import Text
from contracts.sessions import SessionChanged, SessionScheduled
from notifications.bootstrap import build
from notifications.settings import Settings
from support.house import House
from support.mailing import MailServer, mail_server
from support.notifying import ASSEMBLY, ENDS, NOW, STARTS, announced

pytestmark = pytest.mark.integration


@pytest.fixture
async def secretariat(house: House, tmp_path: Path) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        await house.start(
            build,
            Settings,
            letters={"folder": tmp_path / "letters"},
            smtp={"port": server.port},
            staff={"secretariat": "sekretariat@eksempel.dk"},
            dispatch_seconds=0.2,
        )
        await house.move_clock(NOW)
        await house.say(announced())
        await house.settle()
        yield server


def said(kind: Any, **changes: Any) -> Any:
    fields: dict[str, Any] = {
        "assembly": ASSEMBLY,
        "session": "first",
        "number": 1,
        "title": Text(da="Første møde", en="First session"),
        "starts_at": STARTS,
        "ends_at": ENDS,
        "place": "Rådhuset",
        "open": False,
    }
    return kind(**fields | changes)


def event(mail: EmailMessage) -> icalendar.Event:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = icalendar.Calendar.from_ical(part.get_content())
    (found,) = calendar.walk("VEVENT")
    assert isinstance(found, icalendar.Event)
    return found


async def test_a_session_and_its_changes_are_one_entry_in_the_secretariats_calendar(
    house: House, secretariat: MailServer
) -> None:
    await house.say(said(SessionScheduled))
    await house.settle()
    for days in (1, 2):
        moved = {"starts_at": STARTS + timedelta(days=days), "ends_at": ENDS + timedelta(days=days)}
        await house.say(said(SessionChanged, **moved))
        await house.settle()
    assert [str(mail["Subject"]) for mail in secretariat.taken] == [
        "Medlemmerne er indkaldt: Første møde",
        *["Medlemmerne har fået ny tid eller nyt sted: Første møde"] * 2,
    ]
    assert secretariat.recipients == ["sekretariat@eksempel.dk"] * 3
    events = [event(mail) for mail in secretariat.taken]
    assert {str(one["UID"]) for one in events} == {"dragoer-2025-first@borgersamling"}
    assert [int(one["SEQUENCE"]) for one in events] == [0, 1, 2]
    assert [one["DTSTART"].dt for one in events] == [STARTS + timedelta(days=days) for days in (0, 1, 2)]
    assert str(events[0]["SUMMARY"]) == "Dragørs borgersamling: Første møde"
