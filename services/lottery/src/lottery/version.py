"""Which code draws: named in the sealed record, so that a draw can be run again with the very same rules."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def code_version() -> str:
    """Return the package's version and a digest over the files of the rules (`domain/`)."""
    domain = Path(__file__).parent / "domain"
    sources = hashlib.sha256()
    for source in sorted(domain.glob("*.py")):
        sources.update(source.name.encode() + b"\n" + source.read_bytes())
    return f"{version('borgersamling-lottery')}+{sources.hexdigest()[:16]}"
