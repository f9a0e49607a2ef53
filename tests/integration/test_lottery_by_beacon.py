"""A draw whose digits are a round of the beacon's, by way of a relay in this process and with a real round."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chassis.clock import RehearsalClock
from chassis.identity import Role
from lottery.domain.beacon import QUICKNET
from lottery.verifying.digits import digits_of_signature
from lottery.verifying.verify import verified
from support.drawing import API, OFFICE, A, do, refused, sealed, stands, until_it_is_drawn, with_pool
from support.house import House, Running

pytestmark = pytest.mark.integration
ROUND = 657413
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
"""What the beacon's network has signed as this round."""


class Relay(BaseHTTPRequestHandler):
    """Answers as a relay of the beacon does, for the one round it knows."""

    def do_GET(self) -> None:
        known = self.path == f"/{QUICKNET.hash}/public/{ROUND}"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"round": ROUND, "signature": SIGNATURE}).encode() if known else b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def relay() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def beacon_s(house: House, **settings: object) -> Running:
    """A draw by the beacon's round of 15 September 2023, announced an hour before it."""
    lottery = await with_pool(house, **settings)
    clock, draws_at = lottery.service.clock, QUICKNET.time_of(ROUND)
    assert isinstance(clock, RehearsalClock)
    clock.set(draws_at - timedelta(hours=1), clock.machine_now())
    await sealed(lottery, source="drand", draws_at=draws_at.isoformat())
    return lottery


async def test_a_beacon_s_round_draws_when_it_is_signed_and_not_before(house: House, relay: str) -> None:
    lottery = await beacon_s(house, beacon_url=relay)
    assert "not signed yet" in await refused(lottery, "/draw-1/beacon", {})
    assert "not signed yet" in await refused(lottery, "/draw-1/beacon", {"signature": SIGNATURE})
    await until_it_is_drawn(lottery)
    assert "are the beacon's" in await refused(lottery, "/draw-1/digits", {"digits": "417"})
    standing = await do(lottery, "/draw-1/beacon", {}, Role.OBSERVER)
    assert (standing["state"], standing["digits"]) == ("drawn", digits_of_signature(SIGNATURE))
    record = (await lottery.http.get(f"/lodtraekning/{A}/record.json")).json()
    assert record["drawn"]["randomness"] == {"round": ROUND, "signature": SIGNATURE}
    assert [str(line) for line in verified(record) if line.holds is False] == []
    await house.settle()
    assert len(await house.heard("lottery.panel-drawn.v1")) == 1


async def test_a_pasted_signature_is_checked_and_nothing_is_fetched_unless_it_is_switched_on(house: House) -> None:
    lottery = await beacon_s(house)
    await until_it_is_drawn(lottery)
    assert "switched off" in await refused(lottery, "/draw-1/beacon", {})
    wrong = await lottery.http.post(f"{API}/draws/draw-1/beacon", json={"signature": "ab" * 48}, headers=OFFICE)
    assert (wrong.status_code, wrong.json()["problems"][0]["field"]) == (422, "signature")
    pasted = f" {SIGNATURE[:40].upper()}\n{SIGNATURE[40:]}"
    assert (await do(lottery, "/draw-1/beacon", {"signature": pasted}))["state"] == "drawn"


async def test_a_relay_that_does_not_answer_draws_nothing(house: House) -> None:
    lottery = await beacon_s(house, beacon_url="http://127.0.0.1:9")
    await until_it_is_drawn(lottery)
    answer = await lottery.http.post(f"{API}/draws/draw-1/beacon", json={}, headers=OFFICE)
    assert answer.status_code == 503
    assert (await stands(lottery))["state"] == "announced"
