"""The beacon drand, with signatures its network has really given."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from lottery.domain.beacon import QUICKNET, Chain
from lottery.domain.ceremony import Plan
from lottery.domain.signature import signed
from lottery.verifying.digits import digits_of_signature

ROUND = 657413
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
"""The mainnet's, of quicknet's round 657413."""
RANDOMNESS = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
"""What the network publishes as that round's."""
OF_ANOTHER_CHAIN = "9391bf57538cf1c0012fabc0d933408d21f785324bcbb4f9850503e5a31e268f6e523e1c1db91ab4bf950752474e1580"
"""A point of the same group, signed by the network's earlier chain."""


def test_what_the_network_has_signed_is_the_round_s() -> None:
    assert signed(QUICKNET, ROUND, SIGNATURE)
    assert digits_of_signature(SIGNATURE) == f"{int(RANDOMNESS, 16) % 1000:03d}"


@pytest.mark.parametrize(
    ("number", "signature"),
    [
        (ROUND + 1, SIGNATURE),
        (ROUND, OF_ANOTHER_CHAIN),
        (ROUND, SIGNATURE[:-2]),
        (ROUND, "c0" + "00" * 47),
        (ROUND, "ff" * 48),
        (ROUND, "not hex at all"),
        (ROUND, ""),
    ],
    ids=["another round", "another chain", "too short", "infinity", "no point", "no hex", "nothing"],
)
def test_anything_else_is_not(number: int, signature: str) -> None:
    assert not signed(QUICKNET, number, signature)


def test_the_round_of_a_draw_is_the_first_that_is_not_signed_before_it() -> None:
    chain = Chain("", "", datetime(2023, 1, 1, tzinfo=UTC), timedelta(seconds=3))
    for seconds, number in ((0, 1), (1, 2), (3, 2), (4, 3), (300, 101)):
        moment = chain.genesis + timedelta(seconds=seconds)
        assert chain.round_at(moment) == number
        assert chain.time_of(number) >= moment > chain.time_of(number - 1)


def test_the_record_says_which_round_was_announced() -> None:
    draws_at = datetime(2023, 9, 15, 11, 0, 2, 500, tzinfo=UTC)
    plan = Plan(draws_at, "drand").fixed()
    assert (plan.round, plan.opens_at) == (ROUND, datetime(2023, 9, 15, 11, 0, 3, tzinfo=UTC))
    assert plan.randomness == {
        "source": "drand",
        "chain": QUICKNET.hash,
        "round": ROUND,
        "public_key": QUICKNET.public_key,
    }
    assert Plan(draws_at, "balls").fixed().randomness == {"source": "balls"}


def test_checking_a_beacon_lets_nobody_recurse_deeper_than_before() -> None:
    command = "import sys; print(sys.getrecursionlimit()); import lottery.bootstrap; print(sys.getrecursionlimit())"
    said = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    before, after = said.stdout.split()
    assert before == after
