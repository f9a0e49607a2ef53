"""What callers are told when something is wrong, and what guards the door."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from chassis.edge import limit_bodies, security_headers, too_large
from chassis.errorpages import answer, install_error_pages
from chassis.errors import BadInput, Conflict, Duplicate, NotFound, Permanent, Problem, Transient
from chassis.pages import static_files
from support.forms import pages_of

CPR = "010190-1234"
PAGE = {"accept": "text/html,application/xhtml+xml"}


class Clock:
    def now(self) -> datetime:
        return datetime(2027, 3, 1, tzinfo=UTC)

    machine_now = now


@pytest.fixture
def caller() -> TestClient:
    app = FastAPI()
    app.mount("/static", static_files())
    pages = pages_of("chassis", Clock())
    install_error_pages(app, pages)

    noted: list[Request] = []

    def too_long(request: Request, limit: int) -> Response:
        return answer(request, pages, 413, detail=too_large(limit))

    limit_bodies(app, 100, {r"/tilmelding/api/assemblies/[^/]+/roll": 1000}, too_long, noted.append)
    security_headers(app)

    raised = {
        "bad": BadInput([Problem("row 3", "postcode", "four digits", "has four digits")]),
        "missing": NotFound("no such draw"),
        "late": Conflict("the pool is closed"),
        "twice": Duplicate("it is there already"),
        "never": Permanent("cannot be"),
        "busy": Transient("later", retry_after=7),
        "bug": RuntimeError(f"resident {CPR} Jens Hansen"),
    }

    @app.get("/raise/{what}")
    def fail(what: str) -> None:
        raise raised[what]

    @app.get("/count/{n}")
    def count(n: int) -> int:
        return n

    @app.post("/form")
    @app.put("/tilmelding/api/assemblies/{a}/roll")
    async def take(request: Request) -> int:
        return len(await request.body())

    @app.get("/tilmelding/l/{token}")
    def personal(token: str) -> str:
        return "hello"

    return TestClient(app)


@pytest.mark.parametrize(
    ("what", "status"),
    [("bad", 422), ("missing", 404), ("late", 409), ("twice", 409), ("never", 422), ("busy", 503), ("bug", 500)],
)
def test_a_program_is_told_in_problem_json(caller: TestClient, what: str, status: int) -> None:
    answer = caller.get(f"/raise/{what}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_every_broken_rule_is_named_with_row_and_field(caller: TestClient) -> None:
    answer = caller.get("/raise/bad").json()
    assert answer["problems"] == [
        {"where": "row 3", "field": "postcode", "rule": "four digits", "message": "has four digits"}
    ]
    page = caller.get("/raise/bad", headers=PAGE)
    assert page.status_code == 422
    assert "row 3, postcode: has four digits" in page.text


def test_a_conflict_says_why_and_a_busy_service_says_when(caller: TestClient) -> None:
    assert caller.get("/raise/late").json()["detail"] == "the pool is closed"
    assert caller.get("/raise/busy").headers["retry-after"] == "7"


def test_a_fault_of_ours_shows_nothing_of_itself(caller: TestClient) -> None:
    for headers in ({}, PAGE):
        answer = caller.get("/raise/bug", headers=headers)
        assert answer.status_code == 500
        assert "1234" not in answer.text
        assert "Hansen" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_value_that_breaks_a_rule_is_not_repeated(caller: TestClient) -> None:
    answer = caller.get(f"/count/{CPR}")
    assert answer.status_code == 422
    assert CPR not in answer.text
    assert answer.json()["problems"][0]["field"] == "n"


def test_a_person_who_mistypes_an_address_gets_a_page_in_their_language(caller: TestClient) -> None:
    danish = caller.get("/nowhere", headers=PAGE)
    assert danish.status_code == 404
    assert "<h1>Siden blev ikke fundet</h1>" in danish.text
    assert "<h1>The page was not found</h1>" in caller.get("/nowhere?sprog=en", headers=PAGE).text


def test_a_wrong_method_keeps_the_allowed_ones(caller: TestClient) -> None:
    answer = caller.delete("/form")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_bodies_have_a_limit_and_the_roll_a_limit_of_its_own(caller: TestClient) -> None:
    roll = "/tilmelding/api/assemblies/dragoer-2025/roll"
    assert caller.post("/form", content=b"x" * 100).json() == 100
    assert caller.post("/form", content=b"x" * 101).status_code == 413
    assert caller.put(roll, content=b"x" * 1000).json() == 1000
    assert caller.put(roll, content=b"x" * 1001).status_code == 413
    assert caller.post("/form", content=b"x" * 101).headers["content-type"] == "application/problem+json"


def test_a_body_without_a_length_is_counted_as_it_comes(caller: TestClient) -> None:
    def chunks(n: int):  # type: ignore[no-untyped-def]  # httpx takes any iterable
        for _ in range(n):
            yield b"x" * 25

    assert caller.post("/form", content=chunks(4)).json() == 100
    assert caller.post("/form", content=chunks(5)).status_code == 413


def test_a_personal_link_is_neither_stored_nor_passed_on(caller: TestClient) -> None:
    page = caller.get("/tilmelding/l/secret")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]
    assert "cache-control" not in caller.get("/count/1").headers


def test_nothing_foreign_runs_on_a_page_and_no_page_stands_in_a_frame(caller: TestClient) -> None:
    for path in ("/count/1", "/nowhere", "/static/borgersamling.css"):
        policy = caller.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert caller.get(path).headers["x-content-type-options"] == "nosniff"


def test_static_files_of_the_house_are_all_ours() -> None:
    static = Path(str(__import__("chassis").__file__)).parent / "static"
    texts = [f.read_text(encoding="utf-8") for f in static.glob("borgersamling.*")]
    assert len(texts) == 2
    assert not any("http" in text for text in texts)
