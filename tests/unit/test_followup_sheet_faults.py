"""Every kind of fault a spreadsheet can come back with: named by row, column and rule, and nothing would change."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from chassis.language import Words
from followup.domain.answers import LONGEST, Content, Draft, DraftState
from followup.domain.recommendation import Recommendation
from followup.domain.work import Step, Work
from followup.sheet import csv_files, workbooks
from followup.sheet.checking import check
from followup.sheet.exporting import tables
from followup.sheet.faults import MESSAGES, STANDING, Fault, Rule
from support.sheets import AT, MANDATE, one, sheet_as

DANISH = Words("da", "followup")
STEP = Step("social", date(2026, 2, 1), "Punkt 4")
HELD = [
    replace(
        one(1),
        draft=Draft(Content("followed", "Ja"), DraftState.DRAFT, AT),
        edits=2,
        work=Work(None, (STEP,), 10, number=1),
    ),
    one(2),
]
TAKEN_OUT = workbooks.write(tables(MANDATE, HELD, DANISH), DANISH)
AS_CSV = csv_files.write(tables(MANDATE, HELD, DANISH)[0], DANISH)
REASON = "Kommunalbestyrelsens begrundelse"
ANSWERS, STEPS = "Anbefalinger og svar", "I udvalgene"


def found(file: bytes, held: list[Recommendation] = HELD) -> list[tuple[str, str, int, str]]:
    """The faults of a file, as sheet, row and column; with one there is nothing that would be changed."""
    checked = check(file, MANDATE, held, DANISH)
    assert checked.wanted == ()
    for fault in checked.faults:
        told(fault)
    return [(fault.rule.value, fault.sheet, fault.row, fault.column) for fault in checked.faults]


def told(fault: Fault) -> str:
    """The fault's message, filled in."""
    message = DANISH.gettext(MESSAGES[fault.rule], **STANDING.get(fault.rule, {}), **fault.values)
    assert "%(" not in message
    return message


def edited(change: Callable[[Any], None], sheet: int = 0) -> bytes:
    book: Any = load_workbook(io.BytesIO(TAKEN_OUT))
    change(book.worksheets[sheet])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_file_without_a_fault_is_taken() -> None:
    assert found(TAKEN_OUT) == found(AS_CSV) == []


CELLS = [
    ({"answer": "måske"}, Rule.VERDICT, "Følges den?"),
    ({"reason": "x" * (LONGEST + 1)}, Rule.LONG, REASON),
    ({"action": "x" * (LONGEST + 1)}, Rule.LONG, "Hvad der gøres"),
    ({"unit": "x" * 201}, Rule.LONG, "Ansvarlig enhed"),
    ({"reason": "=A1"}, Rule.FORMULA, REASON),
    ({"unit": "#REF!"}, Rule.ERROR_VALUE, "Ansvarlig enhed"),
    ({"done_by": "til jul"}, Rule.DAY, "Færdig senest"),
    ({"done_by": "03/01-26"}, Rule.DAY, "Færdig senest"),
    ({"done_by": "29-02-2027"}, Rule.NO_SUCH_DAY, "Færdig senest"),
    ({"money": "mange"}, Rule.MONEY, "Afsatte penge (kr.)"),
    ({"money": "1.5"}, Rule.MONEY, "Afsatte penge (kr.)"),
    ({"money": 0.5}, Rule.MONEY, "Afsatte penge (kr.)"),
    ({"money": -1}, Rule.MONEY, "Afsatte penge (kr.)"),
    ({"money": 100_000_000_001}, Rule.MONEY, "Afsatte penge (kr.)"),
    ({"money": True}, Rule.MONEY, "Afsatte penge (kr.)"),
    ({"progress": 101}, Rule.PROGRESS, "Gennemført (procent)"),
    ({"progress": "halvt"}, Rule.PROGRESS, "Gennemført (procent)"),
    ({"progress": None}, Rule.PROGRESS, "Gennemført (procent)"),
    ({"committees": "Festudvalget"}, Rule.COMMITTEE, "Udvalg"),
    ({"committees": "social; Socialudvalget"}, Rule.COMMITTEE_TWICE, "Udvalg"),
    ({"id": None}, Rule.WHICH, "Id"),
    ({"id": "dragoer-2025:r-9"}, Rule.UNKNOWN, "Id"),
    ({"id": "greve-2025:r-1"}, Rule.OTHER_ASSEMBLY, "Id"),
    ({"id": "dragoer-2025:r-2"}, Rule.TWICE, "Id"),
    ({"title": "Noget helt andet"}, Rule.READ_ONLY, "Anbefaling"),
    ({"theme": "Kultur"}, Rule.READ_ONLY, "Tema"),
    ({"status": "Besvaret"}, Rule.READ_ONLY, "Tilstand"),
    ({"number": 7}, Rule.READ_ONLY, "Nummer"),
    ({"edit": None}, Rule.VERSION, "Version af svaret"),
    ({"edit": "ny"}, Rule.VERSION, "Version af svaret"),
    ({"work": -1}, Rule.VERSION, "Version af arbejdet"),
]


