"""The spreadsheet round trip: taken out and taken in again, nothing changes; what is written in it is what changes."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from chassis.language import Words
from followup.domain.answers import Answer, Approval, Content, Draft, DraftState
from followup.domain.recommendation import Recommendation
from followup.domain.work import Step, Work
from followup.sheet import cells, csv_files, workbooks
from followup.sheet.checking import Checked, check
from followup.sheet.exporting import tables
from support.sheets import AT, MANDATE, one, sheet_as

DANISH, ENGLISH = Words("da", "followup"), Words("en", "followup")
LANGUAGES = {"da": DANISH, "en": ENGLISH}
HARD = (
    "", "=1+1", "=cmd|' /C calc'!A0", "+45", "-3", "@SUM(A1)", "'", "''", "'=x", "'quoted", '"', 'a;b,c\td"e',
    "første\nanden\n\ntredje", "æøå ÆØÅ é ü", "😀👩‍👧", "_x000D_", "__x0041_x0042_", "_x0041", "_x0041\x01",
    "\x0b", "\u2028", "TRUE", "0", "1e5", "2026-03-01", "#REF!", "＝1",
    "N/A", "null", "<b>&amp;</b>", "a\u00a0b", "x" * 20_000, "é" * 20_000,
)  # fmt: skip

written = st.one_of(st.sampled_from(HARD), st.text(st.characters(codec="utf-8"), max_size=200)).map(str.strip)
lines = written.map(lambda text: text[:200])
days = st.one_of(st.none(), st.dates(), st.just(date(1900, 2, 28)), st.just(date(2028, 2, 29)))
contents = st.builds(
    Content,
    verdict=st.sampled_from(("", "followed", "partly", "not-followed")),
    reason=written,
    action=written,
    done_by=days,
    unit=lines,
    money=st.one_of(st.none(), st.just(0), st.integers(0, 100_000_000_000)),
)
steps = st.builds(
    Step,
    committee=st.sampled_from(("finance", "social", "gone")),
    on=st.dates(),
    item=lines.filter(bool),
    link=st.sampled_from(("", "https://example.test/a?b=1;c#d")),
    decision=written,
)
works = st.builds(
    Work,
    committees=st.one_of(st.none(), st.lists(st.sampled_from(("finance", "social")), unique=True).map(tuple)),
    steps=st.lists(steps, max_size=3).map(tuple),
    progress=st.integers(0, 100),
    responsible=st.sampled_from(("", "abc")),
    number=st.integers(0, 5),
)


@st.composite
def recommendations(draw: Any) -> list[Recommendation]:
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        held = draw(st.one_of(st.none(), contents))
        drafted = draw(st.one_of(st.none(), contents))
        state = draw(st.sampled_from(DraftState))
        approval = Approval(date(2026, 1, 5), "Byrådet") if state is DraftState.APPROVED else None
        made.append(
            replace(
                one(number),
                title=draw(lines) or "Uden titel",
                answers=(Answer(1, held, AT),) if held else (),
                draft=Draft(drafted, state, AT, approval) if drafted else None,
                edits=draw(st.integers(0, 9)),
                work=draw(works),
            )
        )
    return made


def came_back(held: Sequence[Recommendation], form: str, out: str, back: str) -> list[Checked]:
    """What comes of each file that was taken out in one language and is handed in from a page in the other."""
    both = tables(MANDATE, held, LANGUAGES[out])
    files = (
        [workbooks.write(both, LANGUAGES[out])]
        if form == "xlsx"
        else [csv_files.write(table, LANGUAGES[out]) for table in both]
    )
    return [check(file, MANDATE, held, LANGUAGES[back]) for file in files]


@settings(max_examples=150, deadline=None)
@given(
    recommendations(), st.sampled_from(("xlsx", "csv")), st.sampled_from(("da", "en")), st.sampled_from(("da", "en"))
)
def test_a_sheet_that_is_taken_out_and_in_changes_nothing(
    held: list[Recommendation], form: str, out: str, back: str
) -> None:
    for checked in came_back(held, form, out, back):
        assert checked == Checked((), (), ())


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_hard_text_comes_back_as_it_was(text: str, form: str) -> None:
    """Not by finding it unchanged: it is written into a sheet of an empty answer, and is what would be saved."""
    written = Content("partly", text.strip(), text.strip(), date(2026, 3, 1), text.strip()[:200], 0)
    full, empty = (replace(one(1), draft=Draft(content, DraftState.DRAFT, AT)) for content in (written, Content()))
    both = tables(MANDATE, [full], DANISH)
    file = workbooks.write(both, DANISH) if form == "xlsx" else csv_files.write(both[0], DANISH)
    checked = check(file, MANDATE, [empty], DANISH)
    assert (checked.faults, [wanted.content for wanted in checked.wanted]) == ((), [written])


@pytest.mark.parametrize("text", ["=1+1", "+45", "-3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"])
def test_no_program_takes_a_text_for_a_formula(text: str) -> None:
    held = [replace(one(1), draft=Draft(Content(unit=text), DraftState.DRAFT, AT))]
    both = tables(MANDATE, held, DANISH)
    sheet: Any = load_workbook(io.BytesIO(workbooks.write(both, DANISH))).worksheets[0]
    place = [cell.value for cell in sheet[1]].index("Ansvarlig enhed")
    assert (sheet[2][place].data_type, str(sheet[2][place].value)[0]) == ("s", "'")
    rows = list(csv.reader(io.StringIO(csv_files.write(both[0], DANISH).decode("utf-8-sig")), delimiter=";"))
    assert rows[1][place][0] == "'"
    assert cells.unguarded(rows[1][place]) == text


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_guarded_and_escaped_is_given_back(text: str) -> None:
    assert cells.unguarded(cells.guarded(text)) == text
    assert workbooks.unescaped(workbooks.escaped(text)) == text


@pytest.mark.parametrize("text", ["2026-03-01", "2026-3-1", "01-03-2026", "1.3.2026", "1/3/2026", "01.03.2026"])
def test_a_day_is_read_as_spreadsheet_programs_write_it(text: str) -> None:
    assert cells.day_in(text) == date(2026, 3, 1)
    assert cells.day_in(datetime(2026, 3, 1, tzinfo=UTC)) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("cell", "money"),
    [("1.250.000", 1_250_000), ("1 250 000", 1_250_000), (1250000.0, 1_250_000), ("0", 0), (None, None), ("", None)],
)
def test_kroner_are_read_with_danish_points_and_nothing_is_no_zero(cell: cells.Cell, money: int | None) -> None:
    assert cells.whole_in(cell, cells.Rule.MONEY) == money


def test_what_is_written_in_both_sheets_is_what_would_be_saved() -> None:
    held = [replace(one(1), edits=2, work=Work(number=3)), one(2)]
    file = workbooks.write(tables(MANDATE, held, DANISH), DANISH)
    answer = {"answer": "Følges delvist", "reason": "Fordi", "done_by": date(2027, 1, 31), "money": 250_000}
    work = {"committees": "socialudvalget; Finance committee", "progress": "40 %"}
    file = sheet_as(file, DANISH, answer | work)
    file = sheet_as(file, DANISH, {"committee": "Socialudvalget", "on": "1.2.2026", "item": "Punkt 4"}, sheet=1)
    checked = check(file, MANDATE, held, DANISH)
    assert checked.faults == ()
    (wanted,) = checked.wanted
    assert (wanted.one.id, wanted.edit) == ("r-1", 2)
    assert wanted.content == Content("partly", "Fordi", "", date(2027, 1, 31), "", 250_000)
    step = Step("social", date(2026, 2, 1), "Punkt 4")
    assert wanted.work == Work(("social", "finance"), (step,), 40, number=3)
    assert [(change.column, change.old, change.new) for change in wanted.changes] == [
        ("Følges den?", "", "Følges delvist"),
        ("Kommunalbestyrelsens begrundelse", "", "Fordi"),
        ("Færdig senest", "", "31. januar 2027"),
        ("Afsatte penge (kr.)", "", "250.000"),
        ("Udvalg", "Økonomiudvalget", "Socialudvalget; Økonomiudvalget"),
        ("Gennemført (procent)", "0", "40"),
        ("I udvalgene", "", "1. februar 2026, Socialudvalget, Punkt 4"),
    ]


def test_a_change_to_an_approved_draft_says_that_the_approval_lapses() -> None:
    approved = Draft(Content("followed", "Ja"), DraftState.APPROVED, AT, Approval(date(2026, 1, 5), "Byrådet"))
    held = [replace(one(1), draft=approved, edits=1)]
    file = sheet_as(workbooks.write(tables(MANDATE, held, DANISH), DANISH), DANISH, {"reason": "Ja tak"})
    assert [wanted.unapproves for wanted in check(file, MANDATE, held, DANISH).wanted] == [True]


def test_rows_left_out_and_columns_moved_change_nothing_and_are_said() -> None:
    held = [one(1), one(2)]
    table = tables(MANDATE, held, ENGLISH)[0]
    rows = list(csv.reader(io.StringIO(csv_files.write(table, ENGLISH).decode("utf-8-sig")), delimiter=";"))
    file = "\n".join(",".join(f'"{cell}"' for cell in reversed(row)) for row in rows[:2]).encode()
    checked = check(file, MANDATE, held, DANISH)
    assert (checked.faults, checked.wanted, [left.id for left in checked.left_out]) == ((), (), ["r-2"])


def test_sorting_the_steps_changes_nothing_and_taking_one_out_does() -> None:
    both = (Step("social", date(2026, 2, 1), "Punkt 4"), Step("finance", date(2026, 1, 1), "Punkt 2", "", "Godkendt"))
    held = [replace(one(1), work=Work(steps=both, number=1))]
    sorted_otherwise = [replace(one(1), work=Work(steps=both[::-1], number=1))]
    fewer = [replace(one(1), work=Work(steps=both[:1], number=1))]
    none = [replace(one(1), work=Work(number=1))]
    for sheet, expected in ((sorted_otherwise, None), (fewer, both[:1]), (none, ())):
        file = csv_files.write(tables(MANDATE, sheet, DANISH)[1], DANISH)
        found = [wanted.work.steps for wanted in check(file, MANDATE, held, DANISH).wanted if wanted.work]
        assert found == ([] if expected is None else [expected])
