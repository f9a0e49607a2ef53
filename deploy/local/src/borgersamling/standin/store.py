"""What the stand-in has taken, in SQLite: it survives a killed process, as the real one survives its own faults."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from borgersamling.standin.reading import Memo, plain
from borgersamling.standin.receipts import Receipt

MOST_AT_ONCE = 500
"""Values in one question to SQLite."""

VERSION = 2
"""Of the tables: a change to one is a new version."""
SCHEMA = """
create table if not exists messages (
  seq integer primary key, uuid text not null, code text not null, cpr text not null, subject text not null,
  html text not null, actions text not null, attachments text not null, created text not null,
  transmission text not null
);
create index if not exists messages_uuid on messages (uuid);
create index if not exists messages_cpr on messages (cpr);
create table if not exists receipts (
  seq integer primary key, id text not null unique, uuid text not null, transmission text not null,
  status text not null, code text, stamp text not null, ready real not null, deleted integer not null default 0
);
create index if not exists receipts_waiting on receipts (deleted, ready);
create table if not exists mails (
  seq integer primary key, recipient text not null, source blob not null, created text not null
);
"""


class Store:
    """Messages, receipts and mails. Called from one event loop; each call is a transaction of a few microseconds."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # Autocommit, and a write-ahead log that does not wait for the disk: safe against a killed process.
        self._db = sqlite3.connect(folder / "standin.sqlite", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = off")
        if self._number("pragma user_version") != VERSION:  # synthetic messages of an older program: nobody's loss
            for table in ("messages", "receipts", "mails"):
                self._db.execute(f"drop table if exists {table}")
            self._db.execute(f"pragma user_version = {VERSION}")
        self._db.executescript(SCHEMA)

    def transmissions(self, uuids: Sequence[str]) -> dict[str, str]:
        """Return the transmissions of those messages that were taken before."""
        found: dict[str, str] = {}
        for start in range(0, len(uuids), MOST_AT_ONCE):
            some = uuids[start : start + MOST_AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"select uuid, transmission from messages where uuid in ({marks})"  # noqa: S608 - question marks
            found |= dict(self._db.execute(query, some))
        return found

    def take(self, memos: Sequence[Memo], receipts: Sequence[Receipt], transmission: str, now: str) -> None:
        """Keep messages, and the receipts that they and those beside them will have, all or nothing."""
        with self._transaction():
            self._db.executemany(
                "insert into messages (uuid, code, cpr, subject, html, actions, attachments, created, transmission)"
                " values (?,?,?,?,?,?,?,?,?)",
                ((*_columns(one), now, transmission) for one in memos),
            )
            self._db.executemany(
                "insert into receipts (id, uuid, transmission, status, code, stamp, ready) values (?,?,?,?,?,?,?)",
                ((one.id, one.uuid, one.transmission, one.status, one.code, now, one.ready) for one in receipts),
            )

    def receipts(self, now: float, most: int, skip: int) -> tuple[list[dict[str, Any]], int]:
        """Return some of the receipts that are there, oldest first, and how many are there."""
        there = "from receipts where deleted = 0 and ready <= ?"
        rows = self._db.execute(f"select * {there} order by ready, seq limit ? offset ?", (now, most, skip))
        return [_receipt(row) for row in rows], self._number(f"select count(*) {there}", now)

    def receipt(self, receipt_id: str) -> dict[str, Any] | None:
        """Return one receipt."""
        row = self._db.execute("select * from receipts where id = ? and deleted = 0", (receipt_id,)).fetchone()
        return _receipt(row) if row else None

    def delete_receipt(self, receipt_id: str) -> None:
        """Forget a receipt."""
        self._db.execute("update receipts set deleted = 1 where id = ?", (receipt_id,))

    def hand_out_again(self, receipt_id: str, ready: float) -> None:
        """Have a deleted receipt once more."""
        self._db.execute("update receipts set deleted = 0, ready = ? where id = ?", (ready, receipt_id))

    def inbox(self, cpr: str) -> list[dict[str, Any]]:
        """Return a person's messages, oldest first."""
        shown = ("subject", "code", "created", "actions", "attachments")
        return [{name: row[name] for name in shown} | {"text": plain(row["html"])} for row in self.messages(cpr)]

    def numbers(self) -> Iterator[str]:
        """Yield the number of everyone who got something."""
        return (row["cpr"] for row in self._db.execute("select distinct cpr from messages"))

    def people(self, code: str, most: int, skip: int) -> tuple[list[dict[str, Any]], int]:
        """Return some of those who got a message of this kind, or of any: the latest first, and how many they are."""
        of_kind = "from messages where (?1 = '' or code = ?1)"
        # SQLite takes the other columns from the row that has the greatest `seq`.
        rows = self._db.execute(
            f"select cpr, count(*) messages, code, created, max(seq) seq {of_kind}"
            " group by cpr order by seq desc limit ?2 offset ?3",
            (code, most, skip),
        )
        return [dict(row) for row in rows], self._number(f"select count(distinct cpr) {of_kind}", code)

    def messages(self, cpr: str) -> list[dict[str, Any]]:
        """Return all about a person's messages, oldest first."""
        rows = map(dict, self._db.execute("select * from messages where cpr = ? order by seq", (cpr,)))
        return [row | {name: json.loads(row[name]) for name in ("actions", "attachments")} for row in rows]

    def receipts_of(self, message_uuid: str) -> list[dict[str, Any]]:
        """Return all about a message's receipts, those that are acknowledged and those still to come among them."""
        return [
            dict(row)
            for row in self._db.execute("select * from receipts where uuid = ? order by ready, seq", (message_uuid,))
        ]

    def keep_mail(self, recipient: str, source: bytes, now: str) -> None:
        """Keep a mail as it came."""
        self._db.execute("insert into mails (recipient, source, created) values (?, ?, ?)", (recipient, source, now))

    def mails(self) -> list[tuple[int, str, bytes, str]]:
        """Return the mails, oldest first: number, recipient, source, time."""
        return list(map(tuple, self._db.execute("select seq, recipient, source, created from mails order by seq")))

    def counts(self) -> dict[str, Any]:
        """Count: messages and people by code, people who got the same kind twice, receipts waiting, mails."""
        one = self._number
        by_code = self._db.execute(
            "select code, count(*) n, count(distinct cpr) p from messages group by code order by code"
        )
        twice = (
            "select count(*) from (select 1 from messages where code = 'invitation' group by cpr having count(*) > 1)"
        )
        return {
            "messages": one("select count(*) from messages"),
            "people": one("select count(distinct cpr) from messages"),
            "invited_twice": one(twice),
            "receipts_waiting": one("select count(*) from receipts where deleted = 0"),
            "mails": one("select count(*) from mails"),
            "by_code": {row["code"]: {"messages": row["n"], "people": row["p"]} for row in by_code},
        }

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _number(self, query: str, *values: float | str) -> int:
        return int(self._db.execute(query, values).fetchone()[0])

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db.execute)


class _Transaction:
    def __init__(self, execute: Callable[[str], object]) -> None:
        self._execute = execute

    def __enter__(self) -> None:
        self._execute("begin")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._execute("rollback" if kind else "commit")


def _columns(memo: Memo) -> tuple[str, ...]:
    lists = json.dumps(memo.actions), json.dumps(memo.attachments)
    return memo.uuid, memo.code, memo.cpr, memo.subject, memo.html, *lists


def _receipt(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "transmissionId": row["transmission"],
        "messageUUID": row["uuid"] or None,
        "messageId": None,
        "errorCode": row["code"],
        "errorMessage": None,
        "timeStamp": row["stamp"],
        "receiptStatus": row["status"],
    }
