"""Who is signed in, for all services at once: a row a sign-in on the stream SIGN_INS, a random cookie in the browser.

The cookie is random and kept only as a digest, so a copy of the stream signs nobody in. A sign-in that has ended is
gone from the stream: its cookie, played again, is as unknown as a forged one.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError
from starlette.responses import Response

from chassis.broker import Broker
from chassis.clock import Clock
from chassis.errors import Transient
from chassis.identity import Caller, Role

STREAM = "SIGN_INS"
_AT_HOME = {"localhost", "127.0.0.1", "::1"}


class Expired(Exception):  # noqa: N818
    """The sign-in was real and has run out."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """The sign-in's cookie at the one address: HttpOnly, SameSite=Lax, and Secure wherever there is TLS to ask for."""

    secure: bool

    @classmethod
    def at(cls, public_url: str) -> "Cookie":
        """Return the cookie for an address; only this machine itself may do without TLS."""
        return cls(secure=urlsplit(public_url).hostname not in _AT_HOME)

    @property
    def name(self) -> str:
        # With the prefix browsers take it from this host alone, over TLS, for every path.
        return "__Host-borgersamling" if self.secure else "borgersamling"

    def put(self, response: Response, value: str) -> None:
        """Give it; it ends with the browser, the sign-in itself at its own hour."""
        response.set_cookie(self.name, value, path="/", httponly=True, secure=self.secure, samesite="lax")

    def take_back(self, response: Response) -> None:
        """Have the browser forget it."""
        response.delete_cookie(self.name, path="/", httponly=True, secure=self.secure, samesite="lax")


class SignIns:
    """The sign-ins. Which services may write them is said in deploy/nats/topology.yaml; all may read."""

    def __init__(self, broker: Broker, clock: Clock, cookie: Cookie) -> None:
        self._broker, self._clock, self.cookie = broker, clock, cookie

    async def begin(self, role: Role, subject: str, *, hours: float, assembly: str | None = None) -> str:
        """Sign someone in for `hours` and return the cookie's value."""
        now = self._clock.now()
        value = f"{_owner(subject)}.{secrets.token_urlsafe(32)}"
        record = {
            "role": role,
            "subject": subject,
            "assembly": assembly,
            "began_at": now.isoformat(),
            "expires_at": (now + timedelta(hours=hours)).isoformat(),
        }
        await self._broker.js.publish(_subject(value), json.dumps(record).encode(), stream=STREAM, timeout=5)
        return value

    async def find(self, value: str) -> Caller | None:
        """Return whose cookie this is, None when it is nobody's; Expired, or Transient when NATS does not answer."""
        try:
            subject = _subject(value)
        except ValueError:
            return None
        try:
            found = await self._broker.js.get_last_msg(STREAM, subject, direct=True)
        except NotFoundError:
            return None
        except (NatsError, TimeoutError, ConnectionError) as error:
            raise Transient("the sign-ins cannot be read") from error
        record = json.loads(found.data or b"")
        expires_at = datetime.fromisoformat(record["expires_at"])
        if self._clock.now() >= expires_at:
            raise Expired
        return Caller(Role(record["role"]), record["subject"], record["assembly"], subject, expires_at)

    async def end(self, sign_in: str) -> None:
        """End one sign-in (`Caller.sign_in`)."""
        await self._broker.js.purge_stream(STREAM, subject=sign_in)

    async def end_all_of(self, subject: str) -> None:
        """End every sign-in of one person, wherever they are signed in."""
        await self._broker.js.purge_stream(STREAM, subject=f"sign-ins.{_owner(subject)}.*")


def _owner(subject: str) -> str:
    return hashlib.sha256(b"sign-in owner:" + subject.encode()).hexdigest()[:32]


def _subject(value: str) -> str:
    owner, _, rest = value.partition(".")
    if len(owner) != 32 or not owner.isalnum() or not owner.isascii() or not rest:
        raise ValueError("no cookie of ours")
    return f"sign-ins.{owner}.{hashlib.sha256(rest.encode()).hexdigest()}"
