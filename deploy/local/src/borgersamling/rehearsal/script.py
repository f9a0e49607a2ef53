"""What the players of a rehearsal say and write: data, in `script.yaml` beside this file; nothing real in it."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def script() -> dict[str, Any]:
    """Return the script."""
    text = (files("borgersamling.rehearsal") / "script.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
