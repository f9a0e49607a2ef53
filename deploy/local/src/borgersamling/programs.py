"""Our own programs as parts: the five services, the stand-ins, the gateway."""

import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from borgersamling.part import Part
from borgersamling.processes import HOST

SERVICES = ("sessions", "registration", "lottery", "followup", "notifications")


class Program(Part):
    """A Python module run as a process, ready when its `/health/ready` says so.

    `env` is asked at each start, with the port chosen: it may name ports of parts started before.
    """

    def __init__(
        self,
        name: str,
        data: Path,
        env: Callable[[int], dict[str, str]],
        *,
        module: str | None = None,
        port: int | None = None,
    ) -> None:
        super().__init__(port_file=data / "ports" / name, log=data / "logs" / f"{name}.log", data=data, port=port)
        self.name, self.module, self._make_env = name, module or name, env

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def argv(self) -> list[str | Path]:
        return [sys.executable, "-m", self.module]

    def env(self) -> dict[str, str]:
        common = {"HTTP__HOST": HOST, "HTTP__PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        return common | self._make_env(self.port)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False
