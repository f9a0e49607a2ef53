"""Every way the real Digital Post is known to go wrong, and the stand-in does when it is asked to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.notifying import cpr
from support.post_office import API, Office, body, office, uuid_of

SECRET = "a secret that both know"


@pytest.mark.parametrize(
    ("fault", "status", "code", "wait"),
    [
        ("unavailable", 503, "unavailable", "1"),
        ("busy", 429, "too.many.requests", "1"),
        ("unauthorized", 401, "unauthorized", None),
        ("forbidden", 403, "forbidden", None),
        ("bad_request", 400, "memo.invalid", None),
    ],
)
@pytest.mark.parametrize("many", [False, True], ids=["a message", "a container"])
async def test_a_sending_is_refused_in_every_way_and_nothing_is_taken(
    tmp_path: Path, fault: str, status: int, code: str, wait: str | None, many: bool
) -> None:
    async with office(tmp_path, container_check="at-once", **{f"{fault}_share": 1.0}) as post:
        headers: list[Any] = []
        post.client.event_hooks["response"].append(_noting(headers))
        answer = await post.send_all([body(1)[1], body(2)[1]]) if many else await post.send(*body(1))
        assert (answer[0], answer[1]["code"], headers[-1].get("Retry-After")) == (status, code, wait)
        assert await post.messages() == 0


def _noting(headers: list[Any]) -> Any:
    async def note(response: Any) -> None:
        headers.append(response.headers)

    return note


async def test_a_share_of_the_calls_goes_wrong_and_the_others_do_not(tmp_path: Path) -> None:
    async with office(tmp_path, unavailable_share=0.3) as post:
        statuses = [(await post.send(*body(number)))[0] for number in range(100)]
        assert await post.messages() == statuses.count(201)
    assert 10 < statuses.count(503) < 50
    assert set(statuses) == {201, 503}


async def test_what_breaks_after_it_was_taken_is_taken(tmp_path: Path) -> None:
    async with office(tmp_path, broken_share=1.0) as post:
        assert (await post.send(*body(1)))[0] == 500
        assert (await post.send_all([body(2)[1]]))[0] == 500
        assert await post.messages() == 2


async def test_credentials_end_after_so_many_calls_until_they_are_renewed(tmp_path: Path) -> None:
    async with office(tmp_path, credentials_uses=2) as post:
        statuses = [(await post.look_up(cpr(1)))[0] for _ in range(4)]
        refused = (await post.send(*body(1)))[1]["code"]
        await post.client.post("/standin/credentials/renew")
        assert (await post.send(*body(1)))[0] == 201
    assert (statuses, refused) == ([200, 200, 401, 401], "credentials.expired")


@pytest.mark.parametrize(
    ("fault", "public", "status", "receipt"),
    [
        ("exempt", "EXEMPT", "EXEMPT_OTHER_REASON", "NOT_ALLOWED"),
        ("closed", "CLOSED", "EXEMPT_OTHER_REASON", "NOT_ALLOWED"),
        ("quarantined", "UNKNOWN", "UNCONFIRMED_REGISTRATION", "NOT_ALLOWED"),
        ("unknown", "UNKNOWN", "UNKNOWN", "COMPLETED"),
        ("not_registered", "REGISTERED", "AUTOMATIC_REGISTRATION", "NOT_ALLOWED"),
    ],
)
async def test_everybody_is_somebody_at_the_look_up_and_at_the_sending(
    tmp_path: Path, fault: str, public: str, status: str, receipt: str
) -> None:
    async with office(tmp_path, **{f"{fault}_share": 1.0}) as post:
        (contact,) = (await post.look_up(cpr(1)))[1]["contacts"]
        assert contact["mailboxSubscription"] == {"publicRegistrationStatus": public, "registrationStatus": status}
        assert (await post.send(*body(1)))[0] == 201
        assert [one["receiptStatus"] for one in await post.receipts()] == [receipt]


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ("invalid", ["INVALID"]),
        ("missing_receipt", []),
        ("late_receipt", []),
        ("reordered_receipt", ["COMPLETED", "RECEIVED"]),
        ("doubled_receipt", ["COMPLETED", "COMPLETED"]),
        ("repeated_receipt", ["COMPLETED"]),
    ],
)
async def test_receipts_come_as_they_should_not(tmp_path: Path, fault: str, statuses: list[str]) -> None:
    async with office(tmp_path, **{f"{fault}_share": 1.0}) as post:
        await post.send(*body(1))
        found = await post.receipts()
        assert [(one["messageUUID"], one["receiptStatus"]) for one in found] == [(uuid_of(1), one) for one in statuses]
        assert len({one["id"] for one in found}) == len(found)
        for one in found:
            await post.acknowledge(one["id"])
        assert len(await post.receipts()) == (1 if fault == "repeated_receipt" else 0)


async def test_a_late_receipt_comes(tmp_path: Path) -> None:
    async with office(tmp_path, late_receipt_share=1.0, late_receipt_seconds=0.0) as post:
        await post.send(*body(1))
        assert len(await post.receipts()) == 1


async def test_a_receipt_for_a_message_nobody_sent_is_among_the_others(tmp_path: Path) -> None:
    async with office(tmp_path, unmatched_receipt_share=1.0) as post:
        await post.send(*body(1))
        ours, other = await post.receipts()
    assert ours["messageUUID"] == uuid_of(1) != other["messageUUID"]


async def test_the_same_message_has_the_same_faults_however_it_comes(tmp_path: Path) -> None:
    async def fates(folder: str, *, many: bool) -> dict[str, str]:
        async with office(tmp_path / folder, invalid_share=0.5) as post:
            if many:
                await post.send_all(body(number)[1] for number in reversed(range(20)))
            else:
                for number in range(20):
                    await post.send(*body(number))
            return {one["messageUUID"]: one["receiptStatus"] for one in await post.receipts()}

    one_by_one = await fates("singles", many=False)
    assert one_by_one == await fates("container", many=True)
    assert set(one_by_one.values()) == {"COMPLETED", "INVALID"}


async def test_receipts_are_listed_in_pages_and_deleted_as_they_are_fetched_when_that_is_asked(tmp_path: Path) -> None:
    async with office(tmp_path) as post:
        await post.send_all(body(number)[1] for number in range(5))
        pages = [[one["messageUUID"] for one in await post.receipts(page=page, size=2)] for page in range(4)]
        ids = (await post.client.get(f"{API}/receipts/", params={"size": 2})).json()
        await post.client.get(f"{API}/receipts/{ids['content'][0]}", params={"delete": "true"})
        left = await post.receipts()
    assert pages == [[uuid_of(0), uuid_of(1)], [uuid_of(2), uuid_of(3)], [uuid_of(4)], []]
    assert (ids["totalElements"], ids["totalPages"], len(ids["content"])) == (5, 3, 2)
    assert [one["messageUUID"] for one in left] == [uuid_of(number) for number in range(1, 5)]


@dataclass
class Taking:
    """A place receipts are pushed to: it refuses some first."""

    url: str = ""
    refuses: int = 0
    told: list[str] = field(default_factory=list)


@asynccontextmanager
async def taking(refuses: int = 0) -> AsyncIterator[Taking]:
    place = Taking(refuses=refuses)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
        place.told.append(head + (await reader.readexactly(length)).decode())
        place.refuses -= 1
        answer = b"503 No" if place.refuses >= 0 else b"204 Yes"
        writer.write(b"HTTP/1.1 " + answer + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    place.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/post/kvitteringer/ngdp"
    async with server:
        yield place


async def all_pushed(post: Office) -> None:
    while await post.receipts() or (await post.client.get("/standin/counts")).json()["receipts_waiting"]:
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("refusals", [0, 2])
async def test_receipts_are_pushed_with_the_secret_until_they_are_taken(tmp_path: Path, refusals: int) -> None:
    async with taking(refusals) as place:
        told = {"push_url": place.url, "push_secret": SECRET, "push_seconds": 0.01}
        async with office(tmp_path, **told) as post, asyncio.timeout(30):
            await post.send_all(body(number)[1] for number in range(3))
            await all_pushed(post)
    assert len(place.told) == 3 + refusals
    assert all(f"x-receipt-secret: {SECRET}".lower() in one.lower() for one in place.told)
    assert {uuid_of(number) for number in range(3) if any(uuid_of(number) in one for one in place.told)} == {
        uuid_of(number) for number in range(3)
    }
