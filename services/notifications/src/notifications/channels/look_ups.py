"""Puts the questions of one moment together: who has Digital Post, a hundred people in one request.

A number that the other side refuses would refuse its whole request, so those of a refused request are asked one by one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal

from chassis.errors import Permanent, Transient

Answer = Literal["registered", "not-registered"]


class LookUps:
    """Questions that wait for the end of the moment. `ask` answers for the numbers about which something is definite.

    `ask` raises Permanent when a number is refused and Transient when there is no answer.
    """

    def __init__(self, ask: Callable[[Sequence[str]], Awaitable[Mapping[str, Answer]]], most: int) -> None:
        self._ask, self._most = ask, most
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def look_up(self, cpr: str) -> Answer:
        """Return the answer for one number; Permanent or Transient as `ask` says."""
        if not self._waiting:  # the first question of this moment; the others come before the loop turns
            asyncio.get_running_loop().call_soon(self._ask_all)
        if cpr not in self._waiting:
            self._waiting[cpr] = asyncio.get_running_loop().create_future()
            # Who asked may have gone: then nobody reads the answer, which asyncio would complain about.
            self._waiting[cpr].add_done_callback(lambda future: future.cancelled() or future.exception())
        return await asyncio.shield(self._waiting[cpr])

    def _ask_all(self) -> None:
        waiting, self._waiting = self._waiting, {}
        numbers = list(waiting)
        for start in range(0, len(numbers), self._most):
            some = {cpr: waiting[cpr] for cpr in numbers[start : start + self._most]}
            task = asyncio.create_task(self._settle(some), name="look up")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _settle(self, some: Mapping[str, asyncio.Future[Answer]]) -> None:
        try:
            found = await self._ask(list(some))
        except Permanent as refused:
            if len(some) > 1:
                await asyncio.gather(*(self._settle({cpr: future}) for cpr, future in some.items()))
                return
            _refuse(some, refused)
        except Exception as error:  # noqa: BLE001 - whoever asked is told, whatever it is
            _refuse(some, error)
        else:
            for cpr, future in some.items():
                if cpr in found:
                    future.set_result(found[cpr])
                else:
                    future.set_exception(Transient("the look-up gave no definite answer"))
        finally:
            for future in some.values():
                future.cancel()  # nothing when it is answered: it was closed meanwhile

    async def close(self) -> None:
        """Let the questions under way go."""
        for task in self._under_way:
            task.cancel()


def _refuse(some: Mapping[str, asyncio.Future[Answer]], error: Exception) -> None:
    for future in some.values():
        future.set_exception(error)
