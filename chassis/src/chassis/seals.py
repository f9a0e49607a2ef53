"""The seal of a form: a hidden field that says where, for whom and when it was shown, and is taken once.

One field guards against forged requests (CSRF: it is bound to the sign-in or the personal link), against replays (its
number is kept), and against bots that fill in a form in no time. A day is its life: nobody is hurried (WCAG 2.2.1).
"""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from pydantic import SecretStr
from starlette.requests import Request

from chassis.clock import Clock
from chassis.errors import Duplicate
from chassis.identity import SHORTEST
from chassis.language import N_
from chassis.mongo import Database

FIELD = "seal"
TRAP = "website"
"""A field no person sees: whoever fills it in is a program."""
LIFE = timedelta(hours=24)
MOST_FIELDS = 200
"""Of a form: no page of ours has as many."""
COLLECTION = "seals"
KEPT_SECONDS = 2 * 24 * 3600
"""How long a taken seal's number is kept: longer than any seal lives."""


class Fault(StrEnum):
    """Why a form is not taken."""

    FORGED = "form-forged"
    EXPIRED = "form-expired"
    TOO_FAST = "form-too-fast"
    REPLAYED = "form-replayed"
    TRAPPED = "form-trapped"
    UNREADABLE = "form-unreadable"
    OVER_LONG = "form-over-long"
    WITHOUT_FILE = "form-without-file"
    EMPTY_FILE = "form-empty-file"
    UNFINISHED = "form-unfinished"


class NotTaken(Exception):  # noqa: N818
    """A form is not taken; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


FAULTS: dict[Fault, tuple[int, str, str]] = {
    Fault.FORGED: (
        400,
        N_("The form could not be recognised"),
        N_("Nothing is saved. Open the page again, fill in the form and send it. Send it from the same browser."),
    ),
    Fault.EXPIRED: (
        400,
        N_("The form is too old"),
        N_("Nothing is saved. A form can be sent until a day after it was opened. Open the page again."),
    ),
    Fault.TOO_FAST: (
        400,
        N_("That went too fast"),
        N_("Nothing is saved. Forms sent at once are stopped, because programs do that. Go back and send it again."),
    ),
    Fault.REPLAYED: (
        409,
        N_("The form is sent already"),
        N_("It can be sent once. Open the page again to see how it stands, or to send it anew."),
    ),
    Fault.TRAPPED: (
        400,
        N_("The form could not be recognised"),
        N_("Nothing is saved. Open the page again and leave the field empty that says so."),
    ),
    Fault.UNREADABLE: (
        400,
        N_("The form could not be read"),
        N_("Nothing is saved. Open the page again, fill in the form and send it."),
    ),
    Fault.OVER_LONG: (
        413,
        N_("What you wrote is too long"),
        N_("Nothing is saved. Go back, shorten it and send the form again."),
    ),
    Fault.WITHOUT_FILE: (
        422,
        N_("No file was chosen"),
        N_("Nothing is saved. Go back, choose a file and send the form again."),
    ),
    Fault.EMPTY_FILE: (
        422,
        N_("The file is empty"),
        N_("Nothing is saved. Go back, choose a file with something in it and send the form again."),
    ),
    Fault.UNFINISHED: (
        400,
        N_("The form did not come through whole"),
        N_("Nothing is saved. The connection may have been lost on the way. Go back and send it again."),
    ),
}
"""Status, title and advice for each."""


class Seals:
    """Makes and checks seals. ValueError for a key no service should start with."""

    def __init__(self, key: SecretStr, clock: Clock, db: Database, least_seconds: float) -> None:
        if len(key.get_secret_value()) < SHORTEST:
            raise ValueError(f"FORMS__KEY is shorter than {SHORTEST} characters")
        self._key = key.get_secret_value().encode()
        self._clock, self._db, self._least = clock, db, timedelta(seconds=least_seconds)

    def make(self, action: str, holder: str) -> str:
        """Seal a form for the path `action`, shown to `holder` (a sign-in; empty behind a personal link)."""
        head = f"{int(self._clock.now().timestamp() * 1000)}.{secrets.token_urlsafe(12)}"
        return f"{head}.{self._mac(head, action, holder)}"

    def fault(self, seal: str, action: str, holder: str, *, hurried: bool) -> Fault | None:
        """Say what is wrong with a seal; with `hurried` also that no person fills in a form that fast."""
        head, _, mac = seal.rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(head, action, holder).encode()):
            return Fault.FORGED
        age = self._clock.now().timestamp() - int(head.partition(".")[0]) / 1000
        if age >= LIFE.total_seconds():
            return Fault.EXPIRED
        if hurried and age < self._least.total_seconds():
            return Fault.TOO_FAST
        return None

    async def take(self, seal: str) -> bool:
        """Take a seal, once; False when it was taken before."""
        try:
            await self._db.collection(COLLECTION).insert({"_id": _number(seal), "at": self._clock.machine_now()})
        except Duplicate:
            return False
        return True

    async def give_back(self, seal: str) -> None:
        """Let a seal be used again, because what it was sent with could not be handled."""
        await self._db.collection(COLLECTION).delete({"_id": _number(seal)})

    def _mac(self, head: str, action: str, holder: str) -> str:
        text = f"form\n{head}\n{action}\n{holder}".encode()
        return base64.urlsafe_b64encode(hmac.digest(self._key, text, hashlib.sha256)).decode().rstrip("=")


def fields(request: Request) -> dict[str, str]:
    """Return what someone filled in, once the doorkeeper has found the form genuine; of a name twice, the last."""
    found: dict[str, str] = request.scope["state"]["form"]
    return found


def _number(seal: str) -> str:
    return seal.rpartition(".")[0]
