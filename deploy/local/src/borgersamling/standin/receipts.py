"""Which receipts a message will have, and when: what the real one promises, and every way it may go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from borgersamling.standin.options import Options
from borgersamling.standin.people import Registration, share_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that is there from `ready` (seconds since 1970) on. `uuid` is empty when the message's is not known."""

    id: str
    uuid: str
    transmission: str
    status: str
    code: str | None
    ready: float


def of_message(
    uuid: str, transmission: str, registration: Registration, options: Options, now: float
) -> Iterator[Receipt]:
    """Yield the receipts of a message that was taken. The same message has the same faults for the same seed."""

    def happens(fault: str) -> bool:
        share = float(getattr(options, f"{fault}_share"))
        return share > 0 and share_of(fault, options.seed, uuid) < share

    status, code = "COMPLETED", None
    if not registration.takes:
        status, code = "NOT_ALLOWED", refusal(registration)
    elif happens("invalid"):
        status, code = "INVALID", "memo.invalid"
    late = options.late_receipt_seconds if happens("late_receipt") else 0.0
    last = Receipt(_id(), uuid, transmission, status, code, now + options.receipt_seconds + late)
    after = last.ready + options.receipt_seconds
    if not happens("missing_receipt"):
        yield last
        if happens("doubled_receipt"):
            yield replace(last, id=_id(), ready=after)
        if happens("reordered_receipt"):
            yield replace(last, id=_id(), status="RECEIVED", code=None, ready=after)
    if happens("unmatched_receipt"):
        nobody_s = int(share_of("nobody", options.seed, uuid) * 2**64)
        yield replace(last, id=_id(), uuid=str(UUID(int=nobody_s << 64 | nobody_s, version=4)))


def of_refusal(uuid: str, transmission: str, code: str, options: Options, now: float) -> Receipt:
    """Return the receipt of a message in a container that was not taken."""
    return Receipt(_id(), uuid, transmission, "INVALID", code, now + options.receipt_seconds)


def refusal(registration: Registration) -> str:
    """Return the code for somebody who cannot get Digital Post. What the real one calls it could not be verified."""
    return "recipient.closed" if registration.public == "CLOSED" else "recipient.not.registered"


def _id() -> str:
    return str(uuid4())
