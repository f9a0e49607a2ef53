"""The draw's record: everything the draw is computed from, sealed by a digest before the number is known.

Public, and without people: a person stands in it as a line, whose salt (made of the code on their receipt) leads to
it, and as a commitment to the answers they are drawn by. The answers are in the openings, which are not public but
sealed by a digest in the record (docs/adr/0011-draw-record.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lottery.domain.dropping_out import USUAL
from lottery.domain.fairest import Lottery
from lottery.domain.kinds import Problem
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import Panel, Portfolio
from lottery.domain.quotas import Quotas
from lottery.domain.solver import VERSION as SOLVER_VERSION
from lottery.verifying.alternates import ALTERNATES_RULE
from lottery.verifying.digits import panel_number
from lottery.verifying.drawn import panel_of
from lottery.verifying.record import CHANCE_DECIMALS, FORMAT, largest_deviation
from lottery.verifying.seals import commitment, digest, digest_of_bytes, line_of

OPENINGS_FORMAT = "borgersamling-draw-openings/1"
RULE = (
    "The panels are numbered 000 to 999 in the order of their members' sorted lines. Three digits, drawn in public "
    "after this record's digest is published, pick the panel with that number. From a beacon's round they are SHA-256 "
    "of its signature, as a number, modulo 1000."
)
ABOUT = (
    "`sealed` is what the draw is computed from, published before the number was known. `record_digest` is SHA-256 of "
    "`sealed` as JSON with sorted keys, no spaces, UTF-8. A person is a line in it, which nobody but the person can "
    "find (with the code on the receipt). Check all of it with lottery_verify.py, which is offered beside this file."
)


@dataclass(frozen=True)
class Inputs:
    """What is fixed before anything is computed, beside the pool and the quotas.

    `draws_at` is when the number is drawn (ISO 8601); None where that is not said. `randomness` says where the digits
    come from: `{"source": "dice"|"balls"}`, `{"source": "drand", "chain", "round", "public_key"}`, and of the command
    `{"source": "digits"}` and `{"source": "seed", "seed"}`. `left` is how many of the snapshot withdrew or were erased
    since; `dropout` the rates by which alternates are chosen.
    """

    assembly: str
    draw: str
    pool_digest: str
    left: int = 0
    alternates: int = 0
    test: bool = False
    draws_at: str | None = None
    randomness: Mapping[str, Any] = field(default_factory=lambda: {"source": "dice"})
    dropout: Mapping[str, Any] = field(default_factory=USUAL.written)


def chance(value: float) -> str:
    """Write a probability the same everywhere, to a thousandth of the precision that is promised."""
    return f"{min(1.0, max(0.0, value)):.{CHANCE_DECIMALS}f}"


def panel_digest(panel: Sequence[str]) -> str:
    """Return SHA-256 over the panel's sorted ids, a line each (every line ends with a newline)."""
    return digest_of_bytes("".join(f"{person}\n" for person in sorted(panel)).encode())


def portfolio_seed(inputs: Inputs, pool: Sequence[Registrant], quotas: Quotas, algorithm: str, households: bool) -> str:
    """Return what the portfolio's order of people is made of: all inputs but times, so nobody can choose it freely."""
    fixed = {
        "assembly": inputs.assembly,
        "draw": inputs.draw,
        "pool": inputs.pool_digest,
        "lines": sorted(line_of(one.salt) for one in pool),
        "panel_size": quotas.panel_size,
        "quotas": quotas.in_force(),
        "algorithm": algorithm,
        "household_rule": households,
    }
    return digest(fixed)


def openings_of(pool: Sequence[Registrant]) -> list[dict[str, Any]]:
    """Return what opens the record's lines, sorted by line: of everyone who has not been erased since."""
    lines = [
        {"line": line_of(one.salt), "salt": one.salt, "features": dict(one.features), "household": one.household}
        for one in pool
    ]
    return sorted(lines, key=lambda line: str(line["line"]))


