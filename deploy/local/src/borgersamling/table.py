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
from borgersamling.provider import CLIENT_ID, STAFF_PEOPLE
from borgersamling.secrets_file import Secrets
from chassis.vault import write_master_key
from sessions.domain.assembly_file import load

Clock = Literal["system", "rehearsal"]
ROOT = Path(__file__).parents[4]
TOPOLOGY = ROOT / "deploy/nats/topology.yaml"
MUNICIPALITIES = ROOT / "municipalities"
USUAL_PORT = 8080


def all_municipalities() -> tuple[Path, ...]:
    """Return the folders in the repository that hold an assembly."""
    return tuple(sorted(found.parent for found in MUNICIPALITIES.glob("*/assembly.yaml")))


def own_issuer() -> str | None:
    """Return the municipality's own sign-in, when the command was started with one; then no stand-in is."""
    return os.environ.get("SIGN_IN__ISSUER") or None


def who_signs_in() -> str:
    """Return, for a person at the terminal, as whom one can sign in."""
    own = own_issuer()
    return f"with an account of {own}" if own else f"as one of {', '.join(STAFF_PEOPLE)}"


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
            "FORMS__KEY": self.secrets.forms_key,
            **self._forms(),
            "TOPOLOGY": str(TOPOLOGY),
            "PUBLIC_URL": self.public_url,
            **self._site(),
        }

    def _forms(self) -> dict[str, str]:
        """Return the limits a rehearsal needs: all its residents live at one address."""
        return {"FORMS__PER_ADDRESS": "100000/minute"} if self.clock == "rehearsal" else {}

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
            return {"MUNICIPALITIES": os.pathsep.join(map(str, self.municipalities)), **self._sign_in(address)}
        if name == "registration":
            synthetic = "true" if self.clock == "rehearsal" else "false"
            keys = self.data / "encryption-keys"
            write_master_key(keys, "k1")
            return {
                "PERSON_KEY": self.secrets.person_key,
                "SYNTHETIC_PEOPLE": synthetic,
                "ENCRYPTION__KEYS": str(keys),
            }
        if name == "notifications":
            return {
                "LETTERS__FOLDER": str(self.data / "letters"),
                "DIGITAL_POST__URL": address("digital-post"),
                "SMTP__PORT": str(self.smtp_port),
                "STAFF__OFFICER": "embedsmand@kommune.example",
                "STAFF__SECRETARIAT": "sekretariat@kommune.example",
                "STAFF__MANAGEMENT": "direktionen@kommune.example",
                "STAFF__COUNCIL": "kommunalbestyrelsen@kommune.example",
                "STAFF__PHONE": "00 00 00 00",
            }
        return {}

    def _sign_in(self, address: Callable[[str], str]) -> dict[str, str]:
        key = {"SIGN_IN__STATE_KEY": self.secrets.state_key}
        if own_issuer():
            return key  # the rest comes from the environment the command was started with
        return key | {
            "SIGN_IN__ISSUER": address("sign-in-provider"),
            "SIGN_IN__CLIENT_ID": CLIENT_ID,
            "SIGN_IN__CLIENT_SECRET": self.secrets.client_secret,
            "SIGN_IN__ROLES_CLAIM": "roles",
        }


def services(table: Table, address: Callable[[str], str]) -> list[Program]:
    """Return the five services."""
    (table.data / "traces").mkdir(parents=True, exist_ok=True)

    def program(name: str) -> Program:
        return Program(name, table.data, lambda _: table.common(name) | table.special(name, address))

    return [program(name) for name in SERVICES]


def stand_ins(table: Table) -> list[Part]:
    """Return what stands in for the world outside: Digital Post with a mail server, and the sign-in provider."""
    post = {
        "STANDIN__DATA": str(table.data / "standin"),
        "STANDIN__LETTERS": str(table.data / "letters"),
        "STANDIN__SMTP_PORT": str(table.smtp_port),
    }
    parts: list[Part] = [Program("digital-post", table.data, lambda _: post, module="borgersamling.standin")]
    if own_issuer() is None:
        provider = {"PUBLIC_URL": table.public_url, "SIGN_IN__CLIENT_SECRET": table.secrets.client_secret}
        parts.append(Program("sign-in-provider", table.data, lambda _: provider, module="borgersamling.provider"))
    return parts


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
