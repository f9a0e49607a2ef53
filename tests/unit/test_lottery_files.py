"""The field's files: read as people have them, refused with file, row, column and rule."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lottery.commands.main import main
from lottery.domain.errors import FlawedInputError
from lottery.domain.quotas import Quota, checked_quotas
from lottery.files.categories import read_categories
from lottery.files.respondents import household_key, read_respondents
from lottery.files.tables import read_table
from support.broken_lottery_files import BROKEN, CATEGORIES, PANEL, RESPONDENTS

QUOTAS = read_categories(CATEGORIES, "categories.csv", PANEL)


def command(folder: Path, categories: bytes, respondents: bytes, *more: str, name: str = "draw") -> int:
    (folder / "categories.csv").write_bytes(categories)
    (folder / "respondents.csv").write_bytes(respondents)
    files = ["--categories", str(folder / "categories.csv"), "--respondents", str(folder / "respondents.csv")]
    out = ["--out", str(folder / "out")] if name == "draw" else []
    return main([name, *files, "--panel-size", str(PANEL), *out, *more])


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_row_its_column_and_the_rule_and_nothing_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = BROKEN[name]
    household = ("--household", "street,postcode") if "postcode" in pair.place else ()
    assert command(tmp_path, pair.categories, pair.respondents, *household) == 2
    told = capsys.readouterr().err
    assert any(line.startswith(f"{pair.place}: ") and f"(rule: {pair.rule}" in line for line in told.splitlines()), told
    assert not (tmp_path / "out").exists()


def test_all_that_is_wrong_in_a_file_is_told_at_once_and_no_answer_is_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = RESPONDENTS.replace(b"p3,tenant", b"p3,castle").replace(b"p5,tenant,young", b"p5,,elderly")
    assert command(tmp_path, CATEGORIES, broken) == 2
    told = capsys.readouterr().err
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "respondents.csv, row 5, tenure", "respondents.csv, row 7, age", "respondents.csv, row 7, tenure",
    ]  # fmt: skip
    assert "castle" not in told
    assert "elderly" not in told


def test_a_row_without_an_id_and_a_repeated_row_are_passed_over_with_a_warning() -> None:
    row = RESPONDENTS.splitlines(keepends=True)[3]
    read = read_respondents(RESPONDENTS + b",owner,old,Vej 9,2791\n" + row, "respondents.csv", QUOTAS)
    assert len(read.people) == 8
    assert [warning.partition(",")[2] for warning in read.warnings] == [
        " row 10: passed over, the id is blank",
        " row 11: passed over, it repeats an earlier row",
    ]


EXCEL: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "Windows line ends": lambda content: content.replace(b"\n", b"\r\n"),
    "semicolons": lambda content: content.replace(b",", b";"),
    "no last line end": lambda content: content.rstrip(b"\n"),
    "blank lines": lambda content: content.replace(b"\n", b"\n\n"),
    "quotation marks": lambda content: b"\n".join(
        b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in content.splitlines()
    ),
    "other letters and blanks": lambda content: content.replace(b"tenant", b" TENANT ").replace(b"tenure", b"Tenure"),
}


@pytest.mark.parametrize("name", EXCEL)
def test_a_file_reads_the_same_as_excel_writes_it(name: str) -> None:
    people = read_respondents(EXCEL[name](RESPONDENTS), "respondents.csv", QUOTAS)
    plain = read_respondents(RESPONDENTS, "respondents.csv", QUOTAS)
    assert [(one.id, one.features) for one in people.people] == [(one.id, one.features) for one in plain.people]
    assert read_categories(EXCEL[name](CATEGORIES).lower(), "c.csv", PANEL) == QUOTAS


@pytest.mark.parametrize("header", ["feature,value", "category,name", "category,feature", "Feature , VALUE"])
def test_quotas_are_read_in_each_of_the_fields_spellings(header: str) -> None:
    content = CATEGORIES.replace(b"feature,value", header.encode())
    assert read_categories(content, "categories.csv", PANEL) == QUOTAS


def test_the_criteria_of_analyse_and_tal_are_exact_unless_a_slack_is_asked_for() -> None:
    criteria = {"Køn": {"values": {"Kvinde": 2, "Mand": 1}, "priority": 1, "reserve_criteria": True}}
    content = json.dumps(criteria).encode()
    exact = [Quota("Køn", "Kvinde", 2, 2), Quota("Køn", "Mand", 1, 1)]
    assert read_categories(content, "criteria.json", 3) == checked_quotas(3, exact)
    wider = [Quota("Køn", "Kvinde", 1, 3), Quota("Køn", "Mand", 0, 2)]
    assert read_categories(content, "criteria.json", 3, slack=1) == checked_quotas(3, wider)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"a": 1}', b'{"a": {"values": {}}}', b'{"a": {"values": {"x": 1.5}}}', b"[" * 100_000,
     b'{"a": {"values": {"x": -1}}}', b'{"a": {"values": {"x": true}}}', b'{"a": {"values": {"x": 1, "x": 2}}}'],
)  # fmt: skip
def test_criteria_that_are_none_are_refused(content: bytes) -> None:
    with pytest.raises(FlawedInputError):
        read_categories(content, "criteria.json", 3)


def test_an_address_is_the_same_however_it_is_typed_and_a_part_that_is_missing_makes_no_household() -> None:
    assert household_key(["Strandvej 12, 2.tv", "2791"]) == household_key([" strandvej 12  2 TV", "2791 "])
    assert household_key(["Søvej 1A", "2791"]) == household_key(["SØVEJ 1 a", "2791"])
    assert household_key(["Vej 1 12", "2791"]) != household_key(["Vej 11 2", "2791"])
    assert household_key(["Vej 1", ""]) == household_key(["", ""]) == ""


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6), st.booleans())
def test_whatever_cells_hold_is_read_as_it_was_written(rows: list[list[str]], mark: bool) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c"], *rows])
    content = (b"\xef\xbb\xbf" if mark else b"") + out.getvalue().encode()
    read = read_table(content, "table.csv")
    stripped = [tuple(cell.strip() for cell in row) for row in rows]
    assert [row.cells for row in read.rows] == [row for row in stripped if any(row)]


@given(st.binary(max_size=60))
def test_no_bytes_at_all_break_a_reader(content: bytes) -> None:
    for name in ("categories.csv", "criteria.json"):
        with suppress(FlawedInputError):
            read_categories(content, name, PANEL)
    with suppress(FlawedInputError):
        read_respondents(content, "respondents.csv", QUOTAS)


SHARES = b"feature,value,share\ntenure,owner,63.2\ntenure,tenant,36.8\nage,young,1204\nage,old,2408\nage,untold,\n"


def test_the_populations_shares_become_quotas_that_the_draw_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shares.csv").write_bytes(SHARES)
    made = ["quotas", "--shares", str(tmp_path / "shares.csv"), "--panel-size", "9", "--slack", "1", "--flex", "2"]
    assert main(made) == 0
    quotas = read_categories(capsys.readouterr().out.encode(), "categories.csv", 9)
    assert quotas.rows == (
        Quota("age", "old", 5, 7, 3, 9), Quota("age", "untold", 0, 1, 0, 3), Quota("age", "young", 2, 4, 0, 6),
        Quota("tenure", "owner", 5, 7, 3, 9), Quota("tenure", "tenant", 2, 4, 0, 6),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"share", b"part", "row 1, share"),
        (b"36.8", b"36,8", "row 3, row"),
        (b"36.8", b"-1", "row 3, share"),
        (b"36.8", b"NaN", "row 3, share"),
        (b"tenure,tenant", b"tenure,owner", "row 3, value"),
        (b"tenure,tenant", b"tenure,", "row 3, value"),
        (SHARES.partition(b"\n")[2], b"", "row 2, feature"),
    ],
)
def test_broken_shares_are_refused_with_row_and_column(
    old: bytes, new: bytes, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shares.csv").write_bytes(SHARES.replace(old, new, 1))
    assert main(["quotas", "--shares", str(tmp_path / "shares.csv"), "--panel-size", "9"]) == 2
    assert f"shares.csv, {place}: " in capsys.readouterr().err
