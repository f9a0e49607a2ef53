"""Reads XML that came over the network: no document type, so no entity that grows or fetches, and no surprise.

And what must not be written into any.
"""

import re
from xml.etree import ElementTree as ET

NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not have, not even escaped."""


class BadXml(ValueError):  # noqa: N818 - says what it is
    """The bytes are no XML that is read here. Its text holds nothing of theirs."""


def parse(body: bytes) -> ET.Element:
    """Return the root element. BadXml for anything not well-formed, and for a document type whatever it declares."""
    try:
        return ET.fromstring(body, ET.XMLParser(target=_NoDoctype()))  # noqa: S314 - nothing can be declared in it
    except (ET.ParseError, LookupError, ValueError) as error:  # LookupError: an encoding nobody knows
        if isinstance(error, BadXml):
            raise
        raise BadXml("it is not well-formed XML") from None


def named(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002 - expat's signature
        raise BadXml("it has a document type, which nothing of ours needs")
