"""KombiPostAfsend's envelope: our choice of channel, and a MeMo or a letter. And what is replied to it.

Never "Automatisk Valg": who gets a letter is our plan, made once and stored, not one that is made anew at each attempt.
"""

import re
from dataclasses import dataclass
from typing import Literal

from notifications.channels.answers import reason_code
from notifications.channels.safe_xml import named, parse

Choice = Literal["Digital Post", "Fysisk Post"]
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>\s*")
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Reply:
    """What was replied: taken or not, the transmission's id where there is one, a reason code where not taken."""

    accepted: bool
    transmission: str | None
    reason: str | None


def enveloped(choice: Choice, content: bytes) -> bytes:
    """Return the request around a message (MeMo) or a collection of letters (`ForsendelseISamling`)."""
    inner = _DECLARATION.sub(b"", content)
    return b"<kombi_request><KombiValgKode>%b</KombiValgKode>%b</kombi_request>" % (choice.encode(), inner)


def read_reply(body: bytes) -> Reply:
    """Return what the reply says; BadXml or ValueError when it is none.

    `Result` true means that it was accepted, not that it was delivered. A reply without a transmission's id is a
    reply: letters have none (C).
    """
    texts = {named(element): (element.text or "").strip() for element in parse(body).iter()}
    match texts.get("Result", "").lower():
        case "true":
            transmission = texts.get("TransmissionID", "")
            return Reply(True, transmission if _ID.fullmatch(transmission) else None, None)
        case "false":
            return Reply(False, None, reason_code(texts.get("FejlKode") or texts.get("FejlId")))
        case _:
            raise ValueError("the reply has no Result")


def refusal_code(body: bytes) -> str | None:
    """Return what a refusal has for a code, if it is XML and has any; a text, which nobody may keep as it is."""
    try:
        texts = {named(element): (element.text or "").strip() for element in parse(body).iter()}
    except ValueError:
        return None
    return texts.get("FejlKode") or texts.get("FejlId")
