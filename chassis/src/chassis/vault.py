"""Field-level encryption: what names a person is unreadable to whoever reads the database, its dumps and its backups.

MongoDB's explicit client-side encryption (AEAD_AES_256_CBC_HMAC_SHA_512, always the random kind: equal values look
different). Each scope (an assembly) has a data key of its own in the key vault collection; the data keys are wrapped by
a master key that comes from a mounted folder and is never in the database. See docs/adr/0010.
"""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bson.binary import Binary
from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.encryption import ClientEncryption
from pymongo.errors import DuplicateKeyError, EncryptionError

from chassis.errors import Permanent

COLLECTION = "encryption_keys"
ALGORITHM = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
SUBTYPE = 6
"""What BSON calls an encrypted value; the id of its data key is its second to seventeenth byte."""
CACHED_SECONDS = 60
"""How long a process goes on with the data keys it has read (libmongocrypt's own setting)."""
MASTER_BYTES = 96
_NAME = re.compile(r"[A-Za-z0-9_]{1,40}", re.ASCII)


class KeyFolderError(ValueError):
    """The folder of master keys is not in order; the text says what to do and holds no key."""


def master_keys(folder: Path) -> dict[str, bytes]:
    """Read the master keys: one file a key, 96 random bytes in base64 (`openssl rand -base64 96`), by its file's name.

    The last by name is the current one; the others are there until `Vault.rewrap` is done with them. Files whose names
    begin with a dot are not looked at: a mounted Kubernetes secret has some.
    """
    if not folder.is_dir():
        raise KeyFolderError(f"{folder} is no folder: mount the secret with the encryption keys there")
    keys: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not _NAME.fullmatch(path.name):
            raise KeyFolderError(
                f"{path.name}: a key's file is called by letters, digits and _ alone, such as k2026_11"
            )
        try:
            key = base64.b64decode("".join(path.read_text(encoding="ascii").split()), validate=True)
        except (UnicodeDecodeError, binascii.Error):
            raise KeyFolderError(f"{path.name}: is not base64; make one with `openssl rand -base64 96`") from None
        if len(key) != MASTER_BYTES:
            raise KeyFolderError(f"{path.name}: has {len(key)} bytes, not {MASTER_BYTES}")
        keys[path.name] = key
    if not keys:
        raise KeyFolderError(f"{folder} holds no key: make one with `openssl rand -base64 96`")
    return keys


