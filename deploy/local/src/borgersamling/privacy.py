"""Whether anything personal got where it must not be: every NATS stream, log line and trace, against the roll.

The rule (architecture): names, CPR numbers and addresses live in registration alone. A rehearsal keeps its roll of
invented people beside its data, so that the check knows exactly what to look for and misses nothing by its shape.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import nats
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

ROLL = "roll.csv"
CPR = re.compile(r"(?<![0-9A-Za-z])(\d{6})-?(\d{4})(?![0-9A-Za-z])")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something personal in the wrong place. `kind` says what; the value itself is never repeated."""

    where: str
    kind: str


class Watchlist:
    """What must not be found: the people of a roll."""

    def __init__(self, roll: bytes) -> None:
        rows = list(csv.DictReader(io.StringIO(roll.decode("utf-8-sig")), delimiter=_delimiter(roll)))
        if not rows:
            raise ValueError("the roll is empty: there is nothing to look for, so nothing would be found")
        self._cprs = {row["cpr"].replace("-", "") for row in rows}
        self._phrases: dict[tuple[str, ...], str] = {}
        for row in rows:
            self._phrases[words(row["name"])] = "name"
            self._phrases[words(f"{row['street']} {row['house_number']}")] = "address"
        self._lengths = sorted({len(phrase) for phrase in self._phrases})

    def kinds_in(self, text: str) -> list[str]:
        """Return the kinds of personal data in a text, each once."""
        found = {"cpr" for match in CPR.finditer(text) if match.group(1) + match.group(2) in self._cprs}
        said = words(text)
        for length in self._lengths:
            for start in range(len(said) - length + 1):
                kind = self._phrases.get(said[start : start + length])
                if kind:
                    found.add(kind)
        return sorted(found)


def _delimiter(roll: bytes) -> str:
    header = roll.split(b"\n", 1)[0]
    return ";" if header.count(b";") > header.count(b",") else ","


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, whatever stands between them and however they are written."""
    return tuple(word.casefold() for word in WORD.findall(text))


def files_of(data: Path) -> list[Path]:
    """Return the log and trace files of a system."""
    return sorted([*(data / "logs").glob("*.log"), *(data / "traces").glob("*.jsonl")])


def check_files(data: Path, watchlist: Watchlist) -> Iterator[Finding]:
    """Look through every log line and every span."""
    for path in files_of(data):
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                for kind in watchlist.kinds_in(line):
                    yield Finding(f"{path.relative_to(data)}:{number}", kind)


async def check_streams(nats_url: str, user: str, password: str, watchlist: Watchlist) -> AsyncIterator[Finding]:
    """Look through every message of every stream, bodies, headers and subjects, object stores too."""
    client = await nats.connect(nats_url, user=user, password=password)
    try:
        js = client.jetstream(timeout=30)
        for info in await js.streams_info():
            name = info.config.name or ""
            config = ConsumerConfig(ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, inactive_threshold=60)
            left = info.state.messages
            if not left:
                continue
            subscription = await js.pull_subscribe(">", stream=name, config=config)
            while left > 0:
                try:
                    messages = await subscription.fetch(500, timeout=10)
                except (TimeoutError, NatsTimeoutError):
                    break
                left -= len(messages)
                for message in messages:
                    headers = " ".join(f"{key}: {value}" for key, value in (message.headers or {}).items())
                    text = f"{message.subject}\n{headers}\n{message.data.decode('utf-8', 'replace')}"
                    for kind in watchlist.kinds_in(text):
                        yield Finding(f"stream {name}, message {message.metadata.sequence.stream}", kind)
            await subscription.unsubscribe()
    finally:
        await client.close()


async def check(data: Path, nats_url: str, user: str, password: str) -> tuple[list[Finding], str]:
    """Look everywhere; return what was found, and in words what was looked through.

    FileNotFoundError without the roll: a check that knows nobody would find nothing.
    """
    watchlist = Watchlist((data / ROLL).read_bytes())
    found = list(check_files(data, watchlist))
    found += [finding async for finding in check_streams(nats_url, user, password, watchlist)]
    return found, f"{len(files_of(data))} files of logs and traces, and every stream"
