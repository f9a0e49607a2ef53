"""The stand-in behaves like the real thing where it matters, and takes synthetic people alone."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.notifying import cpr
from support.post_office import Office, body, container, office, uuid_of

REAL = "0101501234"
"""A number that could be somebody's: 1 January 1950."""


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as running:
        yield running


async def test_a_message_is_received_at_once_and_completed_by_a_receipt_that_is_there_until_it_is_deleted(
    post: Office,
) -> None:
    uuid, xml = body(1)
    status, taken = await post.send(uuid, xml)
    assert (status, taken["receiptStatus"]) == (201, "RECEIVED")
    for _ in range(2):
        (receipt,) = await post.receipts()
        assert (receipt["messageUUID"], receipt["receiptStatus"]) == (uuid, "COMPLETED")
    assert (await post.client.get("/apis/v1/receipts/")).json()["content"] == [receipt["id"]]
    path = f"/apis/v1/receipts/{receipt['id']}"
    assert (await post.client.get(path)).json() == receipt
    assert (await post.client.delete(path)).status_code == 204
    assert (await post.client.delete(path)).status_code == 404
    assert await post.receipts() == []


async def test_the_same_uuid_twice_is_one_message_with_one_receipt(post: Office) -> None:
    first, second = await post.send(*body(1)), await post.send(*body(1))
    assert first[1]["transmissionId"] == second[1]["transmissionId"]
    assert (await post.client.post("/standin/counts")).json()["messages"] == 1


async def test_what_was_taken_is_still_there_after_a_new_start(tmp_path: Path) -> None:
    async with office(tmp_path) as post:
        await post.send(*body(1))
    async with office(tmp_path) as post:
        (found,) = (await post.client.post("/standin/inbox", json={"cpr": cpr(1)})).json()
    assert found["actions"] == ["http://127.0.0.1:8080/tilmelding/l/token00000001"]
    assert found["text"].splitlines()[0] == "Du er inviteret til Dragørs borgersamling"


async def test_nobody_without_credentials_is_let_in(post: Office) -> None:
    uuid, xml = body(1)
    stranger = {"Authorization": "Bearer guessed"}
    assert (
        await post.client.post("/apis/v1/memos/", params={"memo-message-uuid": uuid}, content=xml, headers=stranger)
    ).status_code == 401
    assert (
        await post.client.get("/apis/v1/contacts/", params={"cprNumber": cpr(1)}, headers=stranger)
    ).status_code == 401
    assert (await post.client.get("/apis/v1/receipts/", headers=stranger)).status_code == 401


async def test_a_cpr_number_of_a_real_person_is_refused_by_every_way_in_and_never_repeated(post: Office) -> None:
    answers = [
        await post.send(*body(1, cpr=REAL)),
        await post.send_all([body(1)[1], body(2, cpr=REAL)[1]]),
        await post.look_up(REAL),
        await post.look_up(cpr(1), REAL, cpr(2)),
    ]
    inbox = await post.client.post("/standin/inbox", json={"cpr": REAL})
    assert [(status, answer["code"]) for status, answer in answers] == [(400, "standin.real.person")] * 4
    assert inbox.status_code == 400
    assert REAL not in str(answers) + inbox.text
    assert await post.messages() == 0


async def test_a_container_is_taken_as_a_whole_with_one_transmission(post: Office) -> None:
    status, taken = await post.send_all(body(number)[1] for number in range(3))
    assert (status, taken["messageUUID"]) == (201, None)
    receipts = await post.receipts()
    assert [receipt["messageUUID"] for receipt in receipts] == [uuid_of(number) for number in range(3)]
    assert {receipt["transmissionId"] for receipt in receipts} == {taken["transmissionId"]}


