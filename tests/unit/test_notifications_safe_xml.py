"""XML from the network can declare nothing: what it says is what it holds."""

import pytest

from notifications.channels.safe_xml import BadXml, named, parse

BOMB = """<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><r>&b;</r>"""
FETCHES = """<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r>&x;</r>"""
ELSEWHERE = """<!DOCTYPE r SYSTEM "http://127.0.0.1:1/r.dtd"><r/>"""


@pytest.mark.parametrize("xml", [BOMB, FETCHES, ELSEWHERE, "<!DOCTYPE r><r/>"])
def test_a_document_type_is_refused_whatever_it_declares(xml: str) -> None:
    with pytest.raises(BadXml, match="document type"):
        parse(xml.encode())


@pytest.mark.parametrize(
    "xml", [b"", b"<r>", b"<r>&x;</r>", b"\xff\xfe\x00", b"<?xml version='1.0' encoding='none'?><r/>"]
)
def test_what_is_not_well_formed_is_refused_in_words_that_quote_nothing(xml: bytes) -> None:
    with pytest.raises(BadXml, match=r"\Ait is not well-formed XML\Z"):
        parse(xml)


def test_an_elements_name_is_read_without_its_namespace() -> None:
    assert [named(element) for element in parse(b"<r xmlns='urn:x'><s xmlns=''>1</s></r>").iter()] == ["r", "s"]
