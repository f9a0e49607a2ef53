"""A system that runs in another process, found by its data folder: what an operator's commands talk to."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from borgersamling.processes import is_alive
from borgersamling.run_folder import read_run

SYSTEM = Path(".local/system")
REHEARSAL = Path(".local/rehearsal")
PREFIXES = {
    "sessions": "/samling",
    "registration": "/tilmelding",
    "lottery": "/lodtraekning",
    "followup": "/opfoelgning",
    "notifications": "/post",
}


class NotRunningError(RuntimeError):
    """Nothing runs where it was looked for, or it did not answer; the text says what to do."""


@dataclass(frozen=True)
class RunningSystem:
    """Its addresses and secrets."""

    data: Path
    url: str
    nats_url: str
    clock: str
    tokens: dict[str, str]
    passwords: dict[str, str]

    @classmethod
    def find(cls, data: Path | None) -> Self:
        """Return the system over `data`; without one, whichever of the usual two runs."""
        for folder in (data,) if data else (SYSTEM, REHEARSAL):
            run = read_run(folder)
            if run.get("url") and is_alive(run["pid"]):
                secrets = json.loads((folder / "secrets.json").read_text())
                return cls(folder, run["url"], run["nats"], run["clock"], secrets["tokens"], secrets["nats"])
        looked = data or f"{SYSTEM} and {REHEARSAL}"
        raise NotRunningError(f"no system runs over {looked}: start one (`borgersamling up`), or name it with --data")

    def ask(self, method: str, path: str, role: str = "operator") -> Any:
        """Call a service through the one address and return the JSON; NotRunningError when it refuses."""
        try:
            answer = httpx.request(
                method,
                self.url + path,
                headers={"Authorization": f"Bearer {self.tokens[role]}"},
                timeout=60,
                trust_env=False,
            )
        except httpx.TransportError as error:
            raise NotRunningError(f"{self.url} does not answer ({type(error).__name__})") from None
        if answer.is_error:
            try:
                detail = answer.json().get("detail", "")
            except ValueError:
                detail = ""
            raise NotRunningError(f"{method} {path} was answered {answer.status_code} {detail}".rstrip())
        return answer.json()
