"""Receipts as Beskedfordeler pushes them: `PKO_PostStatus` in base64 in a `ModtagBeskedInput`.

The event (`ObjektHandling`) says what has happened. Its ids are KOMBIT's, from the document "SF1601 Postkomponent -
Beskedfordeler - PKO_PostStatus"; Digital Post's are in real receipts (V), the letters' are quoted by two clients (C).
"Afsendt" is not what it seems: the letter was created at the printer's, and has not left it.
"""

import base64
import binascii
import re
from xml.etree import ElementTree as ET

import structlog

from notifications.channels import Receipt
from notifications.channels.answers import reason_code, verdict
from notifications.channels.safe_xml import BadXml, parse
from notifications.domain.shipment import Step

ENVELOPE = "urn:oio:besked:kuvert:1.0"
CASE = "urn:oio:sagdok:3.0.0"
STATUS = "http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types"
POST_STATUS = "d2bed63c-4853-4008-b6e0-a74c15b15fbf"
"""The kind of message (`Beskedtype`) that tells of post."""
FAILED = "e225a75c-4b63-46c4-9423-77f5c8762445"
DIGITAL = {
    "eb866ca2-b871-4387-b501-12cde577bd58": Step.RECEIVED,  # Modtaget Digital Post
    "f7161a89-5068-4023-bc80-d7f4daad2a2e": Step.DELIVERED,  # Afleveret Digital Post
    FAILED: Step.FAILED,
}
PHYSICAL = {
    "db5a6025-caa3-45c3-8e02-4e6fa8142ade": Step.AT_PRINTER,  # Afsendt: created at the printer's
    "dd98e71c-41ac-4305-a47b-8f86b00e639b": Step.AT_PRINTER,  # Modtaget Fjern-print
    "e2b30d57-504a-4e2e-ae2d-a1394a9cb0b8": Step.AT_PRINTER,  # Klar: waits to be printed
    "e3c0a021-2070-40d4-b7b7-754aeba762e9": Step.AT_PRINTER,  # Afleveret til print og kuvertering
    "e94a0a8b-60a0-42ad-8b83-52c9e15d0fb3": Step.DISPATCHED,  # Modtaget Post Danmark
    "f03904aa-df6e-417f-bd74-6a01a61adbcf": Step.RECALLED,  # Tilbagekaldt
    FAILED: Step.FAILED,
}
NEWS = frozenset({"f4e6eb11-0261-4198-8b5d-be92a9b1a35d"})
"""Of a letter that is out: returned, a changed address, a track-and-trace number. It moves no shipment."""
STEPS = {"Digital Post": DIGITAL, "Fysisk Post": PHYSICAL}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DATA = "{urn:besked:kuvert:1.0}Base64"

log = structlog.get_logger()


class BadReceipt(ValueError):  # noqa: N818 - says what it is
    """It is no receipt that can be read: the element, and the rule it breaks. Never what stood in it."""

    def __init__(self, element: str, rule: str) -> None:
        super().__init__(f"{element}: {rule}")
        self.element, self.rule = element, rule


def read(body: bytes, cvr: str | None = None) -> list[Receipt]:
    """Return the receipts in a pushed message: one, or none when it tells nothing that moves a shipment. BadReceipt.

    With a `cvr`, only what is meant for that municipality is read: a push that has come to the wrong one is refused.
    """
    message = _at(_parsed(body, "ModtagBeskedInput"), "Haendelsesbesked", ENVELOPE)
    identity = _uuid(_at(message, "BeskedId", ENVELOPE), "BeskedId")
    facts = _at(_at(message, "Beskedkuvert", ENVELOPE), "Filtreringsdata", ENVELOPE)
    if _uuid(_at(facts, "Beskedtype", ENVELOPE), "Beskedtype") != POST_STATUS:
        raise BadReceipt("Beskedtype", "it must be that of PKO_PostStatus")
    allowed = [one.text for one in facts.iterfind(f"{{{ENVELOPE}}}TilladtModtager/{{{CASE}}}URNIdentifikator")]
    if cvr is not None and f"urn:oio:cvr:{cvr}" not in allowed:
        raise BadReceipt("TilladtModtager", "it must name this municipality")
    registrations = facts.findall(f"{{{ENVELOPE}}}ObjektRegistrering")
    if not registrations:
        raise BadReceipt("ObjektRegistrering", "it is missing")
    event = _uuid(_at(registrations[-1], "ObjektHandling", ENVELOPE), "ObjektHandling")
    return _receipts(identity, event, _status(message))


def _receipts(identity: str, event: str, status: ET.Element) -> list[Receipt]:
    channel = _text(status, "KanalKode")
    steps = STEPS.get(channel)
    if steps is None:
        raise BadReceipt("KanalKode", "it must be Digital Post or Fysisk Post")
    if event in NEWS:
        log.info("a receipt tells of a letter that is out already", receipt=identity)
        return []
    if event not in steps:
        raise BadReceipt("ObjektHandling", f"it is no event of {channel}")
    step = steps[event]
    # A letter is known by the identifier that we gave it; a message's UUID may be the platform's own for it.
    names = ("AfsendelseIdentifikator", "MessageUUID") if channel == "Fysisk Post" else ("MessageUUID",)
    message_uuid = next((text for name in names if (text := _text(status, name))), "")
    if not _UUID.fullmatch(message_uuid):
        raise BadReceipt(names[0], "it must be the UUID of a message of ours")
    transmission = _text(status, "TransmissionId")
    if transmission and not _UUID.fullmatch(transmission):
        raise BadReceipt("TransmissionId", "it must be a UUID")
    details = status.find(f"{{{STATUS}}}FejlDetaljer")
    code = _text(details, "FejlKode") if details is not None else ""
    reason = None
    if step is Step.FAILED:
        reason = reason_code(code) or "refused"
        step = verdict(reason)
    return [Receipt(identity, message_uuid.lower(), step, reason, transmission.lower() or None)]


def _status(message: ET.Element) -> ET.Element:
    data = _at(message, "Beskeddata", ENVELOPE).findtext(_DATA)
    if not data:
        raise BadReceipt("Base64", "it is missing or empty")
    try:
        decoded = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadReceipt("Base64", "it must be base64") from None
    status = _parsed(decoded, "PKO_PostStatus")
    if status.tag != f"{{{STATUS}}}PKO_PostStatus":
        raise BadReceipt("Base64", "it must hold a PKO_PostStatus")
    return status


def _parsed(body: bytes, name: str) -> ET.Element:
    try:
        return parse(body)
    except BadXml as error:
        raise BadReceipt(name, str(error)) from None


def _at(parent: ET.Element, name: str, namespace: str) -> ET.Element:
    found = parent.find(f"{{{namespace}}}{name}")
    if found is None:
        raise BadReceipt(name, "it is missing")
    return found


def _uuid(element: ET.Element, name: str) -> str:
    text = (element.findtext(f"{{{CASE}}}UUIDIdentifikator") or "").strip().lower()
    if not _UUID.fullmatch(text):
        raise BadReceipt(name, "it must hold a UUID")
    return text


def _text(parent: ET.Element, name: str) -> str:
    return (parent.findtext(f"{{{STATUS}}}{name}") or "").strip()
