"""The meetings as a calendar file: what RFC 5545 asks of its lines, and that nothing of a title is lost."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chassis.language import Words
from registration.calendar_file import calendar_file
from registration.repository import assembly_from
from support.rolls import announced

NOW = datetime(2025, 2, 11, 9, tzinfo=UTC)
WORDS = Words("da", "registration")
ASSEMBLY = assembly_from({"_id": "proeve-2025", "announced": announced().model_dump(mode="json")})


def test_a_meeting_has_its_hours_and_an_id_of_its_own() -> None:
    lines = calendar_file(ASSEMBLY, WORDS, NOW).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    for line in ("UID:proeve-2025-1@borgersamling", "DTSTAMP:20250211T090000Z", "DTEND:20250409T190000Z"):
        assert line in lines


@given(st.text("aæ€😀 ,;\\\n", max_size=200))
def test_a_title_is_escaped_and_its_line_broken_between_characters(title: str) -> None:
    text = calendar_file(replace(ASSEMBLY, title={"da": title, "en": title}), WORDS, NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    [summary] = [line for line in text.replace("\r\n ", "").split("\r\n") if line.startswith("SUMMARY:")]
    plain = summary.removeprefix("SUMMARY:").replace("\\\\", "\0")
    for written, meant in (("\\;", ";"), ("\\,", ","), ("\\n", "\n"), ("\0", "\\")):
        plain = plain.replace(written, meant)
    assert plain == f"{title}: Første"
