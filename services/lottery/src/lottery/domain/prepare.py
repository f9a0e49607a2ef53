"""Preparing a draw: from pool and quotas to a sealed record and its portfolio. Heavy, pure, and the same every time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lottery.domain.errors import Flaw, FlawedInputError
from lottery.domain.fairest import Progress, quietly
from lottery.domain.feasibility import refuse_infeasible
from lottery.domain.kinds import as_problem
from lottery.domain.objectives import Algorithm, lottery_by
from lottery.domain.pool import Registrant
from lottery.domain.portfolio import Panel, make_portfolio
from lottery.domain.quotas import Quotas
from lottery.domain.record import Computed, Inputs, openings, openings_of, portfolio_seed, sealed_record
from lottery.verifying.seals import digest


@dataclass(frozen=True)
class Options:
    """How it is drawn: what is fair, and whether at most one of a household may sit on a panel."""

    algorithm: Algorithm = "leximin"
    households: bool = False


@dataclass(frozen=True)
class PreparedDraw:
    """What is stored: the public record's sealed part, and what is not public: panels by ids, openings, chances."""

    record: dict[str, Any]
    digest: str
    panels: tuple[Panel, ...]
    """By number; each the ids of its people, sorted."""
    openings: dict[str, Any]
    chances: Mapping[str, float]

    @property
    def certificate(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.openings["certificate"]
        return found

    @property
    def deviation(self) -> float:
        """The largest distance of anyone's number of panels from 1,000 x chance."""
        return float(self.record["portfolio"]["largest_deviation_in_panels"])


def prepare_draw(
    inputs: Inputs,
    pool: Sequence[Registrant],
    quotas: Quotas,
    options: Options | None = None,
    *,
    code_version: str,
    progress: Progress = quietly,
) -> PreparedDraw:
    """Compute the fairest lottery and its portfolio, and seal them.

    `pool` is who is drawn from, in any order. Raises `InfeasibleQuotasError` with an explanation when no panel meets
    the quotas, `FlawedInputError` when someone has no salt or shares one, and whatever `progress` raises.
    """
    options = options or Options()
    _salted(pool)
    progress("chances", 0.0)
    problem = as_problem(pool, quotas, households=options.households)
    refuse_infeasible(problem)
    name, lottery = lottery_by(problem, options.algorithm, progress=progress)
    seed = portfolio_seed(inputs, pool, quotas, name, options.households)
    portfolio = make_portfolio(problem, lottery, seed, progress=progress)
    computed = Computed(name, problem, lottery, portfolio, lottery.certificate)
    record, panels = sealed_record(inputs, pool, computed, options.households, code_version)
    opened = openings(openings_of(pool), computed.certificate)
    return PreparedDraw(record, digest(record), panels, opened, computed.chances())


def _salted(pool: Sequence[Registrant]) -> None:
    """Refuse a pool in which a line of the record would be anyone's guess, or two people's."""
    if any(not one.salt for one in pool):
        raise FlawedInputError([Flaw("pool", "salt", "a salt a person", "someone has no salt, which hides their line")])
    if len({one.salt for one in pool}) < len(pool):
        raise FlawedInputError([Flaw("pool", "salt", "a salt a person", "two people have the same salt")])
