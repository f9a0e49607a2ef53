"""`python -m registration.keys status | rewrap | renew ASSEMBLY`: look after the encryption keys.

docs/operations/keys.md says when and how. Run where the service runs, with its settings (`kubectl exec`); it may be
killed and run again at any moment.
"""

import sys
import time
from collections.abc import Sequence

from chassis.vault import CACHED_SECONDS, Vault, master_keys
from registration.settings import Settings


def main(arguments: Sequence[str], settings: Settings, wait: float = CACHED_SECONDS + 5) -> int:
    """Do what is asked; returns the exit code. `wait`: seconds until no process locks with a former key any more."""
    keys = master_keys(settings.encryption.keys)
    uri, database = settings.mongo.uri.get_secret_value(), settings.mongo.database or "registration"
    vault = Vault(uri, database, keys)
    try:
        match list(arguments):
            case ["status"]:
                _say(f"master keys mounted: {', '.join(sorted(keys))}; the last one wraps")
                for name, count in vault.wrapped_by().items():
                    note = "" if name in keys else " - NOT MOUNTED: what it wraps cannot be read"
                    _say(f"data keys wrapped by {name}: {count}{note}")
            case ["rewrap"]:
                _say(f"data keys wrapped anew: {vault.rewrap()}; all by {max(keys)} now")
            case ["renew", assembly]:
                return _renew(vault, assembly, wait)
            case _:
                sys.stderr.write(f"{__doc__}\n")
                return 2
    finally:
        vault.close()
    return 0


def _renew(vault: Vault, assembly: str, wait: float) -> int:
    if assembly not in vault.scopes():
        sys.stderr.write(
            f"nothing is locked for an assembly called {assembly}; there are: {', '.join(vault.scopes())}\n"
        )
        return 1
    vault.renew(assembly)
    _say(f"{assembly} has a new data key; locked anew: {vault.relock(assembly)} fields")
    _say(f"waiting {wait:g} s: other processes lock with the former key for so long")
    time.sleep(wait)
    while changed := vault.relock(assembly):
        _say(f"locked anew: {changed} fields more")
    _say(f"former data keys deleted: {vault.forget_old(assembly)}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Settings()))
