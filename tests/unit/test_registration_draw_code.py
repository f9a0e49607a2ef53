"""The code with which a registrant finds their own line in the record of the draw."""

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from lottery.verifying.seals import line_of, salt_of_code
from registration.domain.draw_code import draw_code, line, salt, typed_line

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


def test_the_salt_is_made_as_the_verifier_makes_it_of_a_code_however_it_is_typed() -> None:
    expected = hashlib.sha256(b"borgersamling-draw-code\nK7Q2M4XH9TB10ZDC").hexdigest()
    for typed in ("K7Q2-M4XH-9TB1-0ZDC", "k7q2 m4xh 9tbl ozdc"):
        assert salt("K7Q2-M4XH-9TB1-0ZDC") == salt_of_code(typed) == expected


@given(people)
def test_registration_finds_the_line_that_the_lottery_publishes_also_as_it_is_pasted(person: str) -> None:
    here = line(KEY, person)
    assert here == line_of(salt(draw_code(KEY, person)))
    assert typed_line(f" {here[:8]} {here[8:].upper()} ") == here


def test_a_reference_number_is_no_line() -> None:
    assert [typed_line(text) for text in ("123 456 782", "", "g" * 16, "0" * 17)] == [None] * 4