def openings(lines: Sequence[Mapping[str, Any]], certificate: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the file that opens a record."""
    return {"format": OPENINGS_FORMAT, "lines": list(lines), "certificate": certificate}


def in_canonical_order(panels: Sequence[Panel], lines: Mapping[str, str]) -> list[tuple[list[int], Panel]]:
    """Return each panel as places among the sorted lines and as ids, in the order in which they are numbered."""
    places = {line: place for place, line in enumerate(sorted(lines.values()))}
    rows = [(sorted(places[lines[person]] for person in panel), panel) for panel in panels]
    return sorted(rows)


@dataclass(frozen=True)
class Computed:
    """What the solver made of the pool: who may sit with whom, how often, and the proof that it is fair."""

    algorithm: str
    problem: Problem
    lottery: Lottery
    portfolio: Portfolio
    certificate: Mapping[str, Any] | None

    def chances(self) -> dict[str, float]:
        """Return each person's chance."""
        kinds = zip(self.problem.types, self.lottery.chances, strict=True)
        return {person: value for kind, value in kinds for person in kind.people}


def sealed_record(
    inputs: Inputs, pool: Sequence[Registrant], computed: Computed, households: bool, code_version: str
) -> tuple[dict[str, Any], tuple[Panel, ...]]:
    """Return the record that is sealed and published, and its panels by their people's ids."""
    lines = {one.person: line_of(one.salt) for one in pool}
    panels = in_canonical_order(computed.portfolio.panels, lines)
    chances, shares = computed.chances(), computed.portfolio.shares()
    rows = [
        {
            "line": lines[one.person],
            "commitment": commitment(one.salt, one.features),
            "chance": chance(chances[one.person]),
            "panels": shares.get(one.person, 0),
        }
        for one in sorted(pool, key=lambda one: lines[one.person])
    ]
    certificate = computed.certificate
    lottery, quotas = computed.lottery, computed.problem.quotas
    sealed = {
        "format": FORMAT,
        "assembly": inputs.assembly,
        "draw": inputs.draw,
        "test": inputs.test,
        "draws_at": inputs.draws_at,
        "randomness": dict(inputs.randomness),
        "pool": {"digest": inputs.pool_digest, "size": len(rows), "left_since": inputs.left},
        "panel_size": quotas.panel_size,
        "household_rule": households,
        "alternates": {"count": inputs.alternates, "rule": ALTERNATES_RULE, "dropout": dict(inputs.dropout)},
        "quotas": quotas.in_force(),
        "algorithm": {
            "name": computed.algorithm,
            "code_version": code_version,
            "solver": f"HiGHS {SOLVER_VERSION}",
            "exact": bool(lottery.exact),  # the solver's arrays have truth values of their own, which JSON has not
            "shortfall_at_most": chance(0.0 if lottery.exact else lottery.shortfall),
        },
        "openings_digest": digest(openings_of(pool)),
        "certificate_digest": None if certificate is None else digest(certificate),
        "lines": rows,
        "portfolio": {
            "panels": [places for places, _ in panels],
            "largest_deviation_in_panels": largest_deviation(rows),
        },
        "rule": RULE,
    }
    return sealed, tuple(panel for _, panel in panels)


def drawn_part(
    sealed: Mapping[str, Any],
    digits: str,
    alternates: Sequence[Registrant],
    composition: Mapping[str, Mapping[str, int]],
    *,
    drawn_at: str | None,
    entered_by: int,
    proof: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the record says of a draw.

    `alternates` are in their order, `composition` is the panel's as it was drawn. `entered_by` is how many people typed
    the digits in, each alone; `proof` a beacon's `{"round", "signature"}`, the signature in hex.
    """
    number = panel_number(digits)
    return {
        "digits": digits,
        "panel_number": number,
        "drawn_at": drawn_at,
        "entered_by": entered_by,
        "randomness": dict(proof or {}),
        "panel": panel_of(sealed, number),
        "alternates": [line_of(one.salt) for one in alternates],
        "composition": composition,
    }


def published(
    sealed: Mapping[str, Any],
    *,
    announced_at: str | None,
    drawn: Mapping[str, Any] | None = None,
    afterwards: Sequence[Mapping[str, Any]] = (),
    voided: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the record as anyone may download it."""
    return {
        "about": ABOUT,
        "record_digest": digest(sealed),
        "announced_at": announced_at,
        "sealed": sealed,
        "drawn": drawn,
        "afterwards": list(afterwards),
        "voided": voided,
    }


def alternates_seed(digest: str, digits: str) -> str:
    return f"{digest}{digits}"
