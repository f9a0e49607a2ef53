"""Write .env with new secrets for docker-compose.yml, readable by its owner alone; leave one that is there."""  # noqa: INP001

import json
import os
import secrets
import sys
from pathlib import Path

from borgersamling.secrets_file import ROLES
from chassis.topology import ADMIN, load

ROOT = Path(__file__).resolve().parents[2]


def content() -> str:
    """Return the file: a password a NATS user, a token a role, the key of the opaque ids, Grafana's password."""
    users = (ADMIN, *load(ROOT / "deploy/nats/topology.yaml").services)
    # nats-server reads a variable as it reads its configuration: a letter first keeps a password from being a number.
    lines = [f"NATS_PASSWORD_{user.upper()}=p{secrets.token_hex(24)}" for user in users]
    tokens = {role: secrets.token_urlsafe(24) for role in ROLES}
    lines += [f"IDENTITY_TOKENS='{json.dumps(tokens)}'", f"PERSON_KEY={secrets.token_hex(32)}"]
    return "\n".join([*lines, f"GRAFANA_PASSWORD={secrets.token_urlsafe(18)}", ""])


def main() -> int:
    try:
        descriptor = os.open(ROOT / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        sys.stdout.write(".env is there already: left as it is\n")
        return 0
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content())
    return 0


if __name__ == "__main__":
    sys.exit(main())
