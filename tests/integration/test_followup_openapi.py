"""The API's own description is true: every response it documents is asked for, and what comes fits what it says."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from jsonschema import Draft202012Validator

from chassis.identity import Role
from support.house import House, Running
from support.promising import A, delivered

pytestmark = pytest.mark.integration
HERE = f"/opfoelgning/api/assemblies/{A}"
ONE, TWO = f"{HERE}/recommendations/r-1", f"{HERE}/recommendations/r-2"
NEVER_ALONE = {("POST", f"{HERE}/recommendations/{{recommendation}}/work/closing", "409")}
"""Of two who close one at the same moment the slower is told: no call by itself can ask for it."""


class Call(NamedTuple):
    method: str
    path: str
    status: int
    body: dict[str, Any] | None = None


ANSWER = {"answer": "followed", "reason": "Ja"}
DRAFT = ANSWER | {"action": "Et forsøg"}
APPROVAL = {"on": "2025-06-17", "meeting": "Kommunalbestyrelsen", "link": "https://dagsorden.example/7"}
STEP = {"committee": "finance", "on": "2026-02-03", "item": "Punkt 7"}
COURSE = (
    Call("GET", "/opfoelgning/api/assemblies?per_page=1", 200),
    Call("GET", "/opfoelgning/api/assemblies?page=0", 422),
    Call("GET", f"{ONE}/draft", 200),
    Call("POST", f"{TWO}/work/closing", 422),
    Call("PUT", f"{ONE}/draft", 422, DRAFT | {"answer": "måske", "edit": 0}),
    Call("PUT", f"{ONE}/draft", 200, DRAFT | {"edit": 0}),
    Call("PUT", f"{ONE}/draft", 409, ANSWER | {"edit": 0}),
    Call("POST", f"{ONE}/draft/approval", 422, APPROVAL | {"meeting": "", "edit": 1}),
    Call("POST", f"{ONE}/draft/approval", 409, APPROVAL | {"edit": 9}),
    Call("POST", f"{ONE}/draft/approval", 200, APPROVAL | {"edit": 1}),
    Call("POST", f"{ONE}/draft/publication", 409, {"edit": 9}),
    Call("POST", f"{ONE}/draft/publication", 422, {}),
    Call("POST", f"{ONE}/draft/publication", 200, {"edit": 2}),
    Call("PUT", f"{ONE}/draft", 200, ANSWER | {"edit": 3}),
    Call("DELETE", f"{ONE}/draft", 422),
    Call("DELETE", f"{ONE}/draft?edit=9", 409),
    Call("DELETE", f"{ONE}/draft?edit=4", 200),
    Call("PUT", f"{ONE}/work", 422, {"progress": 101, "number": 0}),
    Call("PUT", f"{ONE}/work", 200, {"steps": [STEP], "progress": 25, "number": 0}),
    Call("PUT", f"{ONE}/work", 409, {"progress": 50, "number": 0}),
    Call("GET", f"{ONE}/work", 200),
    Call("POST", f"{ONE}/work/closing", 200),
    Call("PUT", f"{TWO}/answer", 422, {"answer": "followed"}),
    Call("POST", f"{HERE}/milestones/s-3/status", 422, {"summary": "I gang"}),
    Call("PUT", f"{TWO}/answer", 200, ANSWER),
    Call("PUT", f"{TWO}/answer", 409, ANSWER | {"reason": "Nej", "revision": 0}),
    Call("POST", f"{HERE}/milestones/s-3/extension", 422, {"to_day": "2025-10-01"}),
    Call("POST", f"{HERE}/milestones/s-3/extension", 200, {"to_day": "2025-10-01", "reason": "Sommerferie"}),
    Call("POST", f"{HERE}/milestones/s-3/status", 200, {"summary": "I gang"}),
    Call("POST", f"{HERE}/milestones/s-3/status", 409, {"summary": "Noget andet"}),
    Call("POST", f"{HERE}/milestones/s-3/extension", 409, {"to_day": "2025-11-01", "reason": "Igen"}),
    Call("POST", f"{HERE}/events/closing", 422, {"on": "2020-01-01"}),
    Call("POST", f"{HERE}/evaluation", 409, {"text": "For tidligt"}),
    Call("POST", f"{HERE}/events/closing", 200, {"on": "2025-10-01"}),
    Call("POST", f"{HERE}/events/closing", 409, {"on": "2025-10-02"}),
    Call("POST", f"{HERE}/milestones/s-10/status", 200, {"summary": "I gang"}),
    Call("POST", f"{HERE}/milestones/s-end/status", 200, {"summary": "Færdig"}),
    Call("POST", f"{HERE}/evaluation", 422, {"text": " "}),
    Call("POST", f"{HERE}/evaluation", 200, {"text": "Det gik godt"}),
    Call("GET", f"{HERE}/evaluation", 200),
    Call("GET", HERE, 200),
    Call("GET", f"{HERE}/counts", 200),
)


class Described:
    """The description, and which of its responses have been seen."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[tuple[str, str, str]] = set()

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, methods in self.document["paths"].items():
            if path.startswith("/opfoelgning/api/"):
                yield from ((method.upper(), path, operation) for method, operation in methods.items())

    def of(self, method: str, path: str) -> tuple[str, dict[str, Any]]:
        found = [
            (template, operation)
            for known, template, operation in self.operations()
            if known == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path.partition("?")[0])
        ]
        assert len(found) == 1, (method, path)
        return found[0]

    def take(self, method: str, path: str, given: httpx.Response) -> None:
        template, operation = self.of(method, path)
        status = str(given.status_code)
        said = operation["responses"].get(status)
        assert said is not None, f"{method} {template} answers {status}, which is not documented"
        media = given.headers["content-type"].partition(";")[0]
        self.check(said["content"][media]["schema"], given.json())
        self.seen.add((method, template, status))

    def check(self, schema: dict[str, Any], value: Any) -> None:
        Draft202012Validator(schema | {"components": self.document["components"]}).validate(value)


