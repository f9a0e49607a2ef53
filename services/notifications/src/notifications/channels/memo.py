"""MeMo 1.2, the message format of Digital Post. The order of elements is fixed."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from notifications.channels import Action, Outgoing, Person
from notifications.formats import as_html

NAMESPACE = "https://DigitalPost.dk/MeMo-1"
TEXT_LIMIT = 256
"""Characters in any text of the format."""
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ET.register_namespace("memo", NAMESPACE)


def memo(out: Outgoing, to: Person, sender_cvr: str, now: datetime) -> bytes:
    """Return the message as XML; ValueError when a text cannot stand in it.

    `mandatory` and `legalNotification` stay false: nobody has to read an invitation.
    """
    root = ET.Element(f"{{{NAMESPACE}}}Message", memoVersion="1.2")
    header = _under(root, "MessageHeader")
    _texts(header, messageType="DIGITALPOST", messageUUID=out.message_uuid, messageID=out.shipment)
    _texts(header, messageCode=out.template, label=_short(out.message.subject))
    _texts(header, mandatory="false", legalNotification="false")
    _texts(_under(header, "Sender"), senderID=sender_cvr, idType="CVR", label=_short(out.sender))
    _texts(_under(header, "Recipient"), recipientID=to.cpr, idType="CPR", label=_short(to.name))
    body = _under(root, "MessageBody")
    _texts(body, createdDateTime=_moment(now))
    document = _under(body, "MainDocument")
    _texts(document, label=_short(out.message.subject))
    content = b64encode(as_html(out.message, out.language).encode()).decode()
    _texts(_under(document, "File"), encodingFormat="text/html", filename=f"{out.template}.html", language=out.language)
    _texts(document[-1], content=content)
    _action(_under(document, "Action"), out.action)
    xml: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml


def _action(element: ET.Element, action: Action) -> None:
    _texts(element, label=_short(action.label), actionCode=action.code)
    if action.starts_at and action.code != "AFTALE":
        _texts(element, startDateTime=_moment(action.starts_at))
    if action.ends_at and action.code != "AFTALE":
        _texts(element, endDateTime=_moment(action.ends_at))
    if action.code == "AFTALE" and action.starts_at and action.ends_at:
        _texts(_under(element, "Reservation"), description=_short(action.label), reservationUUID=action.reservation)
        _texts(element[-1], abstract=_short(action.label), location=_short(action.place))
        _texts(element[-1], startDateTime=_moment(action.starts_at), endDateTime=_moment(action.ends_at))
    else:
        # A longer link is left to fail at the other side: a cut one would lead nowhere.
        _texts(_under(element, "EntryPoint"), url=action.url)


def _under(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        if _NO_XML.search(text):
            raise ValueError(f"{name} holds a character that XML does not have")
        _under(parent, name).text = text


def _short(text: str) -> str:
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
