"""Alternates: chosen for the drop-outs that are likely, never taken from a member's household, looked ahead for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lottery.domain.alternates import coverage, draw_alternates, next_alternate
from lottery.domain.dropping_out import USUAL, DropOut, rates_from, read_dropout
from lottery.domain.errors import FlawedInputError
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quota, checked_quotas, quotas_hold
from lottery.verifying.alternates import leaving_rate
from support.courses import can_be_filled

Town = dict[str, Registrant]


def resident(name: str, gender: str, tenure: str, household: str = "") -> Registrant:
    return Registrant(name, household, {"gender": gender, "tenure": tenure})


def town(*people: Registrant) -> Town:
    return {one.person: one for one in people}


EVEN = checked_quotas(
    4, [Quota(c, v, 2, 2) for c, values in (("gender", "mw"), ("tenure", ("own", "rent"))) for v in values]
)
PANEL = (
    resident("a", "m", "own"),
    resident("b", "m", "rent"),
    resident("c", "w", "own", "h1"),
    resident("d", "w", "rent"),
)
SEATED = [one.person for one in PANEL]


def test_the_list_holds_first_who_can_replace_those_who_are_likely_to_leave() -> None:
    rest = [resident(f"{g}{t}{n}", g, t) for g in "mw" for t in ("own", "rent") for n in range(5)]
    tenants_leave = DropOut("0.1", {"tenure": {"rent": "6"}})
    for seed in "xyz":
        drawn = draw_alternates(town(*PANEL, *rest), SEATED, EVEN, 2, seed, tenants_leave)
        assert {name[1:-1] for name in drawn} == {"rent"}
        assert {name[0] for name in drawn} == {"m", "w"}, "the second is for whom the first cannot replace"


def test_someone_from_a_members_household_and_a_second_of_an_alternates_come_last() -> None:
    rest = [
        resident("cousin", "w", "own", "h1"),
        resident("flat-1", "m", "own", "h2"),
        resident("flat-2", "m", "rent", "h2"),
        *(resident(f"alone-{n}", "m", "own") for n in range(3)),
    ]
    for seed in "abcdef":
        drawn = draw_alternates(town(*PANEL, *rest), SEATED, EVEN, 9, seed)
        assert sorted(drawn) == sorted(one.person for one in rest)
        assert len({"flat-1", "flat-2"} & set(drawn[:4])) == 1
        assert "cousin" in drawn[4:]


def test_the_list_depends_on_seed_and_people_and_not_on_their_order_or_the_panels() -> None:
    rest = [resident(f"r{n}", "mw"[n % 2], ("own", "rent")[n % 3 == 0]) for n in range(20)]
    drawn = draw_alternates(town(*PANEL, *rest), SEATED, EVEN, 8, "seed")
    assert drawn == draw_alternates(town(*rest[::-1], *PANEL[::-1]), SEATED[::-1], EVEN, 8, "seed")
    assert drawn != draw_alternates(town(*PANEL, *rest), SEATED, EVEN, 8, "another")


@given(st.integers(0, 12), st.integers(0, 9), st.text(max_size=5))
@settings(max_examples=30, deadline=None)
def test_however_many_are_wanted_each_is_outside_the_panel_and_on_the_list_once(
    others: int, wanted: int, seed: str
) -> None:
    rest = [resident(f"r{n}", "mw"[n % 2], "own", f"h{n % 4}") for n in range(others)]
    drawn = draw_alternates(town(*PANEL, *rest), SEATED, EVEN, wanted, seed)
    assert len(drawn) == len(set(drawn)) == min(wanted, others)
    assert not set(drawn) & set(SEATED)


def test_more_alternates_cover_more_of_the_imagined_courses_and_without_any_those_are_where_nobody_leaves() -> None:
    rest = [resident(f"{g}{t}{n}", g, t) for g in "mw" for t in ("own", "rent") for n in range(5)]
    people, rates = town(*PANEL, *rest), DropOut("0.5")
    covered = coverage(people, [SEATED], EVEN, 12, rates)
    assert list(covered) == sorted(covered)
    assert covered[0] == 0.5**4, "nobody leaves"
    assert covered[1] < 0.3
    assert covered[12] > 0.7


ROOM = checked_quotas(4, [Quota("tenure", "own", 1, 3), Quota("tenure", "rent", 1, 3)])


def test_of_those_who_fit_the_one_who_leaves_the_quotas_most_room_takes_over_and_then_the_order_decides() -> None:
    people = town(*PANEL, resident("x", "m", "own"), resident("y", "m", "rent"), resident("z", "w", "rent"))
    assert next_alternate(people, ["a", "c", "d"], ["x", "y", "z"], ROOM) == "y"
    assert next_alternate(people, ["a", "c", "d"], ["x", "z", "y"], ROOM) == "z"
    assert next_alternate(people, ["a", "c", "d"], ["x"], ROOM) == "x"


def test_with_several_seats_open_nobody_is_taken_who_would_leave_another_seat_empty() -> None:
    two = [Quota(c, v, 2, 2) for c, values in (("tenure", ("own", "rent")), ("age", ("young", "old"))) for v in values]
    answers = {
        "a": ("own", "young"),
        "b": ("rent", "old"),
        "first": ("own", "young"),
        "second": ("own", "old"),
        "third": ("rent", "young"),
    }
    people = {one: Registrant(one, "", {"tenure": tenure, "age": age}) for one, (tenure, age) in answers.items()}
    waiting = ["first", "second", "third"]
    # `first` fits, but then only someone old who rents would: nobody is.
    assert next_alternate(people, ["a", "b"], waiting, checked_quotas(4, two)) == "second"
    assert next_alternate(people, ["a", "b", "second"], ["first", "third"], checked_quotas(4, two)) == "third"


def test_where_not_all_open_seats_can_be_filled_the_first_who_fits_is_taken_all_the_same() -> None:
    people = town(*PANEL, resident("x", "w", "own"))
    assert next_alternate(people, ["a", "b"], ["x"], EVEN) == "x"


@st.composite
def boards(draw: st.DrawFn) -> tuple[Town, list[str], list[str]]:
    """A panel that held the quotas, of which some have left, and some who wait."""
    kinds = st.tuples(st.sampled_from("mw"), st.sampled_from(("own", "rent")), st.sampled_from(("", "h1", "h2")))
    others = [resident(f"o{n}", *kind) for n, kind in enumerate(draw(st.lists(kinds, max_size=6)))]
    stay = [one.person for one in PANEL if draw(st.booleans())]
    return town(*PANEL, *others), stay, [one.person for one in others]


@given(boards())
@settings(max_examples=200, deadline=None)
def test_whenever_those_who_wait_can_fill_every_seat_they_do_and_never_beside_their_household(
    board: tuple[Town, list[str], list[str]],
) -> None:
    people, seated, waiting = board
    homes = [one for one in waiting if not people[one].household]
    possible = can_be_filled(people, EVEN, seated, homes)
    while len(seated) < 4 and (joined := next_alternate(people, seated, waiting, EVEN)) is not None:
        home = people[joined].household
        assert not home or home not in [people[one].household for one in seated]
        seated, waiting = [*seated, joined], [one for one in waiting if one != joined]
    whole = len(seated) == 4
    assert not whole or quotas_hold([people[person].features for person in seated], EVEN)
    if all(not people[one].household for one in waiting):
        assert whole or not possible


def test_rates_are_drawn_towards_what_is_usual_the_more_the_fewer_people_they_are_counted_of() -> None:
    assert rates_from({}) == USUAL
    few, many = (rates_from({("age", "young"): (n, n // 2), ("age", "old"): (n, 0)}) for n in (4, 400))
    assert float(USUAL.everyone) < float(few.everyone) < float(many.everyone) < 0.25
    assert 1 < float(few.factors["age"]["young"]) < float(many.factors["age"]["young"]) < 2
    assert float(many.factors["age"]["old"]) < float(few.factors["age"]["old"]) < 1


def test_a_persons_rate_is_everyones_times_the_factor_of_each_value_and_never_certain() -> None:
    rates = DropOut("0.2", {"age": {"young": "1.5"}, "tenure": {"rent": "2", "own": "0.001"}}).written()
    assert leaving_rate({"age": "young", "tenure": "rent"}, rates) == 600_000
    assert leaving_rate({"age": "old", "tenure": "own"}, rates) == 10_000
    assert leaving_rate({"age": "old"}, {"everyone": "7"}) == 900_000
    assert leaving_rate({"age": "old"}, {}) == round(float(USUAL.everyone) * 1_000_000)
    assert leaving_rate({"age": "old"}, {"everyone": "0"}) == 0


def test_counts_of_assemblies_that_are_over_are_read_from_a_file() -> None:
    rates = read_dropout(b"\xef\xbb\xbffeature,value,selected,left,note\r\nage, young ,40,20,x\r\nage,old,40,0,\r\n")
    assert rates == rates_from({("age", "young"): (40, 20), ("age", "old"): (40, 0)})


@pytest.mark.parametrize(
    ("file", "where", "field"),
    [
        (b"feature,value,left\n", "row 1", "selected"),
        (b"feature,value,selected,left\nage,young,x,1\n", "row 2", "selected"),
        (b"feature,value,selected,left\nage,young,4,-1\n", "row 2", "left"),
        (b"feature,value,selected,left\nage,young,4\n", "row 2", "left"),
        (b"feature,value,selected,left\nage,young,4,5\n", "row 2", "left"),
        (b"feature,value,selected,left\nage,young,4,1\nage,young,4,1\n", "row 3", "value"),
        (b"feature,value,selected,left\nage,\xff,4,1\n", "file", "encoding"),
    ],
)
def test_a_broken_file_of_counts_is_refused_with_row_and_column(file: bytes, where: str, field: str) -> None:
    with pytest.raises(FlawedInputError) as refusal:
        read_dropout(file)
    assert [(flaw.where, flaw.field) for flaw in refusal.value.flaws] == [(where, field)]
