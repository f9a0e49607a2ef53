"""Who was in a file, and in which row: on the disk, so that five million rows need no more memory than ten."""

import sqlite3
from collections.abc import Sequence
from types import TracebackType


class Index:
    """A private temporary file of opaque ids and row numbers, which SQLite deletes as it opens it.

    It holds nothing personal, and a killed process leaves nothing. For one thread at a time.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -32000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE seen (person BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def first_row(self, person: str, row: int) -> int:
        """Note that someone stands in a row, and return the first row they stood in."""
        key = _short(person)
        if self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row)).rowcount:
            return row
        found: tuple[int] = self._db.execute("SELECT at FROM seen WHERE person = ?", (key,)).fetchone()
        return found[0]

    def missing(self, people: Sequence[str]) -> list[str]:
        """Return which of these people are not in the file."""
        look = "SELECT 1 FROM seen WHERE person = ?"
        return [person for person in people if not self._db.execute(look, (_short(person),)).fetchone()]

    def __enter__(self) -> "Index":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()


def _short(person: str) -> bytes:
    # Of an id's 128 bits 96 tell ten million people apart, and the file stays below 200 MB.
    return bytes.fromhex(person[:24])
