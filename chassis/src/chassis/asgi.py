"""What the middlewares that watch requests share: which they watch, and names without anything personal in them."""

from time import perf_counter

from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

_UNWATCHED = ("/health/", "/metrics", "/static/")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def is_watched(scope: Scope) -> bool:
    """Return whether this is a request that is traced and counted: not health, metrics or static files."""
    return scope["type"] == "http" and not scope["path"].startswith(_UNWATCHED)


def method_of(scope: Scope) -> str:
    """Return the method, OTHER for invented ones: each would be a new time series."""
    method = str(scope["method"])
    return method if method in _METHODS else "OTHER"


def route_of(scope: Scope) -> str:
    """Return the route's template once the request is routed; never the raw path, which may be a personal link."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


class StatusNote:
    """Passes messages on and keeps the status, 500 while nothing was answered, and how long the answer took."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start = perf_counter()
        self._streams_since: float | None = None
        self.status = 500

    @property
    def seconds(self) -> float:
        """The time until now; for events, which last as long as someone follows, until they began."""
        return (self._streams_since or perf_counter()) - self._start

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream"):
                self._streams_since = perf_counter()
        await self._send(message)
