"""Duplicates, the review before a pool is closed, and the files: the rules alone."""

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain import figures, tables
from registration.domain.assembly import Assembly, Criterion, Value
from registration.domain.closing import STOPS, Finding, Item, Refusal, Review, refusals
from registration.domain.duplicates import Common, Group, Person, find, normal_name, normal_telephone, shared_households
from registration.domain.pool import Registrant

BORN = date(1970, 1, 1)


def person(name: str, number: str, **known: object) -> Person:
    return Person(number, name, **({"born": date(1970, 1, int(number))} | known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (person("Anne-Marie Holm", "1", born=BORN), person("ANNE MARIE  HOLM", "2", born=BORN), "birth-date"),
        (person("Bo Holm", "1", email="Bo@Holm.dk "), person("Bo Holm", "2", email="bo@holm.dk"), "email"),
        (person("Åse Ø", "1", telephone="+45 12 34 56 78"), person("åse ø", "2", telephone="12345678"), "telephone"),
        (
            person("Jens J.", "1", telephone="0045 12345678"),
            person("Jens J", "2", telephone="12 34 56 78"),
            "telephone",
        ),
    ],
)
def test_one_name_with_one_more_thing_in_common_is_probably_one_person(
    first: Person, second: Person, common: str
) -> None:
    assert find([first, second]) == find([second, first]) == [Group(("1", "2"), (Common(common),))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (person("Bo Holm", "1"), person("Bo Holm", "2")),  # many share a name
        (person("Bo Holm", "1", born=BORN), person("Ib Holm", "2", born=BORN)),  # twins
        (person("Bo Holm", "1", email="a@b.dk"), person("Ib Holm", "2", email="a@b.dk")),  # one family's address
        (person("", "1", born=BORN), person("", "2", born=BORN)),
        (person("Bo Holm", "1", born=None), person("Bo Holm", "2", born=None)),
    ],
)
def test_one_thing_in_common_is_no_duplicate(first: Person, second: Person) -> None:
    assert find([first, second]) == []


def test_what_several_things_say_of_the_same_people_is_said_once() -> None:
    three = [person("Bo Holm", n, born=BORN, email="bo@holm.dk") for n in ("3", "1", "2")]
    assert find(three) == [Group(("1", "2", "3"), (Common.BIRTH_DATE, Common.EMAIL))]


@given(st.text(max_size=40))
def test_names_and_numbers_are_normal_once_and_for_all(text: str) -> None:
    assert normal_name(normal_name(text)) == normal_name(text)
    assert normal_telephone(normal_telephone(text)).isdigit() or not normal_telephone(text)


def test_households_are_counted_where_several_share_one() -> None:
    assert shared_households(["a", "b", "a", None, None, "a", "c", "c"]) == (2, 5)


FOUND = Finding(Item.DUPLICATES, ("a+b",), (("1", "2"),))
JUDGED = Review(ticked=True, comment="They are father and son", seen=frozenset({"a+b"}))


@pytest.mark.parametrize(
    ("review", "refusal"),
    [
        (JUDGED, None),
        (None, Refusal.TICK),
        (Review(comment="They are father and son", seen=frozenset({"a+b"})), Refusal.TICK),
        (Review(ticked=True, comment="ok", seen=frozenset({"a+b"})), Refusal.COMMENT),
        (Review(ticked=True, comment="x" * 501, seen=frozenset({"a+b"})), Refusal.COMMENT),
        (Review(ticked=True, comment="They are father and son"), Refusal.NEW),
    ],
)
def test_what_was_found_is_judged_with_a_tick_and_a_comment(review: Review | None, refusal: Refusal | None) -> None:
    reviews = {} if review is None else {Item.DUPLICATES: review}
    assert refusals([FOUND], reviews) == ([] if refusal is None else [(Item.DUPLICATES, refusal)])


def test_what_has_gone_since_does_no_harm_and_what_has_come_must_be_seen() -> None:
    assert refusals([Finding(Item.DUPLICATES)], {Item.DUPLICATES: JUDGED}) == []
    more = Finding(Item.DUPLICATES, ("a+b", "c+d"))
    assert refusals([more], {Item.DUPLICATES: JUDGED}) == [(Item.DUPLICATES, Refusal.NEW)]


@pytest.mark.parametrize("item", sorted(STOPS))
def test_no_comment_helps_against_what_the_lottery_cannot_draw_from(item: Item) -> None:
    found = Finding(item, ("a",))
    assert refusals([found], {item: Review(ticked=True, comment="never mind", seen=frozenset("a"))}) == [
        (item, Refusal.STOPS)
    ]


def assembly(*criteria: Criterion) -> Assembly:
    now = datetime(2025, 1, 1)  # noqa: DTZ001 - of no importance here
    return Assembly("a", {}, {}, {}, 9, 15, date(2025, 1, 1), now, now, criteria)


AGE = Criterion("age", {}, "roll", (Value("15-24", {}, minimum=3, maximum=5), Value("65+", {}, maximum=9)))


def read(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8"))))


def test_the_quotas_are_written_in_the_fields_own_format() -> None:
    assert tables.categories(assembly(AGE)) == b"feature,value,min,max\nage,15-24,3,5\nage,65+,0,9\n"


def test_the_pool_is_written_sorted_with_blanks_where_nothing_is_held() -> None:
    pool = [Registrant("b", "h2", {"age": "65+"}), Registrant("a", "h1", {})]
    assert read(tables.respondents(assembly(AGE), pool)) == [
        ["unique_id", "age", "household"], ["a", "", "h1"], ["b", "65+", "h2"],
    ]  # fmt: skip


def test_the_funnel_is_blank_where_nobody_knows() -> None:
    stages = [figures.Stage(name, 4, {}) for name in figures.STAGES]
    assert read(tables.funnel(assembly(AGE), stages))[1:3] == [
        ["all", "all", "1", *["4"] * 6], ["age", "15-24", "", *[""] * 6],
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["=1+1", "+45", "-1", "@SUM(A1)", "\tx"])
def test_a_value_that_a_spreadsheet_would_run_is_made_harmless(value: str) -> None:
    odd = Criterion("age", {}, "roll", (Value(value, {}),))
    assert read(tables.categories(assembly(odd)))[1][1] == f"'{value}"
    assert read(tables.respondents(assembly(odd), [Registrant("a", "h", {"age": value})]))[1][1] == f"'{value}"
