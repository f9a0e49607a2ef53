"""Reading the files to verify, strictly: what another program might read in another way is refused."""

import json
from pathlib import Path
from typing import Any


class UnreadableError(Exception):
    """A file that is not there, not UTF-8 or not JSON, or says one thing twice."""


def read_json(path: Path) -> Any:
    """Return the file's content, or raise `UnreadableError`."""
    try:
        return parse_json(path.read_bytes(), str(path))
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}") from error


def parse_json(content: bytes, name: str) -> Any:
    """Return the content of JSON in UTF-8; a field that is there twice, NaN and half a letter are refused."""
    try:
        found = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refused)
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise UnreadableError(f"{name}: too deeply nested") from error
    except ValueError as error:  # wrong JSON, wrong UTF-8, and letters that cannot be written in it
        raise UnreadableError(f"{name}: {error}") from error
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field stands there twice")
    return found


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")
