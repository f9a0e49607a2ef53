"""The stand-in as an application: Digital Post, a helper for rehearsals and tests, pages to look at, a mail server.

CPR numbers are in the real protocol's URLs, so nothing here logs a request; the helper takes them in bodies.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiosmtpd.smtp import SMTP
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from borgersamling.standin import people
from borgersamling.standin.digital_post import DigitalPost
from borgersamling.standin.faults import Faults
from borgersamling.standin.handing_out import HandingOut
from borgersamling.standin.looking import Looking
from borgersamling.standin.mails import Sink, opened
from borgersamling.standin.options import Options
from borgersamling.standin.sf1601.kombi import Sf1601
from borgersamling.standin.store import Store


def build(options: Options) -> Starlette:
    """Return the application; `app.state.smtp_port` is where mail is taken, `app.state.options` may be changed."""
    store, faults = Store(options.data), Faults(options)
    post, handing_out = DigitalPost(options, store, faults), HandingOut(options, store, faults)
    sf1601 = Sf1601(options, store, faults)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        sink = Sink(options, store, faults)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(sink, hostname="standin", enable_SMTPUTF8=True), options.host, options.smtp_port
        )
        app.state.smtp_port = server.sockets[0].getsockname()[1]
        pusher = asyncio.create_task(handing_out.push(), name="push receipts")
        try:
            async with sf1601.pushing():
                yield
        finally:
            pusher.cancel()
            server.close()
            await server.wait_closed()
            store.close()

    async def inbox(request: Request) -> Response:
        cpr = str((await request.json()).get("cpr", ""))
        try:
            people.check(cpr)
        except ValueError as error:
            return JSONResponse({"message": str(error)}, HTTPStatus.BAD_REQUEST)
        return JSONResponse(store.inbox(cpr))

    async def renew(_: Request) -> Response:
        faults.renew()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def counts(_: Request) -> Response:
        return JSONResponse(store.counts())

    async def mails(_: Request) -> Response:
        return JSONResponse(
            [
                {"to": one.to, "subject": one.subject, "text": one.text, "created": one.created, "headers": one.headers}
                | {"files": [name for name, _ in one.files]}
                for one in (opened(*row) for row in store.mails())
            ]
        )

    async def ready(_: Request) -> Response:
        return JSONResponse({"status": "ready"})

    app = Starlette(
        routes=[
            *post.routes(),
            *handing_out.routes(),
            *sf1601.routes(),
            Route("/standin/credentials/renew", renew, methods=["POST"]),
            Route("/standin/inbox", inbox, methods=["POST"]),
            Route("/standin/counts", counts, methods=["GET", "POST"]),
            Route("/standin/mails", mails),
            Route("/health/ready", ready),
            Route("/health/live", ready),
            *Looking(options, store, sf1601.letters).routes(),
        ],
        lifespan=lifespan,
    )
    app.state.options = options
    return app
