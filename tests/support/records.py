"""A draw's record and openings as they are published, and the verifiers that read them: the service's and the file."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from lottery.domain.alternates import draw_alternates
from lottery.domain.pool import Registrant
from lottery.domain.prepare import Options, prepare_draw
from lottery.domain.quotas import Quota, Quotas, checked_quotas, composition
from lottery.domain.record import Inputs, alternates_seed, drawn_part, published
from lottery.standalone import FILE_NAME, standalone
from lottery.verifying.digits import panel_number
from lottery.verifying.lines import Line
from lottery.verifying.seals import salt_of_code
from lottery.verifying.verify import verified

ANNOUNCED_AT, DRAWS_AT, DRAWN_AT = (f"2026-05-0{day}T16:00:00+00:00" for day in (1, 2, 2))
CODES = tuple(f"{number:016d}" for number in range(24))
"""The draw codes of a small pool's people."""


@dataclass(frozen=True)
class Published:
    """A drawn draw's two files."""

    record: dict[str, Any]
    openings: dict[str, Any]

    def copy(self) -> "Published":
        return deepcopy(self)


def small_town() -> tuple[list[Registrant], Quotas]:
    """Twenty-four people in households of two, and a panel of six by tenure and age."""
    quotas = checked_quotas(6, [Quota("tenure", value, 2, 4) for value in ("owner", "tenant")] + [
        Quota("age", value, 1, 4) for value in ("young", "grown", "old")
    ])  # fmt: skip
    pool = [
        Registrant(
            f"p{number:02d}",
            f"h{number // 2}",
            {"tenure": ("owner", "tenant", "tenant")[number % 3], "age": ("young", "grown", "old", "old")[number % 4]},
            salt_of_code(code),
        )
        for number, code in enumerate(CODES)
    ]
    return pool, quotas


def drawn_draw(
    pool: Sequence[Registrant], quotas: Quotas, digits: str = "123", options: Options | None = None
) -> Published:
    """Prepare, announce and draw, as the service does."""
    inputs = Inputs("dragoer-2025", "draw-1", "0" * 64, alternates=4, draws_at=DRAWS_AT)
    prepared = prepare_draw(inputs, pool, quotas, options, code_version="test")
    people = {one.person: one for one in pool}
    panel = prepared.panels[panel_number(digits)]
    alternates = draw_alternates(people, panel, quotas, inputs.alternates, alternates_seed(prepared.digest, digits))
    seats = composition([people[person].features for person in panel], quotas)
    waiting = [people[person] for person in alternates]
    drawn = drawn_part(prepared.record, digits, waiting, seats, drawn_at=DRAWN_AT, entered_by=2)
    record = published(prepared.record, announced_at=ANNOUNCED_AT, drawn=drawn)
    return Published(json.loads(json.dumps(record)), json.loads(json.dumps(prepared.openings)))


def failing(record: Any, openings: Any = None, *, announced: str | None = None) -> list[Line]:
    """Return what the service's verifier finds wrong."""
    return [line for line in verified(record, openings, announced=announced) if line.holds is False]


class Standalone:
    """The verifier as one file, in a folder where nothing of ours is, run by a Python that sees nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / FILE_NAME).write_text(standalone(), encoding="utf-8")

    def run(self, record: Any, openings: Any = None, *more: str) -> subprocess.CompletedProcess[str]:
        (self._folder / "record.json").write_text(json.dumps(record), encoding="utf-8")
        arguments = ["record.json", *more]
        if openings is not None:
            (self._folder / "openings.json").write_text(json.dumps(openings), encoding="utf-8")
            arguments += ["--openings", "openings.json"]
        command = [sys.executable, "-I", "-S", FILE_NAME, *arguments]
        return subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from leaves(item, (*path, key))
    if not isinstance(value, dict | list):
        yield path


STRANGE = st.sampled_from([None, True, -1, 10**60, 1.5, "", "x", "²", "9" * 16, [], {}, [[]], {"a": 1}])
