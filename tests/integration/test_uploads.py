"""Forms with a file: it flows to its route in small pieces, and nothing of it before the form is found genuine."""

import asyncio
import hashlib
import io
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from chassis import uploads
from chassis.identity import Role
from chassis.settings import CommonSettings
from support.audit import refusals
from support.five import Visitor
from support.forms import sealed, sealed_upload
from support.house import FORMS, House, Running
from support.serving import served
from support.toys import UPLOAD
from support.uploading import BOUNDARY, END, MOST, MULTIPART, Body, Desk, field, file, post

pytestmark = pytest.mark.integration


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def office(toys: House, desk: Desk) -> Running:
    return await toys.start(desk.build, CommonSettings, name="alpha")


@pytest.fixture
async def operator(office: Running) -> Visitor:
    return await Visitor.of(Role.OPERATOR, office)


async def test_a_large_file_flows_through_in_small_pieces(office: Running, operator: Visitor, desk: Desk) -> None:
    content = bytes(range(256)) * 32 * 1024  # 8 MiB with every line end there is
    async with served(office.app, lifespan="off") as address, httpx.AsyncClient(base_url=address) as browser:
        real = Running(office.service, office.app, browser, office.stop)
        answer = await operator.upload(real, UPLOAD, {"what": "the roll, æøå\r\n"}, io.BytesIO(content))
    assert (answer.status_code, answer.text) == (200, f"{len(content)} bytes")
    assert desk.whole == [({"what": "the roll, æøå\r\n"}, "csv", len(content), hashlib.sha256(content).hexdigest())]
    assert 0 < desk.largest <= uploads.CHUNK


async def test_memory_does_not_grow_with_the_file(office: Running, operator: Visitor, desk: Desk) -> None:
    seal = sealed(office, UPLOAD, holder=operator.holder)["seal"]
    line = b"x" * 1023 + b"\n"

    async def roll() -> AsyncIterator[bytes]:
        yield field("seal", seal) + file(b"")[:-2]
        for _ in range(600):
            yield line * 64
        yield b"\r\n" + END

    async with served(office.app, lifespan="off") as address, httpx.AsyncClient(base_url=address) as browser:
        tracemalloc.start()
        try:
            answer = await browser.post(UPLOAD, content=roll(), headers=MULTIPART | operator.cookies)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert answer.status_code == 200
    assert desk.whole[0][2] == 600 * 64 * 1024
    assert peak < 600 * 64 * 1024 / 4


async def test_pieces_cut_anywhere_are_the_same_file(office: Running, operator: Visitor, desk: Desk) -> None:
    content = b"a\r\n--the-line-betwee\r\n--the-line\r\r\n"  # it nearly ends, again and again
    for size in (1, 2, 7):
        seal = sealed(office, UPLOAD, holder=operator.holder)["seal"]
        body = field("seal", seal) + file(content) + END

        async def drops(body: bytes = body, size: int = size) -> AsyncIterator[bytes]:
            for start in range(0, len(body), size):
                yield body[start : start + size]

        assert (await post(office, operator, drops())).status_code == 200
    assert {digest for _, _, _, digest in desk.whole} == {hashlib.sha256(content).hexdigest()}


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("roll.CSV", "csv"),
        ("roll", ""),
        ("../../etc/passwd", ""),
        ("a.tar.gz", "gz"),
        ("x.<b>", ""),
        ("Rulle æ.csv", "csv"),
    ],
)
async def test_of_the_name_the_extension_is_kept_and_nothing_else(
    office: Running, operator: Visitor, desk: Desk, name: str, extension: str
) -> None:
    await sealed_upload(office, UPLOAD, {}, b"x", operator.holder, name=name, headers=operator.cookies)
    assert [(fields, kept) for fields, kept, _, _ in desk.whole] == [({}, extension)]


