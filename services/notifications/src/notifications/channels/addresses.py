"""What an address must be like for the printer to take it, and how it stands on a letter.

The limits are Fjernprint's (`KontaktOplysning` and the types under it). A letter to an address that breaks one would
come back days later, or be printed to nobody; here it is refused before anything is written.
"""

import re

from contracts.recipients import Address

NAME_MOST, STREET_MOST, DOOR_MOST, CITY_MOST = 130, 40, 4, 20

_HOUSE_NUMBER = re.compile(r"[1-9][0-9]{0,2}[A-Z]?")
_FLOOR = re.compile(r"[1-9][0-9]?|st|kl|k[2-9]|ST|KL|K[2-9]")
_POSTCODE = re.compile(r"[0-9]{4}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""A line break, say, would become a line of its own in the window."""

REFUSALS = (
    "address-name-missing",
    "address-name-too-long",
    "address-name-malformed",
    "address-street-missing",
    "address-street-too-long",
    "address-street-malformed",
    "address-house-number-missing",
    "address-house-number-malformed",
    "address-floor-malformed",
    "address-door-too-long",
    "address-door-malformed",
    "address-postcode-missing",
    "address-postcode-malformed",
    "address-city-missing",
    "address-city-too-long",
    "address-city-malformed",
)
"""Every code that `refusal` can give."""


def refusal(name: str, address: Address) -> str | None:
    """Return why the printer would refuse this address, as a reason code; None when it would take it.

    The code names the first field that breaks a rule, and the rule, never what stands in it.
    """
    broken = (
        _text("name", name, NAME_MOST)
        or _text("street", address.street, STREET_MOST)
        or _pattern("house-number", address.house_number, _HOUSE_NUMBER)
        or (_pattern("floor", address.floor, _FLOOR) if address.floor else None)
        or (_text("door", address.door, DOOR_MOST) if address.door else None)
        or _pattern("postcode", address.postcode, _POSTCODE)
        or _text("city", address.city, CITY_MOST)
    )
    return f"address-{broken}" if broken else None


def address_lines(address: Address) -> list[str]:
    """Return street and city as a Danish envelope has them."""
    street = f"{address.street} {address.house_number}"
    if address.floor:
        floor = f"{address.floor}." if address.floor.isdigit() else address.floor
        street += f", {floor}" + (f" {address.door}" if address.door else "")
    elif address.door:
        street += f", {address.door}"
    return [street, f"{address.postcode} {address.city}"]


def _text(field: str, value: str, most: int) -> str | None:
    if not value:
        return f"{field}-missing"
    if len(value) > most:
        return f"{field}-too-long"
    return f"{field}-malformed" if value.isspace() or _CONTROL.search(value) else None


def _pattern(field: str, value: str, pattern: re.Pattern[str]) -> str | None:
    if not value:
        return f"{field}-missing"
    return None if pattern.fullmatch(value) else f"{field}-malformed"
