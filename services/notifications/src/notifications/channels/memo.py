"""MeMo 1.2, the message format of Digital Post. The order of elements is fixed.

Limits are of the format and of Digital Post: a message may be 99.5 MB as it is sent, which is 74 MiB of files before
they are written as base64.
"""

import re
from base64 import b64encode
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from notifications.channels import Action, Attachment, Outgoing, Person
from notifications.channels.one_by_one import NotMade
from notifications.channels.safe_xml import NOT_XML
from notifications.formats import as_html

NAMESPACE = "https://DigitalPost.dk/MeMo-1"
TEXT_LIMIT, NOTIFICATION_LIMIT = 256, 150
"""Characters in any text of the format, and in the one that goes out as SMS and e-mail."""
FILES_LIMIT = 74 * 2**20
"""Bytes of all files of a message."""
TOO_LARGE, EMPTY = "attachment-too-large", "attachment-empty"
_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[^\S ]')
ET.register_namespace("memo", NAMESPACE)


def memo(out: Outgoing, to: Person, sender_cvr: str, now: datetime) -> bytes:
    """Return the message as XML; ValueError when a text cannot stand in it, NotMade with a reason for its files.

    `mandatory` and `legalNotification` stay false: nobody has to read an invitation.
    """
    page = as_html(out.message, out.language).encode()
    if len(page) + sum(len(one.content) for one in out.attachments) > FILES_LIMIT:
        raise NotMade(TOO_LARGE)
    root = ET.Element(f"{{{NAMESPACE}}}Message", memoVersion="1.2")
    header = _under(root, "MessageHeader")
    _texts(header, messageType="DIGITALPOST", messageUUID=out.message_uuid, messageID=out.shipment)
    _texts(header, messageCode=out.template, label=_short(out.message.subject))
    if out.action.code == "TILMELDING":
        # In place of "you have got Digital Post from ...", which nobody asked for and many delete. Only where all are
        # invited: an SMS is read over shoulders, and who is drawn is nobody else's business.
        _texts(header, notification=_short(f"{out.sender}: {out.message.subject}", NOTIFICATION_LIMIT))
    _texts(header, mandatory="false", legalNotification="false")
    _texts(_under(header, "Sender"), senderID=sender_cvr, idType="CVR", label=_short(out.sender))
    _texts(_under(header, "Recipient"), recipientID=to.cpr, idType="CPR", label=_short(to.name))
    body = _under(root, "MessageBody")
    _texts(body, createdDateTime=_moment(now))
    document = _under(body, "MainDocument")
    _texts(document, label=_short(out.message.subject))
    _file(document, "text/html", f"{out.template}.html", out.language, page)
    _action(_under(document, "Action"), out.action)
    for attachment in out.attachments:
        _attachment(_under(body, "AdditionalDocument"), attachment, out.language)
    # As text first: ElementTree writes bytes through a layer that takes a third of the time.
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode()


def _attachment(document: ET.Element, attachment: Attachment, language: str) -> None:
    if not attachment.content:
        raise NotMade(EMPTY)
    _texts(document, label=_short(attachment.title))
    _file(document, "application/pdf", file_name(attachment.filename), language, attachment.content)


def file_name(name: str) -> str:
    """Return a file's name as Digital Post takes it: none of its forbidden characters or odd spaces, not too long."""
    stem = name[:-4] if name.lower().endswith(".pdf") else name
    stem = _NO_FILE_NAME.sub("-", stem).strip(" .")
    return f"{stem[: TEXT_LIMIT - 4] or 'bilag'}.pdf"


def _file(document: ET.Element, kind: str, name: str, language: str, content: bytes) -> None:
    file = _under(document, "File")
    _texts(file, encodingFormat=kind, filename=name, language=language)
    _under(file, "content").text = b64encode(content).decode()


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
        if NOT_XML.search(text):
            raise ValueError(f"{name} holds a character that XML does not have")
        _under(parent, name).text = text


def _short(text: str, most: int = TEXT_LIMIT) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