def bad_forms() -> Iterator[Any]:
    """A body (SEAL stands for a good seal), the answer, what the page says, the reason in the audit line."""
    seal = field("seal", "SEAL")
    unread = (400, "Formularen kunne ikke læses", "form-unreadable")
    forged = (400, "Formularen kunne ikke genkendes", "form-forged")
    trapped = (400, "Formularen kunne ikke genkendes", "form-trapped")
    broken_off = (400, "Formularen kom ikke helt frem", "form-unfinished")
    yield pytest.param(file() + END, *forged, id="no seal")
    yield pytest.param(file() + seal + END, *forged, id="the file before the seal")
    yield pytest.param(field("seal", "1.2.3") + file() + END, *forged, id="a forged seal")
    yield pytest.param(seal + field("website", "http://x") + file() + END, *trapped, id="the trap")
    yield pytest.param(seal + file() + file() + END, *unread, id="two files")
    yield pytest.param(seal + file() + field("what", "x") + END, *unread, id="a field after the file")
    yield pytest.param(seal + END, 422, "Der er ikke valgt en fil", "form-without-file", id="no file")
    yield pytest.param(
        seal + file(b"", "") + END, 422, "Der er ikke valgt en fil", "form-without-file", id="none chosen"
    )
    yield pytest.param(seal + file(b"") + END, 422, "Filen er tom", "form-empty-file", id="an empty file")
    yield pytest.param(seal + file()[:-4], *broken_off, id="broken off in the file")
    yield pytest.param(seal + file(), *broken_off, id="broken off after the file")
    yield pytest.param(seal[:-4], *broken_off, id="broken off before the file")
    yield pytest.param(b"", *broken_off, id="nothing")
    long = field("what", "x" * 300_000)
    yield pytest.param(seal + long + file() + END, 413, "Det, du skrev, er for langt", "form-over-long", id="too long")
    yield pytest.param(seal + field("a", "1") * 500 + file() + END, *unread, id="too many fields")
    yield pytest.param(seal + field("what", b"\xff\xfe") + file() + END, *unread, id="not UTF-8")
    yield pytest.param(b"seal=SEAL&file=x", *unread, id="no multipart")
    yield pytest.param(seal + f"--{BOUNDARY}\r\nX: y\r\n\r\nx\r\n".encode() + file() + END, *unread, id="no name")


@pytest.mark.parametrize(("body", "status", "words", "reason"), list(bad_forms()))
async def test_a_bad_form_is_refused_by_its_reason(
    office: Running, operator: Visitor, desk: Desk, audit: list[Any], body: bytes, status: int, words: str, reason: str
) -> None:
    seal = sealed(office, UPLOAD, holder=operator.holder)["seal"]
    answer = await post(office, operator, body.replace(b"SEAL", seal.encode()))
    assert (answer.status_code, words in answer.text) == (status, True)
    [line] = [line for line in audit if line["event"] == "refused"]
    assert line == {
        "event": "refused", "log_level": "warning", "kind": "audit",
        "reason": reason, "route": UPLOAD, "role": Role.OPERATOR,
    }  # fmt: skip
    assert desk.whole == [], "nothing counted as a file"
    mended = await post(office, operator, field("seal", seal) + file() + END)
    assert mended.status_code == 200, "the seal was not spent on it"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/csv", "multipart/form-data", "multipart/mixed; boundary=x", ""]
)
async def test_another_kind_of_body_is_not_read(
    office: Running, operator: Visitor, desk: Desk, audit: list[Any], kind: str
) -> None:
    answer = await post(office, operator, file() + END, **{"content-type": kind})
    assert (answer.status_code, "Formularen kunne ikke læses" in answer.text) == (400, True)
    assert (refusals(audit), desk.opened) == (["form-unreadable"], 0)


async def test_who_may_not_send_it_is_refused_before_the_body_is_read(
    office: Running, desk: Desk, audit: list[Any]
) -> None:
    answers = []
    for role in (Role.PUBLIC, Role.OFFICER):
        who, body = await Visitor.of(role, office), Body(b"")
        answers.append(((await post(office, who, body.come())).status_code, body.asked))
    assert answers == [(401, 0), (403, 0)]
    assert (refusals(audit), desk.opened) == (["signed-out", "role"], 0)


