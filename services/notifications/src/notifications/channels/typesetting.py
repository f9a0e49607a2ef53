"""Typesets letters, and proofs of what was sent, as accessible PDFs (`chassis.typesetting`)."""

from pathlib import Path

from chassis import typesetting

LETTER = Path(__file__).with_name("letter.typ")


def typeset(data: str, layout: Path = LETTER) -> bytes:
    """Return the letter as PDF/UA-1; `data` is the JSON that `layout` reads. RuntimeError says what it lacks."""
    return typesetting.typeset(data, layout)
