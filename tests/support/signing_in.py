"""A browser in tests without one: it keeps cookies, follows the way to the sign-in provider and back."""

from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

import httpx

from support.forms import seals_in
from support.house import Running

HTML = {"accept": "text/html"}


class Browser:
    """Someone's browser at one service."""

    def __init__(self, running: Running) -> None:
        transport = httpx.ASGITransport(app=running.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test", headers=HTML)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def set_out(self, onward: str = "") -> str:
        """Start a sign-in and return the provider's page one is sent to."""
        answer = await self.http.get("/log-ind/start", params={"videre": onward} if onward else None)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def at_provider(self, page: str, **form: str) -> str:
        """Press a button at the provider and return the address one is sent back to."""
        async with httpx.AsyncClient(trust_env=False) as outside:
            answer = await outside.post(page, data=form)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def come_back(self, address: str) -> httpx.Response:
        """Come back from the provider."""
        where = urlsplit(address)
        return await self.http.get(f"{where.path}?{where.query}")

    async def sign_in(self, account: str, onward: str = "") -> httpx.Response:
        """Sign in from beginning to end."""
        return await self.come_back(await self.at_provider(await self.set_out(onward), sub=account))

    async def sign_out(self) -> httpx.Response:
        """Press the button in the header."""
        seal = seals_in((await self.http.get("/log-ind")).text)[0]
        return await self.http.post("/log-ud", data={"seal": seal})

    @property
    def cookie(self) -> str | None:
        return self.http.cookies.get("borgersamling")


def query(address: str) -> dict[str, str]:
    """Return an address' query, each name once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
