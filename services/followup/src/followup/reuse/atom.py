"""A feed of what happens in public (Atom, RFC 4287), written with the standard library alone."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from followup.reuse.happenings import Happening

MEDIA = "application/atom+xml; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
MOST = 100
"""Entries of a feed: a reader comes by every day."""
_SPACE = uuid.UUID("6d8f4e0a-6a0b-5b53-9f0e-0e6f6d2f2f3b")
"""The ids' own name space. It never changes: a reader would show everything anew."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself. `key` names it for ever; `url` is its own address, `page` the page it is about."""

    key: str
    title: str
    author: str
    url: str
    page: str
    language: str


def write(
    feed: Feed, told: Sequence[Happening], origin: str, otherwise: datetime, titles: Mapping[str, str] | None = None
) -> bytes:
    """Return the feed.

    `origin` is the one address; `otherwise` is when an empty feed was last changed. `titles` are the assemblies',
    which go before an entry's in a feed of several.
    """
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", identity(f"{feed.key}:{feed.language}"))
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(max((one.at for one in told), default=otherwise)))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(_add(root, "author"), "name", feed.author)
    for one in told[:MOST]:
        entry = _add(root, "entry")
        _add(entry, "id", identity(f"{one.assembly}:{one.key}"))
        _add(entry, "title", f"{titles[one.assembly]}: {one.title}" if titles else one.title)
        _add(entry, "updated", _moment(one.at))
        _add(entry, "published", _moment(one.at))
        _add(entry, "link", rel="alternate", type="text/html", href=f"{origin}{one.path}")
        _add(entry, "category", term=one.key.partition(":")[0])
        _add(entry, "summary", one.text or one.title)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def identity(key: str) -> str:
    """Return the id of a feed or an entry: the same for ever, wherever the municipality moves its site."""
    return uuid.uuid5(_SPACE, key).urn


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        element.text = _NO_XML.sub("", text)
    return element


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
