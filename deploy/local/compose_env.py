"""Write .env with new secrets for docker-compose.yml, readable by its owner alone; keep those that are there."""  # noqa: INP001

import base64
import json
import os
import secrets
import sys
from pathlib import Path

from borgersamling.secrets_file import ROLES
from chassis.topology import ADMIN, load
from chassis.vault import MASTER_BYTES

ROOT = Path(__file__).resolve().parents[2]


def content() -> dict[str, str]:
    """Return the file's variables: a password a NATS user, a token a role, keys, Grafana's password."""
    users = (ADMIN, *load(ROOT / "deploy/nats/topology.yaml").services)
    tokens = {role: secrets.token_urlsafe(24) for role in ROLES}
    return {
        # nats-server reads a variable as it reads its configuration: a letter first keeps it from being a number.
        **{f"NATS_PASSWORD_{user.upper()}": f"p{secrets.token_hex(24)}" for user in users},
        "IDENTITY_TOKENS": f"'{json.dumps(tokens)}'",
        "PERSON_KEY": secrets.token_hex(32),
        "ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(MASTER_BYTES)).decode(),
        "FORMS_KEY": secrets.token_hex(32),
        "SIGN_IN_STATE_KEY": secrets.token_hex(32),
        "SIGN_IN_CLIENT_SECRET": secrets.token_hex(32),
        "GRAFANA_PASSWORD": secrets.token_urlsafe(18),
    }


def main(path: Path = ROOT / ".env") -> int:
    """Write what is missing; a newer version may need more than the file of an older one holds."""
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    there = {line.partition("=")[0].strip() for line in kept.splitlines()}
    missing = {name: value for name, value in content().items() if name not in there}
    if not missing:
        sys.stdout.write(f"{path.name} holds all that is needed: left as it is\n")
        return 0
    if kept and not kept.endswith("\n"):
        kept += "\n"
    new = path.with_name(f"{path.name}.new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
        file.write(kept + "".join(f"{name}={value}\n" for name, value in missing.items()))
    new.replace(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
