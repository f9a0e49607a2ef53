"""A session is held: with how many, or with which members."""

from typing import Any

import pytest

from support.house import House
from support.secretariat import Secretariat, start

pytestmark = pytest.mark.integration


@pytest.fixture
async def secretariat(house: House) -> Secretariat:
    return await start(house)


async def test_a_session_held_with_those_present_says_who_once_and_keeps_their_number(
    house: House, secretariat: Secretariat
) -> None:
    who = [f"{number:032x}" for number in (3, 1, 2)]
    await secretariat.do("/announce")
    await secretariat.do("/sessions/first/schedule")
    hold = "/sessions/first/hold"
    for body in ({"present": who}, {"present": who[::-1], "attended": 3}, {"attended": 3}):
        assert (await secretariat.do(hold, body))["attended"] == 3
    await secretariat.do(hold, {"present": [*who[:2], "f" * 32]}, status=409)
    await house.settle()
    (held,) = await house.heard("sessions.session-held.v1")
    assert (held["attended"], held["present"]) == (3, sorted(who))
    assert who[0] not in str(await secretariat.svc.service.db.collection("sessions").find({}))


@pytest.mark.parametrize(
    ("body", "field", "rule"),
    [
        ({}, "attended", "one of the two"),
        ({"present": ["a" * 32], "attended": 2}, "attended", "as many as are present"),
        ({"present": ["a" * 32] * 2}, "present", "each once"),
        ({"present": [f"{number:032x}" for number in range(37)]}, "attended", "at most the panel"),
        ({"present": ["Åse Prøve"]}, "present.0", "string_pattern_mismatch"),
    ],
)
async def test_a_session_is_not_held_with_a_list_that_cannot_be(
    house: House, secretariat: Secretariat, body: dict[str, Any], field: str, rule: str
) -> None:
    await secretariat.do("/announce")
    await secretariat.do("/sessions/first/schedule")
    problems = (await secretariat.do("/sessions/first/hold", body, status=422))["problems"]
    assert [(problem["field"], problem["rule"]) for problem in problems] == [(field, rule)]
    await house.settle()
    assert await house.heard("sessions.session-held.v1") == []
