"""Reading a roll: what is taken, and thirty ways to be wrong with the row, the column and the rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain.problems import LISTED
from registration.domain.resident import RollRules
from support import rolls
from support.rolls import COLUMNS, Roll, cpr, roll, row

RULES = RollRules({"district": frozenset({"soevang", "st-magleby"})}, date(2025, 1, 1), synthetic_allowed=True)
GOOD = [row(1), row(2), row(3)]


def read(body: bytes) -> Roll:
    return rolls.read(body, RULES)


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_roll_is_read_whichever_way_a_spreadsheet_saved_it(delimiter: str, encoding: str) -> None:
    read_back = read(roll(GOOD, delimiter=delimiter, encoding=encoding))
    assert not read_back.found.listed
    assert [r.name for r in read_back.residents] == ["Prøve Person 1", "Prøve Person 2", "Prøve Person 3"]
    assert read_back.delimiter == delimiter
    assert read_back.encoding == ("windows-1252" if encoding == "cp1252" else "utf-8")


@given(st.permutations(COLUMNS))
def test_columns_come_in_any_order(columns: list[str]) -> None:
    assert read(roll(GOOD, columns=columns)).residents[0].values() == read(roll(GOOD)).residents[0].values()


def test_header_names_are_read_without_regard_to_case_and_spaces() -> None:
    assert len(read(roll(GOOD).replace(b"cpr;name", b" CPR ; Name ")).residents) == 3


def test_blank_lines_are_skipped_and_rows_still_numbered_as_the_spreadsheet_does() -> None:
    header, first, second, *_ = roll([row(1), row(2, postcode="27")]).splitlines(keepends=True)
    problems = read(header + b"\r\n" + first + b";;;;;;;;;\r\n" + second).found.listed
    assert [(p.row, p.column) for p in problems] == [(5, "postcode")]


def test_a_text_with_the_delimiter_stands_in_quotes() -> None:
    assert read(roll([row(name="Prøve; Person")])).residents[0].name == "Prøve; Person"


def test_floors_doors_and_house_letters_are_taken_as_people_write_them() -> None:
    address = read(roll([row(house_number="12b", floor="ST.", door="TH.")])).residents[0].address
    assert (address.house_number, address.floor, address.door) == ("12B", "st", "th")


@pytest.mark.parametrize("floor", ["", "st", "kl", "k2", "k9", "1", "99"])
def test_a_floor_the_printer_knows_is_taken(floor: str) -> None:
    assert read(roll([row(floor=floor)])).residents[0].address.floor == floor


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("cpr", "", "ten digits"),
        ("cpr", "12345", "ten digits"),
        ("cpr", "9002701234", "birth date"),
        ("cpr", "6113701234", "birth date"),
        ("cpr", cpr(1, date(2025, 1, 2)), "birth date"),  # born tomorrow
        ("cpr", "6101585001", "birth date"),  # the seventh digit says 1858
        ("name", " ", "required"),
        ("name", "x" * 131, "at most 130 characters"),
        ("name", "To\nlinjer", "one line"),
        ("street", "", "required"),
        ("street", "x" * 41, "at most 40 characters"),
        ("house_number", "", "house number"),
        ("house_number", "012", "house number"),
        ("house_number", "0", "house number"),
        ("house_number", "1000", "house number"),
        ("house_number", "12AB", "house number"),
        ("house_number", "12-14", "house number"),
        ("floor", "100", "floor"),
        ("floor", "k1", "floor"),
        ("floor", "stuen", "floor"),
        ("door", "12345", "at most 4 characters"),
        ("postcode", "279", "four digits"),
        ("postcode", "27910", "four digits"),
        ("postcode", "DK-2791", "four digits"),
        ("city", "", "required"),
        ("city", "x" * 21, "at most 20 characters"),
        ("district", "", "known value"),
        ("district", "amager", "known value"),
        ("district", "Soevang", "known value"),
        ("protected", "måske", "yes or no"),
    ],
)
def test_a_broken_field_is_named_by_row_column_and_rule_and_not_repeated(field: str, value: str, rule: str) -> None:
    broken = read(roll([row(7), row(8), row(1, **{field: value}), row(9)]))
    assert [(p.row, p.column, p.rule) for p in broken.found.listed] == [(4, field, rule)]
    assert len(value.strip()) < 3 or value not in broken.found.listed[0].message


def raw(text: str) -> bytes:
    return text.encode()


HEADER = ";".join(COLUMNS)
LINE = ";".join(row(1).values())


@pytest.mark.parametrize(
    ("name", "body", "found"),
    [
        ("an empty file", b"", (0, "", "not empty")),
        ("only a mark and blank lines", b"\xef\xbb\xbf\r\n\r\n", (0, "", "not empty")),
        ("a header alone", raw(HEADER), (0, "", "not empty")),
        ("no header", raw(LINE), (1, "", "header")),
        ("a column missing", roll(GOOD, columns=COLUMNS[:-1]), (1, "protected", "required column")),
        ("a column nobody knows", roll(GOOD, columns=[*COLUMNS, "phone"]), (1, "column 11", "known column")),
        ("a column twice", raw(f"{HEADER};cpr\n{LINE};x"), (1, "cpr", "one column a name")),
        ("a field too many", raw(f"{HEADER}\n{LINE};x"), (2, "", "as many fields as the header")),
        (
            "a field too few",
            raw(f"{HEADER}\n{LINE}\n{LINE.rsplit(';', 1)[0]}"),
            (3, "", "as many fields as the header"),
        ),
        ("a quote never closed", raw(f'{HEADER}\n{LINE}\n"{LINE}'), (3, "", "quotes")),
        ("the same person twice", roll([row(1), row(2), row(1, name="Andet Navn")]), (4, "cpr", "one row a person")),
        ("a zip file", b"PK\x03\x04" + bytes(40), (1, "", "text")),
        ("a byte no encoding has", raw(f"{HEADER}\n{LINE}") + b"\x81", (2, "", "encoding")),
        ("UTF-16", roll(GOOD, encoding="utf-16"), (1, "", "encoding")),
        ("two encodings in one", roll(GOOD) + roll(GOOD, encoding="cp1252"), (6, "", "encoding")),
        ("UTF-8 cut in the middle", roll(GOOD, encoding="utf-8-sig")[:-4] + b"\xc3", (4, "", "encoding")),
        ("a control character", roll([row(1), row(2, name="Pr\x07ve")]), (3, "", "text")),
    ],
)
def test_a_broken_file_is_refused_with_the_place_and_the_rule(
    name: str, body: bytes, found: tuple[int, str, str]
) -> None:
    read_back = read(body)
    first = read_back.found.listed[0]
    assert (first.row, first.column, first.rule) == found, name


def test_every_problem_of_every_row_is_reported_at_once() -> None:
    broken = read(roll([row(1, postcode="x", floor="x"), row(2), row(3, district="x")]))
    assert [(p.row, p.column) for p in broken.found.listed] == [(2, "floor"), (2, "postcode"), (4, "district")]


def test_a_thousand_problems_are_counted_and_the_first_hundred_listed() -> None:
    broken = read(roll(row(number, postcode="x") for number in range(1000)))
    assert broken.found.count == 1000
    assert [p.row for p in broken.found.listed] == list(range(2, LISTED + 2))


def test_synthetic_people_are_refused_where_the_installation_is_real() -> None:
    real = RollRules(RULES.choices, RULES.today, synthetic_allowed=False)
    assert [p.rule for p in rolls.read(roll([row(1)]), real).found.listed] == ["synthetic"]
    assert not rolls.read(roll([row(1, cpr="0101701234")]), real).found.listed


def test_a_criterion_of_another_municipality_has_a_column_of_its_own() -> None:
    rules = RollRules({"zone": frozenset({"north"})}, RULES.today, synthetic_allowed=True)
    columns = [*(c for c in COLUMNS if c != "district"), "zone"]
    assert rolls.read(roll([row(zone="north")], columns=columns), rules).residents[0].features == {"zone": "north"}


@given(st.binary(max_size=400))
def test_no_file_whatever_its_bytes_brings_the_reader_down(body: bytes) -> None:
    read_back = read(body)
    assert read_back.found.count > 0


@given(st.text(alphabet=st.sampled_from('"; \n1a'), max_size=60))
def test_no_row_whatever_it_holds_is_imported_or_lost_without_a_word(text: str) -> None:
    read_back = read(raw(f"{HEADER}\n{text}\n{LINE}"))
    assert read_back.found.count > 0 or len(read_back.residents) == 1


def test_a_resident_never_shows_in_a_traceback() -> None:
    resident = read(roll([row(1)])).residents[0]
    assert "Prøve" not in repr(resident) + repr(resident.address)
    assert resident.cpr not in repr(resident)