@pytest.mark.parametrize(("cells", "rule", "column"), CELLS)
def test_a_fault_in_a_cell_is_named_by_row_column_and_rule(cells: dict[str, Any], rule: Rule, column: str) -> None:
    # Of two rows about one recommendation it is the later one that is too many.
    row = 3 if rule is Rule.TWICE else 2
    assert (rule.value, ANSWERS, row, column) in found(sheet_as(TAKEN_OUT, DANISH, cells))


IN_STEPS = [
    ({"committee": None}, Rule.NO_COMMITTEE, "Udvalg"),
    ({"committee": "Festudvalget"}, Rule.COMMITTEE, "Udvalg"),
    ({"on": None}, Rule.NO_DAY, "Møde"),
    ({"on": "engang"}, Rule.DAY, "Møde"),
    ({"item": None}, Rule.NO_ITEM, "Punkt på dagsordenen"),
    ({"item": "x" * 201}, Rule.LONG, "Punkt på dagsordenen"),
    ({"link": "javascript:alert(1)"}, Rule.LINK, "Link til dagsordenen"),
    ({"decision": "x" * (LONGEST + 1)}, Rule.LONG, "Beslutning"),
    ({"work": 4}, Rule.VERSIONS_DIFFER, "Version af arbejdet"),
]


@pytest.mark.parametrize(("cells", "rule", "column"), IN_STEPS)
def test_a_fault_among_the_steps_is_named_too(cells: dict[str, Any], rule: Rule, column: str) -> None:
    assert found(sheet_as(TAKEN_OUT, DANISH, cells, sheet=1)) == [(rule.value, STEPS, 2, column)]


def test_a_step_may_be_added_without_what_is_shown_only_and_never_without_the_id() -> None:
    def add(sheet: Any) -> None:
        sheet.append(["dragoer-2025:r-1", None, None, "Økonomiudvalget", date(2026, 3, 1), "Punkt 9"])

    checked = check(edited(add, 1), MANDATE, HELD, DANISH)
    assert [len(wanted.work.steps) for wanted in checked.wanted if wanted.work] == [2]
    assert (Rule.WHICH.value, STEPS, 4, "Id") in found(edited(lambda sheet: sheet.append([None] * 4 + ["1.1.2026"]), 1))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda sheet: sheet.delete_cols(7), (Rule.COLUMN_MISSING, 1, REASON)),
        (lambda sheet: sheet.cell(1, 16, "Mine noter"), (Rule.COLUMN_UNKNOWN, 1, "Mine noter")),
        (lambda sheet: sheet.cell(1, 16, "The council’s reason"), (Rule.COLUMN_TWICE, 1, REASON)),
        (lambda sheet: sheet.cell(3, 20, "husk mig"), (Rule.OUTSIDE, 3, "")),
        (lambda sheet: sheet.insert_rows(1), (Rule.NO_TABLE, 1, "")),
    ],
)  # fmt: skip
def test_a_fault_in_the_columns_is_named(change: Callable[[Any], None], expected: tuple[Rule, int, str]) -> None:
    rule, row, column = expected

    def alone(sheet: Any) -> None:
        del sheet.parent[STEPS]
        change(sheet)

    assert found(edited(alone)) == [(rule.value, "" if rule is Rule.NO_TABLE else ANSWERS, row, column)]


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _twice() -> bytes:
    book: Any = load_workbook(io.BytesIO(TAKEN_OUT))
    book.copy_worksheet(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _entities() -> bytes:
    """A workbook whose XML defines entities in terms of each other: small on the disk, endless in memory."""
    source, out = zipfile.ZipFile(io.BytesIO(TAKEN_OUT)), io.BytesIO()
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(out, "w") as archive:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = bomb + content.replace(b"Flere", b"&b;Flere")
            archive.writestr(part.filename, content)
    return out.getvalue()


EMPTY_BOOK = io.BytesIO()
Workbook().save(EMPTY_BOOK)
WHOLE = [
    (b"", Rule.EMPTY, 0),
    (b" \r\n\r\n", Rule.EMPTY, 0),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Rule.ENCODING, 0),
    (b"%PDF-1.7\0binary", Rule.NOT_A_TABLE, 0),
    (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, Rule.LOCKED, 0),
    (TAKEN_OUT[:2000], Rule.DAMAGED, 0),
    (_zip(hello=b"no workbook"), Rule.DAMAGED, 0),
    (_entities(), Rule.DAMAGED, 0),
    (_zip(bomb=b"\0" * (65 * 1024 * 1024)), Rule.UNPACKS_TOO_LARGE, 0),
    (_zip(**{f"part{n}": b"" for n in range(501)}), Rule.UNPACKS_TOO_LARGE, 0),
    (_twice(), Rule.TABLE_TWICE, 0),
    (EMPTY_BOOK.getvalue(), Rule.NO_TABLE, 1),
    (AS_CSV.decode("utf-8-sig").encode("cp1252"), Rule.ENCODING, 0),
    (b"a;b\r\n1;2\r\n", Rule.NO_TABLE, 1),
    (AS_CSV + b'"an open quote', Rule.DAMAGED, 0),
    (AS_CSV + b"x\r\n" * 10_000, Rule.TOO_MANY_ROWS, 0),
]


