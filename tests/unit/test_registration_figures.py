"""The overview's figures: they add up, whoever signs up, and they say whom the pool lacks."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain import figures
from registration.domain.assembly import Criterion, Value
from registration.domain.figures import Kind
from registration.domain.registration import TAKING_PART, Status


def value(name: str, minimum: int = 0, share: float | None = None) -> Value:
    return Value(name, {"da": name, "en": name}, minimum=minimum, maximum=9, population_share=share)


GENDER = Criterion("gender", {"en": "Gender"}, "form", (value("female", 4, 0.5), value("male", 5, 0.5), value("other")))
AGE = Criterion("age", {"en": "Age"}, "roll", (value("15-24", 2, 0.1), value("25+", 5, 0.9)))
HOME = Criterion("home", {"en": "Home"}, "form", (value("owner", 1, 0.6), value("tenant", 1, 0.4)))
CRITERIA = (GENDER, AGE, HOME)

values = st.fixed_dictionaries(
    {},
    optional={c.id: st.sampled_from([*sorted(c.value_ids), "given up since"]) for c in CRITERIA},
)
kinds = st.lists(
    st.builds(
        Kind,
        status=st.sampled_from(Status),
        values=values,
        people=st.integers(1, 2000),
        invited=st.booleans(),
        trial=st.booleans(),
        attended=st.booleans(),
    ),
    max_size=30,
)


def pool(*groups: tuple[int, dict[str, str]]) -> list[Kind]:
    return [Kind(Status.POOL, found, people, invited=True) for people, found in groups]


def population(of: Sequence[Kind]) -> figures.Stage:
    return figures.stage(figures.POPULATION, of, CRITERIA)


@given(kinds)
def test_everyone_of_the_roll_is_in_the_funnel_once_and_trials_apart(people: list[Kind]) -> None:
    found = figures.funnel(people)
    assert found.residents + found.trials == sum(kind.people for kind in people)
    assert found.residents >= found.eligible >= found.answered >= found.signed_up
    assert found.answered == found.signed_up + found.declined + found.withdrew


@given(kinds)
def test_every_value_of_a_criterion_and_the_blanks_make_the_pool(people: list[Kind]) -> None:
    signed_up = figures.funnel(people).signed_up
    for criterion in CRITERIA:
        one = figures.profile(criterion, people, population(people))
        assert sum(line.have for line in one.lines) + one.blank == signed_up
        assert all(line.of == signed_up for line in one.lines)


@given(kinds)
def test_every_crossing_adds_up_to_the_pool_and_to_its_edges(people: list[Kind]) -> None:
    crossed = figures.crossings(CRITERIA, people, population(people))
    assert [(c.rows.id, c.columns.id) for c in crossed] == [("gender", "age"), ("gender", "home"), ("age", "home")]
    in_pool = [kind for kind in people if kind.status in TAKING_PART and not kind.trial]
    for one in crossed:
        assert sum(cell.have for row in one.cells for cell in row) + one.blank == sum(k.people for k in in_pool)
        both = [k for k in in_pool if k.value(one.rows) and k.value(one.columns)]
        for place, row in enumerate(one.rows.values):
            assert sum(c.have for c in one.cells[place]) == sum(k.people for k in both if k.value(one.rows) == row.id)
        for place, column in enumerate(one.columns.values):
            expected = sum(k.people for k in both if k.value(one.columns) == column.id)
            assert sum(row[place].have for row in one.cells) == expected


@given(kinds)
def test_the_lottery_is_asked_about_everyone_of_the_pool_but_the_blanks(people: list[Kind]) -> None:
    asked, blank = figures.panel_kinds(CRITERIA, people)
    assert sum(asked.values()) + blank == figures.funnel(people).signed_up
    assert all(found in criterion.value_ids for kind in asked for found, criterion in zip(kind, CRITERIA, strict=True))


@given(kinds)
def test_a_stages_parts_make_a_hundred_per_cent_or_are_not_known(people: list[Kind]) -> None:
    stages = [figures.stage(name, people, CRITERIA) for name in figures.STAGES]
    for criterion in CRITERIA:
        lines = figures.passages(criterion, stages)
        for place in range(1, len(stages)):
            parts = [line.percents[place] for line in lines]
            assert parts.count(None) in {0, len(parts)}
            if None not in parts:
                assert sum(part for part in parts if part is not None) == pytest.approx(100)


def test_a_quota_needs_its_minimum_and_no_more() -> None:
    found = figures.profile(GENDER, pool((3, {"gender": "male"}), (40, {"gender": "female"})), population([]))
    assert [(line.value.id, line.have, line.lacking) for line in found.lines] == [
        ("female", 40, 0), ("male", 3, 2), ("other", 0, 0),
    ]  # fmt: skip


def test_a_missing_corner_is_found_though_both_its_edges_look_well() -> None:
    people = pool(
        (10, {"gender": "female", "age": "15-24"}),
        (40, {"gender": "female", "age": "25+"}),
        (50, {"gender": "male", "age": "25+"}),
    )
    shares = figures.Stage(figures.POPULATION, 0, {})
    crossed = figures.crossings((GENDER, AGE), people, shares)
    [corner] = figures.emptiest(crossed, 8)
    assert (corner.row.id, corner.column.id, corner.have) == ("male", "15-24", 0)
    assert corner.expected == pytest.approx(5)
    assert not any(line.lacking for line in figures.profile(AGE, people, shares).lines)


def test_of_the_empty_corners_the_emptiest_come_first_and_those_of_less_than_one_person_never() -> None:
    people = pool((97, {"gender": "female", "age": "25+"}), (3, {"gender": "male", "age": "25+"}))
    crossed = figures.crossings((GENDER, AGE), people, figures.Stage(figures.POPULATION, 0, {}))
    told = [(cell.row.id, cell.column.id) for cell in figures.emptiest(crossed, 8)]
    assert told == [("female", "15-24"), ("male", "15-24"), ("male", "25+")]
    assert figures.emptiest(crossed, 1)[0].row.id == "female"
    few = figures.crossings((GENDER, AGE), pool((4, {"gender": "female", "age": "25+"})), crossed_population())
    assert not [cell for cell in figures.emptiest(few, 8) if cell.column.id == "15-24"]


def crossed_population() -> figures.Stage:
    return figures.Stage(figures.POPULATION, 1000, {"age": {"15-24": 100, "25+": 900}})


def test_the_roll_is_the_population_where_it_knows_and_the_assemblys_figures_where_it_does_not() -> None:
    roll = [Kind(Status.INVITEE, {"age": "15-24"}, 30), Kind(Status.INELIGIBLE, {}, 500)]
    roll += pool((10, {"age": "25+", "gender": "male"}))
    assert figures.shares(AGE, population(roll)) == {"15-24": 0.75, "25+": 0.25}
    assert figures.shares(GENDER, population(roll)) == {"female": 0.5, "male": 0.5, "other": None}
    assert figures.shares(AGE, population([])) == {"15-24": 0.1, "25+": 0.9}


def test_what_only_the_form_asks_is_not_known_of_the_invited() -> None:
    stages = [figures.stage(name, pool((3, {"gender": "male", "age": "25+"})), CRITERIA) for name in figures.STAGES]
    male = figures.passages(GENDER, stages)[1]
    assert male.numbers[:3] == (None, None, 3)
    assert male.percents[:3] == (50, None, 100)
    assert figures.passages(AGE, stages)[1].numbers[:3] == (3, 3, 3)


def test_an_assembly_without_anyone_has_no_figures_and_no_errors() -> None:
    assert figures.funnel([]) == figures.Funnel(*[0] * 9)
    crossed = figures.crossings(CRITERIA, [], population([]))
    assert figures.emptiest(crossed, 8) == []
    assert {line.percent for line in figures.profile(AGE, [], population([])).lines} == {0.0}
