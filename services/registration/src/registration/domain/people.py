"""Who someone is to the rest of the system: one opaque id a person, a personal link, a household (docs/adr/0004).

All are keyed HMACs, so they are the same every time and mean nothing to who lacks the key.
"""

import base64
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A Danish postal address in the parts a printer takes."""

    street: str
    house_number: str
    floor: str
    door: str
    postcode: str
    city: str

    def __repr__(self) -> str:
        """Hide the address: it would reach logs through tracebacks."""
        return "Address(…)"

    @property
    def line(self) -> str:
        """The address as people write it on one line: `Strandlinien 12B, 2. tv., 2791 Dragør`."""
        floor = f"{self.floor}." if self.floor else ""
        door = f"{self.door}." if self.door.isalpha() else self.door
        flat = " ".join(part for part in (floor, door) if part)
        parts = (f"{self.street} {self.house_number}", flat, f"{self.postcode} {self.city}")
        return ", ".join(part for part in parts if part)


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def person_id(key: bytes, assembly: str, cpr: str) -> str:
    """Return the id (32 hex digits) of the person with this CPR number (ten digits) in this assembly."""
    return _mac(key, f"{assembly}:{cpr}").hex()[:32]


def link_token(key: bytes, person: str, generation: int) -> str:
    """Return the token of a personal link: 128 bits, base32 in lower case, easy to read out on the telephone.

    It is derived, never stored; a new generation revokes the link before it.
    """
    return base64.b32encode(_mac(key, f"link:{person}:{generation}")[:16]).decode().rstrip("=").lower()


def token_hash(token: str) -> str:
    """Return what is stored of a token (SHA-256): who reads the database cannot use the links."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


def household(key: bytes, assembly: str, address: Address) -> str:
    """Return the opaque key (32 hex digits) that people of one address share, however it was typed."""
    parts = (address.street, address.house_number, address.floor, address.door, address.postcode)
    return _mac(key, f"household:{assembly}:" + "|".join(_normalised(part) for part in parts)).hex()[:32]


def fingerprint(key: bytes, values: tuple[str, ...]) -> str:
    """Return an opaque mark of a row's content, to see whether a later roll says anything new."""
    return _mac(key, "row:" + "\x1f".join(values)).hex()[:32]


def _normalised(part: str) -> str:
    """Fold case, accents' spelling, dots and spaces: `St. Magleby  Vej` and `ST MAGLEBY VEJ` are one street."""
    folded = unicodedata.normalize("NFC", part).casefold().replace(".", " ")
    return " ".join(folded.split())
