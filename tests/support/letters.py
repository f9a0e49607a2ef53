"""Letters as their readers have them: typeset, read by pdftotext as a screen reader would, scanned by a camera."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from notifications.channels import Outgoing, Person
from notifications.channels.letter import Letterhead, letter_data
from notifications.channels.typesetting import typeset
from support.notifying import NOW, message

LETTERHEAD = Letterhead("32 89 01 00", "Dragør Kommune, Kirkevej 7, 2791 Dragør")
POINTS_A_MM = 72 / 25.4
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word on the first page; millimetres from the page's top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def letter(template: str, language: str = "da", letterhead: Letterhead = LETTERHEAD, **person: Any) -> bytes:
    """Return the letter of this template; `person` changes whom it is to."""
    out = message(template, language)
    assert isinstance(out.to, Person)
    to = replace(out.to, **({"reference": "123 456 789"} | person))
    return typeset(json.dumps(letter_data(message(template, language, to), to, NOW, letterhead)))


def letter_of(out: Outgoing, letterhead: Letterhead = LETTERHEAD) -> bytes:
    """Return this message as a letter."""
    assert isinstance(out.to, Person)
    return typeset(json.dumps(letter_data(out, out.to, NOW, letterhead)))


def read_aloud(pdf: bytes, *options: str) -> str:
    """Return the words in the order pdftotext finds them in."""
    return _pdftotext(pdf, *options)


def words(pdf: bytes) -> list[Word]:
    """Return the words of the first page with their places."""
    found = _WORD.findall(_pdftotext(pdf, "-bbox", "-l", "1"))
    return [Word(text, *(float(points) / POINTS_A_MM for points in places)) for *places, text in found]


def seen(pdf: bytes, page: int = 0, dots_an_inch: int = 150) -> Image.Image:
    """Return a page as a camera sees it."""
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        picture: Image.Image = document[page].render(scale=dots_an_inch / 72).to_pil()
    return picture


def scanned(pdf: bytes, page: int = 0) -> list[str]:
    """Return what the codes on a page say to a camera."""
    return [found.text for found in zxingcpp.read_barcodes(seen(pdf, page).convert("L"))]


def structure(pdf: bytes) -> list[tuple[str, str]]:
    """Return the tags in the order a screen reader meets them, each with its alternative text."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((node["/S"], str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node["/K"])

    walk(PdfReader(BytesIO(pdf)).root_object["/StructTreeRoot"])
    return found


def _pdftotext(pdf: bytes, *options: str) -> str:
    assert shutil.which("pdftotext"), "the tests read letters with pdftotext: run `make pdf-reader`"
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
