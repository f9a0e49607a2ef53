"""Typesets letters, and proofs of what was sent, as accessible PDFs.

Measured: 50 ms for the first letter, 5 ms for each later one with the same compiler, and the interpreter's lock is let
go meanwhile. So one worker thread is enough, and the compiler, which is not made for two threads, stays in it: each
thread has its own, should there be several.
"""

import threading
from pathlib import Path

import typst

LETTER = Path(__file__).with_name("letter.typ")


_here = threading.local()


def _compiler(layout: Path) -> typst.Compiler:
    # Its own fonts alone: the same letter on every machine. Kept: it caches the source and the fonts.
    compilers: dict[Path, typst.Compiler] = _here.__dict__.setdefault("compilers", {})
    if layout not in compilers:
        compilers[layout] = typst.Compiler(input=str(layout), ignore_system_fonts=True)
    return compilers[layout]


def typeset(data: str, layout: Path = LETTER) -> bytes:
    """Return the letter as PDF/UA-1; `data` is the JSON that `layout` reads. RuntimeError says what it lacks."""
    pdf = _compiler(layout).compile(sys_inputs={"data": data}, format="pdf", pdf_standards="ua-1")
    if not isinstance(pdf, bytes):
        raise TypeError("a letter is one file")
    return pdf
