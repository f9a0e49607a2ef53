"""The whole system as processes, killed again and again in the middle of a job: everyone gets one invitation."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.inviting import Invitations, Progress

pytestmark = [pytest.mark.integration, pytest.mark.system, pytest.mark.faults]

RESIDENTS = 1500
SENDER = "notifications"
VICTIMS = [*[SENDER] * 3, "nats-server", *[SENDER] * 3, "mongod", *[SENDER] * 4]
SECONDS = 400.0
FAULTS = {
    "STANDIN__UNAVAILABLE_SHARE": "0.3",
    "STANDIN__SILENT_SHARE": "0.05",
    "STANDIN__SILENT_SECONDS": "3",
    "STANDIN__DOUBLED_RECEIPT_SHARE": "0.05",
    "STANDIN__REPEATED_RECEIPT_SHARE": "0.05",
    "STANDIN__REORDERED_RECEIPT_SHARE": "0.05",
    # Nothing hides a second sending, not even under the same UUID.
    "STANDIN__SAME_UUID": "deliver-again",
}
SMALL = {
    # Small batches and short waits: a kill comes in the middle of something, and the test ends in a minute.
    "BATCH_SIZE": "20",
    "LEASE_SECONDS": "3",
    "UNKNOWN_WAIT_SECONDS": "8",
    "DIGITAL_POST__TIMEOUT_SECONDS": "1",
    "RECEIPT_SECONDS": "0.5",
}


def until(job: Invitations, holds: Callable[[Progress], bool]) -> Progress:
    """Wait until the job is so far; the processes go on meanwhile."""
    deadline = time.monotonic() + SECONDS
    while not holds(seen := job.progress()):
        assert time.monotonic() < deadline, (seen, job.by_state())
        time.sleep(0.05)
    return seen


def test_killed_ten_times_with_its_servers_and_a_faulty_digital_post_everyone_gets_exactly_one(tmp_path: Path) -> None:
    assert VICTIMS.count(SENDER) == 10
    dice = random.Random(6)
    with Invitations(tmp_path / "system", RESIDENTS, settings=FAULTS | SMALL) as job:
        job.order()
        for number, victim in enumerate(VICTIMS):
            # Not before it is at work again, and then in the middle of something.
            before = until(job, lambda seen: seen.shipments > 0)
            until(job, lambda seen, then=before: (seen.shipments, seen.out) > (then.shipments, then.out))
            time.sleep(dice.uniform(0.0, 0.2))
            assert not job.progress().done, f"the job was over before kill {number}"
            job.kill(victim)
        until(job, lambda seen: seen.done)
        found, states = job.verdict(), job.by_state()
    assert (found.lost, found.doubled) == (0, 0), (found, states)
    assert found.messages + found.letters == RESIDENTS
    assert found.letters > 0
    assert not [state for state in states if state.startswith("failed")], states
