"""The secrets of a local system: made once, kept in its data folder, readable by its owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

ROLES = ("secretariat", "observer", "officer", "operator")


@dataclass(frozen=True)
class Secrets:
    """Passwords of the NATS users, bearer tokens of the roles, and keys."""

    nats: dict[str, str]
    tokens: dict[str, str]
    person_key: str
    """Makes person ids opaque."""
    forms_key: str
    """Seals forms, in all services."""
    state_key: str
    """Signs the cookie of a sign-in under way."""
    client_secret: str
    """What the services show the local sign-in provider."""

    @classmethod
    def of(cls, path: Path, users: tuple[str, ...], person_key: str | None = None) -> Self:
        """Read the file, adding what a newer version needs; write it when anything is new.

        `person_key` replaces the random key of a new file: a rehearsal is repeatable only when its ids are.
        """
        kept = json.loads(path.read_text()) if path.exists() else {}
        nats, tokens = kept.get("nats", {}), kept.get("tokens", {})
        found = cls(
            nats={user: nats.get(user) or secrets.token_urlsafe(24) for user in users},
            tokens={role: tokens.get(role) or secrets.token_urlsafe(24) for role in ROLES},
            person_key=kept.get("person_key") or person_key or secrets.token_hex(32),
            forms_key=kept.get("forms_key") or secrets.token_urlsafe(32),
            state_key=kept.get("state_key") or secrets.token_urlsafe(32),
            client_secret=kept.get("client_secret") or secrets.token_urlsafe(32),
        )
        if asdict(found) != kept:
            found._write(path)
        return found

    def _write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
        new.replace(path)
