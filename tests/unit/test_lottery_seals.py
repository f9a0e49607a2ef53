"""What a record is sealed with, held against figures that were computed apart, with sha256sum."""

import pytest

from lottery.verifying.digits import digits_of_seed, digits_of_signature
from lottery.verifying.seals import canonical, commitment, line_of, plain_code, salt_of_code

CODE = "0123-4567-89AB-CDEF"
SALT = "9066b78c0d3a013b651621180ad24bf16d0ad3327e25637a8c4efd5c301ce7e8"


def test_code_salt_line_and_commitment_are_those_that_were_published() -> None:
    assert salt_of_code(CODE) == SALT
    assert line_of(SALT) == "e5a11d644f305621"
    answers = {"tenure": "ejer/lejer Ø", "age": "old"}
    assert commitment(SALT, answers) == "02a4f595d4a0eef0af7b483f8612a5a4ddda42681086842e3efc0382e397910c"


def test_digits_are_those_that_anyone_computes() -> None:
    assert (digits_of_seed("sommer"), digits_of_signature("d00f")) == ("955", "783")


@pytest.mark.parametrize(
    "typed", ["0123456789abcdef", " o123 4567 89ab cdef ", "OI23–4567—89AB-CDEF", "0l23-4567-89AB-CDEF"]
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_code(typed) == CODE.replace("-", "")


@pytest.mark.parametrize("typed", ["", "0123", CODE + "0", "U123-4567-89AB-CDEF", "Ø123-4567-89AB-CDEF"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="a code has 16"):
        plain_code(typed)


def test_what_is_hashed_does_not_depend_on_the_order_of_fields_and_keeps_letters_as_they_are() -> None:
    assert canonical({"b": 1, "a": ["Ø", None, True]}) == '{"a":["Ø",null,true],"b":1}'.encode()
