"""A part of the running system: one process on one port, started until it is ready and restarted where it stood."""

from pathlib import Path
from types import TracebackType
from typing import Self

from borgersamling.processes import Child, StartError, free_port, owns_port, wait_until

START_SECONDS = 60.0
ATTEMPTS = 3


class Part:
    """A process with its port: chosen free, and ours only when our own process holds it.

    The port is kept in a file and taken again when it is free, so that addresses outlive a restart.
    """

    name: str

    def __init__(self, *, port_file: Path, log: Path, data: Path | None = None, port: int | None = None) -> None:
        self.port_file, self.log, self.data = port_file, log, data
        self.port = port or 0
        self.fixed = port is not None
        self.child: Child | None = None

    def argv(self) -> list[str | Path]:
        """Return the command line for `self.port`, after having written what it reads."""
        raise NotImplementedError

    def env(self) -> dict[str, str]:
        return {}

    def ready(self) -> bool:
        """Return whether it does its work; asked again and again while it starts."""
        raise NotImplementedError

    def start(self) -> Self:
        """Start it and return when it is ready; StartError with the end of its log otherwise."""
        self.port_file.parent.mkdir(parents=True, exist_ok=True)
        preferred = self.port or (int(self.port_file.read_text()) if self.port_file.exists() else None)
        for attempt in range(1, ATTEMPTS + 1):
            self.port = free_port(preferred)
            if self.fixed and self.port != preferred:
                raise StartError(f"{self.name}: port {preferred} is taken: end what holds it or choose another port")
            child = self._spawn()
            if self._comes_up(child):
                self.port_file.write_text(str(self.port))
                self.fixed = True  # others know the address by now: a restart takes this port or none
                return self
            failure = child.failure(f"did not start on port {self.port}")
            child.stop(grace=1)
            if attempt == ATTEMPTS or self.fixed:
                raise failure
            preferred = None  # someone else was faster to the port, or the log says what is wrong: try another
        raise AssertionError("unreachable")

    def _spawn(self) -> Child:
        self.child = Child(self.name, self.argv(), log=self.log, env=self.env(), data=self.data)
        self.child.start()
        return self.child

    def _comes_up(self, child: Child) -> bool:
        def up() -> bool:
            return not child.alive() or (owns_port(child.pid, self.port) and self.ready())

        return wait_until(up, START_SECONDS) and child.alive()

    def alive(self) -> bool:
        return self.child is not None and self.child.alive()

    @property
    def pid(self) -> int:
        if self.child is None:
            raise StartError(f"{self.name} is not started")
        return self.child.pid

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def kill(self) -> None:
        """End it as a crash would; `start` brings it back with its data."""
        if self.child is not None:
            self.child.kill()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
