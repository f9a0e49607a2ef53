"""Receipts that Beskedfordeler pushes (SF1601): `POST /post/kvitteringer/beskedfordeler`.

What is not taken is pushed again, so the reply comes after the commit. Who shows no certificate that we trust changes
nothing, and neither does what cannot be read: both are on the list of problems.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request, Response

from chassis.service import Service
from notifications.channels import Receipt
from notifications.channels.sf1601.post_status import BadReceipt, read
from notifications.channels.sf1601.push import authentic, reply
from notifications.repository.problems import Problem, note
from notifications.settings import Settings

PATH = "/post/kvitteringer/beskedfordeler"

log = structlog.get_logger()


def router(service: Service, settings: Settings, take: Callable[[Sequence[Receipt]], Awaitable[None]]) -> APIRouter:
    """Return the route. `take` handles receipts and has committed when it returns."""
    routes = APIRouter(include_in_schema=False)

    async def refuse(status: HTTPStatus, problem: Problem) -> Response:
        log.warning("a pushed receipt was refused", why=problem.kind, **problem.about)
        await service.transaction(partial(note, problem=problem))
        return _answer(status, taken=False)

    @routes.post(PATH)
    async def push(request: Request) -> Response:
        trusted = settings.sf1601.receipts_from
        if not authentic(request.headers, settings.sf1601.certificate_header, trusted):
            return await refuse(HTTPStatus.UNAUTHORIZED, Problem("receipt-forged", about={"door": "beskedfordeler"}))
        try:
            receipts = read(await request.body(), settings.digital_post.sender_cvr)
        except BadReceipt as bad:
            about = {"element": bad.element, "rule": bad.rule}
            return await refuse(HTTPStatus.BAD_REQUEST, Problem("receipt-unknown", about=about))
        await take(receipts)
        return _answer(HTTPStatus.OK, taken=True)

    return routes


def _answer(status: HTTPStatus, *, taken: bool) -> Response:
    return Response(reply(taken=taken), status, media_type="application/xml")
