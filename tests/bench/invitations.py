"""A whole town's invitations: how fast, beside plain httpx and beside Celery, and what is lost when things go wrong.

    PYTHONPATH=tests python tests/bench/invitations.py --celery .tools/celery/bin/python [--residents N] [--calm]

Everything runs as processes on this machine, one measurement after the other: our whole system with the stand-in; then
the stand-in alone with httpx, and with Celery and Redis. Then ours and Celery's again with faults (`--calm`: without):
the stand-in answers 503, takes a message and does not answer, says receipts twice and out of order, delivers again
what comes again under the same UUID; and the sender is killed (SIGKILL) at the same moments of the job.

Prints a table and, last, one line of JSON; exits with 1 when a promise does not hold.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import invitations_direct
import invitations_ours
from invitations_celery import CeleryJob, Way
from processor import used

from borgersamling.processes import free_port
from borgersamling.programs import Program
from borgersamling.synthetic import populate
from sessions.domain.assembly_file import load
from support.inviting import DRAGOER, Invitations, Verdict

LIMIT_SECONDS, LEAST_RATIO = 60.0, 0.5
KILLS = 5
TIMEOUT_SECONDS = 2.0
"""Until a call's end is unknown, for ours and theirs: with ten, both would mostly wait."""
FAULTS = {
    "STANDIN__UNAVAILABLE_SHARE": "0.3",
    "STANDIN__SILENT_SHARE": "0.05",
    "STANDIN__SILENT_SECONDS": "4",
    "STANDIN__DOUBLED_RECEIPT_SHARE": "0.05",
    "STANDIN__REPEATED_RECEIPT_SHARE": "0.05",
    "STANDIN__REORDERED_RECEIPT_SHARE": "0.05",
    "STANDIN__SAME_UUID": "deliver-again",
}
TRIED = 1500
WORKERS = (("prefork", 2), ("prefork", 4), ("prefork", 8), ("threads", 8))
"""Pools and sizes of Celery's worker that are tried."""
WAYS = ("docs", "uuid", "careful")
AGAIN = {"visibility_timeout": 30.0, "unacked_restore_interval": 5.0, "unacked_restore_throttle": 1}
"""Redis hands out again, after half a minute, what a dead worker held: by default after more than an hour."""
PATIENCE_SECONDS = 60.0
"""Nothing moved for so long: it is over."""


@contextmanager
def stand_in(folder: Path, **settings: str) -> Iterator[Program]:
    """Have the stand-in alone, with nothing taken yet."""
    told = {"STANDIN__DATA": str(folder / "standin"), "STANDIN__SMTP_PORT": str(free_port()), **settings}
    with Program("digital-post", folder, lambda _: told, module="borgersamling.standin") as program:
        yield program


class Bench:
    """The measurements, in a folder of their own."""

    def __init__(self, folder: Path, arguments: argparse.Namespace) -> None:
        self._folder, self._celery = folder, arguments.celery.absolute()  # its links lead out of its environment
        self._residents = arguments.residents
        self.people = populate(self._residents, 1, load(DRAGOER)).people
        self._count = 0

    def _fresh(self) -> Path:
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        return folder

    def ours(self, *, faults: bool) -> dict[str, Any]:
        """Measure our system."""
        settings = FAULTS | {"DIGITAL_POST__TIMEOUT_SECONDS": str(TIMEOUT_SECONDS)} if faults else {}
        with Invitations(self._fresh() / "system", self._residents, settings=settings) as job:
            figures, found = invitations_ours.run(job, KILLS if faults else 0)
        return figures | counts(found)

    def direct(self) -> dict[str, Any]:
        """Measure httpx."""
        with stand_in(self._fresh()) as program:
            return asyncio.run(invitations_direct.measured(program.url, program.pid, self.people))

    def celery(self) -> dict[str, Any]:
        """Measure Celery with the worker that does best in a trial."""
        trials = {way: self._run_celery(way, TRIED)["a_second"] for way in (Way("docs", *one) for one in WORKERS)}
        best = max(trials, key=lambda way: trials[way])
        tried = {f"{way.pool} {way.at_once}": rate for way, rate in trials.items()}
        chosen = {"pool": best.pool, "at_once": best.at_once, "tried": tried}
        return self._run_celery(best, self._residents) | chosen

    def celery_with_faults(self, way: str, calm: dict[str, Any]) -> dict[str, Any]:
        """Measure Celery again, with the faults and killed workers."""
        # Who waits for an answer needs no processor: a pool as large as the connections that ours has.
        chosen = Way(way, calm["pool"], max(16, calm["at_once"]), TIMEOUT_SECONDS, AGAIN)
        return self._run_celery(chosen, self._residents, KILLS, **FAULTS)

    def _run_celery(self, way: Way, residents: int, kills: int = 0, **faults: str) -> dict[str, Any]:
        folder, people = self._fresh(), self.people[:residents]
        with stand_in(folder, **faults) as post, CeleryJob(self._celery, folder / "job", post.url, people, way) as job:
            before = used([post.pid])
            began = job.order()
            ended = job.finish(folder / "standin", kills, PATIENCE_SECONDS)
            found, late = job.verdict(folder / "standin"), job.left()
            spent = used([post.pid]) - before + (0.0 if late else job.processor())
        seconds = ended - began
        rate = (found.people - found.lost) / seconds
        measured = {"seconds": round(seconds, 1), "a_second": round(rate, 1), "late": late, "killed": kills}
        return measured | ({} if kills else {"processor_seconds": round(spent, 1)}) | counts(found)


