"""The encryption keys of a test run: made for it, gone with it."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from chassis.vault import write_master_key


@cache
def folder() -> Path:
    """Return the folder of master keys that all services of this process share."""
    made = Path(tempfile.mkdtemp(prefix="keys-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    write_master_key(made, "k1")
    return made
