"""Could a panel be drawn from these people? Asked of the lottery, whose rules are written once, by registration alone.

The question holds how many there are of each combination of values: no id, no name.
"""

from pydantic import Field

from contracts.base import AssemblyId, Part, Slug

SUBJECT = "lottery.feasibility.check"


class Kind(Part):
    """How many people share these values, one a criterion (`{"gender": "female", "age": "15-24"}`)."""

    values: dict[Slug, Slug]
    people: int = Field(ge=1)


class CheckFeasibility(Part):
    """Ask whether the assembly's quotas can be met from people like these."""

    assembly: AssemblyId
    kinds: tuple[Kind, ...]


class Shortage(Part):
    """A quota that cannot be met: of `value` there are `have` people, and the quota needs `need`."""

    criterion: Slug
    value: Slug
    have: int = Field(ge=0)
    need: int = Field(ge=0)


class Feasibility(Part):
    """The lottery's answer, from the code that draws.

    `shortages` are values with too few people. Where each has enough and still no panel fits, they are empty and
    `advice` says in words what stands in the way, as the draw itself would, and then the smallest changes of the quotas
    that would be enough.
    """

    feasible: bool
    shortages: tuple[Shortage, ...] = ()
    advice: tuple[str, ...] = ()
