"""The stand-in as its callers meet it: a client that is let in, messages in its format, receipts that wait."""

import io
import lzma
import tarfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from notifications.channels import Outgoing, Person
from notifications.channels.memo import memo
from support.notifying import NOW, message, recipient, standing_in

API = "/apis/v1"
AUTH = {"Authorization": "Bearer local-system"}
_INVITATION = message("invitation")


def out_to(number: int, **changes: str) -> tuple[Outgoing, Person]:
    known = recipient(number)
    person = Person(changes.get("cpr", known.cpr), known.name, known.address, known.link, "da")
    return replace(_INVITATION, to=person, message_uuid=uuid_of(number)), person


def uuid_of(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def body(number: int, **changes: str) -> tuple[str, bytes]:
    out, person = out_to(number, **changes)
    return out.message_uuid, memo(out, person, "12345678", NOW)


def container(xmls: Iterable[bytes]) -> bytes:
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w") as tar:
        for number, xml in enumerate(xmls):
            entry = tarfile.TarInfo(f"{number}.xml")
            entry.size = len(xml)
            tar.addfile(entry, io.BytesIO(xml))
    return lzma.compress(tape.getvalue(), format=lzma.FORMAT_ALONE)


class Office:
    """A caller of the stand-in. `options` may be changed while it runs."""

    def __init__(self, client: httpx.AsyncClient, options: Any) -> None:
        self.client, self.options = client, options

    async def send(self, uuid: str, xml: bytes) -> tuple[int, dict[str, Any]]:
        answer = await self.client.post(f"{API}/memos/", params={"memo-message-uuid": uuid}, content=xml)
        return answer.status_code, answer.json()

    async def send_all(self, xmls: Iterable[bytes]) -> tuple[int, dict[str, Any]]:
        return await self.send_container(container(xmls))

    async def send_container(self, content: bytes) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/x-lzma"}
        answer = await self.client.post(f"{API}/memos/", content=content, headers=headers)
        return answer.status_code, answer.json()

    async def look_up(self, *numbers: str) -> tuple[int, dict[str, Any]]:
        answer = await self.client.get(f"{API}/contacts/", params={"cprNumber": ",".join(numbers)})
        return answer.status_code, answer.json()

    async def receipts(self, **query: int) -> list[dict[str, Any]]:
        return list((await self.client.get(f"{API}/receipts-bulk/", params=query)).json()["receipts"])

    async def acknowledge(self, receipt: str) -> int:
        return (await self.client.delete(f"{API}/receipts/{receipt}")).status_code

    async def messages(self) -> int:
        return int((await self.client.get("/standin/counts")).json()["messages"])


@asynccontextmanager
async def office(folder: Path, **options: object) -> AsyncIterator[Office]:
    async with (
        standing_in(folder, **{"exempt_share": 0.0} | options) as running,
        httpx.AsyncClient(base_url=running.url, headers=AUTH, trust_env=False) as client,
    ):
        yield Office(client, running.options)