async def described(followup: Running) -> Described:
    return Described((await followup.http.get("/opfoelgning/openapi.json")).json())


async def test_every_documented_response_is_given_and_is_as_it_is_documented(house: House) -> None:
    followup = await delivered(house)
    told = await described(followup)
    officer = house.headers(Role.OFFICER)
    for call in COURSE:
        given = await followup.http.request(call.method, call.path, json=call.body, headers=officer)
        assert given.status_code == call.status, (call, given.text)
        told.take(call.method, call.path, given)
    for call in COURSE:
        _, operation = told.of(call.method, call.path)
        unknown = call.path.replace(A, "ukendt-2025")
        if call.status == 200 and unknown != call.path:
            given = await followup.http.request(call.method, unknown, json=call.body, headers=officer)
            told.take(call.method, unknown, given)
        if "security" in operation:
            for headers in ({}, house.headers(Role.SECRETARIAT)):
                given = await followup.http.request(call.method, call.path, json=call.body, headers=headers)
                told.take(call.method, call.path, given)
    documented = {
        (method, path, status) for method, path, operation in told.operations() for status in operation["responses"]
    }
    never = {(method, path.replace(A, "{assembly}"), status) for method, path, status in NEVER_ALONE}
    assert documented - told.seen == never


async def test_every_call_is_summed_up_described_and_shown_by_an_example_that_fits(house: House) -> None:
    told = await described(await delivered(house))
    bodies = 0
    for method, path, operation in told.operations():
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        for status, said in operation["responses"].items():
            assert said["description"], (method, path, status)
            if status != "200":
                problem = said["content"]["application/problem+json"]
                told.check(problem["schema"], problem["example"])
                assert str(problem["example"]["status"]) == status
        if body := operation.get("requestBody"):
            name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            schema = told.document["components"]["schemas"][name]
            told.check(schema, schema["example"])
            bodies += 1
    assert bodies >= 9
    assert "HTTPValidationError" not in told.document["components"]["schemas"]
