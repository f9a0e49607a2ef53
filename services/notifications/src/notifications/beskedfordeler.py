"""Receipts that Beskedfordeler pushes (SF1601). What is not taken is pushed again, so the reply comes after the commit.

Whoever pushes proves it by a client certificate. Where post does not go over SF1601 the door is closed.
"""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from chassis.service import Service
from notifications.api import PREFIX
from notifications.channels.sf1601.post_status import BadReceipt, read
from notifications.channels.sf1601.push import authentic, reply
from notifications.receipt_push import refuse, stranger
from notifications.receipts import Receipts
from notifications.settings import Settings

PATH = f"{PREFIX}/kvitteringer/beskedfordeler"


def router(service: Service, receipts: Receipts, settings: Settings) -> APIRouter:
    """Return the route."""
    routes = APIRouter(tags=["notifications"])
    known = settings.sf1601

    @routes.post(PATH)
    async def take_post_status(request: Request) -> Response:
        """Take a receipt, as `ModtagBeskedInput` with a `PKO_PostStatus` in it.

        401 without a certificate that is trusted, 400 for what is none, 404 where post does not go this way: nothing
        has changed then, and the reply says 40. It says 20 when the receipt is handled and committed.
        """
        if known.way != "sf1601":
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if not authentic(request.headers, known):
            await stranger(service, request, "beskedfordeler", "certificate")
            return _answer(HTTPStatus.UNAUTHORIZED, taken=False)
        try:
            found = read(await request.body(), settings.digital_post.sender_cvr)
        except BadReceipt as bad:
            await refuse(service, PATH, "beskedfordeler", "unreadable", element=bad.element, rule=bad.rule)
            return _answer(HTTPStatus.BAD_REQUEST, taken=False)
        await receipts.take(found)
        return _answer(HTTPStatus.OK, taken=True)

    return routes


def _answer(status: HTTPStatus, *, taken: bool) -> Response:
    return Response(reply(taken=taken), status, media_type="application/xml")