@pytest.mark.parametrize(("file", "rule", "row"), WHOLE, ids=[f"{n}-{rule}" for n, (_, rule, _row) in enumerate(WHOLE)])
def test_a_file_that_is_no_sheet_is_refused_with_its_rule(file: bytes, rule: Rule, row: int) -> None:
    assert [(fault[0], fault[2]) for fault in found(file)] == [(rule.value, row)]


def test_a_row_too_many_in_a_workbook_is_refused_and_a_column_formatted_to_the_bottom_is_not() -> None:
    far = 10_050
    assert found(edited(lambda sheet: sheet.cell(far, 1, "x")))[0][0] == Rule.TOO_MANY_ROWS
    assert found(edited(lambda sheet: setattr(sheet.cell(far, 1), "number_format", "@"))) == []


def test_what_somebody_has_saved_since_is_a_conflict_that_names_the_row() -> None:
    mine = sheet_as(TAKEN_OUT, DANISH, {"reason": "Min tekst", "progress": 50})
    theirs = replace(HELD[0], draft=Draft(Content("partly", "Nej"), DraftState.DRAFT, AT), edits=3)
    assert found(mine, [theirs, HELD[1]]) == [(Rule.ANSWER_CHANGED.value, ANSWERS, 2, "")]
    theirs = replace(HELD[0], work=replace(HELD[0].work, progress=20, number=2))
    assert (Rule.WORK_CHANGED.value, ANSWERS, 2, "") in found(mine, [theirs, HELD[1]])
    # And when they wrote the very same there is nothing to be at odds about.
    same = replace(HELD[0], edits=3, draft=Draft(Content("followed", "Min tekst"), DraftState.DRAFT, AT))
    same = replace(same, work=replace(HELD[0].work, progress=50, number=2))
    assert found(mine, [same, HELD[1]]) == []


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_rows() -> None:
    file = sheet_as(TAKEN_OUT, DANISH, {"answer": "måske", "money": "mange"})
    file = sheet_as(file, DANISH, {"done_by": "til jul"}, row=3)
    file = sheet_as(file, DANISH, {"item": None}, sheet=1)
    assert [(sheet, row, column) for _, sheet, row, column in found(file)] == [
        (ANSWERS, 2, "Følges den?"),
        (ANSWERS, 2, "Afsatte penge (kr.)"),
        (ANSWERS, 3, "Færdig senest"),
        (STEPS, 2, "Punkt på dagsordenen"),
    ]


def test_every_rule_has_a_message_and_the_faults_above_are_of_more_than_thirty_kinds() -> None:
    assert set(MESSAGES) == set(Rule)
    tried = {rule for _, rule, _ in (*CELLS, *IN_STEPS)} | {rule for _, rule, _ in WHOLE}
    tried |= {
        Rule.COLUMN_MISSING,
        Rule.COLUMN_UNKNOWN,
        Rule.COLUMN_TWICE,
        Rule.OUTSIDE,
        Rule.ANSWER_CHANGED,
        Rule.WORK_CHANGED,
    }
    assert set(Rule) - tried == {Rule.OTHER}
    assert len(tried) > 30
