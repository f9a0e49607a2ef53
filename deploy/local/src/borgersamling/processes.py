"""Child processes and the ports they listen on.

A child is always ended by its own process id, never by a name: other people's servers run on the same machine.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

HOST = "127.0.0.1"
MARK = "BORGERSAMLING_DATA"
"""Environment variable of every child: the data folder it belongs to, so that a later run knows its own leftovers."""


class StartError(RuntimeError):
    """A part did not come up; the text says why and what to do."""


def free_port(preferred: int | None = None) -> int:
    """Return `preferred` when nobody listens on it, otherwise any free port of the loopback address."""
    for port in (preferred, 0) if preferred else (0,):
        with socket.socket() as probe:
            # Servers set SO_REUSEADDR as well: a port in TIME_WAIT after a restart is free to them.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port or 0))
                return int(probe.getsockname()[1])
    raise StartError(f"no free port on {HOST}: too many processes hold one; end some and try again")


def owns_port(pid: int, port: int) -> bool:
    """Return whether the process itself listens on the port (another one may have taken it between choice and bind).

    Read from /proc; where there is none (not Linux) an answering port has to do.
    """
    try:
        held = set(_open_files(pid))
        tables = [Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    except OSError:
        return not Path("/proc/self").exists() and answers(port)
    listening = (row.split() for table in tables for row in table)
    return any(
        row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port and f"socket:[{row[9]}]" in held
        for row in listening
    )


def _open_files(pid: int) -> Iterator[str]:
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed while we looked
            yield str(link.readlink())


def answers(port: int) -> bool:
    """Return whether anything accepts a connection on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def is_alive(pid: int) -> bool:
    """Return whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def belongs_to(pid: int, data: Path) -> bool:
    """Return whether a process is a child of an earlier run over this data folder, and not a stranger with its id."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"{MARK}={data.resolve()}".encode() in environment


def end(pid: int, grace: float = 15.0) -> None:
    """Ask a process that is not our child to stop, and kill it after `grace` seconds."""
    for sign, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        if wait_until(lambda: not is_alive(pid), seconds):
            return


def wait_until(condition: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Return True as soon as the condition holds, False when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True


class Child:
    """One process, its log file and its end."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        data: Path | None = None,
    ) -> None:
        self.name, self.argv, self.log = name, [str(a) for a in argv], log
        self._env = {**os.environ, **(env or {})}
        if data:
            self._env[MARK] = str(data.resolve())
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._output = self.log.open("ab")
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the parts in order.
        self._process = subprocess.Popen(
            self.argv,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        if self._process is None:
            raise StartError(f"{self.name} is not started")
        return self._process.pid

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, grace: float = 15.0) -> None:
        """Ask it to stop, kill it after `grace` seconds, and collect it."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        if self._output:
            self._output.close()

    def kill(self) -> None:
        """End it as a crash would (SIGKILL): for tests of what survives one."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def failure(self, what: str) -> StartError:
        """Return an error with the end of the log, which nearly always says what is wrong."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-15:]
        except OSError:
            lines = []
        code = self._process.poll() if self._process else None
        state = "still runs" if code is None else f"ended with {code}"
        tail = "\n".join(f"    {line[:400]}" for line in lines) or "    (nothing)"
        return StartError(f"{self.name} {what} (the process {state}). The end of {self.log}:\n{tail}")
