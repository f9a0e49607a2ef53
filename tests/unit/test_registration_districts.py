"""Which district a street lies in: the assembly's rules, however the street is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain.districts import Streets

RULES = {
    "south": ("Strandlinien 1-99", "Kystvejen"),
    "north": ("Strandlinien", "Havnegade 2 - 4", "Havnegade 12"),
    "rest": ("*",),
}
NUMBERS = st.integers(1, 999)
LETTERS = st.sampled_from(["", "A", "B", "Z"])
STREETS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå. ", min_size=1, max_size=20).filter(
    lambda text: text.replace(".", " ").strip() != ""
)


@pytest.mark.parametrize(
    ("street", "number", "value"),
    [
        ("Strandlinien", "1", "south"),
        ("Strandlinien", "99B", "south"),
        ("Strandlinien", "100", "north"),
        ("STRANDLINIEN", "5", "south"),
        (" Strand linien", "5", "rest"),
        ("Kystvejen", "999", "south"),
        ("Havnegade", "3", "north"),
        ("Havnegade", "12A", "north"),
        ("Havnegade", "5", "rest"),
        ("Ukendtvej", "5", "rest"),
    ],
)
def test_the_narrowest_rule_decides(street: str, number: str, value: str) -> None:
    assert Streets(RULES).value_of(street, number) == value


def test_without_a_rule_for_the_rest_a_street_may_have_none() -> None:
    assert Streets({"south": ("Kystvejen",)}).value_of("Ukendtvej", "1") is None


@given(STREETS, NUMBERS, LETTERS, st.integers(0, 3))
def test_how_a_street_is_written_changes_nothing(street: str, number: int, letter: str, dots: int) -> None:
    streets = Streets({"here": (street,), "there": ("*",)})
    written = street.upper().replace(" ", "  ") + "." * dots
    assert streets.value_of(written, f"{number}{letter}") == "here"


@given(STREETS, NUMBERS, NUMBERS, NUMBERS, LETTERS)
def test_a_house_lies_in_a_range_exactly_when_its_number_does(
    street: str, first: int, last: int, number: int, letter: str
) -> None:
    streets = Streets({"here": (f"{street} {first}-{last}",), "there": ("*",)})
    inside = first <= number <= last
    assert streets.value_of(street, f"{number}{letter}") == ("here" if inside else "there")


@given(STREETS, NUMBERS, st.permutations(["wide", "middle", "narrow"]))
def test_the_order_of_the_values_decides_nothing_between_rules_of_different_width(
    street: str, number: int, order: list[str]
) -> None:
    rules = {"wide": (street,), "middle": (f"{street} 1-998",), "narrow": (f"{street} {number}",)}
    assert Streets({value: rules[value] for value in order}).value_of(street, str(number)) == "narrow"