def counts(found: Verdict) -> dict[str, int]:
    """Return what is told of a verdict."""
    return {key: value for key, value in asdict(found).items() if key != "people"}


def promises(result: dict[str, Any]) -> dict[str, bool]:
    """Return what was promised, each with whether it holds."""
    ours = result["ours"]
    told = {
        f"everyone has one message, all ended in under {LIMIT_SECONDS:.0f} s ({ours['seconds']} s)": whole(ours)
        and ours["seconds"] < LIMIT_SECONDS,
        f"at least {LEAST_RATIO} of the rate of plain httpx ({result['ratio_to_httpx']})": result["ratio_to_httpx"]
        >= LEAST_RATIO,
        f"faster than Celery ({result['celery']['seconds']} s)": ours["seconds"] < result["celery"]["seconds"],
    }
    if faulty := result.get("with_faults"):
        told["with the faults ours loses and doubles nothing"] = whole(faulty["ours"])
        others = {way: found for way, found in faulty.items() if way != "ours"}
        told["and ours alone"] = not any(whole(found) for found in others.values())
    return told


def whole(found: dict[str, Any]) -> bool:
    """Say whether nobody was left out and nobody had two."""
    return not found["lost"] and not found["doubled"]


def line(name: str, found: dict[str, Any]) -> str:
    """Return one line of the table."""
    there = [
        found.get(key, "-")
        for key in ("seconds", "a_second", "processor_seconds", "lost", "late", "doubled", "doubled_anew")
    ]
    return f"{name:34}" + "".join(f"{value:>10}" for value in there)


def measure(bench: Bench, *, faults: bool) -> dict[str, Any]:
    """Measure everything, telling each line as it is there."""
    head = ("seconds", "a second", "processor", "lost", "late", "doubled", "anew")
    print(f"{'':34}" + "".join(f"{word:>10}" for word in head), flush=True)
    result: dict[str, Any] = {"residents": len(bench.people)}

    def tell(name: str, found: dict[str, Any]) -> dict[str, Any]:
        print(line(name, found), flush=True)
        return found

    result["ours"] = tell("ours", bench.ours(faults=False))
    print(f"{'':4}{result['ours']['reached']}, processor {result['ours']['of_it']}", flush=True)
    result["httpx"] = tell("httpx", bench.direct())
    print(f"{'':4}{result['httpx']['connections']} connections; tried {result['httpx']['tried']}", flush=True)
    result["ratio_to_httpx"] = round(result["ours"]["a_second"] / result["httpx"]["a_second"], 2)
    calm = result["celery"] = tell("Celery", bench.celery())
    print(f"{'':4}{calm['pool']} {calm['at_once']}; tried {calm['tried']}", flush=True)
    if faults:
        result["with_faults"] = {"ours": tell("with faults: ours", bench.ours(faults=True))}
        for way in WAYS:
            result["with_faults"][way] = tell(f"with faults: Celery, {way}", bench.celery_with_faults(way, calm))
    return result


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--celery", type=Path, required=True, help="the interpreter of Celery's environment")
    parser.add_argument("--residents", type=int, default=11_752, help="how many are invited (default: %(default)s)")
    parser.add_argument("--calm", action="store_true", help="without the faults")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whatever ends it, nothing is left running
    with tempfile.TemporaryDirectory(prefix="bench-invitations-") as folder:
        result = measure(Bench(Path(folder), arguments), faults=not arguments.calm)
    told = promises(result)
    print()
    for what, holds in told.items():
        print(f"{'holds' if holds else 'FAILS'}: {what}")
    print(json.dumps(result | {"holds": all(told.values())}))
    return 0 if all(told.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
