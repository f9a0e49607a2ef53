"""What each part is told: one table of environment variables, from the data folder's secrets and addresses."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from borgersamling.part import Part
from borgersamling.processes import free_port
from borgersamling.programs import SERVICES, Program
from borgersamling.secrets_file import Secrets
from sessions.domain.assembly_file import load

Clock = Literal["system", "rehearsal"]
ROOT = Path(__file__).parents[4]
TOPOLOGY = ROOT / "deploy/nats/topology.yaml"
MUNICIPALITIES = ROOT / "municipalities"
USUAL_PORT = 8080


def all_municipalities() -> tuple[Path, ...]:
    """Return the folders in the repository that hold an assembly."""
    return tuple(sorted(found.parent for found in MUNICIPALITIES.glob("*/assembly.yaml")))


@dataclass(frozen=True)
class Table:
    """One system's data folder, secrets and addresses."""

    data: Path
    secrets: Secrets
    nats_url: str
    mongo_uri: str
    clock: Clock
    public_url: str
    municipalities: tuple[Path, ...]
    """Folders of the assemblies this system may announce."""
    smtp_port: int
    """Where the stand-in takes e-mail; no HTTP, so chosen here and told to both sides."""

    def common(self, name: str) -> dict[str, str]:
        """Return what every service is told."""
        return {
            "NATS__URL": self.nats_url,
            "NATS__USER": name,
            "NATS__PASSWORD": self.secrets.nats[name],
            "MONGO__URI": self.mongo_uri,
            "MONGO__DATABASE": name,
            "CLOCK__MODE": self.clock,
            "TELEMETRY__TRACES_FILE": str(self.data / "traces" / f"{name}.jsonl"),
            "IDENTITY__TOKENS": json.dumps(self.secrets.tokens),
            "TOPOLOGY": str(TOPOLOGY),
            "PUBLIC_URL": self.public_url,
            **self._site(),
        }

    def _site(self) -> dict[str, str]:
        """Return what header and footer say of the municipality; with several there is no one to name."""
        if len(self.municipalities) != 1:
            return {}
        plan = load(self.municipalities[0])
        contact = {"da": f"Skriv til {plan.contact.email}", "en": f"Write to {plan.contact.email}"}
        return {"SITE": json.dumps({"authority": plan.contact.authority.model_dump(), "contact": contact})}

    def special(self, name: str, address: Callable[[str], str]) -> dict[str, str]:
        """Return what one service alone is told; `address` of a part started before it."""
        if name == "sessions":
            return {"MUNICIPALITIES": os.pathsep.join(map(str, self.municipalities))}
        if name == "registration":
            synthetic = "true" if self.clock == "rehearsal" else "false"
            return {"PERSON_KEY": self.secrets.person_key, "SYNTHETIC_PEOPLE": synthetic}
        if name == "notifications":
            return {
                "LETTERS__FOLDER": str(self.data / "letters"),
                "DIGITAL_POST__URL": address("digital-post"),
                "SMTP__PORT": str(self.smtp_port),
                "STAFF__OFFICER": "embedsmand@kommune.example",
                "STAFF__SECRETARIAT": "sekretariat@kommune.example",
                "STAFF__PHONE": "00 00 00 00",
            }
        return {}


def services(table: Table, address: Callable[[str], str]) -> list[Program]:
    """Return the five services."""
    (table.data / "traces").mkdir(parents=True, exist_ok=True)

    def program(name: str) -> Program:
        return Program(name, table.data, lambda _: table.common(name) | table.special(name, address))

    return [program(name) for name in SERVICES]


def stand_ins(table: Table) -> list[Part]:
    """Return what stands in for the world outside: Digital Post and a mail server in one process."""
    told = {"STANDIN__DATA": str(table.data / "standin"), "STANDIN__SMTP_PORT": str(table.smtp_port)}
    return [Program("digital-post", table.data, lambda _: told, module="borgersamling.standin")]


def gateway(data: Path, targets: Callable[[], dict[str, str]], port: int | None) -> Program:
    """Return the gateway, whose port is chosen now (every service is told the one address) and taken last.

    `targets` is asked when it starts, after the services have their ports.
    """
    kept = data / "ports" / "gateway"
    chosen = port or free_port(int(kept.read_text()) if kept.exists() else USUAL_PORT)
    return Program(
        "gateway",
        data,
        lambda _: {"GATEWAY__TARGETS": json.dumps(targets())},
        module="borgersamling.gateway",
        port=chosen,
    )
