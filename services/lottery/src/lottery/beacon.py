"""A round of the beacon: fetched where that is switched on, or pasted; its signature checked; and its digits drawn."""

import asyncio
from functools import partial

import httpx

from chassis.errors import BadInput, Conflict, Problem, Transient
from chassis.identity import Caller
from chassis.service import Service
from lottery.domain.beacon import QUICKNET
from lottery.domain.signature import signed
from lottery.repository.draws import Draw
from lottery.use_cases import drawing
from lottery.use_cases.drawing import TooEarly
from lottery.use_cases.preparing import known_draw
from lottery.verifying.digits import digits_of_signature

FETCH_SECONDS = 10.0


class Beacon:
    """The beacon, by way of an HTTP relay at `url`; without one a signature is pasted, which proves as much."""

    def __init__(self, service: Service, url: str | None) -> None:
        self._service, self._url = service, url

    @property
    def fetches(self) -> bool:
        return self._url is not None

    async def draw(self, who: Caller, assembly: str, draw: str, signature: str | None) -> Draw:
        """Draw with the round that was announced; `signature` in hex, or None to fetch it.

        BadInput for a signature that is not the network's of this round; TooEarly before the round; Transient when the
        relay does not answer; otherwise as `drawing.draw_by_beacon`.
        """
        number = await self._round(assembly, draw)
        if signature is None:
            signature = await self._fetched(number)
        signature = "".join(signature.split()).lower()
        if not await asyncio.to_thread(signed, QUICKNET, number, signature):
            message = f"this is not what the network has signed as round {number}"
            raise BadInput([Problem("form", "signature", "the round's signature", message)])
        proof = {"round": number, "signature": signature}
        digits = digits_of_signature(signature)
        command = partial(
            drawing.draw_by_beacon, who=who, assembly_id=assembly, draw_id=draw, digits=digits, proof=proof
        )
        return await self._service.transaction(command)

    async def _round(self, assembly: str, draw: str) -> int:
        found = await known_draw(self._service.db, assembly, draw)
        if found.plan.round is None:
            raise Conflict("the digits of this draw are typed by two people")
        if self._service.clock.now() < found.plan.opens_at:
            raise TooEarly(f"round {found.plan.round} is not signed yet")
        return found.plan.round

    async def _fetched(self, number: int) -> str:
        if self._url is None:
            raise Conflict("fetching from the beacon is switched off: paste the round's signature")
        try:
            async with httpx.AsyncClient(timeout=FETCH_SECONDS) as http:
                answer = await http.get(f"{self._url.rstrip('/')}/{QUICKNET.hash}/public/{number}")
                answer.raise_for_status()
                return str(answer.json()["signature"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Transient("the beacon's relay does not answer") from error