@pytest.mark.parametrize("same_uuid", ["same-receipt", "refuse", "deliver-again"])
async def test_a_message_that_came_before_is_one_in_a_container_too_unless_it_was_asked_otherwise(
    tmp_path: Path, same_uuid: str
) -> None:
    async with office(tmp_path, same_uuid=same_uuid) as post:
        await post.send(*body(1))
        assert (await post.send_all([body(1)[1], body(2)[1], body(2)[1]]))[0] == 201
        codes = [receipt["errorCode"] for receipt in await post.receipts()]
        assert await post.messages() == (3 if same_uuid == "deliver-again" else 2)
    assert codes.count("memo.duplicate") == (same_uuid == "refuse")


@pytest.mark.parametrize("check", ["later", "at-once"])
async def test_a_bad_message_in_a_container_is_told_later_or_refuses_the_whole(tmp_path: Path, check: str) -> None:
    async with office(tmp_path, container_check=check) as post:
        bad = body(2)[1].replace(b">CPR<", b">CVR<")
        status, _ = await post.send_all([body(1)[1], bad, b"<no memo"])
        statuses = {receipt["messageUUID"]: receipt["receiptStatus"] for receipt in await post.receipts()}
        taken = await post.messages()
    if check == "at-once":
        assert (status, taken, statuses) == (400, 0, {})
    else:
        assert (status, taken) == (201, 1)
        assert statuses == {uuid_of(1): "COMPLETED", uuid_of(2): "INVALID", None: "INVALID"}


@pytest.mark.parametrize(
    "content",
    [b"", b"not lzma", container([]), container([body(1)[1]])[:-40], b"\x5d" + bytes(12)],
    ids=["nothing", "no lzma", "no message", "cut off", "a header alone"],
)
async def test_what_is_no_container_is_refused(post: Office, content: bytes) -> None:
    status, answer = await post.send_container(content)
    assert (status, answer["code"]) == (400, "container.invalid")


async def test_several_people_are_looked_up_at_once_in_pages(post: Office) -> None:
    numbers = [cpr(number) for number in range(25)]
    first = await post.look_up(*numbers)
    rest = await post.client.get("/apis/v1/contacts/", params=[("cprNumber", one) for one in numbers] + [("page", "1")])
    found = first[1]["contacts"] + rest.json()["contacts"]
    assert [contact["cprNumber"] for contact in found] == numbers
    assert (first[1]["totalElements"], first[1]["totalPages"], first[1]["elementsOnPage"]) == (25, 2, 20)


async def test_what_an_older_program_kept_is_thrown_away(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "standin.sqlite") as database:
        database.execute("create table messages (text text)")
    async with office(tmp_path) as post:
        assert (await post.send(*body(1)))[0] == 201


async def test_the_same_people_are_exempt_for_the_same_seed(tmp_path: Path) -> None:
    async def exempt(folder: str, seed: str) -> list[str]:
        async with office(tmp_path / folder, exempt_share=0.07, seed=seed) as post:
            answers = [await post.look_up(*(cpr(n) for n in range(start, start + 20))) for start in range(0, 300, 20)]
        contacts = [contact for _, answer in answers for contact in answer["contacts"]]
        return [
            one["cprNumber"] for one in contacts if one["mailboxSubscription"]["publicRegistrationStatus"] == "EXEMPT"
        ]

    assert await exempt("a", "1") == await exempt("b", "1") != await exempt("c", "2")


async def test_a_message_to_someone_exempt_is_taken_and_not_allowed_later(tmp_path: Path) -> None:
    async with office(tmp_path, exempt_share=1.0) as post:
        assert (await post.send(*body(1)))[0] == 201
        (receipt,) = await post.receipts()
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
    post: Office, old: bytes, new: bytes, field: str | None
) -> None:
    uuid, xml = body(1)
    assert old in xml
    status, answer = await post.send(uuid, xml.replace(old, new))
    if field is None:
        assert status == 201  # an optional element may be left out
    else:
        assert status == 400
        assert [error["field"] for error in answer["fieldErrors"]] == [field]
