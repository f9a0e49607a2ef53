"""Typesets pages of paper as accessible PDFs, for the services that have `typst` among their dependencies.

Measured: 50 ms for the first page, 5 ms for each later one with the same compiler, and the interpreter's lock is let go
meanwhile. So one worker thread is enough, and the compiler, which is not made for two threads, stays in it: each thread
has its own, should there be several.
"""

import threading
from pathlib import Path
from typing import Any

_here = threading.local()


def _compiler(layout: Path) -> Any:
    import typst  # noqa: PLC0415 - three of the services do without

    # Its own fonts alone: the same page on every machine. Kept: it caches the source and the fonts.
    compilers: dict[Path, Any] = _here.__dict__.setdefault("compilers", {})
    if layout not in compilers:
        compilers[layout] = typst.Compiler(input=str(layout), ignore_system_fonts=True)
    return compilers[layout]


def typeset(data: str, layout: Path) -> bytes:
    """Return the page as PDF/UA-1; `data` is the JSON that `layout` reads. RuntimeError says what it lacks."""
    pdf = _compiler(layout).compile(sys_inputs={"data": data}, format="pdf", pdf_standards="ua-1")
    if not isinstance(pdf, bytes):
        raise TypeError("a page is one file")
    return pdf
