"""What officers type: amounts of money, answers with what is no answer in them, and what differs between two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.language import Words
from followup.days import TypedDay
from followup.domain.answers import MOST_MONEY, Content
from followup.officers.form import AnswerForm, changes, differing, kroner

WHOLE = Content("partly", "Fordi", "Et forsøg", date(2026, 6, 1), "Kultur", 250_000)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("0", 0),
        ("250000", 250_000),
        ("250.000", 250_000),
        ("1.250.000 kr.", 1_250_000),
        ("250 000", 250_000),
        ("250\u00a0000 kr", 250_000),
        ("250.000,00", 250_000),
        ("5000,-", 5_000),
        (" 12 kr ", 12),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: str, amount: int) -> None:
    assert kroner(written) == amount


@pytest.mark.parametrize("written", ["", "meget", "12.50", "12,50", "-5", "1.2.3", "1e6", "٥٠٠", "1.25.000", "kr."])
def test_what_is_no_amount_is_none_and_never_another_one(written: str) -> None:
    assert kroner(written) is None


@given(st.integers(0, MOST_MONEY))
def test_an_amount_comes_back_from_its_field_and_as_pages_show_it(amount: int) -> None:
    assert kroner(AnswerForm.of(Content(money=amount)).money) == amount
    assert kroner(Words("da", "followup").format_number(amount)) == amount


def test_an_answer_comes_back_from_its_fields() -> None:
    for content in (WHOLE, Content(), Content(money=0)):
        form = AnswerForm.of(content)
        assert (form.content, form.errors) == (content, [])


def test_what_cannot_be_read_is_kept_and_named() -> None:
    typed = {"done_by": "31", "done_by-month": "2", "done_by-year": "2026", "money": "meget", "reason": "a\r\nb"}
    form = AnswerForm.read(typed)
    assert [field for field, _ in form.errors] == ["done_by", "money"]
    assert (form.done_by, form.money, form.reason) == (TypedDay(("31", "2", "2026")), "meget", "a\nb")


def test_what_differs_is_named_and_shown_in_the_readers_words() -> None:
    other = Content("followed", "Fordi", "Et andet forsøg", None, "Kultur", 0)
    assert differing(WHOLE, other) == ("verdict", "action", "done_by", "money")
    assert differing(WHOLE, WHOLE) == ()
    english = {name: [*map(tuple, pieces)] for name, pieces in changes(WHOLE, other, Words("en", "followup"))}
    assert english["money"] == [("removed", "250,000"), ("added", "0")]
    assert english["done_by"] == [("removed", "1 June 2026")]
    assert english["action"] == [("same", "Et "), ("added", "andet "), ("same", "forsøg")]
