"""The one address: what goes where, what is passed on, what is not."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from borgersamling import gateway
from borgersamling.gateway import service_for
from borgersamling.processes import HOST, free_port
from support.serving import served


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "sessions"),
        ("/samling/api/assemblies", "sessions"),
        ("/static/site.css", "sessions"),
        ("/was", "sessions"),
        ("/tilmelding", "registration"),
        ("/tilmelding/l/abc", "registration"),
        ("/lodtraekning/dragoer-2025", "lottery"),
        ("/opfoelgning/", "followup"),
        ("/post", "notifications"),
        ("/postkort", "sessions"),
    ],
)
def test_a_path_belongs_to_the_service_whose_prefix_it_has(path: str, service: str) -> None:
    assert service_for(path) == service


class Behind:
    """A service behind the gateway that remembers what reached it."""

    def __init__(self) -> None:
        self.said_more = asyncio.Event()
        self.left = asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/post/echo", self.echo, methods=["GET", "PUT"]),
                Route("/post/moved", lambda _: RedirectResponse("/post/echo", status_code=303)),
                Route("/post/cookies", self.cookies),
                Route("/post/events", self.events),
                Route("/post/raw/{rest:path}", self.raw),
                Route("/metrics", lambda _: Response("secret")),
            ]
        )

    async def echo(self, request: Request) -> Response:
        size = len(await request.body())
        headers = {"keep-alive": "timeout=5", "x-own": "yes"}
        return JSONResponse({"headers": dict(request.headers), "bytes": size}, headers=headers)

    async def cookies(self, _: Request) -> Response:
        response = Response("ok")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    async def raw(self, request: Request) -> Response:
        return JSONResponse({"raw": request.scope["raw_path"].decode(), "query": request.url.query})

    async def events(self, _: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            try:
                yield "data: first\n\n"
                await self.said_more.wait()
                yield "data: second\n\n"
                await asyncio.sleep(3600)
            finally:
                self.left.set()

        return StreamingResponse(stream(), media_type="text/event-stream")


@pytest.fixture
async def behind() -> Behind:
    return Behind()


@pytest.fixture
async def front(behind: Behind) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway with one service behind it; the others do not answer."""
    nobody = f"http://{HOST}:{free_port()}"
    async with served(behind.app) as url:
        targets = {name: nobody for _, name in gateway.ROUTES} | {"notifications": url}
        async with served(gateway.build(targets)) as address, httpx.AsyncClient(base_url=address) as client:
            yield client


async def test_a_request_passes_with_its_trace_and_token_and_says_where_it_came_from(front: httpx.AsyncClient) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    asked = {"traceparent": trace, "authorization": "Bearer t", "x-forwarded-for": "1.2.3.4", "te": "trailers"}
    seen = (await front.get("/post/echo", headers=asked)).json()["headers"]
    assert seen["traceparent"] == trace
    assert seen["authorization"] == "Bearer t"
    assert seen["x-forwarded-for"] == HOST, "nobody outside may say who they are"
    assert seen["x-forwarded-host"] == seen["host"] == front.base_url.netloc.decode()
    assert "te" not in seen


async def test_headers_of_one_connection_stop_at_the_gateway_and_others_pass(front: httpx.AsyncClient) -> None:
    answer = await front.get("/post/echo")
    assert answer.headers["x-own"] == "yes"
    assert "keep-alive" not in answer.headers
    assert (await front.get("/post/cookies")).headers.get_list("set-cookie") == [
        "a=1; Path=/; SameSite=lax",
        "b=2; Path=/; SameSite=lax",
    ]


async def test_a_large_body_passes_whole(front: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65536

    assert (await front.put("/post/echo", content=b"y" * 3_000_000)).json()["bytes"] == 3_000_000
    assert (await front.put("/post/echo", content=pieces())).json()["bytes"] == 64 * 65536


async def test_a_body_may_take_longer_than_an_answer(front: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "ANSWER_SECONDS", 2.0)

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(12):
            yield b"x"
            await asyncio.sleep(0.25)

    assert (await front.put("/post/echo", content=slowly())).json()["bytes"] == 12


async def test_a_redirect_is_the_browsers_to_follow(front: httpx.AsyncClient) -> None:
    answer = await front.get("/post/moved", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/post/echo")


async def test_escapes_in_a_path_and_a_query_arrive_as_they_were_sent(front: httpx.AsyncClient) -> None:
    seen = (await front.get("/post/raw/a%2Fb%20c?q=%C3%A6&r=1%202")).json()
    assert seen == {"raw": "/post/raw/a%2Fb%20c", "query": "q=%C3%A6&r=1%202"}


async def test_events_arrive_as_they_are_said_and_a_reader_who_leaves_is_gone_behind_too(
    front: httpx.AsyncClient, behind: Behind
) -> None:
    async with front.stream("GET", "/post/events") as answer:
        chunks = answer.aiter_text()
        assert await anext(chunks) == "data: first\n\n", "heard before the second was said"
        behind.said_more.set()
        assert await anext(chunks) == "data: second\n\n"
    await asyncio.wait_for(behind.left.wait(), 10)


async def test_a_service_that_is_down_gives_a_page_in_both_languages_or_a_problem(front: httpx.AsyncClient) -> None:
    page = await front.get("/tilmelding/", headers={"accept": "text/html"})
    assert page.status_code == 502
    assert "midlertidigt utilgængelig" in page.text
    assert "unavailable for the moment" in page.text
    problem = await front.get("/tilmelding/api/x", headers={"accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == 502


@pytest.mark.parametrize("path", ["/metrics", "/%6Detrics", "/metrics/x", "/health/other"])
async def test_what_is_for_operators_is_not_at_the_one_address(front: httpx.AsyncClient, path: str) -> None:
    assert (await front.get(path)).status_code == 404


async def test_the_gateway_says_itself_that_it_is_ready(front: httpx.AsyncClient) -> None:
    assert (await front.get("/health/ready")).status_code == 200
