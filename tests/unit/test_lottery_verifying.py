"""Verifying a draw: a true record holds, a record changed in any one place does not, by either verifier."""

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lottery.verifying
from lottery.domain.record import drawn_part
from lottery.standalone import standalone
from lottery.verifying.digits import digits_of_signature
from lottery.verifying.drawn import drawn_lines
from lottery.verifying.seals import digest
from lottery.verifying.verify import verified
from support.records import CODES, DRAWN_AT, STRANGE, Published, Standalone, drawn_draw, failing, leaves, small_town

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def true() -> Published:
    return drawn_draw(*small_town())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Standalone:
    return Standalone(tmp_path_factory.mktemp("standalone"))


def swap(panel: list[int]) -> None:
    panel[0] = next(place for place in range(24) if place not in panel)
    panel.sort()


TAMPERED: dict[str, Edit] = {
    "another assembly": lambda r: r["sealed"].update(assembly="store-heddinge-2025"),
    "a test called a draw": lambda r: r["sealed"].update(draw="test-1"),
    "a draw called a test": lambda r: r["sealed"].update(test=True),
    "a later day": lambda r: r["sealed"].update(draws_at="2026-05-03T16:00:00+00:00"),
    "another source of randomness": lambda r: r["sealed"]["randomness"].update(source="digits"),
    "another pool": lambda r: r["sealed"]["pool"].update(digest="1" * 64),
    "fewer who left": lambda r: r["sealed"]["pool"].update(left_since=1),
    "a smaller panel": lambda r: r["sealed"].update(panel_size=5),
    "a household rule": lambda r: r["sealed"].update(household_rule=True),
    "more alternates": lambda r: r["sealed"]["alternates"].update(count=5),
    "another alternates' rule": lambda r: r["sealed"]["alternates"].update(rule="as the mayor likes"),
    "a quota's minimum": lambda r: r["sealed"]["quotas"][0].update(minimum=0),
    "a quota's maximum": lambda r: r["sealed"]["quotas"][0].update(maximum=5),
    "a quota's value": lambda r: r["sealed"]["quotas"][0].update(value="ancient"),
    "another code": lambda r: r["sealed"]["algorithm"].update(code_version="0.1.0+feed"),
    "other openings": lambda r: r["sealed"].update(openings_digest="2" * 64),
    "another certificate": lambda r: r["sealed"].update(certificate_digest="3" * 64),
    "a person's line": lambda r: r["sealed"]["lines"][3].update(line="0" * 16),
    "a person's commitment": lambda r: r["sealed"]["lines"][3].update(commitment="4" * 64),
    "a person's chance": lambda r: r["sealed"]["lines"][3].update(chance="0.990000000"),
    "a person's number of panels": lambda r: r["sealed"]["lines"][3].update(panels=990),
    "somebody on a panel": lambda r: swap(r["sealed"]["portfolio"]["panels"][500]),
    "another deviation": lambda r: r["sealed"]["portfolio"].update(largest_deviation_in_panels="9.999"),
    "the rule": lambda r: r["sealed"].update(rule="The panel is chosen by the secretariat."),
    "the digest": lambda r: r.update(record_digest="5" * 64),
    "announced after the draw": lambda r: r.update(announced_at="2026-06-01T16:00:00+00:00"),
    "drawn before the announced time": lambda r: r["drawn"].update(drawn_at="2026-05-01T17:00:00+00:00"),
    "other digits": lambda r: r["drawn"].update(digits="124"),
    "another panel's number": lambda r: r["drawn"].update(panel_number=124),
    "somebody else on the panel": lambda r: r["drawn"]["panel"].__setitem__(0, r["drawn"]["alternates"][0]),
    "a member as alternate": lambda r: r["drawn"]["alternates"].__setitem__(1, r["drawn"]["panel"][0]),
    "an alternate twice": lambda r: r["drawn"]["alternates"].__setitem__(1, r["drawn"]["alternates"][0]),
    "an alternate too few": lambda r: r["drawn"]["alternates"].pop(),
    "a beacon's proof for dice": lambda r: r["drawn"].update(randomness={"round": 1, "signature": "00"}),
    "typed in by one alone": lambda r: r["drawn"].update(entered_by=1),
    "a composition outside the quotas": lambda r: r["drawn"]["composition"].update(tenure={"owner": 6, "tenant": 0}),
    "a seat taken by a stranger": lambda r: r["afterwards"].append(
        {"at": "2026-05-04T16:00:00+00:00", "left": r["drawn"]["panel"][0], "joined": "6" * 16, "quotas_hold": True}
    ),
    "a seat passed on before the draw": lambda r: r.update(
        drawn=None, afterwards=[{"at": DRAWN_AT, "left": "6" * 16, "joined": None, "quotas_hold": False}]
    ),
    "a field that does not belong there": lambda r: r["drawn"].update(chosen_by="the mayor"),
    "a missing field": lambda r: r["sealed"].pop("algorithm"),
}
SEALED = [name for name in TAMPERED if list(TAMPERED).index(name) < list(TAMPERED).index("the digest")]


