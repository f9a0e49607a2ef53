"""Which code draws: named in the sealed record, so that a draw can be run again with the very same rules."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def code_version() -> str:
    """Return the package's version and a digest over the files of the rules (`domain/` and `verifying/`)."""
    here = Path(__file__).parent
    sources = hashlib.sha256()
    for source in sorted([*here.glob("domain/*.py"), *here.glob("verifying/*.py")]):
        sources.update(source.relative_to(here).as_posix().encode() + b"\n" + source.read_bytes())
    return f"{version('borgersamling-lottery')}+{sources.hexdigest()[:16]}"
