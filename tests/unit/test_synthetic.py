"""The residents who do not exist: as many as asked for, like the municipality, and nobody real."""

import csv
import io
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borgersamling.synthetic import Person, Population, populate
from borgersamling.synthetic.shares import apportion
from registration.domain.cpr import parse
from registration.domain.eligibility import age_on
from registration.domain.resident import RollRules
from sessions.domain.assembly_file import AssemblyFile, load
from support import rolls

MUNICIPALITIES = Path(__file__).parents[2] / "municipalities"


@pytest.fixture(scope="module")
def dragoer() -> AssemblyFile:
    return load(MUNICIPALITIES / "dragoer")


@pytest.fixture(scope="module")
def everyone(dragoer: AssemblyFile) -> Population:
    return populate(11_752, 1, dragoer)


def shares(people: tuple[Person, ...], criterion: str) -> dict[str, float]:
    return {value: n / len(people) for value, n in Counter(p.value(criterion) for p in people).items()}


def rules(assembly: AssemblyFile) -> RollRules:
    districts = next(c for c in assembly.criteria if c.id == "district")
    return RollRules({"district": frozenset(v.id for v in districts.values)}, assembly.sign_up.opens.date(), True)


def test_dragoer_has_11752_residents_to_invite_and_2698_children(everyone: Population, dragoer: AssemblyFile) -> None:
    day = dragoer.eligibility.age_on
    ages = [age_on(person.born, day) for person in everyone.people]
    assert len(everyone.people) == 11_752
    assert len(everyone.children) == 2_698
    assert (min(ages), max(ages) <= 100) == (15, True)
    assert all(age_on(child.born, day) < 15 for child in everyone.children)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_people(dragoer: AssemblyFile) -> None:
    first, again, other = populate(300, 7, dragoer), populate(300, 7, dragoer), populate(300, 8, dragoer)
    assert first.csv == again.csv
    assert [p.cpr for p in first.volunteers(60)] == [p.cpr for p in again.volunteers(60)]
    assert first.csv != other.csv


def test_residents_are_spread_over_districts_ages_and_gender_as_the_municipality_is(everyone: Population) -> None:
    assert shares(everyone.people, "district") == pytest.approx(
        {"soevang": 0.14, "st-magleby": 0.49, "old-dragoer": 0.37}, abs=0.01
    )
    assert shares(everyone.people, "gender") == pytest.approx({"female": 0.52, "male": 0.48}, abs=0.005)
    assert shares(everyone.people, "age") == pytest.approx(
        {"15-24": 0.11, "25-44": 0.22, "45-64": 0.35, "65+": 0.32}, abs=0.005
    )


@pytest.mark.parametrize("municipality", ["dragoer", "greve"])
def test_the_roll_is_taken_by_registration_without_a_problem(municipality: str) -> None:
    assembly = load(MUNICIPALITIES / municipality)
    population = populate(2_000, 1, assembly)
    roll = rolls.read(population.csv, rules(assembly))
    assert roll.found.listed == []
    assert len(roll.residents) == len(population.people) + len(population.children)


def test_every_number_is_outside_the_real_number_space_and_tells_birth_and_gender(everyone: Population) -> None:
    for person in (*everyone.people, *everyone.children):
        number = parse(person.cpr, synthetic_allowed=True)
        assert number.synthetic
        assert number.born == person.born
        if gender := person.answers.get("gender"):
            assert int(person.cpr[-1]) % 2 == (gender == "male")
    assert len({p.cpr for p in everyone.people} | {c.cpr for c in everyone.children}) == 14_450


def test_no_two_residents_have_the_same_name_or_two_households_the_same_address(everyone: Population) -> None:
    rows = list(csv.DictReader(io.StringIO(everyone.csv.decode()), delimiter=";"))
    assert len({row["name"] for row in rows}) == len(rows)
    homes = {tuple(row[c] for c in ("street", "house_number", "floor", "door")) for row in rows}
    assert len(homes) == len({p.household for p in (*everyone.people, *everyone.children)})
    assert 1.8 < len(rows) / len(homes) < 2.8, "several people live at an address"


def test_the_roll_tells_nothing_that_only_the_form_asks(everyone: Population) -> None:
    header = everyone.csv.decode().splitlines()[0]
    assert header == "cpr;name;street;house_number;floor;door;postcode;city;protected;district"


def test_240_sign_up_with_the_shares_of_those_who_did(everyone: Population) -> None:
    volunteers = everyone.volunteers(240)
    assert len({p.cpr for p in volunteers}) == 240
    assert shares(volunteers, "gender") == pytest.approx({"female": 0.54, "male": 0.46}, abs=0.01)
    assert shares(volunteers, "district") == pytest.approx(
        {"soevang": 0.19, "st-magleby": 0.42, "old-dragoer": 0.39}, abs=0.01
    )


@pytest.mark.parametrize(("residents", "count"), [(200, 120), (1_000, 240)])
def test_every_quota_of_the_panel_can_be_filled_from_a_small_pool_too(
    dragoer: AssemblyFile, residents: int, count: int
) -> None:
    volunteers = populate(residents, 3, dragoer).volunteers(count)
    for criterion in dragoer.criteria:
        there = Counter(p.value(criterion.id) for p in volunteers)
        assert all(there[value.id] >= value.minimum for value in criterion.values)


def test_more_volunteers_than_people_are_refused(dragoer: AssemblyFile) -> None:
    with pytest.raises(ValueError, match="10 are eligible"):
        populate(10, 1, dragoer).volunteers(11)


def test_a_failing_test_shows_nobodys_number(dragoer: AssemblyFile) -> None:
    population = populate(5, 1, dragoer)
    assert not re.search(r"\d{10}", repr(population.people) + repr(population))


@given(
    st.integers(min_value=0, max_value=20_000),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 1.0), min_size=1),
)
@settings(max_examples=200)
def test_people_divided_by_shares_are_whole_people_and_all_of_them(total: int, parts: dict[str, float]) -> None:
    divided = apportion(total, parts)
    whole = sum(parts.values())
    assert sum(divided.values()) == total
    assert all(abs(divided[v] - total * share / whole) < 1 + 1e-6 for v, share in parts.items())


def test_someone_born_on_a_leap_day_counts_as_registration_counts(dragoer: AssemblyFile) -> None:
    leap = dragoer.model_copy(
        update={"eligibility": dragoer.eligibility.model_copy(update={"age_on": date(2024, 2, 29)})}
    )
    population = populate(400, 1, leap)
    assert all(age_on(p.born, date(2024, 2, 29)) == p.age for p in population.people)
