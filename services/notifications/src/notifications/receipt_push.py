"""Receipts that NgDP pushes to us. Each is handled and committed before it is answered: answered, it never comes again.

Whoever pushes proves it by a secret that only NgDP and we know. Without a secret in the settings the door is closed.
"""

import hmac
from http import HTTPStatus
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from chassis.identity import Role
from chassis.service import Service
from chassis.transaction import Transaction
from notifications.api import PREFIX
from notifications.channels import Receipt
from notifications.channels.digital_post import read_receipt
from notifications.receipts import PAGE, Receipts
from notifications.repository.problems import Problem, note
from notifications.settings import PushedReceiptsSettings

PATH = f"{PREFIX}/kvitteringer/ngdp"
Door = Literal["ngdp", "beskedfordeler"]
Why = Literal["secret", "certificate", "unreadable"]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]

log = structlog.get_logger()


class PushedReceipt(BaseModel):
    """A receipt as NgDP writes it. What else is in it is not read: a text could hold a CPR number."""

    model_config = ConfigDict(strict=True)

    id: Id
    transmissionId: Id | None = None  # noqa: N815 - the protocol's own names
    messageUUID: Id | None = None  # noqa: N815
    errorCode: Annotated[str, Field(max_length=100)] | None = None  # noqa: N815
    receiptStatus: Literal["RECEIVED", "COMPLETED", "INVALID", "NOT_ALLOWED"]  # noqa: N815


_ONE_OR_MORE = TypeAdapter(
    PushedReceipt | Annotated[list[PushedReceipt], Field(min_length=1, max_length=PAGE)],
)


def router(service: Service, receipts: Receipts, settings: PushedReceiptsSettings) -> APIRouter:
    """Return the route."""
    routes = APIRouter(tags=["notifications"])
    secret = settings.secret.get_secret_value().encode() if settings.secret else None

    @routes.post(PATH, status_code=HTTPStatus.NO_CONTENT)
    async def take_receipts(request: Request) -> Response:
        """Take a receipt, or a list of them, that NgDP pushes.

        401 without the secret, 400 for what is none, 404 where receipts are not pushed: nothing has changed then. 2xx
        when they are handled and committed; one that is not answered so is to be pushed again.
        """
        if secret is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if not hmac.compare_digest(request.headers.get(settings.header, "").encode("latin-1"), secret):
            await stranger(service, request, "ngdp", "secret")
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "the secret is missing or wrong")
        try:
            found = _read(await request.body())
        except ValidationError:  # its own text repeats the input
            await refuse(service, PATH, "ngdp", "unreadable")
            raise HTTPException(HTTPStatus.BAD_REQUEST, "this is not a receipt as NgDP writes it") from None
        await receipts.take(found)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return routes


def _read(body: bytes) -> list[Receipt]:
    pushed = _ONE_OR_MORE.validate_json(body)
    some = pushed if isinstance(pushed, list) else [pushed]
    return [receipt for one in some if (receipt := read_receipt(one.model_dump())) is not None]


async def stranger(service: Service, request: Request, door: Door, why: Why) -> None:
    """Refuse a push that does not prove where it comes from. HTTPException 429 when its address does so too often."""
    address = request.client.host if request.client else "unknown"
    if wait := await service.limits.guesser(address):  # not a line and a problem for each of thousands
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})
    await service.limits.guessed(address)
    await refuse(service, request.url.path, door, why)


async def refuse(service: Service, path: str, door: Door, why: Why, **about: str) -> None:
    """Put a push that was refused on the list of problems; `about` are more codes that say what was wrong with it."""

    async def work(tx: Transaction) -> None:
        await note(tx, Problem("receipt-forged", about={"door": door, "why": why, **about}))

    await service.transaction(work)
    service.refused(f"receipt-{why}", path, Role.PUBLIC)
    log.warning("a pushed receipt was refused and changed nothing", door=door, why=why, **about)
