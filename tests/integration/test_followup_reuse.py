"""What other programs fetch: feeds that are Atom by RFC 4287's rules, calendars that move their days, a whole table."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest

from chassis.identity import Role
from support.atoms import NS, read
from support.house import House, Running
from support.letters import read_aloud
from support.promising import DELIVERED, A, answer, api_of, delivered, hand_over, milestone, publish, started

pytestmark = pytest.mark.integration
GREVE = "greve-2025"
HERE = f"/opfoelgning/{A}"


async def fetched(followup: Running, path: str) -> Any:
    return read((await followup.http.get(path)).content)


def entries(feed: Any) -> list[tuple[str, str]]:
    return [
        (entry.find(f"{NS}category").get("term"), entry.findtext(f"{NS}title")) for entry in feed.iter(f"{NS}entry")
    ]


def ids(feed: Any) -> list[str]:
    return [entry.findtext(f"{NS}id") for entry in feed.iter(f"{NS}entry")]


async def extend(house: House, followup: Running, milestone: str, to: str, reason: str) -> None:
    given = await followup.http.post(
        f"{api_of()}/milestones/{milestone}/extension",
        json={"to_day": to, "reason": reason},
        headers=house.headers(Role.OFFICER),
    )
    assert given.status_code == 200, given.text


async def played(house: House) -> Running:
    """A promise that was moved and one that is overdue; an answer in two versions, a status."""
    followup = await delivered(house)
    await house.move_clock(datetime(2025, 8, 1, 9, tzinfo=UTC))
    await extend(house, followup, "s-3", "2025-10-01", "Sommerferie & valg <2025>")
    await answer(house, followup, 1)
    await answer(house, followup, 1, answer="partly", reason="Kun\x0b en del", action="Et forsøg", done_by="2026-01-31")
    await answer(house, followup, 2)
    await house.move_clock(datetime(2025, 9, 20, 9, tzinfo=UTC))
    assert (await publish(house, followup, "s-3")).status_code == 200
    await house.move_clock(datetime(2026, 4, 18, 9, tzinfo=UTC))
    await house.settle()
    return followup


async def test_the_feed_tells_what_happened_latest_first_and_keeps_its_ids(house: House) -> None:
    followup = await played(house)
    feed = await fetched(followup, f"{HERE}/nyt.atom")
    assert entries(feed) == [
        ("overdue", "Fristen er overskredet: Status s-10 skulle være kommet 17. april 2026"),
        ("status", "Offentliggjort: Status s-3"),
        ("answer", "Svar på anbefaling 2: Flere mødesteder 2"),
        ("answer", "Nyt svar på anbefaling 1: Flere mødesteder 1"),
        ("answer", "Svar på anbefaling 1: Flere mødesteder 1"),
        ("moved", "Flyttet: Status s-3, fra 17. september 2025 til 1. oktober 2025"),
        ("made", "Lovet: Status s-3 senest 17. september 2025"),
        ("made", "Lovet: Status s-10 senest 17. april 2026"),
    ]
    assert (feed.findtext(f"{NS}author/{NS}name"), feed.findtext(f"{NS}updated")[:10]) == (
        "Dragør Kommune",
        "2026-04-18",
    )
    moved = next(entry for entry in feed.iter(f"{NS}entry") if entry.find(f"{NS}category").get("term") == "moved")
    assert moved.findtext(f"{NS}summary") == "Sommerferie & valg <2025>"
    link = moved.find(f"{NS}link").get("href")
    assert link == f"{followup.service.settings.public_url}{HERE}#milestones"
    english = await fetched(followup, f"{HERE}/nyt.atom?sprog=en")
    assert entries(english)[1] == ("status", "Published: Status s-3 (en)")
    assert ids(english) == ids(feed)


async def test_a_reader_that_has_it_is_told_so_until_something_happens(house: House) -> None:
    followup = await delivered(house)
    for path in (f"{HERE}/nyt.atom", f"{HERE}/frister.ics", f"{HERE}/anbefalinger.csv", "/opfoelgning/frister.ics"):
        first = await followup.http.get(path)
        known = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
        again = await followup.http.get(path, headers=known)
        assert (again.status_code, again.content, "set-cookie" in again.headers) == (304, b"", False), path
    known = {"if-none-match": (await followup.http.get(f"{HERE}/nyt.atom")).headers["etag"]}
    await answer(house, followup, 1)
    assert (await followup.http.get(f"{HERE}/nyt.atom", headers=known)).status_code == 200


async def test_the_feeds_of_all_are_of_all_or_of_one_municipality(house: House) -> None:
    followup = await delivered(house)
    theirs = {"id": "greve", "title": {"da": "Greve Kommune", "en": "Greve Municipality"}}
    await hand_over(
        house, (milestone("s-6", 6),), assembly=GREVE, municipality=theirs, title={"da": "Greve", "en": "Greve"}
    )
    await answer(house, followup, 1, assembly=GREVE)
    both = entries(await fetched(followup, "/opfoelgning/nyt.atom"))
    assert both[0] == ("answer", "Greve: Svar på anbefaling 1: Flere mødesteder 1")
    assert {title.partition(":")[0] for _, title in both} == {"Greve", "Samlingen"}
    one = await fetched(followup, "/opfoelgning/nyt.atom?kommune=greve")
    assert (len(entries(one)), one.findtext(f"{NS}author/{NS}name")) == (2, "Greve Kommune")
    calendar = icalendar.Calendar.from_ical((await followup.http.get("/opfoelgning/frister.ics")).content)
    days = [(str(day["uid"]), day["dtstart"].dt) for day in calendar.walk("VEVENT")]
    assert days == [
        (f"{A}-s-3@followup.borgersamling", date(2025, 9, 17)),
        (f"{GREVE}-s-6@followup.borgersamling", date(2025, 12, 17)),
        (f"{A}-s-10@followup.borgersamling", date(2026, 4, 17)),
    ]
    assert (await followup.http.get("/opfoelgning/nyt.atom?kommune=ukendt")).status_code == 404
    assert (await followup.http.get("/opfoelgning/ukendt-2025/nyt.atom")).status_code == 404


async def test_before_there_is_anything_the_feeds_are_empty_and_right(house: House) -> None:
    followup = await started(house)
    assert entries(await fetched(followup, "/opfoelgning/nyt.atom")) == []
    calendar = icalendar.Calendar.from_ical((await followup.http.get("/opfoelgning/frister.ics")).content)
    assert list(calendar.walk("VEVENT")) == []


async def test_the_calendar_moves_a_day_that_is_moved_and_adds_none(house: House) -> None:
    followup = await delivered(house)

    async def days() -> dict[str, Any]:
        content = (await followup.http.get(f"{HERE}/frister.ics")).content
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        calendar = icalendar.Calendar.from_ical(content)
        assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
        return {str(day["uid"]): day for day in calendar.walk("VEVENT")}

    before = await days()
    assert {day["sequence"] for day in before.values()} == {0}
    await extend(house, followup, "s-3", "2025-10-01", "Sommerferie, æøå; og \\ mere")
    after = await days()
    assert after.keys() == before.keys()
    moved = after[f"{A}-s-3@followup.borgersamling"]
    assert (moved["sequence"], moved["dtstart"].dt, moved["dtend"].dt) == (1, date(2025, 10, 1), date(2025, 10, 2))
    assert "Flyttet fra 17. september 2025: Sommerferie, æøå; og \\ mere" in str(moved["description"])
    assert moved["dtstamp"].dt - DELIVERED < timedelta(days=1)
    assert str(moved["url"]).endswith(HERE)


async def test_the_table_has_decidims_fields_and_ours(house: House) -> None:
    followup = await played(house)
    given = await followup.http.get(f"{HERE}/anbefalinger.csv")
    assert given.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(given.content.decode("utf-8-sig"))))
    origin = followup.service.settings.public_url
    assert list(rows[0].items()) == [
        ("id", f"{A}:r-1"),
        ("title", "Flere mødesteder 1"),
        ("description", "Kun\x0b en del\n\nEt forsøg"),
        ("start_date", "2025-06-17"),
        ("end_date", "2026-01-31"),
        ("status", "partly"),
        ("progress", "0"),
        ("created_at", rows[0]["created_at"]),
        ("url", f"{origin}/samling/{A}/anbefalinger/r-1"),
        ("due_date", "2026-04-17"),
        ("reported_at", "2025-09-20"),
        ("overdue_days", "1"),
    ]
    assert re.fullmatch(r"2025-08-01T09:00:00.*\+00:00", rows[0]["created_at"])
    assert [row["status"] for row in rows] == ["partly", "followed"]


async def test_the_page_for_the_agenda_is_given_in_the_language_asked_for(house: House) -> None:
    followup = await played(house)
    given = await followup.http.get(f"{HERE}/dagsorden.pdf?sprog=en")
    assert (given.headers["content-type"], given.headers["content-disposition"]) == (
        "application/pdf",
        f'inline; filename="{A}-dagsorden.pdf"',
    )
    assert "2 of 2 recommendations are answered: 1 followed, 1 partly, 0 not" in " ".join(
        read_aloud(given.content).split()
    )


async def test_the_frame_alone_may_be_shown_elsewhere_and_sets_no_cookie(house: House) -> None:
    followup = await played(house)
    framed = await followup.http.get(f"{HERE}/widget?sprog=en")
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert ("x-frame-options" in framed.headers, "set-cookie" in framed.headers) == (False, False)
    for text in (
        '<html lang="en">',
        "2 of 2 recommendations are answered",
        "Overdue",
        'target="_blank" rel="noopener"',
    ):
        assert text in framed.text
    assert "<form" not in framed.text
    assert "<script" not in framed.text
    page = await followup.http.get(f"{HERE}/indlejr")
    address = f"{followup.service.settings.public_url}{HERE}/widget?sprog=da"
    assert f"&lt;iframe src=&#34;{address}&#34; title=&#34;Opfølgning: Samlingen&#34;" in page.text
    for other in (f"{HERE}/indlejr", HERE, f"{HERE}/widget/", f"{HERE}/widget%0a", "/opfoelgning/ukendt-2025/x/widget"):
        headers = (await followup.http.get(other)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], other
        assert headers["x-frame-options"] == "DENY"


async def test_the_dashboard_links_to_all_of_it_and_each_link_answers(house: House) -> None:
    followup = await delivered(house)
    page = (await followup.http.get(HERE)).text.partition('id="reuse"')[2].partition("</ul>")[0]
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) == 7
    for link in links:
        assert (await followup.http.get(link.replace("&amp;", "&"))).status_code == 200, link
