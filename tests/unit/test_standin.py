"""The stand-in behaves like the real thing where it matters, and takes synthetic people alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from notifications.channels import Outgoing, Person
from notifications.channels.memo import memo
from support.notifying import NOW, cpr, message, recipient, standing_in

AUTH = {"Authorization": "Bearer local-system"}


def out_to(number: int, **changes: str) -> tuple[Outgoing, Person]:
    known = recipient(number)
    person = Person(changes.get("cpr", known.cpr), known.name, known.address, known.link, "da")
    return replace(message("invitation", to=person), message_uuid=f"00000000-0000-4000-8000-{number:012d}"), person


def body(number: int, **changes: str) -> tuple[str, bytes]:
    out, person = out_to(number, **changes)
    return out.message_uuid, memo(out, person, "12345678", NOW)


@asynccontextmanager
async def start(folder: Path, **options: object) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        standing_in(folder, **{"exempt_share": 0.0} | options) as running,
        httpx.AsyncClient(base_url=running.url, headers=AUTH, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with start(tmp_path) as client:
        yield client


async def send(client: httpx.AsyncClient, uuid: str, xml: bytes) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/apis/v1/memos/", params={"memo-message-uuid": uuid}, content=xml)
    return answer.status_code, answer.json()


async def waiting(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await client.get("/apis/v1/receipts-bulk/")).json()["receipts"])


async def test_a_message_is_received_at_once_and_completed_by_a_receipt_that_is_there_until_it_is_deleted(
    standin: httpx.AsyncClient,
) -> None:
    uuid, xml = body(1)
    status, taken = await send(standin, uuid, xml)
    assert (status, taken["receiptStatus"]) == (201, "RECEIVED")
    for _ in range(2):
        (receipt,) = await waiting(standin)
        assert (receipt["messageUUID"], receipt["receiptStatus"]) == (uuid, "COMPLETED")
    assert (await standin.get("/apis/v1/receipts/")).json()["content"] == [receipt["id"]]
    path = f"/apis/v1/receipts/{receipt['id']}"
    assert (await standin.get(path)).json() == receipt
    assert (await standin.delete(path)).status_code == 204
    assert (await standin.delete(path)).status_code == 404
    assert await waiting(standin) == []


async def test_the_same_uuid_twice_is_one_message_with_one_receipt(standin: httpx.AsyncClient) -> None:
    first, second = await send(standin, *body(1)), await send(standin, *body(1))
    assert first[1]["transmissionId"] == second[1]["transmissionId"]
    assert (await standin.post("/standin/counts")).json()["messages"] == 1


async def test_what_was_taken_is_still_there_after_a_new_start(tmp_path: Path) -> None:
    async with start(tmp_path) as client:
        await send(client, *body(1))
    async with start(tmp_path) as client:
        (found,) = (await client.post("/standin/inbox", json={"cpr": cpr(1)})).json()
    assert found["actions"] == ["http://127.0.0.1:8080/tilmelding/l/token00000001"]
    assert found["text"].splitlines()[0] == "Du er inviteret til Dragørs borgersamling"


async def test_nobody_without_credentials_is_let_in(standin: httpx.AsyncClient) -> None:
    uuid, xml = body(1)
    stranger = {"Authorization": "Bearer guessed"}
    assert (
        await standin.post("/apis/v1/memos/", params={"memo-message-uuid": uuid}, content=xml, headers=stranger)
    ).status_code == 401
    assert (await standin.get("/apis/v1/contacts/", params={"cprNumber": cpr(1)}, headers=stranger)).status_code == 401
    assert (await standin.get("/apis/v1/receipts/", headers=stranger)).status_code == 401


async def test_a_cpr_number_of_a_real_person_is_refused_everywhere_and_never_repeated(
    standin: httpx.AsyncClient,
) -> None:
    real = "0101501234"
    status, refused = await send(standin, *body(1, cpr=real))
    looked_up = await standin.get("/apis/v1/contacts/", params={"cprNumber": real})
    inbox = await standin.post("/standin/inbox", json={"cpr": real})
    assert (status, refused["code"], looked_up.status_code, inbox.status_code) == (400, "standin.real.person", 400, 400)
    assert real not in str(refused) + looked_up.text + inbox.text


async def test_the_same_people_are_exempt_for_the_same_seed(tmp_path: Path) -> None:
    async def exempt(folder: str, seed: str) -> list[int]:
        async with start(tmp_path / folder, exempt_share=0.07, seed=seed) as client:
            found = [(await client.get("/apis/v1/contacts/", params={"cprNumber": cpr(n)})).json() for n in range(300)]
        said = [answer["contacts"][0]["mailboxSubscription"]["publicRegistrationStatus"] for answer in found]
        return [n for n, status in enumerate(said) if status == "EXEMPT"]

    assert await exempt("a", "1") == await exempt("b", "1") != await exempt("c", "2")


async def test_a_message_to_someone_exempt_is_taken_and_not_allowed_later(tmp_path: Path) -> None:
    async with start(tmp_path, exempt_share=1.0) as client:
        assert (await send(client, *body(1)))[0] == 201
        (receipt,) = await waiting(client)
    assert receipt["receiptStatus"] == "NOT_ALLOWED"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b'memoVersion="1.2"', b'memoVersion="1.1"', "Message"),
        (b"<memo:mandatory>false</memo:mandatory>", b"", None),
        (b"<memo:label>Du er", b"<memo:unknown>x</memo:unknown><memo:label>Du er", "unknown"),
        (b"http://127.0.0.1:8080/", b"http://eksempel.dk/", "url"),
        (b"2025-03-10T11:00:00Z", b"2025-03-10T11:00:00+01:00", "endDateTime"),
        (b"invitation.html", b"invi:tation.html", "filename"),
        (b"</memo:Message>", b"", "Message"),
        (b"-4000-", b"-1000-", "messageUUID"),
    ],
)
async def test_a_message_that_breaks_the_format_is_refused_with_the_element(
    standin: httpx.AsyncClient, old: bytes, new: bytes, field: str | None
) -> None:
    uuid, xml = body(1)
    assert old in xml
    status, answer = await send(standin, uuid, xml.replace(old, new))
    if field is None:
        assert status == 201  # an optional element may be left out
    else:
        assert status == 400
        assert [error["field"] for error in answer["fieldErrors"]] == [field]


async def test_the_page_shows_counts_and_nobody(standin: httpx.AsyncClient) -> None:
    await send(standin, *body(1))
    page = (await standin.get("/")).text
    assert "messages: invitation" in page
    assert "Åse" not in page
    assert cpr(1) not in page
