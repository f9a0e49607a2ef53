"""The openings of a draw: changed in any one place they are rejected, and what they prove is checked to the end."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lottery.domain.prepare import Options
from lottery.verified_words import WORDS
from lottery.verifying.fairness import OF_THIS_POOL, PROVES
from lottery.verifying.openings import BY_THE_RULE
from lottery.verifying.seals import digest
from lottery.verifying.verify import verified
from support.records import DRAWN_AT, STRANGE, Published, Standalone, drawn_draw, failing, leaves, small_town

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def true() -> Published:
    return drawn_draw(*small_town())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Standalone:
    return Standalone(tmp_path_factory.mktemp("standalone"))


OPENED: dict[str, Edit] = {
    "somebody's answer": lambda o: o["lines"][3]["features"].update(age="young", tenure="nowhere"),
    "somebody's household": lambda o: o["lines"][3].update(household="h99"),
    "somebody's salt": lambda o: o["lines"][3].update(salt="7" * 64),
    "two people's answers": lambda o: o["lines"][3].update(features=o["lines"][0]["features"] | {"age": "grown"}),
    "a line that is not in the record": lambda o: o["lines"][3].update(line="8" * 16),
    "a line twice": lambda o: o["lines"].insert(3, o["lines"][3]),
    "another certificate": lambda o: o.update(certificate={"level": "1/2"}),
    "a chance in the certificate": lambda o: o["certificate"]["groups"][0].update(chance="0.5"),
    "a quota in the certificate": lambda o: o["certificate"]["quotas"][0].update(minimum=0),
    "a field that does not belong there": lambda o: o["lines"][3].update(name="Clara"),
    "another format": lambda o: o.update(format="borgersamling-draw-openings/9"),
}


@pytest.mark.parametrize("name", OPENED)
def test_openings_changed_in_one_place_are_rejected_by_both_verifiers(
    name: str, true: Published, file: Standalone
) -> None:
    openings = true.copy().openings
    OPENED[name](openings)
    assert failing(true.record, openings)
    assert file.run(true.record, openings).returncode == 1


LATER = "2026-05-04T16:00:00+00:00"


def passed_on(true: Published, left: str, joined: str | None, *, hold: bool) -> dict[str, Any]:
    """Return the record with a seat passed on after the draw."""
    return true.record | {"afterwards": [{"at": LATER, "left": left, "joined": joined, "quotas_hold": hold}]}


def test_a_seat_that_is_passed_on_is_checked_by_the_answers_of_who_joined(true: Published) -> None:
    left = true.record["drawn"]["panel"][0]
    told = {row["line"]: row for row in true.openings["lines"]}
    same = next(one for one in true.record["drawn"]["alternates"] if told[one]["household"] != told[left]["household"])
    truth = {hold: failing(passed_on(true, left, same, hold=hold), true.openings) for hold in (True, False)}
    # It holds or it does not: of the two things that can be said one is true, and the other is found out.
    assert sorted(bool(flaws) for flaws in truth.values()) == [False, True]
    assert failing(passed_on(true, left, None, hold=False), true.openings) == []
    assert failing(passed_on(true, left, None, hold=True), true.openings)


def test_nobody_takes_a_seat_beside_someone_of_their_household_unseen(true: Published) -> None:
    told = {row["line"]: row["household"] for row in true.openings["lines"]}
    panel = true.record["drawn"]["panel"]
    flatmate = next(line for line in told if line not in panel and told[line] in {told[one] for one in panel[1:]})
    record = passed_on(true, panel[0], flatmate, hold=True)
    record["drawn"] = record["drawn"] | {"alternates": [flatmate, *record["drawn"]["alternates"][1:]]}
    assert any("household" in line.what for line in failing(record, true.openings))


def test_people_who_were_erased_are_missed_in_the_openings_and_nothing_else_fails(true: Published) -> None:
    openings = true.copy().openings
    del openings["lines"][3]
    assert failing(true.record, openings) == []
    untold = [line.detail for line in verified(true.record, openings) if line.holds is None]
    assert "1 people have left since" in untold


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_any_place_of_the_openings_they_are_rejected_and_never_break_the_verifier(
    data: st.DataObject, true: Published
) -> None:
    openings = true.copy().openings
    path = data.draw(st.sampled_from(list(leaves(openings))))
    holder: Any = openings
    for key in path[:-1]:
        holder = holder[key]
    strange = data.draw(STRANGE)
    if holder[path[-1]] != strange:
        holder[path[-1]] = strange
        assert failing(true.record, openings)


def test_the_certificate_of_another_pool_proves_nothing_of_this_one_though_it_is_sealed(true: Published) -> None:
    pool, quotas = small_town()
    other = drawn_draw(pool[:-1], quotas)
    record = true.copy().record
    record["sealed"]["certificate_digest"] = digest(other.openings["certificate"])
    record["record_digest"] = digest(record["sealed"])
    flaws = failing(record, true.openings | {"certificate": other.openings["certificate"]})
    # Another seal is another seed: the alternates are not those of this record either.
    assert [line.what for line in flaws] == [BY_THE_RULE, OF_THIS_POOL]


def test_a_draw_by_households_holds_to_the_certificate() -> None:
    of_homes = drawn_draw(*small_town(), options=Options(households=True))
    seen = list(verified(of_homes.record, of_homes.openings))
    assert [line for line in seen if line.holds is False] == []
    assert {"no panel has two people of one household", PROVES, OF_THIS_POOL} <= {one.what for one in seen if one.holds}


def test_every_sentence_of_the_verifier_has_words_for_the_pages_and_no_words_are_left_over(true: Published) -> None:
    of_homes = drawn_draw(*small_town(), options=Options(households=True))
    beacon = true.copy().record
    beacon["sealed"]["randomness"]["source"] = "drand"
    beacon["record_digest"] = digest(beacon["sealed"])
    left = passed_on(true, true.record["drawn"]["panel"][0], None, hold=False)
    cases = [
        (true.record, None),
        (true.record | {"drawn": None}, true.openings),
        (true.record | {"voided": {"at": DRAWN_AT, "why": "someone left the pool"}}, true.openings),
        (beacon, true.openings),
        (left, true.openings),
        (left, true.openings | {"lines": []}),
        (of_homes.record, of_homes.openings),
        (of_homes.record, of_homes.openings | {"lines": of_homes.openings["lines"][1:]}),
    ]
    assert {line.what for record, openings in cases for line in verified(record, openings)} == set(WORDS)
