"""Rehearsals as a person starts them: `borgersamling rehearse` as a process of its own, in a folder of its own."""

import json
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from borgersamling.processes import free_port
from borgersamling.run_folder import read_run

ROOT = Path(__file__).parents[2]
BORGERSAMLING = Path(sys.executable).parent / "borgersamling"
SECONDS = 420.0
RESIDENTS = 200


class Rehearsal:
    """One rehearsal under way, or over with its system still up."""

    def __init__(
        self, folder: Path, *, seed: int, leave: bool, residents: int = RESIDENTS, until: str | None = None
    ) -> None:
        self.data = folder / "system"
        self.json = folder / "out.json"
        self._leaves = leave
        self._log = folder / "rehearse.log"
        command = [BORGERSAMLING, "rehearse", ROOT / "municipalities/dragoer", "--data", self.data]
        command += ["--residents", str(residents), "--seed", str(seed), "--json", self.json]
        command += ["--port", str(free_port())]
        if until:
            command += ["--until", until]
        if leave:
            command.append("--exit")
        with self._log.open("wb") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, cwd=ROOT)

    @property
    def said(self) -> str:
        """What it has printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def pid(self, part: str) -> int | None:
        """Return the process id of a part, None before it is started."""
        found = read_run(self.data).get("parts", {}).get(part)
        return None if found is None else int(found["pid"])

    @property
    def url(self) -> str:
        """The one address."""
        return str(read_run(self.data)["url"])

    def outcome(self) -> dict[str, Any]:
        """Wait for the end of the course and return what it wrote; AssertionError with its words when it fails."""
        deadline = time.monotonic() + SECONDS
        while not self.json.exists():
            assert self.process.poll() in {None, 0}, self.said[-6000:]
            assert time.monotonic() < deadline, f"the rehearsal takes too long:\n{self.said[-6000:]}"
            time.sleep(0.2)
        for _ in range(50):
            try:
                found: dict[str, Any] = json.loads(self.json.read_text())
            except json.JSONDecodeError:
                time.sleep(0.1)
            else:
                return found
        raise AssertionError("out.json is no JSON")

    def stop(self) -> int:
        """End it as Ctrl-C does, unless it ends by itself after its course, and return its exit status."""
        if self.process.poll() is None and not (self._leaves and self.json.exists()):
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def alike(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome without its times, and without the facts said in bulk: how many depends on how many wait."""
    events = {name: count for name, count in outcome["events"].items() if not name.endswith("erasure-confirmed.v1")}
    return {key: value for key, value in outcome.items() if key != "seconds"} | {"events": events}


def move_clock(rehearsal: Rehearsal, to: datetime) -> None:
    """Move the clock of a course that stands still, for all services at once."""
    command = [BORGERSAMLING, "clock", "--data", rehearsal.data, "move", to.isoformat()]
    subprocess.run([str(word) for word in command], check=True, capture_output=True, cwd=ROOT)
