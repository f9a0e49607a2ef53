"""An Atom feed against the rules of RFC 4287, written down from its text and not from what we write."""

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from defusedxml import ElementTree

NS = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # 3.3: RFC 3339, capital T and Z
_BOTH = {"author", "category", "contributor", "id", "link", "rights", "title", "updated"}
_FEED = _BOTH | {"entry", "generator", "icon", "logo", "subtitle"}
_ENTRY = _BOTH | {"content", "published", "source", "summary"}


def read(content: bytes) -> Any:
    """Return the feed's root, or fail with the rule it breaks."""
    assert content.startswith(b"<?xml")
    root: Any = ElementTree.fromstring(content)
    assert root.tag == f"{NS}feed"
    entries = root.findall(f"{NS}entry")
    _container(root, _FEED, "4.1.1")
    assert all(child.tag == f"{NS}entry" for child in root[list(root).index(entries[0]) :]) if entries else True
    has_author = bool(root.findall(f"{NS}author"))
    for entry in entries:
        _container(entry, _ENTRY, "4.1.2")
        assert has_author or entry.findall(f"{NS}author"), "4.1.2: an author of the entry or of the feed"
        alternate = [link for link in entry.findall(f"{NS}link") if link.get("rel", "alternate") == "alternate"]
        assert entry.findall(f"{NS}content") or alternate, "4.1.2: content, or a link to it"
        for name in ("published", "summary", "content"):
            assert len(entry.findall(f"{NS}{name}")) <= 1, f"4.1.2: {name} at most once"
        for category in entry.findall(f"{NS}category"):
            assert category.get("term"), "4.2.2.1: a category has a term"
    ids = [entry.findtext(f"{NS}id") for entry in entries]
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == [], "4.1.1: no two entries of one id and time"
    for author in root.iter(f"{NS}author"):
        assert (author.findtext(f"{NS}name") or "").strip(), "3.2.1: a person has one name"
    assert any(link.get("rel") == "self" for link in root.findall(f"{NS}link")), "4.1.1: a feed should say where it is"
    return root


def _container(element: Any, allowed: set[str], rule: str) -> None:
    names = Counter(child.tag for child in element)
    assert {name for name in names if name.startswith(NS)} <= {NS + name for name in allowed}, rule
    for name in ("id", "title", "updated"):
        assert names[NS + name] == 1, f"{rule}: exactly one {name}"
        assert (element.findtext(NS + name) or "").strip(), f"{rule}: {name} says something"
    assert urlsplit(element.findtext(f"{NS}id")).scheme, "4.2.6: an id is an absolute IRI"
    for name in ("updated", "published"):
        for moment in element.findall(NS + name):
            assert _DATE.fullmatch(moment.text), f"3.3: {moment.text} is no date"
    links = element.findall(f"{NS}link")
    assert all(urlsplit(link.get("href", "")).scheme for link in links), "4.2.7.1: a link has an address"
    kinds = Counter((link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate")
    assert all(count == 1 for count in kinds.values()), f"{rule}: one alternate of a type and language"
