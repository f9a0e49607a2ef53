"""Whatever the post's pages can meet has words in both languages: states, steps, causes, jobs, kinds of problems."""

import re
from pathlib import Path
from typing import get_args

import pytest

import notifications
from chassis.language import Words
from notifications import words as says
from notifications.catalogue import KINDS
from notifications.domain.shipment import State, Step
from notifications.job_views import Standing
from notifications.repository.problems import Kind
from notifications.use_cases.jobs import Act

DANISH = Words("da", "notifications")
CAUSE = re.compile(r'cause(?:: str)? ?= ?"([a-z]+)"|"cause": "([a-z]+)"')


def said() -> list[str]:
    """Every message of the tables, however deep."""
    found: list[str] = [says.NO_CHANNEL, says.STOPPED_WHY, says.STOPPED_TO_DO]
    for table in (says.TEMPLATE_WORDS, says.CHANNEL_WORDS, says.STATE_WORDS, says.STEP_WORDS, says.CAUSE_WORDS):
        found += table.values()
    found += says.LOG_WORDS.values()
    found += (seen.words for seen in says.STANDING_WORDS.values())
    for told in says.PROBLEM_WORDS.values():
        found += told
    for doing in says.ACT_WORDS.values():
        found += doing
    return found


def test_nothing_is_left_out() -> None:
    assert set(says.STATE_WORDS) == set(State)
    assert set(says.STEP_WORDS) == {says.MADE, *Step}
    assert set(says.STANDING_WORDS) == set(Standing)
    assert set(says.PROBLEM_WORDS) == set(get_args(Kind))
    assert set(says.LOG_WORDS) == set(get_args(Act))
    assert set(says.TEMPLATE_WORDS) == set(KINDS)


def test_every_cause_that_the_code_writes_has_words() -> None:
    written = set[str]()
    for file in Path(notifications.__file__).parent.rglob("*.py"):
        written |= {one or other for one, other in CAUSE.findall(file.read_text(encoding="utf-8"))}
    assert {"sending", "receipt", "clock"} <= written
    assert written - set(says.CAUSE_WORDS) == set()


@pytest.mark.parametrize("message", sorted(set(said())))
def test_each_is_said_in_danish_too(message: str) -> None:
    assert message
    assert DANISH._find(message)


def test_each_standing_and_ended_state_has_a_symbol_of_its_own_besides_its_colour() -> None:
    symbols = {seen.badge: set[str]() for seen in says.STANDING_WORDS.values()}
    for seen in says.STANDING_WORDS.values():
        symbols[seen.badge].add(seen.icon)
    assert all(symbols.values())
    good, bad = says.STATE_BADGES[State.DELIVERED], says.STATE_BADGES[State.FAILED]
    assert good[0] != bad[0] != says.STATE_BADGES[State.UNKNOWN][0] != says.ON_THE_WAY[0]
