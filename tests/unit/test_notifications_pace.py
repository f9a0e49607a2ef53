"""How fast, how often again, and when no more: rate limits, waits and the threshold of failures."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.backoff import Backoff
from notifications.domain.bucket import Rate, stop, take
from notifications.domain.threshold import Threshold

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_full_bucket_gives_its_burst_at_once_and_no_more() -> None:
    rate = Rate(10, burst=20)
    paid, wait = take(None, 20, NOW, rate)
    assert wait == timedelta()
    assert take(paid, 10, NOW, rate)[1] == timedelta(seconds=1)


@given(
    st.floats(0.5, 500),
    st.integers(1, 300),
    st.lists(st.tuples(st.integers(1, 300), st.floats(0, 20)), min_size=1, max_size=30),
)
def test_no_stretch_of_time_sees_more_than_the_burst_and_the_rate(
    per_second: float, burst: int, asked: list[tuple[int, float]]
) -> None:
    rate, paid, now = Rate(per_second, burst), None, NOW
    went: list[tuple[datetime, int]] = []
    for most, later in asked:
        number, now = min(most, burst), now + timedelta(seconds=later)
        paid, wait = take(paid, number, now, rate)
        went.append((now + wait, number))
    went.sort()
    for first in range(len(went)):
        for last in range(first, len(went)):
            seconds = (went[last][0] - went[first][0]).total_seconds()
            sent = sum(number for _, number in went[first : last + 1])
            assert sent <= burst + per_second * seconds + 1e-3 * (1 + per_second)


@pytest.mark.parametrize("rate", [None, Rate(10, burst=20)])
def test_a_provider_that_has_too_much_gets_nothing_until_it_said(rate: Rate | None) -> None:
    paid = stop(None, 30, NOW, rate)
    assert take(paid, 1, NOW, rate)[1] >= timedelta(seconds=30)
    assert take(paid, 1, NOW + timedelta(seconds=31), rate)[1] == timedelta()


def test_without_a_limit_nobody_waits() -> None:
    assert take(None, 100_000, NOW, None)[1] == timedelta()


@given(st.integers(0, 10_000), st.floats(0, 600), st.integers())
def test_a_wait_is_never_longer_than_the_cap_nor_shorter_than_was_asked(attempts: int, least: float, seed: int) -> None:
    wait = Backoff(2, 600, Random(seed)).wait(attempts, least)
    assert least <= wait <= least + min(600, 2 * 2.0 ** min(attempts, 60))


def test_thousands_refused_together_do_not_come_back_together() -> None:
    backoff = Backoff(2, 600, Random(7))
    waits = [backoff.wait(3) for _ in range(2000)]
    seconds = [sum(second <= wait < second + 1 for wait in waits) for second in range(16)]
    assert min(seconds) > 2000 / 16 / 2
    assert max(seconds) < 2000 / 16 * 2


def test_the_same_seed_waits_the_same() -> None:
    assert [Backoff(2, 600, Random(1)).wait(n) for n in range(9)] == [
        Backoff(2, 600, Random(1)).wait(n) for n in range(9)
    ]


@pytest.mark.parametrize(
    ("failed", "ended", "passed"), [(19, 19, False), (4, 20, True), (3, 20, False), (40, 200, True), (39, 200, False)]
)
def test_a_job_stops_when_a_fifth_of_enough_failed(failed: int, ended: int, passed: bool) -> None:
    ends = [False] * (ended - failed) + [True] * failed
    assert Threshold(200, 20, 0.2).is_passed(ends) is passed


def test_what_failed_long_ago_is_forgotten() -> None:
    assert not Threshold(200, 20, 0.2).is_passed([True] * 300 + [False] * 200)
