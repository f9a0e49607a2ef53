"""Drafts and the work by the JSON API: what a municipality's own systems write."""

from typing import Any

import httpx
import pytest

from chassis.identity import Role
from support.house import House, Running
from support.promising import A, answers_in_force, api_of, delivered

pytestmark = pytest.mark.integration

ONE = f"{api_of()}/recommendations/r-1"
WHOLE = {
    "answer": "partly",
    "reason": "Fordi",
    "action": "Et forsøg",
    "done_by": "2026-06-01",
    "unit": "Kultur",
    "money": 0,
}
STEP = {"committee": "social", "on": "2025-10-01", "item": "Punkt 7", "link": "https://by.dk/7", "decision": ""}


class Program:
    """A program with the officers' token."""

    def __init__(self, house: House, followup: Running) -> None:
        self._http, self._headers = followup.http, house.headers(Role.OFFICER)

    async def __call__(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self._http.request(method, f"{ONE}{path}", json=body, headers=self._headers)


async def test_an_answer_goes_from_draft_to_publication(house: House) -> None:
    followup = await delivered(house)
    call = Program(house, followup)
    assert (await call("GET", "/draft")).json()["state"] == "none"
    saved = (await call("PUT", "/draft", WHOLE | {"edit": 0})).json()
    assert saved | WHOLE | {"edit": 1, "state": "draft", "revision": 0} == saved
    early = await call("POST", "/draft/publication", {"edit": 1})
    assert early.status_code == 409
    approval = {"on": "2025-06-16", "meeting": "Byrådet", "link": "https://by.dk/7", "edit": 1}
    approved = (await call("POST", "/draft/approval", approval)).json()
    assert (approved["state"], approved["approved_in"], approved["edit"]) == ("approved", "Byrådet", 2)
    published = (await call("POST", "/draft/publication", {"edit": 2})).json()
    assert (published["state"], published["revision"], published["edit"]) == ("none", 1, 3)
    assert await answers_in_force(followup) == [("partly", "Fordi", 1)]


async def test_the_same_again_is_the_same_and_of_two_one_is_told(house: House) -> None:
    followup = await delivered(house)
    call = Program(house, followup)
    first, again = [await call("PUT", "/draft", WHOLE | {"edit": 0}) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    late = await call("PUT", "/draft", WHOLE | {"reason": "Noget andet", "edit": 0})
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"
    assert (await call("DELETE", "/draft?edit=0")).status_code == 409
    gone = await call("DELETE", "/draft?edit=1")
    assert (gone.status_code, gone.json()["state"]) == (200, "none")


@pytest.mark.parametrize(
    ("path", "body", "field", "rule"),
    [
        ("/draft", {"answer": "maybe", "edit": 0}, "answer", "one of three"),
        ("/draft", {"money": -1, "edit": 0}, "money", "whole kroner"),
        ("/work", {"progress": 101, "number": 0}, "progress", "per cent"),
        ("/work", {"committees": ["made-up"], "number": 0}, "committee", "one of the mandate's"),
        ("/work", {"steps": [STEP | {"link": "javascript:1"}], "number": 0}, "link", "a web address"),
        ("/work", {"steps": [STEP | {"item": " "}], "number": 0}, "item", "compulsory"),
    ],
)
async def test_a_broken_rule_is_named_with_its_field(
    house: House, path: str, body: dict[str, Any], field: str, rule: str
) -> None:
    followup = await delivered(house)
    refused = await Program(house, followup)("PUT", path, body)
    assert refused.status_code == 422
    assert [(p["field"], p["rule"]) for p in refused.json()["problems"]] == [(field, rule)]


async def test_the_work_is_kept_and_closed(house: House) -> None:
    followup = await delivered(house)
    call = Program(house, followup)
    body = {"committees": ["social"], "steps": [STEP], "progress": 40, "number": 0}
    saved = (await call("PUT", "/work", body)).json()
    assert saved | body | {"number": 1, "taken": False, "completed_on": None} == saved
    assert (await call("GET", "/work")).json() == saved
    assert (await call("PUT", "/work", body | {"progress": 50})).status_code == 409
    assert (await call("POST", "/work/closing")).status_code == 422  # not answered
    await call("PUT", "/answer", {"answer": "followed", "reason": "Fordi"})
    closed = await call("POST", "/work/closing")
    assert (closed.status_code, closed.json()["completed_on"]) == (200, "2025-06-17")


async def test_what_is_not_public_is_for_officers_alone(house: House) -> None:
    followup = await delivered(house)
    for path in ("/draft", "/work"):
        assert (await followup.http.get(f"{ONE}{path}")).status_code == 401
        for role in (Role.SECRETARIAT, Role.OPERATOR):
            refused = await followup.http.get(f"{ONE}{path}", headers=house.headers(role))
            assert refused.status_code == 403
    unknown = f"{api_of(A)}/recommendations/r-9/draft"
    assert (await followup.http.get(unknown, headers=house.headers(Role.OFFICER))).status_code == 404
