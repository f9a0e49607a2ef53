"""One address for everything: a small reverse proxy before the five services.

Streams both ways without buffering, so that server-sent events arrive as they are said; a client that goes away ends
the request behind. It logs no requests: a personal link's token is a path. In a cluster an ingress takes its place.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

ROUTES: tuple[tuple[str, str], ...] = (
    ("/tilmelding", "registration"),
    ("/lodtraekning", "lottery"),
    ("/opfoelgning", "followup"),
    ("/post", "notifications"),
    ("/", "sessions"),
)
"""Path prefix -> service, first match wins; the last one also has `/samling`, `/was` and `/static`."""

ANSWER_SECONDS = 120.0
"""How long a service may take until it begins to answer, and a client until it sends on.

A body may last (a roll of residents over a slow line), and so may an answer (server-sent events).
"""

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
    *("te", "trailer", "transfer-encoding", "upgrade"),
}
"""RFC 9110, 7.6.1: headers of one connection, never passed on."""

OURS = {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
"""What we say of the client ourselves: nobody outside may say it for us."""

PRIVATE = ("/metrics", "/health")
"""A service's own business with its operators: asked on its own port."""


def service_for(path: str) -> str:
    """Return the service a path belongs to; a prefix matches whole segments (`/postkort` is not `/post`)."""
    for prefix, service in ROUTES:
        if prefix in {"/", path} or path.startswith(prefix + "/"):
            return service
    raise AssertionError("the last route takes everything")


def build(targets: Mapping[str, str]) -> Starlette:
    """Return the gateway as an ASGI application; `targets`: service -> its base URL."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        timeout = httpx.Timeout(None, connect=5.0)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        async with httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False) as client:
            app.state.client = client
            yield

    async def forward(request: Request) -> Response:
        path = request.url.path
        if any(path == private or path.startswith(private + "/") for private in PRIVATE):
            return PlainTextResponse("Not found", status_code=404)
        target = targets[service_for(path)]
        try:
            async with asyncio.timeout(ANSWER_SECONDS) as patience:
                answer = await request.app.state.client.send(_onward(request, target, patience), stream=True)
        except (httpx.TransportError, TimeoutError):
            return _unavailable(request)
        response = StreamingResponse(_body(answer), status_code=answer.status_code)
        dropped = HOP_BY_HOP | _named_in_connection(answer.headers)
        response.raw_headers = [
            (name.lower(), value) for name, value in answer.headers.raw if name.decode("latin-1").lower() not in dropped
        ]
        return response

    async def ready(_: Request) -> Response:
        return JSONResponse({"status": "ready"})

    own = [Route("/health/ready", ready), Route("/health/live", ready)]
    return Starlette(routes=[*own, Route("/{path:path}", forward, methods=METHODS)], lifespan=lifespan)


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    """Yield the answer as it comes, still compressed; closed, also when the client goes away, it closes behind."""
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()


async def _coming(request: Request, patience: asyncio.Timeout) -> AsyncIterator[bytes]:
    """Yield the body as it comes; with each piece the time to answer begins anew."""
    async for piece in request.stream():
        patience.reschedule(asyncio.get_running_loop().time() + ANSWER_SECONDS)
        yield piece


def _onward(request: Request, target: str, patience: asyncio.Timeout) -> httpx.Request:
    # The path as it was sent: decoding and encoding again would change what is signed or escaped in it.
    raw = request.scope.get("raw_path") or request.url.path.encode()
    url = httpx.URL(target).copy_with(raw_path=raw + (b"?" + request.url.query.encode() if request.url.query else b""))
    dropped = HOP_BY_HOP | OURS | _named_in_connection(request.headers)
    headers = [(name, value) for name, value in request.headers.items() if name not in dropped]
    headers += [
        ("x-forwarded-for", request.client.host if request.client else "unknown"),
        ("x-forwarded-host", request.headers.get("host", "")),
        ("x-forwarded-proto", request.url.scheme),
    ]
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    # Built by hand: the client's own defaults (accept-encoding) would ask for what the caller did not ask for.
    body = _coming(request, patience) if has_body else None
    return httpx.Request(request.method, url, headers=headers, content=body)


def _named_in_connection(headers: Mapping[str, str]) -> set[str]:
    return {name.strip().lower() for name in headers.get("connection", "").split(",") if name.strip()}


PAGE = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Midlertidigt utilgængelig</title></head>
<body><main><h1>Siden er midlertidigt utilgængelig</h1>
<p>En del af systemet svarer ikke lige nu. Intet er gået tabt. Prøv igen om et øjeblik.</p>
<h2 lang="en">The page is unavailable for the moment</h2>
<p lang="en">A part of the system does not answer right now. Nothing is lost. Try again in a moment.</p>
</main></body></html>
"""


def _unavailable(request: Request) -> Response:
    headers = {"retry-after": "2", "cache-control": "no-store", "content-security-policy": "default-src 'none'"}
    if "text/html" in request.headers.get("accept", ""):
        return Response(PAGE, status_code=502, media_type="text/html", headers=headers)
    problem = {"title": "Bad Gateway", "status": 502, "detail": "the service behind this path does not answer"}
    return JSONResponse(problem, status_code=502, media_type="application/problem+json", headers=headers)


def main() -> None:
    """Serve on HTTP__HOST and HTTP__PORT before GATEWAY__TARGETS (JSON: service -> base URL)."""
    targets = json.loads(os.environ["GATEWAY__TARGETS"])
    missing = {service for _, service in ROUTES} - targets.keys()
    if missing:
        raise SystemExit(f"GATEWAY__TARGETS lacks {', '.join(sorted(missing))}")
    uvicorn.run(
        build(targets),
        host=os.environ.get("HTTP__HOST", "127.0.0.1"),
        port=int(os.environ.get("HTTP__PORT", "8080")),
        access_log=False,
        server_header=False,  # the services' own headers pass through; ours would stand beside them
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
