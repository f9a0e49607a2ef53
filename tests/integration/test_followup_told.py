"""What a published status says of each theme: how it stands, and what is new since the status before."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.sessions import Named
from followup.domain.work import Work
from followup.use_cases import working
from support.house import House
from support.promising import A, announced, answer, completed, publish, recommendation, started, text

pytestmark = pytest.mark.integration
THEMES = (Named(id="prevention", title=text("Forebyggelse")), Named(id="co-creation", title=text("Samskabelse")))
PUBLISHED = "followup.status-published.v1"


def stood(fact: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("theme", "followed", "partly", "not_followed", "completed", "changed")
    return [tuple(theme[name] for name in names) for theme in fact["themes"]]


async def test_a_status_says_theme_by_theme_what_is_new_since_the_one_before(house: House) -> None:
    followup = await started(house)
    await house.move_clock(datetime(2025, 6, 17, 19, 0, tzinfo=UTC))
    await house.say(announced(themes=THEMES))
    for number, theme in enumerate(("co-creation", "prevention", "prevention", "unknown"), start=1):
        await house.say(recommendation(number, theme=theme))
    await house.say(completed(4))
    await house.settle()
    for number, verdict in enumerate(("followed", "partly", "not-followed", "followed"), start=1):
        await answer(house, followup, number, answer=verdict)
    await house.move_clock(datetime(2025, 9, 1, 8, tzinfo=UTC))
    assert (await publish(house, followup, "s-3")).status_code == 200

    await answer(house, followup, 2, answer="followed", revision=1)
    work = Work(progress=40)
    await followup.service.transaction(lambda tx: working.record_work(tx, A, "r-3", work))
    await followup.service.transaction(lambda tx: working.close_recommendation(tx, A, "r-1"))
    await house.move_clock(datetime(2026, 4, 1, 8, tzinfo=UTC))
    assert (await publish(house, followup, "s-10")).status_code == 200
    await house.settle()

    first, second = await house.heard(PUBLISHED)
    assert stood(first) == [
        ("prevention", 0, 1, 1, 0, ["r-2", "r-3"]),
        ("co-creation", 1, 0, 0, 0, ["r-1"]),
        ("unknown", 1, 0, 0, 0, ["r-4"]),
    ]
    assert {answer["previous_answer"] for answer in first["answers"]} == {None}, "all of it is new"
    assert stood(second) == [
        ("prevention", 1, 0, 1, 0, ["r-2", "r-3"]),
        ("co-creation", 1, 0, 0, 1, []),
        ("unknown", 1, 0, 0, 0, []),
    ]
    assert second["themes"][0]["title"]["da"] == "Forebyggelse"
    before = [(a["previous_answer"], a["answer"], a["previous_progress"], a["progress"]) for a in second["answers"]]
    assert before == [
        ("followed", "followed", 0, 0),
        ("partly", "followed", 0, 0),
        ("not-followed", "not-followed", 0, 40),
        ("followed", "followed", 0, 0),
    ]
