"""Writing a draw's folder: all of it or nothing, and the same bytes for the same draw."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any


class FolderTakenError(Exception):
    """There is something already where the folder would be."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table: UTF-8, commas, line feeds."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    return out.getvalue().encode()


def json_bytes(value: Any) -> bytes:
    """Return JSON to read: keys sorted, a line a field, and a list's items a line each."""
    return (_lines(value, "") + "\n").encode()


def _lines(value: Any, indent: str) -> str:
    deeper = indent + " "
    if isinstance(value, Mapping) and any(isinstance(item, Mapping | list | tuple) for item in value.values()):
        fields = (f"{deeper}{_flat(key)}: {_lines(value[key], deeper)}" for key in sorted(value))
        return "{\n" + ",\n".join(fields) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping | list | tuple) for item in value):
        return "[\n" + ",\n".join(f"{deeper}{_flat(item)}" for item in value) + f"\n{indent}]"
    return _flat(value)


def _flat(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a new folder, or into one that is there and empty, and all at once.

    Only its owner may read it: it holds people. Raises `FolderTakenError` for a folder with something in it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTakenError(f"{folder} is there already, and not empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in files.items():
            (work / name).write_bytes(content)
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
