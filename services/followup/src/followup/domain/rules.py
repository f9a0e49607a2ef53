"""How a rule is reported as broken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule broken: `where` (a recommendation, a form), which field, which rule, and what to do about it."""

    where: str
    field: str
    rule: str
    message: str


class RulesBroken(ValueError):  # noqa: N818 - it is a list of broken rules, not one error
    """What was asked for breaks rules, all of which are listed."""

    def __init__(self, *broken: Broken) -> None:
        super().__init__("; ".join(f"{b.where}: {b.field}: {b.message}" for b in broken))
        self.broken = broken


class Untimely(ValueError):  # noqa: N818
    """What was asked for clashes with what is there: someone was first, or its time has not come."""