def test_a_true_record_holds_with_and_without_its_openings(true: Published, file: Standalone) -> None:
    assert failing(true.record) == []
    assert failing(true.record, true.openings, announced=true.record["record_digest"]) == []
    alone = file.run(true.record)
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "FAILS" not in alone.stdout
    opened = file.run(true.record, true.openings)
    assert (opened.returncode, opened.stderr) == (0, "")


def test_what_cannot_be_seen_without_the_openings_is_said_and_not_said_to_hold(true: Published) -> None:
    closed = {line.what: line.holds for line in verified(true.record)}
    assert closed["all panels keep all quotas"] is None
    opened = {line.what: line.holds for line in verified(true.record, true.openings)}
    assert opened["all panels keep all quotas"] is True


@pytest.mark.parametrize("name", TAMPERED)
def test_a_record_changed_in_one_place_is_rejected_by_both_verifiers(
    name: str, true: Published, file: Standalone
) -> None:
    record = true.copy().record
    TAMPERED[name](record)
    assert record != true.record
    assert failing(record)
    answer = file.run(record)
    assert (answer.returncode, answer.stderr) == (1, "")
    assert "FAILS: " in answer.stdout


@pytest.mark.parametrize("name", SEALED)
def test_sealing_a_changed_record_anew_does_not_help_against_the_digest_that_was_announced(
    name: str, true: Published
) -> None:
    record = true.copy().record
    TAMPERED[name](record)
    record["record_digest"] = digest(record["sealed"])
    assert failing(record, announced=true.record["record_digest"])


@pytest.mark.parametrize(
    "code", [CODES[5], f" {CODES[5][:4]}-{CODES[5][4:]}".replace("0", "o"), CODES[1].replace("1", "l")]
)
def test_a_registrant_finds_their_own_line_with_the_code_however_it_is_typed(
    code: str, true: Published, file: Standalone
) -> None:
    answer = file.run(true.record, None, "--code", code)
    assert answer.returncode == 0
    assert "holds: your line is in the record" in answer.stdout
    assert "of 1000 panels" in answer.stdout


@pytest.mark.parametrize("code", ["9999999999999999", "1234", "UUUUUUUUUUUUUUUU"])
def test_a_code_that_is_nobodys_finds_nobody(code: str, true: Published, file: Standalone) -> None:
    assert file.run(true.record, None, "--code", code).returncode == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"a": 1, "a": 2}', b"[NaN]", b'"\\ud800"', b"[" * 100_000])
def test_a_file_that_can_be_read_in_two_ways_or_none_is_unreadable(
    content: bytes, file: Standalone, true: Published, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(content)
    answer = file.run(true.record, None, "--openings", str(broken))
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


UNSEALED = {("about",), ("announced_at",), ("drawn", "drawn_at"), ("drawn", "entered_by"), ("voided",)}


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_any_place_of_a_record_it_is_rejected_and_never_breaks_the_verifier(
    data: st.DataObject, true: Published
) -> None:
    record = true.copy().record
    paths = [path for path in leaves(record) if path not in UNSEALED and path[:3] != ("sealed", "portfolio", "panels")]
    path = data.draw(st.sampled_from([*paths, ("sealed", "portfolio", "panels", 3, 2)]))
    holder: Any = record
    for key in path[:-1]:
        holder = holder[key]
    strange = data.draw(STRANGE)
    if holder[path[-1]] != strange:
        holder[path[-1]] = strange
        assert failing(record, true.openings)


def test_the_verifier_imports_the_standard_library_alone_and_its_modules_share_no_name() -> None:
    names: dict[str, str] = {}
    for source in sorted(Path(lottery.verifying.__file__ or "").parent.glob("*.py")):
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                assert {one.name.partition(".")[0] for one in node.names} <= sys.stdlib_module_names, source.name
                assert not any(one.asname for one in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert module.partition(".")[0] in sys.stdlib_module_names or module.startswith("lottery.verifying.")
                assert not node.level
                assert not any(one.asname for one in node.names)
            for name in _defined(node):
                assert names.setdefault(name, source.name) == source.name, f"{name} in two modules"


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]


def test_the_file_is_the_same_every_time_and_holds_nothing_of_ours_but_the_verifier() -> None:
    text = standalone()
    assert "from lottery" not in text
    assert "import lottery" not in text
    assert text == standalone.__wrapped__()


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"signature": "beef"}, ["the round's signature gives"]),
        ({"signature": "no hex"}, ["the round's signature is not written in hex"]),
        ({"round": 8}, ["round 7 was announced, round 8 was used"]),
    ],
)
def test_a_beacons_digits_are_made_of_the_announced_rounds_signature(
    changes: dict[str, Any], wrong: list[str], true: Published
) -> None:
    signature = "d00f"
    digits = digits_of_signature(signature)
    sealed = true.copy().record["sealed"]
    sealed["randomness"] = {"source": "drand", "round": 7}
    drawn = drawn_part(
        sealed, digits, [], {}, drawn_at=None, entered_by=0, proof={"round": 7, "signature": signature} | changes
    )
    told = [
        line for line in drawn_lines({**true.record, "sealed": sealed, "drawn": drawn}) if "randomness" in line.what
    ]
    assert [line.holds for line in told] == [not wrong]
    assert all(words in told[0].detail for words in wrong)
