"""The code with which a registrant finds their own line in the record of the draw."""

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from registration.domain.draw_code import draw_code, salt

KEY = b"k" * 32
people = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(people)
def test_a_code_is_four_groups_that_are_hard_to_misread_and_always_the_same(person: str) -> None:
    code = draw_code(KEY, person)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", code)
    assert draw_code(KEY, person) == code


@given(people, people)
def test_two_people_have_two_codes_and_so_has_one_person_under_another_key(one: str, other: str) -> None:
    assert (draw_code(KEY, one) == draw_code(KEY, other)) == (one == other)
    assert draw_code(b"another key", one) != draw_code(KEY, one)


def test_a_code_uses_all_of_its_alphabet() -> None:
    codes = [draw_code(KEY, f"{number:032x}") for number in range(200)]
    assert len({letter for code in codes for letter in code}) == 32 + len("-")


def test_the_salt_is_made_as_the_verifier_makes_it_of_a_code_that_is_typed() -> None:
    typed_without_dashes = "K7Q2M4XH9TB10ZDC"
    expected = hashlib.sha256(b"borgersamling-draw-code\n" + typed_without_dashes.encode()).hexdigest()
    assert salt("K7Q2-M4XH-9TB1-0ZDC") == expected
