"""What registration may ask the lottery: could a panel be drawn from people like these?"""

import asyncio
import threading
from typing import Any

import pytest

from contracts.feasibility import SUBJECT, CheckFeasibility, Feasibility, Kind, Shortage
from lottery import bootstrap, checking
from lottery.domain.errors import OutOfTimeError
from lottery.settings import Settings
from support.drawing import API, A, announced, prepared, with_pool
from support.house import House, Running

pytestmark = pytest.mark.integration


@pytest.fixture
async def lottery(house: House) -> Running:
    """The lottery with an assembly of six: two to four owners, tenants, young and old."""
    running = await house.start(bootstrap.build, Settings)
    await house.say(announced())
    await house.settle()
    return running


def people(number: int, **values: str) -> Kind:
    return Kind(values=values, people=number)


async def ask(house: House, *kinds: Kind, assembly: str = A) -> Feasibility:
    return await house.ask(SUBJECT, CheckFeasibility(assembly=assembly, kinds=kinds), Feasibility)


async def test_people_of_every_value_are_enough_whatever_else_is_known_of_them(house: House, lottery: Running) -> None:
    enough = (people(3, tenure="owner", age="young", shoes="44"), people(3, tenure="tenant", age="old"))
    assert await ask(house, *enough) == Feasibility(feasible=True)
    assert await ask(house, *enough, people(10**9, tenure="owner", age="old")) == Feasibility(feasible=True)


async def test_values_with_too_few_people_are_told_with_what_there_is_and_what_is_needed(
    house: House, lottery: Running
) -> None:
    answer = await ask(
        house,
        people(30, tenure="owner", age="young"),
        people(1, tenure="tenant", age="young", shoes="44"),
        people(1, tenure="tenant", age="young", shoes="45"),
    )
    assert not answer.feasible
    assert answer.shortages == (Shortage(criterion="age", value="old", have=0, need=2),)
    assert answer.advice == ()


async def test_nobody_at_all_lacks_for_every_minimum(house: House, lottery: Running) -> None:
    answer = await ask(house)
    assert {(one.value, one.have, one.need) for one in answer.shortages} == {
        (value, 0, 2) for value in ("owner", "tenant", "young", "old")
    }


async def test_where_each_value_has_enough_and_no_panel_fits_the_advice_is_the_draws_own(house: House) -> None:
    # As many of each as is asked for, and together too few for six seats.
    pool = b"person,household,salt,tenure,age\n" + b"".join(
        f"{number:032x},,{number},{tenure},{age}\n".encode()
        for number, (tenure, age) in enumerate([("owner", "young"), ("tenant", "old")] * 2)
    )
    lottery = await with_pool(house, pool)
    refused = await prepared(lottery)
    assert refused["state"] == "failed"
    answer = await ask(house, people(2, tenure="owner", age="young"), people(2, tenure="tenant", age="old"))
    assert (answer.feasible, answer.shortages) == (False, ())
    assert list(answer.advice) == [f"{p['where']}: {p['message']}" for p in refused["problems"]]
    assert answer.advice[0] == "pool: the pool has 4 people for 6 seats"


async def test_the_question_can_still_be_asked_when_the_pool_is_closed(house: House) -> None:
    await with_pool(house)
    assert (await ask(house, people(9, tenure="owner", age="old"))).shortages


@pytest.mark.parametrize(
    ("assembly", "kind", "error"),
    [
        ("another-2025", people(3, tenure="owner", age="old"), "NotFound"),
        (A, people(3, tenure="owner"), "BadInput"),
        (A, people(3, tenure="castle", age="old"), "BadInput"),
    ],
)
async def test_a_question_about_what_the_lottery_does_not_know_is_answered_with_an_error(
    house: House, lottery: Running, assembly: str, kind: Kind, error: str
) -> None:
    with pytest.raises(LookupError, match=error):
        await ask(house, kind, assembly=assembly)


async def test_more_kinds_than_any_pool_has_are_refused(
    house: House, lottery: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_KINDS", 1)
    with pytest.raises(LookupError, match="BadInput"):
        await ask(house, people(3, tenure="owner", age="old"), people(3, tenure="tenant", age="old"))


async def test_while_the_solver_works_the_lottery_goes_on(
    house: House, lottery: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def waiting(*_: Any) -> Any:
        assert go_on.wait(10), "nobody could be served meanwhile"
        return (), ()

    monkeypatch.setattr(checking, "check", waiting)
    question = asyncio.create_task(ask(house, people(3, tenure="owner", age="old")))
    assert (await lottery.http.get(f"{API}/counts")).status_code == 200
    assert not question.done()
    go_on.set()
    assert (await question).feasible


async def test_a_question_that_takes_too_long_is_answered_with_an_error_and_the_next_one_as_ever(
    house: House, lottery: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_time(*_: Any) -> Any:
        raise OutOfTimeError

    with monkeypatch.context() as context:
        context.setattr(checking, "check", out_of_time)
        with pytest.raises(LookupError, match="Transient"):
            await ask(house, people(3, tenure="owner", age="old"))
    assert (await ask(house, people(9, tenure="owner", age="old"))).shortages
