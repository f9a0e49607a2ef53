"""Preparing a draw: from pool and quotas to a sealed record and its portfolio. Heavy, pure, and the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lottery.domain.fairest import fairest_lottery
from lottery.domain.feasibility import refuse_infeasible
from lottery.domain.kinds import as_problem
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import Panel, make_portfolio
from lottery.domain.quotas import Quotas
from lottery.domain.record import Inputs, panel_digest, record_digest, sealed_record


@dataclass(frozen=True)
class PreparedDraw:
    """What is stored: the public record, its digest, and the panels behind its digests (never public)."""

    record: dict[str, Any]
    digest: str
    panels: tuple[Panel, ...]


def prepare_draw(
    assembly: str,
    draw: str,
    pool: Sequence[Registrant],
    quotas: Quotas,
    *,
    pool_digest: str,
    left: int,
    alternates: int,
    code_version: str,
) -> PreparedDraw:
    """Compute the fairest lottery and its portfolio, and seal them.

    `pool` is who is drawn from, in any order; `left` is how many of the snapshot are not in it any more. Raises
    `InfeasibleQuotasError` with an explanation when no panel meets the quotas.
    """
    problem = as_problem(pool, quotas)
    refuse_infeasible(problem)
    lottery = fairest_lottery(problem)
    drawn_from = panel_digest([registrant.person for registrant in pool])
    inputs = Inputs(assembly, draw, pool_digest, len(pool), left, drawn_from, alternates)
    portfolio = make_portfolio(problem, lottery, inputs.seed(quotas))
    record = sealed_record(inputs, quotas, lottery, portfolio, code_version)
    return PreparedDraw(record, record_digest(record), portfolio.panels)
