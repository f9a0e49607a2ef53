"""What a caller is told when something is wrong: a page for people, RFC 9457 problem+json for programs.

Nothing here repeats what was sent (it may be a CPR number) or shows what an unexpected error said.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import BadInput, Conflict, NotFound, Permanent, Transient
from chassis.language import N_
from chassis.pages import Pages
from chassis.telemetry import current_trace_id

_RETRY_SECONDS = 5

# status -> (title, what it means for the person at the screen)
_WORDS = {
    400: (N_("The request was not understood"), N_("Go back and try again.")),
    401: (
        N_("You are not signed in"),
        N_("Nothing is saved. Your sign-in may have ended: go back to copy what you wrote, sign in and send it again."),
    ),
    403: (N_("You do not have access"), N_("Your role does not give access to this page.")),
    404: (N_("The page was not found"), N_("The address may be mistyped, or the page may have moved.")),
    409: (N_("That is not possible now"), N_("Someone may have been first, or the time for it has passed.")),
    413: (N_("What you sent is too large"), N_("Nothing is saved. Go back, shorten it or choose a smaller file.")),
    415: (N_("The file is of another kind"), N_("Go back and send the form as it is on the page.")),
    422: (N_("Something must be corrected"), N_("Go back, correct what is listed here and send it again.")),
    429: (N_("That was often"), N_("Nothing is saved. Wait a few minutes and try again.")),
    500: (N_("Something went wrong"), N_("The fault is ours. Try again in a little while.")),
    503: (N_("The service is busy"), N_("Try again in a little while.")),
}


def install_error_pages(app: FastAPI, pages: Pages) -> None:
    """Answer the errors of `chassis.errors`, of the framework and all others, in the shape the caller reads.

    Called before other middlewares are added, so that it stands inside them.
    """

    async def bad_input(request: Request, error: BadInput) -> Response:
        return answer(request, pages, 422, problems=error.as_json())

    async def invalid(request: Request, error: RequestValidationError) -> Response:
        problems = [
            {
                "where": str(e["loc"][0]),
                "field": ".".join(str(part) for part in e["loc"][1:]),
                "rule": str(e["type"]),
                "message": str(e["msg"]),  # pydantic's `input` and `ctx` hold what was sent: left out
            }
            for e in error.errors()
        ]
        return answer(request, pages, 422, problems=problems)

    async def not_found(request: Request, error: NotFound) -> Response:
        return answer(request, pages, 404, detail=str(error))

    async def conflict(request: Request, error: Conflict) -> Response:
        return answer(request, pages, 409, detail=str(error))

    async def permanent(request: Request, error: Permanent) -> Response:
        return answer(request, pages, 422, detail=str(error))

    async def transient(request: Request, error: Transient) -> Response:
        structlog.get_logger().warning("answered with try again", error=type(error).__name__)
        seconds = str(max(1, round(error.retry_after or _RETRY_SECONDS)))
        return answer(request, pages, 503, headers={"Retry-After": seconds})

    async def refused(request: Request, error: HTTPException) -> Response:
        detail = error.detail if isinstance(error.detail, str) else ""
        return answer(request, pages, error.status_code, detail=detail, headers=dict(error.headers or {}))

    async def unexpected(request: Request, error: Exception) -> Response:
        structlog.get_logger().error("unexpected error", route=_route(request), exc_info=error)
        return answer(request, pages, 500)

    handlers: dict[type[Exception], Any] = {
        BadInput: bad_input,
        RequestValidationError: invalid,
        NotFound: not_found,
        Conflict: conflict,
        Permanent: permanent,
        Transient: transient,
        HTTPException: refused,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(_CatchAll, answer=unexpected)


class _CatchAll:
    """Answers what no handler knows.

    Not as an exception handler: Starlette runs one for Exception outside of all middlewares, so that page would have
    no security headers and would not be counted.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app, self._answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            response = await self._answer(Request(scope), error)
            await response(scope, receive, send)


def answer(
    request: Request,
    pages: Pages,
    status: int,
    *,
    detail: str = "",
    problems: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
    words: tuple[str, str] | None = None,
) -> Response:
    """Answer an error in the shape the caller reads; `words` are a better title and advice than the status'."""
    if "text/html" in request.headers.get("accept", ""):
        title, advice = words or _WORDS.get(status, _WORDS[500 if status >= 500 else 400])
        page = pages.render(
            request,
            "error.html",
            status,
            title=title,
            advice=advice,
            problems=problems or [],
            reference=current_trace_id() if status >= 500 else None,
        )
        page.headers.update(headers or {})
        return page
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail and detail != body["title"]:
        body["detail"] = detail
    if problems is not None:
        body["problems"] = problems
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", "unmatched"))
