"""The spreadsheet at the officer's pages: taken out, filled in, handed in, looked through, and only then written."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from chassis.identity import Role
from chassis.language import Words
from followup.sheet_pages import MOST_BYTES, SHEETS
from support.five import Visitor
from support.house import House, Running
from support.promising import A, answer, answers_in_force, delivered, officer_of, stream
from support.sheets import sheet_as
from support.staff import SignedIn, signed_in

pytestmark = pytest.mark.integration
SHEET = f"/opfoelgning/{A}/regneark"
DANISH = Words("da", "followup")


async def taken_out(officer: SignedIn, file: str = "anbefalinger.xlsx") -> bytes:
    given = await officer.get(f"{SHEET}/fil/{file}")
    assert given.status_code == 200
    assert given.headers["content-disposition"] == f'attachment; filename="{A}-{file}"'
    return given.content


async def hand_in(officer: SignedIn, file: bytes, path: str = SHEET) -> httpx.Response:
    return await officer.visitor.upload(officer.running, path, file=file)


async def held(followup: Running) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = await followup.service.db.collection("recommendations").find({}, [("number", 1)])
    return documents


def at_sheet(given: httpx.Response) -> str:
    assert given.status_code == 303, given.text
    path = given.headers["location"].partition("?")[0]
    assert re.fullmatch(rf"{SHEET}/[0-9a-f]{{32}}", path)
    return str(path)


async def test_what_is_filled_in_is_looked_through_and_then_saved_as_drafts(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    cells = {"answer": "Følges", "reason": "Fordi\n=klogt", "money": 0, "progress": 25}
    file = sheet_as(await taken_out(officer), DANISH, cells)
    file = sheet_as(file, DANISH, {"committee": "Socialudvalget", "on": "1.3.2026", "item": "Punkt 4"}, row=3, sheet=1)
    before = await held(followup)
    path = at_sheet(await hand_in(officer, file))
    shown = (await officer.get(path)).text
    assert "2 anbefalinger bliver ændret. Intet er gemt endnu." in shown
    for text in ("Fordi<br>=klogt", "<em>tom</em>", "1. marts 2026, Socialudvalget, Punkt 4"):
        assert text in shown
    assert await held(followup) == before

    saved = await officer.send(path)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{SHEET}?gemt=2&sprog=da")
    assert "2 anbefalinger er ændret" in (await officer.get(saved.headers["location"])).text
    first, second = await held(followup)
    content = first["draft"]["content"]
    assert (content["verdict"], content["reason"], content["money"]) == ("followed", "Fordi\n=klogt", 0)
    assert (first["draft"]["state"], first["work"]["progress"], first["work"]["number"]) == ("draft", 25, 1)
    assert (second["draft"], [step["committee"] for step in second["work"]["steps"]]) == (None, ["social"])
    assert await answers_in_force(followup) == []  # nothing is published by a sheet
    await house.settle()
    said = [(name, fact["recommendation"]) for name, fact in await stream(house) if "recommendation" in fact]
    assert sorted(said) == [("answer-drafted", "r-1"), ("work-recorded", "r-1"), ("work-recorded", "r-2")]
    assert (await officer.get(path)).status_code == 404
    assert await followup.service.db.collection(SHEETS).count({}) == 0


async def test_each_form_comes_back_and_changes_nothing_also_after_an_answer(house: House) -> None:
    followup = await delivered(house)
    await answer(house, followup, 1, reason="Med linje\nskift og “citat”;", unit="=1+1", money=0, done_by="2027-01-31")
    officer = await officer_of(house, followup)
    before = await held(followup)
    for file in ("anbefalinger.xlsx", "anbefalinger.csv", "udvalg.csv"):
        for language in ("da", "en"):
            out = await officer.get(f"{SHEET}/fil/{file}?sprog={language}")
            given = await hand_in(officer, out.content)
            assert (given.status_code, "Arket ændrer intet" in given.text) == (200, True), file
    assert await held(followup) == before
    text = (await taken_out(officer, "anbefalinger.csv")).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    assert [row["Ansvarlig enhed"] for row in rows] == ["'=1+1", ""]


async def test_a_sheet_with_faults_is_told_by_row_and_column_and_kept_nowhere(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    before = await held(followup)
    file = sheet_as(await taken_out(officer), DANISH, {"answer": "måske", "money": -1})
    file = sheet_as(file, DANISH, {"done_by": "til jul"}, row=3)
    given = await hand_in(officer, file)
    assert given.status_code == 422
    money = "hele kroner fra 0 til 100.000.000.000"
    for text in ("3 fejl", 'href="#sheet"', "Følges den?", "Afsatte penge (kr.)", money, "Færdig senest"):
        assert text in given.text
    assert re.findall(r'<th scope="row">(\d+)</th>', given.text) == ["2", "2", "3"]
    assert "3 faults" in (await hand_in(officer, file, f"{SHEET}?sprog=en")).text
    assert await held(followup) == before
    assert await followup.service.db.collection(SHEETS).count({}) == 0


async def test_what_a_colleague_saves_in_between_is_a_conflict_that_names_the_row(house: House) -> None:
    followup = await delivered(house)
    first, second = [await officer_of(house, followup, name) for name in ("officer-1", "officer-2")]
    out = await taken_out(first)
    mine = at_sheet(await hand_in(first, sheet_as(out, DANISH, {"reason": "Den enes"})))
    theirs = at_sheet(await hand_in(second, sheet_as(out, DANISH, {"reason": "Den andens"})))
    assert (await second.send(theirs)).status_code == 303
    late = await first.send(mine)
    assert late.status_code == 409
    for text in ("Nogen kom først", "Nogen har ændret svaret, siden arket blev hentet", '<th scope="row">2</th>'):
        assert text in late.text
    assert [one["draft"] and one["draft"]["content"]["reason"] for one in await held(followup)] == ["Den andens", None]
    # And a sheet that was taken out before is refused at once.
    again = await hand_in(first, sheet_as(out, DANISH, {"reason": "Den enes"}))
    assert (again.status_code, "Nogen har ændret svaret" in again.text) == (422, True)


async def test_nobody_but_an_officer_takes_a_sheet_out_or_in_and_it_is_not_too_large(house: House) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    others = [(await signed_in(house, followup, role)).visitor for role in (Role.SECRETARIAT, Role.OPERATOR)]
    for someone in (*others, await Visitor.of(Role.PUBLIC, followup)):
        assert (await someone.get(followup, f"{SHEET}/fil/anbefalinger.xlsx")).status_code in {303, 403}
        assert (await someone.upload(followup, SHEET, file=b"x")).status_code in {401, 403}
    assert (await hand_in(officer, b"x" * (MOST_BYTES + 1))).status_code == 413
    for path in (f"{SHEET}/fil/andet.xlsx", f"{SHEET}/{'0' * 32}", SHEET.replace(A, "ukendt-2025")):
        assert (await officer.get(path)).status_code == 404


async def test_the_public_table_comes_back_too_and_its_progress_is_taken_in(house: House) -> None:
    followup = await delivered(house)
    await answer(house, followup, 1, reason="Med linje\nskift;", action="=1+1", done_by="2027-01-31")
    officer = await officer_of(house, followup)
    out = (await followup.http.get(f"/opfoelgning/{A}/anbefalinger.csv")).content
    assert "Arket ændrer intet" in (await hand_in(officer, out)).text
    await house.move_clock(datetime(2026, 8, 1, tzinfo=UTC))  # its overdue days are others by now
    officer = await officer_of(house, followup)
    assert "Arket ændrer intet" in (await hand_in(officer, out)).text
    rows = list(csv.DictReader(io.StringIO(out.decode("utf-8-sig"))))

    def changed(**cells: str) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows([rows[0] | cells, rows[1]])
        return text.getvalue().encode()

    path = at_sheet(await hand_in(officer, changed(progress="60")))
    assert (await officer.send(path)).status_code == 303
    assert [one["work"]["progress"] for one in await held(followup)] == [60, 0]
    for wrong in ({"progress": "101"}, {"description": "Noget andet"}, {"end_date": "2027-02-01"}, {"id": "x"}):
        given = await hand_in(officer, changed(**wrong))
        assert (given.status_code, "<td>" + next(iter(wrong)) in given.text.lower()) == (422, True), wrong
