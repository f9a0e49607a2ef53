"""The data folder of one system: who holds it, and where its parts are (`run.json`)."""

import fcntl
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from borgersamling.processes import StartError, belongs_to, end, is_alive


class RunFolder:
    """Held by one system at a time; the kernel lets go of the lock when its process ends, however it ends."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._lock: IO[str] | None = None

    def hold(self) -> None:
        """Take the folder; StartError when another system has it, or it holds something else than a system's data."""
        self.data.mkdir(parents=True, exist_ok=True)
        if not (self.data / "lock").exists() and any(self.data.iterdir()):
            # `--data` may have named someone's documents, and a rehearsal empties its folder.
            raise StartError(
                f"{self.data} holds files and was never a system's data folder: choose another with --data"
            )
        file = (self.data / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise StartError(
                f"{self.data} is in use by the system with process id {holder}: "
                "stop that one (Ctrl-C, or SIGTERM to that id) or choose another folder with --data"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._lock = file

    def empty(self) -> bool:
        """Delete everything in the folder, which is held; return whether there was anything."""
        things = [thing for thing in self.data.iterdir() if thing.name != "lock"]
        for thing in things:
            if thing.is_dir() and not thing.is_symlink():
                shutil.rmtree(thing)
            else:
                thing.unlink()
        return bool(things)

    def let_go(self) -> None:
        """Leave the folder to the next system."""
        if self._lock is not None:
            (self.data / "run.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def end_leftovers(self) -> list[str]:
        """End what a killed run left behind: two servers over the same files would ruin them. Return its names."""
        ended = []
        for name, part in reversed(read_run(self.data).get("parts", {}).items()):
            if is_alive(part["pid"]) and belongs_to(part["pid"], self.data):
                end(part["pid"])
                ended.append(name)
        return ended

    def write(self, run: dict[str, Any]) -> None:
        """Write `run.json` in one step: a reader never sees half of it."""
        new = self.data / "run.json.new"
        stamp = {"pid": os.getpid(), "written_at": datetime.now(UTC).isoformat(timespec="seconds")}
        new.write_text(json.dumps(stamp | run, indent=1))
        new.replace(self.data / "run.json")


def read_run(data: Path) -> dict[str, Any]:
    """Return `run.json` of a data folder, empty when nothing runs there."""
    try:
        found: dict[str, Any] = json.loads((data / "run.json").read_text())
    except FileNotFoundError:
        return {}
    return found
