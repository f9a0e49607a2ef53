"""The certificate: everything somebody needs to check, without a solver, that no lottery is fairer.

Its shape is `verifying.groups.CERTIFICATE`, its check `verifying.certificate.check`. It names groups by what their
people answered, so it is for the observer and for researchers, never for the public.
"""

from collections.abc import Sequence
from typing import Any

from lottery.domain.kinds import Counts, Problem
from lottery.domain.leximin import Cut, Relaxation
from lottery.verifying.certificate import CERTIFICATE_FORMAT
from lottery.verifying.groups import DECIMALS

WHOLE_WEIGHT = 10**15
"""The weights are whole numbers that add up to this."""
CHANCE_PLACES = 9
NO_DUAL = 1e-15


def make_certificate(
    problem: Problem,
    panels: Sequence[tuple[Counts, int]],
    chances: Sequence[float],
    relaxation: Relaxation,
    cuts: Sequence[Cut],
) -> dict[str, Any]:
    """Return the certificate of weighted panels, to be written as JSON."""
    homes: list[int | None] = [None] * len(problem.types)
    for number, kind in enumerate(problem.households):
        for i in kind.types:
            homes[i] = number
    settled: set[int] = set()
    levels = []
    for stage in relaxation.stages:
        # The level is what the lottery gives; what the linear program found may be a rounding error above it.
        lowest = min(chance for i, chance in enumerate(chances) if i not in settled)
        settled.update(stage.fixed)
        duals = _duals(list(enumerate(stage.duals.tolist())), len(problem.rows))
        levels.append({"level": _text(lowest, CHANCE_PLACES), "groups": list(stage.fixed), "duals": duals})
    return {
        "format": CERTIFICATE_FORMAT,
        "panel_size": problem.quotas.panel_size,
        "quotas": [
            {"criterion": row.criterion, "value": row.value, "minimum": row.minimum, "maximum": row.maximum}
            for row in problem.quotas.rows
        ],
        "groups": [
            {
                "features": dict(kind.features),
                "size": kind.size,
                "household": home,
                "chance": _text(chance, CHANCE_PLACES),
            }
            for kind, home, chance in zip(problem.types, homes, chances, strict=True)
        ],
        "households": [
            {
                "count": len(kind.households),
                "members": [[i, problem.types[i].size // len(kind.households)] for i in kind.types],
            }
            for kind in problem.households
        ],
        "whole_weight": str(WHOLE_WEIGHT),
        "panels": [
            {"weight": str(weight), "seats": [[i, count] for i, count in enumerate(panel) if count]}
            for panel, weight in panels
        ],
        "cuts": [_cut(cut, len(problem.rows)) for cut in cuts],
        "levels": levels,
    }


def _cut(cut: Cut, rows: int) -> dict[str, Any]:
    proof = cut.proof
    return {
        "points": [[i, points] for i, points in enumerate(cut.weights) if points],
        "bound": cut.bound,
        "proof": None
        if proof is None
        else [{"split": node.type, "seats": node.seats, "duals": _duals(node.duals, rows)} for node in proof],
    }


def _duals(duals: Sequence[tuple[int, float]], rows: int) -> list[list[str]]:
    """Write the multipliers that matter; a cut, which comes after the rows, has no minimum and so none below 0."""
    strong = [(row, dual) for row, dual in duals if abs(dual) > NO_DUAL and (dual > 0 or row < rows)]
    return [[str(row), _text(dual, DECIMALS)] for row, dual in strong]


def _text(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if places == DECIMALS else text
