"""From the public randomness to three digits, and from the digits to a panel's number."""

import hashlib

PANELS = 1000
DIGITS = 3


def panel_number(digits: str) -> int:
    """Return the panel's number from the three public digits.

    Raises ValueError unless they are exactly three decimal digits (leading zeros count: `007`).
    """
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise ValueError("exactly three digits, 000 to 999")
    return int(digits)


def digits_of_seed(seed: str) -> str:
    """Return the digits that a seed stands for, where a draw is made with one instead of dice."""
    return _digits(f"borgersamling-seed\n{seed}".encode())


def digits_of_signature(signature: str) -> str:
    """Return the digits of a round of a public randomness beacon, from its signature in hex; ValueError if it is not.

    SHA-256 of the signature is the round's randomness (drand's own rule), and the digits are that number modulo 1,000:
    a fair choice but for one part in 2^246.
    """
    return _digits(bytes.fromhex(signature))


def _digits(content: bytes) -> str:
    return f"{int.from_bytes(hashlib.sha256(content).digest(), 'big') % PANELS:0{DIGITS}d}"
