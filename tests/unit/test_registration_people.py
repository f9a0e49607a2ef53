"""CPR numbers, ages, ids, links and households."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain import cpr as cpr_numbers
from registration.domain.assembly import Assembly, Criterion, Value
from registration.domain.eligibility import age_band, age_on, why_ineligible
from registration.domain.people import Address, household, link_token, person_id, token_hash
from registration.domain.problems import BrokenRuleError
from registration.repository import assembly_from
from support.rolls import announced

KEY = b"k" * 32
HOME = Address("Strandlinien", "49A", "1", "tv", "2791", "Dragør")
YEARS = st.dates(date(1858, 1, 1), date(2057, 12, 31))

# The CPR office's table, from the other end: which seventh digits a year of birth may have.
SEVENTH = {
    range(1858, 1900): "5678",
    range(1900, 1937): "0123",
    range(1937, 2000): "012349",
    range(2000, 2037): "456789",
    range(2037, 2058): "5678",
}


def seventh_digits(year: int) -> str:
    return next(digits for years, digits in SEVENTH.items() if year in years)


@given(YEARS, st.data(), st.integers(0, 999), st.booleans(), st.booleans())
def test_a_cpr_number_tells_the_day_of_birth(
    born: date, data: st.DataObject, serial: int, synthetic: bool, dash: bool
) -> None:
    seventh = data.draw(st.sampled_from(seventh_digits(born.year)))
    day = born.day + 60 * synthetic
    text = f"{day:02}{born:%m%y}{'-' * dash}{seventh}{serial:03}"
    number = cpr_numbers.parse(text, synthetic_allowed=True)
    assert (number.born, number.synthetic) == (born, synthetic)
    assert number.digits == text.replace("-", "")


def test_a_number_that_fails_modulus_11_is_a_resident_like_any_other() -> None:
    # 4,3,2,7,6,5,4,3,2,1 over these ten digits leaves 5: given out since 1 October 2007 all the same.
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    assert sum(w * int(d) for w, d in zip(weights, "0101901234", strict=True)) % 11 != 0
    assert cpr_numbers.parse("010190-1234", synthetic_allowed=False).born == date(1990, 1, 1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "ten digits"),
        ("101901234", "ten digits"),  # a spreadsheet ate the leading zero
        ("01019012345", "ten digits"),
        ("0101 901234", "ten digits"),
        ("010190–1234", "ten digits"),
        ("٠١٠١٩٠١٢٣٤", "ten digits"),
        ("3002901234", "birth date"),
        ("0013901234", "birth date"),
        ("9201901234", "birth date"),
        ("2902011234", "birth date"),  # 1901 was no leap year
        ("6101901234", "synthetic"),
    ],
)
def test_what_is_no_cpr_number_is_refused_without_repeating_it(text: str, rule: str) -> None:
    with pytest.raises(BrokenRuleError) as refused:
        cpr_numbers.parse(text, synthetic_allowed=rule != "synthetic")
    assert refused.value.rule == rule
    assert not text or text not in str(refused.value)


def test_a_cpr_number_never_shows_itself_in_a_traceback() -> None:
    assert "0101901234" not in repr(cpr_numbers.parse("0101901234", synthetic_allowed=False))


@given(st.dates(date(1900, 1, 1), date(2024, 12, 31)), st.dates(date(2025, 1, 1), date(2060, 12, 31)))
def test_age_rises_by_one_on_the_birthday_and_on_no_other_day(born: date, day: date) -> None:
    yesterday = day - timedelta(days=1)
    is_birthday = (day.month, day.day) == (born.month, born.day)
    leap_birthday = (born.month, born.day) == (2, 29) and (day.month, day.day) == (3, 1) and yesterday.day == 28
    assert age_on(born, day) - age_on(born, yesterday) == int(is_birthday or leap_birthday)


def assembly() -> Assembly:
    return assembly_from({"_id": "proeve-2025", "announced": announced().model_dump(mode="json")})


def test_a_resident_is_eligible_from_the_fifteenth_birthday() -> None:
    assert why_ineligible(assembly(), date(2010, 4, 9), "2791") is None
    assert why_ineligible(assembly(), date(2010, 4, 10), "2791") == "age"


def test_who_lives_outside_the_assemblys_postcodes_is_not_eligible() -> None:
    near = replace(assembly(), postcodes=frozenset({"2791"}))
    assert why_ineligible(near, date(1970, 1, 1), "2791") is None
    assert why_ineligible(near, date(1970, 1, 1), "2770") == "postcode"


@given(st.integers(0, 125))
def test_every_eligible_age_has_exactly_one_band(age: int) -> None:
    criterion = next(c for c in assembly().criteria if c.is_age)
    fitting = [value.id for value in criterion.values if value.holds(age)]
    assert len(fitting) == (1 if age >= 15 else 0)
    assert age_band(criterion, age) == (fitting[0] if fitting else None)


def test_an_age_no_band_holds_has_no_band() -> None:
    title = {"da": "x", "en": "x"}
    bands = Criterion("age", title, "roll", (Value("young", title, 15, 29), Value("old", title, 60)))
    assert [age_band(bands, age) for age in (14, 15, 29, 30, 59, 60, 120)] == [
        None,
        "young",
        "young",
        None,
        None,
        "old",
        "old",
    ]


digits = st.text("0123456789", min_size=10, max_size=10)


@given(digits, digits)
def test_one_person_has_one_id_in_an_assembly_and_another_in_the_next(one: str, other: str) -> None:
    first = person_id(KEY, "dragoer-2025", one)
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first == person_id(KEY, "dragoer-2025", one)
    assert (first == person_id(KEY, "dragoer-2025", other)) == (one == other)
    assert first != person_id(KEY, "dragoer-2027", one)
    assert first != person_id(b"another key", "dragoer-2025", one)


@given(st.integers(1, 50), st.integers(1, 50))
def test_a_new_link_revokes_the_one_before(one: int, other: int) -> None:
    person = person_id(KEY, "dragoer-2025", "0101901234")
    first = link_token(KEY, person, one)
    assert re.fullmatch("[a-z2-7]{26}", first)
    assert (token_hash(first) == token_hash(link_token(KEY, person, other))) == (one == other)
    assert first not in token_hash(first)


def test_a_link_read_out_in_capitals_is_the_same_link() -> None:
    token = link_token(KEY, "0" * 32, 1)
    assert token_hash(token.upper() + " ") == token_hash(token)


@pytest.mark.parametrize(
    "same",
    [
        Address("STRANDLINIEN", "49a", "1.", "TV", "2791", "Dragør"),
        Address(" Strandlinien ", "49A", "1", "tv.", "2791", "DRAGØR"),
    ],
)
def test_people_of_one_address_are_one_household_however_it_is_typed(same: Address) -> None:
    assert household(KEY, "a", same) == household(KEY, "a", HOME)


@pytest.mark.parametrize(
    "other",
    [
        Address("Strandlinien", "49B", "1", "tv", "2791", "Dragør"),
        Address("Strandlinien", "49A", "2", "tv", "2791", "Dragør"),
        Address("Strandlinien", "49A", "1", "th", "2791", "Dragør"),
        Address("Strandlinien", "4", "9A", "1tv", "2791", "Dragør"),
    ],
)
def test_neighbours_are_another_household(other: Address) -> None:
    assert household(KEY, "a", other) != household(KEY, "a", HOME)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (HOME, "Strandlinien 49A, 1. tv., 2791 Dragør"),
        (Address("Strandlinien", "4", "", "", "2791", "Dragør"), "Strandlinien 4, 2791 Dragør"),
        (Address("Strandlinien", "4", "st", "12", "2791", "Dragør"), "Strandlinien 4, st. 12, 2791 Dragør"),
        (Address("Strandlinien", "4", "2", "", "2791", "Dragør"), "Strandlinien 4, 2., 2791 Dragør"),
    ],
)
def test_an_address_is_written_on_one_line_as_people_write_it(address: Address, line: str) -> None:
    assert address.line == line
