"""Reading a roll: what is taken, and fifty ways to be wrong, each with what is said of it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registration.domain.districts import Streets
from registration.domain.problems import LISTED
from registration.domain.resident import RollRules
from support import rolls
from support.broken_rolls import BROKEN, GOOD, HEADER, LINE
from support.rolls import COLUMNS, Roll, cpr, roll, row

RULES = RollRules(
    {"district": frozenset({"soevang", "st-magleby"})},
    date(2025, 1, 1),
    synthetic_allowed=True,
    known={"tenure": frozenset({"owner", "tenant"})},
)


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


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_roll_is_refused_with_the_place_the_rule_and_what_to_do(name: str) -> None:
    broken = BROKEN[name]
    assert read(broken.body).said[0] == broken[1:]


@given(st.sampled_from(sorted(BROKEN)), st.integers(1, 300))
@settings(deadline=None)
def test_however_a_broken_roll_is_cut_into_pieces_the_same_is_said_of_it(name: str, size: int) -> None:
    body = BROKEN[name].body
    assert rolls.read(body, RULES, size).said == read(body).said


@given(st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]), st.sampled_from(";,"), st.integers(1, 300))
@settings(deadline=None)
def test_however_a_good_roll_is_cut_into_pieces_the_same_residents_are_in_it(
    encoding: str, delimiter: str, size: int
) -> None:
    body = roll([*GOOD, row(4, name="Åse “Ø” Æble; d.y.")], encoding=encoding, delimiter=delimiter)
    whole, cut = read(body), rolls.read(body, RULES, size)
    assert [r.values() for r in cut.residents] == [r.values() for r in whole.residents]
    assert (len(cut.residents), cut.encoding, cut.delimiter) == (4, whole.encoding, delimiter)


def test_no_message_repeats_what_stood_there() -> None:
    for name in ("a CPR number with a letter", "a district elsewhere", "left for a holiday", "two house numbers"):
        assert not any(value in read(BROKEN[name].body).said[0][3] for value in ("010170", "amager", "ferie", "12-14"))


def raw(text: str) -> bytes:
    return text.encode()


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


def test_without_a_number_the_birth_date_is_read_as_danes_or_computers_write_it() -> None:
    columns = [*COLUMNS, "birth_date"]
    rows = [row(n, cpr="") | {"birth_date": text} for n, text in enumerate(("1970-05-01", "01-05-1970", "1-5-1970"))]
    back = read(roll(rows, columns=columns))
    assert [r.born for r in back.residents] == [date(1970, 5, 1)] * 3
    assert [r.cpr for r in back.residents] == [""] * 3


def test_a_roll_without_numbers_needs_no_column_for_them() -> None:
    rows = [row(n) | {"birth_date": "1970-05-01"} for n in range(3)]
    assert len(read(roll(rows, columns=[*COLUMNS[1:], "birth_date"])).residents) == 3


def test_a_birth_date_beside_a_number_is_the_one_that_counts() -> None:
    back = read(roll([row(1) | {"birth_date": "1971-02-03"}], columns=[*COLUMNS, "birth_date"]))
    assert back.residents[0].born == date(1971, 2, 3)


def test_what_the_roll_knows_of_the_form_is_kept_and_blank_is_not_known() -> None:
    rows = [row(1) | {"tenure": "owner"}, row(2) | {"tenure": ""}]
    back = read(roll(rows, columns=[*COLUMNS, "tenure"]))
    assert [r.features.get("tenure") for r in back.residents] == ["owner", None]


@pytest.mark.parametrize(("text", "why"), [("moved-out", "moved-out"), ("Fraflyttet", "moved-out"), ("død", "died")])
def test_of_who_has_left_the_number_is_all_that_is_looked_at(text: str, why: str) -> None:
    gone = row(1, street="", house_number="", postcode="Sverige", city="", district="") | {"left": text}
    [resident] = read(roll([gone], columns=[*COLUMNS, "left"])).residents
    assert (resident.left, resident.name) == (why, "")


def test_the_district_follows_from_the_street_where_the_file_is_silent() -> None:
    streets = {"district": Streets({"soevang": ("Strandlinien 1-99",), "st-magleby": ("*",)})}
    rules = replace(RULES, streets=streets)
    rows = [row(1, house_number="12B", district=""), row(2, street="Andenvej", district=""), row(3, district="soevang")]
    assert [r.features["district"] for r in rolls.read(roll(rows), rules).residents] == [
        "soevang",
        "st-magleby",
        "soevang",
    ]
    without = [c for c in COLUMNS if c != "district"]
    assert len(rolls.read(roll(rows, columns=without), rules).residents) == 3
    unruled = replace(RULES, streets={"district": Streets({"soevang": ("Strandlinien 1-99",)})})
    assert rolls.read(roll(rows), unruled).said == [
        (3, "district", "street rule", "is blank, and no rule of the assembly gives this street a value")
    ]


def test_a_list_of_those_kept_out_has_one_column_and_the_same_rules() -> None:
    rules = replace(RULES, exclusion="politician")
    back = rolls.read(roll([row(1), row(2)], columns=["cpr"]), rules)
    assert [(r.cpr, r.left) for r in back.residents] == [(cpr(n), "excluded:politician") for n in (1, 2)]
    said = rolls.read(roll([row(1), row(2, cpr="x"), row(1)], columns=["cpr"]), rules).said
    assert [problem[:3] for problem in said] == [(3, "cpr", "ten digits"), (4, "cpr", "one row a person")]
    assert rolls.read(roll([row(1)]), rules).said[0][2] == "known column"


def test_a_resident_never_shows_in_a_traceback() -> None:
    resident = read(roll([row(1)])).residents[0]
    assert "Prøve" not in repr(resident) + repr(resident.address)
    assert resident.cpr not in repr(resident)
