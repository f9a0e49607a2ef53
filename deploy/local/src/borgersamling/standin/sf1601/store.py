"""Letters, and receipts on their way, beside the messages in the stand-in's SQLite: they survive a killed process."""

import sqlite3
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from borgersamling.standin.sf1601.reading import Letter

SCHEMA = """
create table if not exists letters (
  seq integer primary key, identifier text not null, name text not null, address text not null, title text not null,
  text text not null, enclosed integer not null, created text not null, transmission text not null
);
create index if not exists letters_identifier on letters (identifier);
create table if not exists pushes (
  seq integer primary key, body blob not null, ready real not null, tries integer not null default 0
);
create index if not exists pushes_ready on pushes (ready);
"""


@dataclass(frozen=True, slots=True)
class Push:
    """A receipt that is due."""

    seq: int
    body: bytes


class Store:
    """Called from one event loop; each call is a transaction of a few microseconds."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "standin.sqlite", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(SCHEMA)

    def transmission_of(self, identifier: str) -> str | None:
        """Return the transmission of a letter that was taken before."""
        row = self._db.execute("select transmission from letters where identifier = ?", (identifier,)).fetchone()
        return row["transmission"] if row else None

    def take(self, letter: Letter, transmission: str, now: str) -> None:
        """Keep a letter."""
        self._db.execute(
            "insert into letters (identifier, name, address, title, text, enclosed, created, transmission)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (*astuple(letter), now, transmission),
        )

    def letters(self) -> list[dict[str, Any]]:
        """Return the letters, oldest first."""
        return [
            {name: row[name] for name in ("identifier", "name", "address", "title", "text", "enclosed", "created")}
            for row in self._db.execute("select * from letters order by seq")
        ]

    def put(self, body: bytes, ready: float) -> None:
        """Have a receipt pushed at `ready`."""
        self._db.execute("insert into pushes (body, ready) values (?, ?)", (body, ready))

    def due(self, now: float, most: int) -> list[Push]:
        """Return the receipts that are due, the longest waiting first."""
        rows = self._db.execute("select * from pushes where ready <= ? order by ready, seq limit ?", (now, most))
        return [Push(row["seq"], row["body"]) for row in rows]

    def pushed(self, push: Push) -> None:
        """Forget a receipt that was taken."""
        self._db.execute("delete from pushes where seq = ?", (push.seq,))

    def again(self, push: Push, ready: float) -> None:
        """Push a receipt once more that was not taken, or that comes twice."""
        self._db.execute("update pushes set ready = ?, tries = tries + 1 where seq = ?", (ready, push.seq))

    def waiting(self) -> int:
        """Count the receipts that nobody has taken yet."""
        return int(self._db.execute("select count(*) from pushes").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()