async def test_a_seal_of_another_sign_in_or_page_opens_nothing(
    office: Running, operator: Visitor, desk: Desk, audit: list[Any]
) -> None:
    other = await Visitor.of(Role.OPERATOR, office)
    for path, who in ((UPLOAD, other), ("/alpha/drift", operator)):
        body = Body(field("seal", sealed(office, path, holder=who.holder)["seal"]))
        assert (await post(office, operator, body.come())).status_code == 400
        assert body.asked == 1, "the file's first bytes were not asked for"
    assert (refusals(audit), desk.opened) == (["form-forged", "form-forged"], 0)


async def test_the_same_form_is_taken_once(office: Running, operator: Visitor, desk: Desk, audit: list[Any]) -> None:
    form = field("seal", sealed(office, UPLOAD, holder=operator.holder)["seal"]) + file() + END
    assert [(await post(office, operator, form)).status_code for _ in range(2)] == [200, 409]
    assert (refusals(audit), desk.opened) == (["form-replayed"], 1)


async def test_a_form_that_our_own_fault_stopped_can_be_sent_again(
    office: Running, operator: Visitor, desk: Desk
) -> None:
    form = field("seal", sealed(office, UPLOAD, holder=operator.holder)["seal"]) + file() + END
    desk.fails = True
    assert (await post(office, operator, form)).status_code == 500
    desk.fails = False
    assert (await post(office, operator, form)).status_code == 200


async def test_files_are_counted_as_forms_are(toys: House, desk: Desk, audit: list[Any]) -> None:
    few = await toys.start(desk.build, CommonSettings, name="alpha", forms=FORMS | {"per_address": "2/hour"})
    operator = await Visitor.of(Role.OPERATOR, few)
    assert [(await operator.upload(few, UPLOAD, {}, b"x")).status_code for _ in range(2)] == [200, 200]
    body = Body(field("seal", sealed(few, UPLOAD, holder=operator.holder)["seal"]))
    assert ((await post(few, operator, body.come())).status_code, body.asked) == (429, 0)
    assert (refusals(audit), desk.opened) == (["too-often"], 2)


async def test_a_file_above_its_routes_limit_is_refused(
    office: Running, operator: Visitor, desk: Desk, audit: list[Any]
) -> None:
    said = await post(office, operator, b"", **{"content-length": str(MOST + 1)})
    seal = field("seal", sealed(office, UPLOAD, holder=operator.holder)["seal"])
    found = await post(office, operator, Body(seal, pieces=MOST // 1024 + 1).come())
    for answer in (said, found):
        assert (answer.status_code, "Det, du sendte, er for stort" in answer.text) == (413, True)
    assert (refusals(audit), desk.opened, desk.whole) == (["too-large", "too-large"], 1, [])
    said_of = [(line["route"], line["role"]) for line in audit if line["event"] == "refused"]
    assert said_of == [(UPLOAD, Role.PUBLIC), (UPLOAD, Role.OPERATOR)], "the first before anyone was looked for"


async def test_a_connection_that_breaks_leaves_nothing_behind(
    office: Running, operator: Visitor, desk: Desk, audit: list[Any]
) -> None:
    seal = sealed(office, UPLOAD, holder=operator.holder)["seal"]
    async with served(office.app, lifespan="off") as address:
        url = httpx.URL(address)
        _, wire = await asyncio.open_connection(url.host, url.port)
        head = [f"POST {UPLOAD} HTTP/1.1", f"Host: {url.host}", "Content-Length: 1000000"]
        head += [f"{name}: {value}" for name, value in (MULTIPART | operator.cookies).items()]
        wire.write("\r\n".join([*head, "", ""]).encode() + field("seal", seal) + file(b"x" * 1000))
        await wire.drain()
        while not desk.opened:
            await asyncio.sleep(0.01)
        wire.close()
        while not refusals(audit):
            await asyncio.sleep(0.01)
    assert (refusals(audit), desk.whole) == (["form-unfinished"], [])
    assert (await post(office, operator, field("seal", seal) + file() + END)).status_code == 200, "sent again"
