"""Takes personal data out of what is written down about the system: logs and traces.

The last line of defence, not the first: code does not put names into log lines. What can be recognised by its shape
(CPR numbers, e-mail, telephone, personal links, a library's echo of its input) goes from any text; what cannot (names,
streets) goes by the key it stands under. Ids, times and ports stay, or the logs would be of no use.
"""

import re
from collections.abc import Mapping
from typing import Any

# fmt: off
_PEOPLE = frozenset(
    {
        "address", "adresse", "birthday", "body", "cookie", "cpr", "cpr_number", "door", "email", "e_mail",
        "family_name", "first_name", "floor", "full_name", "given_name", "house_number", "last_name",
        "mail", "mobile", "name", "navn", "password", "payload", "phone", "postcode", "recipient", "secret",
        "street", "street_name", "surname", "telefon", "telephone", "token", "vej",
    }
)
# Also as a part of a key: `recipient_email`, `cprNumber`, `http.request.body`.
_PARTS = frozenset(
    {
        "address", "adresse", "authorization", "body", "cookie", "cpr", "email", "mobile", "password",
        "phone", "secret", "street", "token",
    }
)
# fmt: on
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

# Not preceded by a digit and a point: fractions of seconds and decimals are no CPR numbers.
_START = r"(?<!\w)(?<!\d\.)"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"/l/[^\s/?#\"'<>]+"), "/l/[link]"),
    # pydantic repeats what it was given, MongoDB the key that is there already
    (re.compile(r"input_value=.*?, input_type=", re.DOTALL), "input_value=[redacted], input_type="),
    (re.compile(r"dup key: \{.*?\}"), "dup key: [redacted]"),
    (re.compile(r"(['\"]keyValue['\"]: )\{.*?\}"), r"\1[redacted]"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    # ddmmyy-ssss. With the hyphen the shape alone is enough; without it the day (1-31, or 61-91: synthetic) and the
    # month must be ones, for ten digits are also a number of seconds.
    (re.compile(_START + r"\d{6}[-\u2010-\u2013]\d{4}(?!\w)"), "[cpr]"),
    (re.compile(_START + r"(?:[06][1-9]|[1278]\d|3[01]|9[01])(?:0[1-9]|1[0-2])\d{2} ?\d{4}(?!\w)"), "[cpr]"),
    (re.compile(r"(?<![\w+-])(?:\+|00)45[ \u00a0]?\d{2}(?:[ \u00a0]?\d{2}){3}(?!\w)"), "[phone]"),
    # Eight digits, first 2-9, together or in the usual groups; not the first part of a UUID.
    (
        re.compile(
            _START
            + r"[2-9]\d(?:\d{6}|(?:[ \u00a0]\d{2}){3}|\d{2}[ \u00a0]\d{4}|[ \u00a0]\d{3}[ \u00a0]\d{3})"
            + r"(?!\w|-[0-9a-fA-F]{4}-)"
        ),
        "[phone]",
    ),
)


def scrub_text(text: str) -> str:
    """Return `text` with everything that has the shape of personal data replaced by its kind in brackets."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def names_people(key: str) -> bool:
    """Return whether what stands under `key` is about a person, or is a credential."""
    plain = _NOT_WORD.sub("_", _CAMEL.sub("_", key).lower()).strip("_")
    return plain in _PEOPLE or not _PARTS.isdisjoint(plain.split("_"))


def scrub(value: Any) -> Any:
    """Return `value` scrubbed at any depth; mappings lose what stands under keys that name people."""
    match value:
        case None | bool() | float():
            result: Any = value
        case int():
            padded = f"{value:010d}"  # a CPR number read as a number has lost its leading zero
            result = value if len(padded) > 10 or scrub_text(padded) == padded else "[cpr]"
        case Mapping():
            result = {scrub_text(str(key)): _under(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            result = [scrub(inner) for inner in value]
        case bytes() | bytearray() | memoryview():
            result = f"[{len(value)} bytes]"
        case _:
            result = scrub_text(str(value))
    return result


def _under(key: str, value: Any) -> Any:
    return "[redacted]" if names_people(key) else scrub(value)
