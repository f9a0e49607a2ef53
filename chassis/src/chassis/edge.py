"""What stands between the network and a service's routes: security headers and a limit on bodies."""

import re
from collections.abc import Callable, Iterable, Mapping

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


EMBEDDABLE = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def security_headers(app: Starlette, embeddable: Iterable[str] = ()) -> None:
    """Put the security headers on every answer of `app`, files and errors too.

    `embeddable` are regular expressions that match whole paths which any other site may show in a frame. What is shown
    there must hold no form and be the same for everyone: whoever frames it could lay something over it.
    """
    app.add_middleware(_SecurityHeaders, embeddable=tuple(re.compile(path) for path in embeddable))


def limit_bodies(
    app: Starlette,
    limit: int,
    overrides: Mapping[str, int],
    refuse: Callable[[Request, int], Response],
    note: Callable[[Request], None],
) -> None:
    """Refuse request bodies above `limit` bytes with 413; `refuse` answers a request and its limit, `note` is told.

    `overrides` maps a regular expression that matches a whole path to that path's own limit: the roll of residents is
    a big file, and no reason to let anyone send one elsewhere.
    """
    compiled = tuple((re.compile(path), size) for path, size in overrides.items())
    app.add_middleware(_BodyLimit, limit=limit, overrides=compiled, refuse=refuse, note=note)


def is_personal(path: str) -> bool:
    """Return whether a path holds someone's personal link, which is a bearer credential."""
    return "/l/" in path


class _SecurityHeaders:
    def __init__(self, app: ASGIApp, embeddable: tuple[re.Pattern[str], ...]) -> None:
        self._app, self._embeddable = app, embeddable

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        framed = any(path.fullmatch(scope["path"]) for path in self._embeddable)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = EMBEDDABLE if framed else CONTENT_SECURITY_POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                # A personal link must not travel to another site in a Referer.
                headers["Referrer-Policy"] = "no-referrer"
                if not framed:
                    headers["X-Frame-Options"] = "DENY"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
                if is_personal(scope["path"]):
                    headers["Cache-Control"] = "no-store"
                    headers["X-Robots-Tag"] = "noindex, nofollow"
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _BodyLimit:
    def __init__(
        self,
        app: ASGIApp,
        limit: int,
        overrides: tuple[tuple[re.Pattern[str], int], ...],
        refuse: Callable[[Request, int], Response],
        note: Callable[[Request], None],
    ) -> None:
        self._app, self._limit, self._overrides = app, limit, overrides
        self._refuse, self._note = refuse, note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next((size for path, size in self._overrides if path.fullmatch(scope["path"])), self._limit)
        length = dict(scope["headers"]).get(b"content-length", b"")
        if length.isdigit() and int(length) > limit:
            # Said before a byte is read; with a body on its way the connection is closed, not drained.
            self._note(Request(scope))
            response = self._refuse(Request(scope), limit)
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        seen = 0

        async def receive_up_to_limit() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:  # a chunked body has no length to look at first
                self._note(Request(scope))
                raise HTTPException(413, too_large(limit))
            return message

        await self._app(scope, receive_up_to_limit, send)


def too_large(limit: int) -> str:
    """Return the words for a body above its limit in bytes."""
    return f"a body here is at most {limit} bytes"
