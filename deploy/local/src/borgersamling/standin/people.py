"""Who is behind a CPR number here: nobody real, and some without Digital Post."""

import hashlib
import re
from dataclasses import dataclass

from borgersamling.standin.options import Options

_CPR = re.compile(r"(\d{2})(\d{2})\d{6}")
SYNTHETIC = 60
"""Added to the day of a synthetic CPR number, which puts it outside the real number space."""


class NotACpr(ValueError):  # noqa: N818 - says what it is
    """The text is not ten digits with a day and a month."""


class RealCpr(ValueError):  # noqa: N818
    """The number may be a real person's: whoever sent it here has mixed up two systems."""

    code = "standin.real.person"


def check(cpr: str) -> None:
    """Refuse everything but a synthetic CPR number. The number is in no error's text."""
    shape = _CPR.fullmatch(cpr)
    if shape is None or not 1 <= int(shape[2]) <= 12:
        raise NotACpr("a CPR number is ten digits, DDMMYYSSSS")
    day = int(shape[1])
    if 1 <= day <= 31:
        raise RealCpr("this CPR number lies in the real number space; the stand-in takes synthetic people alone")
    if not 1 <= day - SYNTHETIC <= 31:
        raise NotACpr("the day of a synthetic CPR number is 61 to 91")


def share_of(*parts: str) -> float:
    """Return a number from 0 to 1 that the same parts always give."""
    return int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest()[:8], "big") / 2**64


def is_exempt(cpr: str, seed: str, share: float) -> bool:
    """Say whether someone is exempt from Digital Post: the same people for the same seed."""
    return share_of("exempt", seed, cpr) < share


@dataclass(frozen=True, slots=True)
class Registration:
    """What Digital Post says of somebody, in its own words, and whether it takes a message for them."""

    public: str
    status: str
    takes: bool


REGISTERED = Registration("REGISTERED", "AUTOMATIC_REGISTRATION", takes=True)
_KINDS = (
    ("exempt", Registration("EXEMPT", "EXEMPT_OTHER_REASON", takes=False)),
    ("closed", Registration("CLOSED", "EXEMPT_OTHER_REASON", takes=False)),
    ("quarantined", Registration("UNKNOWN", "UNCONFIRMED_REGISTRATION", takes=False)),
    ("unknown", Registration("UNKNOWN", "UNKNOWN", takes=True)),
    ("not_registered", Registration("REGISTERED", "AUTOMATIC_REGISTRATION", takes=False)),
)


def registration(cpr: str, options: Options) -> Registration:
    """Return what someone is: the same for the same seed and shares."""
    for kind, found in _KINDS:
        share = getattr(options, f"{kind}_share")
        if share and share_of(kind, options.seed, cpr) < share:
            return found
    return REGISTERED
