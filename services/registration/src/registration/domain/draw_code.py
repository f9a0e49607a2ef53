"""The draw code: with it a registrant finds their own line in the public record of the draw, and nobody else can.

It is derived from registration's key, never stored and in no fact. The lottery is told a salt made of it, which does
not lead back to it: a code has 80 bits. How the salt is made is public (`lottery.verifying` makes it of a code that is
typed), so that who checks a record needs no help of ours.
"""

import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: without I, L, O and U, which are misread."""
LENGTH = 16
_GROUP = 4


def draw_code(key: bytes, person: str) -> str:
    """Return the code of a person, who is one in one assembly, as it is printed: `K7Q2-M4XH-9TB1-0ZDC`."""
    number = int.from_bytes(hmac.new(key, f"draw:{person}".encode(), hashlib.sha256).digest()[:10])
    code = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(code[place : place + _GROUP] for place in range(0, LENGTH, _GROUP))


def salt(code: str) -> str:
    """Return what the lottery is told of a code as printed: 64 hex digits."""
    return hashlib.sha256(f"borgersamling-draw-code\n{code.replace('-', '')}".encode()).hexdigest()


def line(key: bytes, person: str) -> str:
    """Return the pseudonym under which someone stands in the public record of the draw: 16 hex digits."""
    return hashlib.sha256(f"line\n{salt(draw_code(key, person))}".encode()).hexdigest()[:LENGTH]


def typed_line(text: str) -> str | None:
    """Return the line that someone typed or copied, spaces aside; None when it is none."""
    bare = "".join(text.split()).lower()
    return bare if len(bare) == LENGTH and all(sign in "0123456789abcdef" for sign in bare) else None
