"""How a draw is sealed: digests of canonical JSON, and what stands in public for a person.

All of it is SHA-256 of UTF-8, so that anyone can repeat it with any tool. A registrant's code has 80 bits and is told
to nobody else; the salt made of it leads to their line, and their line to nobody.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are read as other letters or make words."""
CODE_LENGTH = 16
LINE_LENGTH = 16


def digest_of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical(content: Any) -> bytes:
    """Return the bytes that are hashed: JSON, keys sorted, no spaces, letters as they are, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(content: Any) -> str:
    """Return the seal of anything that JSON can say."""
    return digest_of_bytes(canonical(content))


def plain_code(code: str) -> str:
    """Return a draw code as it is hashed: capitals without dashes or spaces, and O read as 0, I and L as 1.

    Raises ValueError for what cannot be a code.
    """
    plain = "".join(code.split()).upper().translate(str.maketrans("OIL", "011", "-–—"))
    if len(plain) != CODE_LENGTH or any(letter not in CODE_LETTERS for letter in plain):
        raise ValueError(f"a code has {CODE_LENGTH} digits and letters, none of them U")
    return plain


def salt_of_code(code: str) -> str:
    """Return the salt that registration gave the lottery with the registrant who has this code."""
    return digest_of_bytes(f"borgersamling-draw-code\n{plain_code(code)}".encode())


def line_of(salt: str) -> str:
    """Return the pseudonymous id that stands in the record for whoever has this salt."""
    return digest_of_bytes(f"line\n{salt}".encode())[:LINE_LENGTH]


def commitment(salt: str, features: Mapping[str, str]) -> str:
    """Return what binds a line to the answers it was drawn by, and tells nothing of them without the salt."""
    return digest_of_bytes(f"commitment\n{salt}\n".encode() + canonical(dict(features)))
