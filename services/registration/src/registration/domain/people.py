"""Who someone is to the rest of the system: one opaque id a person, a personal link, a household (docs/adr/0004).

All are keyed HMACs, so they are the same every time and mean nothing to who lacks the key.
"""

import base64
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import date


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


def person_id_without_cpr(key: bytes, assembly: str, name: str, born: date, address: Address) -> str:
    """Return the id of someone whose CPR number the roll does not hold: name, day of birth and address are the person.

    So whoever of them moves or changes names is someone new to us, and gone from where they were.
    """
    parts = (name, born.isoformat(), *_address_parts(address))
    return _mac(key, f"{assembly}:born:" + "|".join(normalised(part) for part in parts)).hex()[:32]


def link_token(key: bytes, person: str, generation: int) -> str:
    """Return the token of a personal link: 128 bits, base32 in lower case, easy to read out on the telephone.

    It is derived, never stored; a new generation revokes the link before it.
    """
    return base64.b32encode(_mac(key, f"link:{person}:{generation}")[:16]).decode().rstrip("=").lower()


def reference(key: bytes, person: str) -> str:
    """Return the number someone reads out on the telephone to be found: eight digits and a check digit.

    Nine digits, so that nobody takes it for a CPR number. Two people of a large roll may share one, so a look-up asks
    which of them it is.
    """
    eight = f"{int.from_bytes(_mac(key, f'reference:{person}')) % 10**8:08d}"
    return eight + _check_digit(eight)


def typed_reference(text: str) -> str | None:
    """Return the reference number that someone typed, spaces and dashes aside; None when it is none (a typing slip)."""
    bare = "".join(text.replace("-", "").split())
    right = len(bare) == 9 and bare.isascii() and bare.isdigit() and _check_digit(bare[:8]) == bare[8]
    return bare if right else None


def spoken_reference(number: str) -> str:
    """Return a reference number as it is printed and read out: `123 456 789`."""
    return " ".join(number[place : place + 3] for place in range(0, 9, 3))


def _check_digit(digits: str) -> str:
    """Return the Luhn check digit (ISO/IEC 7812-1): it finds every wrong digit and nearly every swap of neighbours."""
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(digits))]
    return str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def token_hash(token: str) -> str:
    """Return what is stored of a token (SHA-256): who reads the database cannot use the links."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


def household(key: bytes, assembly: str, address: Address) -> str:
    """Return the opaque key (32 hex digits) that people of one address share, however it was typed."""
    return _mac(key, f"household:{assembly}:" + "|".join(map(normalised, _address_parts(address)))).hex()[:32]


def fingerprint(key: bytes, values: tuple[str, ...]) -> str:
    """Return an opaque mark of a row's content, to see whether a later roll says anything new."""
    return _mac(key, "row:" + "\x1f".join(values)).hex()[:32]


def _address_parts(address: Address) -> tuple[str, ...]:
    return (address.street, address.house_number, address.floor, address.door, address.postcode)


def normalised(part: str) -> str:
    """Fold case, accents' spelling, dots and spaces: `St. Magleby  Vej` and `ST MAGLEBY VEJ` are one street."""
    folded = unicodedata.normalize("NFC", part).casefold().replace(".", " ")
    return " ".join(folded.split())
