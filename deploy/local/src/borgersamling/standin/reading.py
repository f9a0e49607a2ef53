"""Reads a MeMo 1.2 message and refuses what the real one would: structure, order, lengths, links."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

NAMESPACE = "{https://DigitalPost.dk/MeMo-1}"
ORDER = {
    "Message": ("MessageHeader", "MessageBody"),
    "MessageHeader": (
        *("messageType", "messageUUID", "messageID", "messageCode", "label", "notification", "additionalNotification"),
        *("reply", "replyByDateTime", "doNotDeliverUntilDate", "mandatory", "legalNotification", "postType"),
        *("Sender", "Recipient", "ContentData", "ForwardData", "ReplyData"),
    ),
    "MessageBody": ("createdDateTime", "MainDocument", "AdditionalDocument", "TechnicalDocument"),
    "MainDocument": ("mainDocumentID", "label", "File", "Action"),
    "AdditionalDocument": ("additionalDocumentID", "label", "File", "Action"),
    "File": ("encodingFormat", "filename", "language", "content"),
    "Action": ("label", "actionCode", "startDateTime", "endDateTime", "Reservation", "EntryPoint"),
}
COMPULSORY = {
    "Message": {"MessageHeader", "MessageBody"},
    "MessageHeader": {"messageType", "messageUUID", "label", "Sender", "Recipient"},
    "MessageBody": {"createdDateTime", "MainDocument"},
    "MainDocument": {"File"},
    "AdditionalDocument": {"File"},
    "File": {"encodingFormat", "filename", "language", "content"},
    "Action": {"label", "actionCode"},
}
TEXT, NOTIFICATION = 256, 150
LONG = {"content"}
LARGEST = 99_500_000
"""Bytes of a message as it is sent."""
ACTIONS = {"AFTALE", "BETALING", "SELVBETJENING", "INFORMATION", "UNDERSKRIV", "BEKRAEFT", "FORBEREDELSE", "TILMELDING"}
BAD_FILENAME = re.compile(r'[<>:"/\\|?*]|[^\S ]')
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


class BadMemo(ValueError):  # noqa: N818
    """The message is refused; `code` as the real one's, `uuid` the message's where it could be read."""

    def __init__(self, field: str, message: str, code: str = "memo.invalid", uuid: str = "") -> None:
        super().__init__(message)
        self.field, self.code, self.uuid = field, code, uuid


@dataclass(frozen=True, slots=True)
class Memo:
    """What the stand-in keeps of a message."""

    uuid: str
    code: str
    cpr: str
    subject: str
    html: str
    actions: tuple[str, ...]
    attachments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What people read, without the marks."""
        return plain(self.html)


def read(xml: bytes) -> Memo:
    """Return the message; BadMemo says which element breaks which rule, and never what stood in it."""
    if len(xml) > LARGEST:
        raise BadMemo("Message", "is larger than 99.5 MB", "memo.too.large")
    try:
        root = ET.fromstring(xml)  # noqa: S314 - expat bounds entities; nobody but this machine's service calls
    except ET.ParseError as error:
        raise BadMemo("Message", "not well-formed XML") from error
    if root.tag != f"{NAMESPACE}Message" or root.get("memoVersion") != "1.2":
        raise BadMemo("Message", "the root must be Message with memoVersion 1.2 and no other version")
    uuid = root.findtext(f"{NAMESPACE}MessageHeader/{NAMESPACE}messageUUID") or ""
    if not UUID4.fullmatch(uuid):
        raise BadMemo("messageUUID", "must be a UUID of version 4")
    try:
        return _read(root, uuid.lower())
    except BadMemo as bad:
        bad.uuid = uuid.lower()
        raise


def _read(root: ET.Element, uuid: str) -> Memo:
    _check(root)
    header, body = _one(root, "MessageHeader"), _one(root, "MessageBody")
    recipient = _one(header, "Recipient")
    if _text(recipient, "idType") != "CPR":
        raise BadMemo("Recipient", "the stand-in knows people alone: idType must be CPR")
    document = _one(body, "MainDocument")
    return Memo(
        uuid=uuid,
        code=header.findtext(f"{NAMESPACE}messageCode") or "",
        cpr=_text(recipient, "recipientID"),
        subject=_text(header, "label"),
        html=_content(_one(document, "File")).decode("utf-8", "replace"),
        actions=tuple(_url(action) for action in document.iter(f"{NAMESPACE}url")),
        attachments=tuple(_attached(body)),
    )


def _check(element: ET.Element) -> None:
    name = element.tag.removeprefix(NAMESPACE)
    if name in ORDER:
        order = ORDER[name]
        places = []
        for child in element:
            tag = child.tag.removeprefix(NAMESPACE)
            if tag not in order:
                raise BadMemo(tag, f"{name} has no such element")
            places.append(order.index(tag))
        if places != sorted(places):
            raise BadMemo(name, "its elements are not in the order of the schema")
        if missing := COMPULSORY[name] - {child.tag.removeprefix(NAMESPACE) for child in element}:
            raise BadMemo(min(missing), f"is missing in {name}")
    most = NOTIFICATION if name == "notification" else TEXT
    if len(element) == 0 and name not in LONG and len(element.text or "") > most:
        raise BadMemo(name, f"is longer than {most} characters")
    if name == "actionCode" and element.text not in ACTIONS:
        raise BadMemo(name, "is none of the codes there are")
    if name.endswith("DateTime") and not (element.text or "").endswith("Z"):
        raise BadMemo(name, "must end in Z")
    for child in element:
        _check(child)


def _attached(body: ET.Element) -> Iterator[str]:
    for file in body.iterfind(f"{NAMESPACE}AdditionalDocument/{NAMESPACE}File"):
        content = _content(file)
        kind = _text(file, "encodingFormat")
        if kind == "application/pdf" and not content.startswith(b"%PDF-"):
            raise BadMemo("encodingFormat", "says PDF of what is none", "file.extension.not.allowed")
        yield f"{_text(file, 'filename')} ({len(content)} bytes)"


def _content(file: ET.Element) -> bytes:
    if BAD_FILENAME.search(_text(file, "filename")):
        raise BadMemo("filename", "holds a character that is not allowed", "file.extension.not.allowed")
    try:
        content = base64.b64decode(_text(file, "content"), validate=True)
    except ValueError as error:
        raise BadMemo("content", "is not base64") from error
    if not content:
        raise BadMemo("content", "is empty", "file.empty.not.allowed")
    return content


def _url(element: ET.Element) -> str:
    parts = urlsplit(element.text or "")
    # The real one takes https alone. On one machine there is no certificate: http to this machine is let through.
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise BadMemo("url", "must begin with https://")
    return element.text or ""


def _one(parent: ET.Element, name: str) -> ET.Element:
    found = parent.find(f"{NAMESPACE}{name}")
    if found is None:
        raise BadMemo(name, "is missing")
    return found


def _text(parent: ET.Element, name: str) -> str:
    found = parent.findtext(f"{NAMESPACE}{name}")
    if not found:
        raise BadMemo(name, "is missing or empty")
    return found


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in {"title", "style", "script"}
        if tag in {"p", "li", "h1", "br"}:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"title", "style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.lines[-1] += data


def plain(html: str) -> str:
    """Return the words of a page, a line for each of its paragraphs."""
    words = _Words()
    words.feed(html)
    return "\n".join(line.strip() for line in words.lines if line.strip())
