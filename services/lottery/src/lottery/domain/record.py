"""The draw's record: everything the draw is computed from, sealed by a digest before the number is known.

Public, and without people: a panel stands in it as a digest of its members' ids, which nobody can turn back into
people, but which anyone who knows the panel can check. Times are not in the sealed part: the fact draw-announced and
the service keep them, and the same pool and quotas give the same seal on every machine.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lottery.domain import fairest, portfolio
from lottery.domain.fairest import Lottery
from lottery.domain.portfolio import Panel, Portfolio
from lottery.domain.quotas import Quotas
from lottery.domain.solver import VERSION as SOLVER_VERSION

FORMAT = "borgersamling-draw-record/1"
RULE = (
    "The panels are numbered 000 to 999 in the order of their members' sorted ids. Three digits, drawn in public after "
    "this record's digest is published, pick the panel with that number. Alternates are drawn from the rest of the "
    "pool in an order made of SHA-256 of 'alternates', this record's digest and the digits."
)


def digest_of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def panel_digest(panel: Sequence[str]) -> str:
    """Return SHA-256 over the panel's sorted ids, a line each (every line ends with a newline)."""
    return digest_of_bytes("".join(f"{person}\n" for person in sorted(panel)).encode())


def canonical(record: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed: JSON, keys sorted, no spaces, UTF-8."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def record_digest(record: Mapping[str, Any]) -> str:
    """Return the seal of a record."""
    return digest_of_bytes(canonical(record))


@dataclass(frozen=True)
class Inputs:
    """What is fixed before anything is computed. `left` is how many of the snapshot withdrew or were erased since."""

    assembly: str
    draw: str
    pool_digest: str
    pool_size: int
    left: int
    drawn_from: str
    """Digest of the ids drawn from, sorted, a line each."""
    alternates: int

    def seed(self, quotas: Quotas) -> str:
        """Return what the portfolio's order of people is made of: all inputs, so nobody can choose it freely."""
        return digest_of_bytes(canonical({"inputs": asdict(self), "quotas": _quotas(quotas), "code": fairest.NAME}))


def _quotas(quotas: Quotas) -> list[dict[str, Any]]:
    return [asdict(row) for row in quotas.rows]


def chance(value: float) -> str:
    """Write a probability the same everywhere: six decimals, the precision that is promised."""
    return f"{value:.6f}"


def sealed_record(
    inputs: Inputs, quotas: Quotas, lottery: Lottery, drawn: Portfolio, code_version: str
) -> dict[str, Any]:
    """Return the record that is sealed and published."""
    return {
        "format": FORMAT,
        "assembly": inputs.assembly,
        "draw": inputs.draw,
        "pool": {
            "digest": inputs.pool_digest,
            "size": inputs.pool_size,
            "left_since": inputs.left,
            "drawn_from_digest": inputs.drawn_from,
        },
        "panel_size": quotas.panel_size,
        "alternates": inputs.alternates,
        "quotas": _quotas(quotas),
        "algorithm": {
            "name": fairest.NAME,
            "code_version": code_version,
            "solver": f"HiGHS {SOLVER_VERSION}",
            "exact": lottery.exact,
            "shortfall_at_most": chance(0.0 if lottery.exact else lottery.shortfall),
            "cuts": len(lottery.cuts),
            "smallest_chance": chance(lottery.smallest),
            "largest_chance": chance(lottery.largest),
        },
        "portfolio": {
            "panels": portfolio.PANELS,
            "largest_deviation_in_panels": f"{drawn.deviation:.3f}",
            "panel_digests": [panel_digest(panel) for panel in drawn.panels],
        },
        "rule": RULE,
    }


def alternates_seed(digest: str, digits: str) -> str:
    return f"{digest}{digits}"


def panel_number(digits: str) -> int:
    """Return the panel's number from the three public digits.

    Raises ValueError unless they are exactly three decimal digits (leading zeros count: `007`).
    """
    if len(digits) != portfolio.DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise ValueError("exactly three digits, 000 to 999")
    return int(digits)


def picked(panels: Sequence[Panel], digits: str) -> Panel:
    return panels[panel_number(digits)]
