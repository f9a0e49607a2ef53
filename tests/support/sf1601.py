"""What the tests of SF1601 share: real receipts from beside the repository, and others made from them."""

import base64
import re
from pathlib import Path

import pytest
from lxml import etree

SHARED = Path(__file__).parents[3] / "shared" / "memo"
"""Schemas and samples that carry no licence: tests read them, the project does not contain them."""


def _sample(name: str) -> bytes:
    path = SHARED / f"beskedfordeler/PostStatusBeskedModtag.{name}.xml"
    return path.read_bytes() if path.is_file() else b""


DELIVERED, FAILED = _sample("success"), _sample("error")
"""Empty where they do not lie beside the repository."""
XSD = "http://www.w3.org/2001/XMLSchema"
AARHUS = "55133018"
"""The municipality that the samples are for."""
DELIVERED_EVENT = "f7161a89-5068-4023-bc80-d7f4daad2a2e"
MESSAGE = "8853363b-43ec-4d0a-a54d-65447f9447ed"
TRANSMISSION = "1ab6eb87-a457-4ad3-8952-ed8f18a1676a"


def status_of(body: bytes) -> str:
    """Return the status in a pushed message."""
    found = re.search(rb"<(?:\w+:)?Base64[^>]*>([^<]*)<", body)
    assert found
    return base64.b64decode(found[1]).decode()


def with_status(status: str, event: str = DELIVERED_EVENT) -> bytes:
    """Return the real message with another status in it, and another event."""
    data = base64.b64encode(status.encode()).decode()
    body = re.sub(r"(<Base64[^>]*>)[^<]*<", rf"\g<1>{data}<", DELIVERED.decode())
    return body.replace(DELIVERED_EVENT, event).encode()


def letter_status(text: str, **more: str) -> str:
    """Return what is told of a letter, in the fields that a letter has."""
    fields = {"AfsendelseIdentifikator": MESSAGE, "KanalKode": "Fysisk Post", "TransaktionsStatusKode": text} | more
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return (
        f'<PKO_PostStatus xmlns="http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types">{inner}</PKO_PostStatus>'
    )


def fjernprint_schema(folder: Path, namespace: str = "urn:oio:fjernprint:1.0.0") -> etree.XMLSchema:
    """Return the schema of `ForsendelseI`, or of another namespace's elements.

    libxml2 reads one file for each namespace and passes over further imports of it, and these schemas have a file for
    each element. So each import is led to a file that includes all of its namespace's; `folder` is where they lie.
    """
    if not SHARED.is_dir():
        pytest.skip(f"Fjernprint's schemas, which the project may not contain, are not in {SHARED}")
    files = {path.name: etree.parse(path) for path in sorted((SHARED / "fjernprint-sf1600").glob("*.xsd"))}
    gathered: dict[str, str] = {}
    for name, file in files.items():
        space = file.getroot().get("targetNamespace")
        hub = gathered.setdefault(space, f"all-{len(gathered)}.xsd")
        with (folder / hub).open("a") as out:
            out.write(f'<include schemaLocation="{name}"/>' if out.tell() else _hub(space, name))
    for name, file in files.items():
        for element in list(file.iter(f"{{{XSD}}}import")):
            if element.get("namespace") == file.getroot().get("targetNamespace"):
                element.getparent().remove(element)  # a slip of theirs: its own namespace is there already
            else:
                element.set("schemaLocation", gathered[element.get("namespace")])
        file.write(folder / name)
    for hub in gathered.values():
        with (folder / hub).open("a") as out:
            out.write("</schema>")
    return etree.XMLSchema(etree.parse(folder / gathered[namespace]))


def _hub(space: str, first: str) -> str:
    return f'<schema xmlns="{XSD}" targetNamespace="{space}"><include schemaLocation="{first}"/>'
