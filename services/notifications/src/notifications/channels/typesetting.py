"""Typesets a letter as an accessible PDF.

Measured: 50 ms for the first letter, 3 ms for each later one with the same compiler, and the interpreter's lock is let
go meanwhile. So one worker thread is enough, and the compiler, which is not made for two threads, stays in it: each
thread has its own, should there be several.
"""

import threading
from pathlib import Path

import typst

LETTER = Path(__file__).with_name("letter.typ")


_here = threading.local()


def _compiler() -> typst.Compiler:
    # Its own fonts alone: the same letter on every machine. Kept: it caches the source and the fonts.
    if not hasattr(_here, "compiler"):
        _here.compiler = typst.Compiler(input=str(LETTER), ignore_system_fonts=True)
    compiler: typst.Compiler = _here.compiler
    return compiler


def typeset(data: str) -> bytes:
    """Return the letter as PDF/UA-1; `data` is the JSON that `letter.typ` reads. RuntimeError says what it lacks."""
    pdf = _compiler().compile(sys_inputs={"data": data}, format="pdf", pdf_standards="ua-1")
    if not isinstance(pdf, bytes):
        raise TypeError("a letter is one file")
    return pdf