def write_master_key(folder: Path, name: str) -> None:
    """Make a new master key, readable by its owner alone; one that is there is left."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        new = folder / f".{name}.new"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(secrets.token_bytes(MASTER_BYTES)).decode())
        new.replace(path)


class Vault:
    """Locks and unlocks small documents, 45 and 25 microseconds each on one core: in bulk, do it in a thread."""

    def __init__(self, uri: str, database: str, keys: Mapping[str, bytes]) -> None:
        self._current = f"local:{max(keys)}"
        # Connects when a data key is first asked for; the library keeps each for a minute.
        self._client: MongoClient[dict[str, Any]] = MongoClient(
            uri, tz_aware=True, serverSelectionTimeoutMS=5000, w="majority", connect=False, appname=f"{database}-vault"
        )
        self._keys = self._client[database][COLLECTION]
        self._providers = {f"local:{name}": {"key": key} for name, key in keys.items()}
        self._namespace = f"{database}.{COLLECTION}"
        self._encryption = self._open()

    def lock(self, scope: str, value: Mapping[str, Any]) -> bytes:
        """Encrypt a document with the scope's data key, which is made when it is not there yet."""
        try:
            return self._encrypt(scope, value)
        except EncryptionError:
            self._make_key(scope)
            return self._encrypt(scope, value)

    def unlock(self, locked: bytes) -> dict[str, Any]:
        """Decrypt what `lock` made; Permanent when its key is gone, which is how a whole scope is erased."""
        try:
            value: dict[str, Any] = self._encryption.decrypt(Binary(bytes(locked), SUBTYPE))
        except EncryptionError:
            raise Permanent("this cannot be unlocked: its data key or its master key is not there") from None
        return value

    def rewrap(self) -> int:
        """Wrap every data key with the current master key and return how many were not; no document changes."""
        left = [key["_id"] for key in self._keys.find({"masterKey.provider": {"$ne": self._current}})]
        if left:
            self._encryption.rewrap_many_data_key({"_id": {"$in": left}}, provider=self._current)
        return len(left)

    def renew(self, scope: str) -> None:
        """Have the scope lock with a new data key from now on. What the old one locked stays readable.

        Other processes keep the data keys they have read for a minute, and lock with the old one until then.
        """
        self._keys.update_many({"keyAltNames": scope}, {"$pull": {"keyAltNames": scope}})
        self._make_key(scope)
        self._encryption.close()
        self._encryption = self._open()

    def relock(self, scope: str) -> int:
        """Lock anew, with the scope's present data key, what a former one locked; returns how many fields.

        Looks through every collection of the database. A field someone changes meanwhile is left to the next run.
        """
        old = {bytes(key["_id"]) for key in self._keys.find(_former(scope))}
        database, changed = self._keys.database, 0
        for name in database.list_collection_names() if old else ():
            for document in database[name].find():
                for field, value in locked_in(document):
                    if bytes(value)[1:17] in old:
                        fresh = {"$set": {field: self.lock(scope, self.unlock(value))}}
                        result = database[name].update_one({"_id": document["_id"], field: value}, fresh)
                        changed += result.modified_count
        return changed

    def forget_old(self, scope: str) -> int:
        """Delete the scope's former data keys and return how many; `relock` must have found nothing more."""
        return self._keys.delete_many(_former(scope)).deleted_count

    def wrapped_by(self) -> dict[str, int]:
        """Count the data keys by the name of the master key that wraps them."""
        names = [str(key["masterKey"]["provider"]).removeprefix("local:") for key in self._keys.find()]
        return {name: names.count(name) for name in sorted(set(names))}

    def destroy(self, scope: str) -> None:
        """Delete every data key of the scope: what they locked is unreadable for good, in all backups too."""
        self._keys.delete_many({"keyAltNames": {"$regex": f"^{re.escape(scope)}(/|$)"}})

    def close(self) -> None:
        """Close the connection."""
        self._encryption.close()
        self._client.close()

    def scopes(self) -> list[str]:
        """Return the scopes that have data keys."""
        return sorted({name.partition("/")[0] for key in self._keys.find() for name in key["keyAltNames"]})

    def _open(self) -> "ClientEncryption[dict[str, Any]]":
        return ClientEncryption(self._providers, self._namespace, self._client, CodecOptions(tz_aware=True))

    def _encrypt(self, scope: str, value: Mapping[str, Any]) -> bytes:
        return self._encryption.encrypt(dict(value), ALGORITHM, key_alt_name=scope)

    def _make_key(self, scope: str) -> None:
        self._keys.create_index("keyAltNames", unique=True, partialFilterExpression={"keyAltNames": {"$exists": True}})
        try:
            # The second name stays when the key is no longer the one to lock with.
            self._encryption.create_data_key(self._current, key_alt_names=[scope, f"{scope}/{secrets.token_hex(8)}"])
        except (DuplicateKeyError, EncryptionError) as error:
            if isinstance(error, EncryptionError) and not isinstance(error.cause, DuplicateKeyError):
                raise


def _former(scope: str) -> dict[str, Any]:
    return {"$and": [{"keyAltNames": {"$regex": f"^{re.escape(scope)}/"}}, {"keyAltNames": {"$ne": scope}}]}


def locked_in(document: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Binary]]:
    """Yield the locked fields of a stored document, also of documents inside it, each with its path in the database."""
    for name, value in document.items():
        if isinstance(value, Binary) and value.subtype == SUBTYPE:
            yield within + name, value
        elif isinstance(value, Mapping):
            yield from locked_in(value, f"{within}{name}.")
