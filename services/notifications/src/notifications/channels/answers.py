"""What a provider's answer means for a shipment: one table for every channel that speaks HTTP.

no connection, 429, 503   not taken: again later
401, 403                  not taken: our credentials, which no shipment fails for
no answer, other 5xx      nobody knows: a gateway in between may answer so after the message was taken
other 4xx                 failed, with the provider's code
"""

import re
from http import HTTPStatus
from typing import Any

import httpx
import structlog

from chassis.errors import Transient
from notifications.channels import Outcome
from notifications.domain.shipment import Step

REFUSED_US = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
NOT_TAKEN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}) | REFUSED_US
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
TAKEN_BEFORE = frozenset({"memo.duplicate", "message.uuid.already.exists"})
"""A message with this UUID is there already: an earlier attempt was taken. What NgDP calls it could not be verified."""
NOT_REGISTERED = frozenset({"recipient.not.registered", "recipient.exempt", "recipient.closed"})
"""A definite answer that the recipient cannot get Digital Post, though the look-up had said so or nothing."""
_CODE = re.compile(r"[a-z][a-z_.-]{0,63}")
_NUMBER = re.compile(r"\d{1,5}")

log = structlog.get_logger()


class RefusedUs(Transient):
    """The provider refuses our credentials, so nothing was done; `reason` is the code of an outcome that says so."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the provider refuses our credentials ({status})")
        self.reason = f"http-{status}"


def not_now(response: httpx.Response, what: str) -> Transient:
    """Return the error for a question that was answered with something else than an answer."""
    if response.status_code in REFUSED_US:
        return RefusedUs(response.status_code)
    return Transient(f"{what} answered with {response.status_code}", retry_after(response))


def without_answer(error: httpx.HTTPError) -> Outcome:
    """Return what a call means that was not answered. The error itself goes no further: its text may hold a URL."""
    if isinstance(error, _NEVER_SENT):
        return Outcome((Step.NOT_TAKEN,), "unreachable")
    # Sent, or half sent, and no answer: it may have been taken.
    return Outcome((Step.TIMED_OUT,), "no-answer")


def refused(response: httpx.Response, code: object = None) -> Outcome:
    """Return what an answer other than success means; `code` is the provider's own, used if it is one."""
    status = response.status_code
    if status in NOT_TAKEN:
        if status in REFUSED_US:
            # Our credentials, not this message: failing thousands of shipments for it would be wrong.
            log.warning("the provider refuses our credentials", status=status)
        return Outcome((Step.NOT_TAKEN,), f"http-{status}", retry_after(response))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome((Step.TIMED_OUT,), f"http-{status}")
    reason = reason_code(code) or f"http-{status}"
    return Outcome((verdict(reason),), reason)


def verdict(reason: str) -> Step:
    """Return what a definite refusal means, given at once or in a receipt."""
    if reason in TAKEN_BEFORE:
        return Step.ACCEPTED
    return Step.NOT_REGISTERED if reason in NOT_REGISTERED else Step.FAILED


def reason_code(text: object) -> str | None:
    """Return a provider's error code if it is one; a text, or a long number, could hold a CPR number.

    Digital Post's are names (`memo.invalid`), the printers' are numbers: 1034 becomes `code-1034`.
    """
    if not isinstance(text, str):
        return None
    if _NUMBER.fullmatch(text):
        return f"code-{text}"
    return text if _CODE.fullmatch(text) else None


def json_object(response: httpx.Response) -> dict[str, Any]:
    """Return the answer as an object, empty when it is none."""
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds that the provider asks us to wait."""
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isdigit() else None
