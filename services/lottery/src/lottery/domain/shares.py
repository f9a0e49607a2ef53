"""Quotas from the population: each value gets the seats that its share of the residents makes, give or take a slack.

Seats are whole and shares are not. The method of the largest remainder (Hamilton's) is used: everyone gets the whole
part of share x panel, and the seats left over go to the largest fractions, so that the targets add up to the panel.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from lottery.domain.errors import Flaw, FlawedInputError
from lottery.domain.quotas import Quota, Quotas, checked_quotas

Share = float | int | Decimal | None
"""A share of the residents, a percentage or a number of residents: what counts is how large it is beside the others.

None is a value of which no share is known (`does not wish to say`): it is never required, and never kept out.
"""


def quotas_from_shares(
    panel_size: int, criteria: Mapping[str, Mapping[str, Share]], *, slack: int = 1, flex: int = 0
) -> Quotas:
    """Return quotas of `slack` seats around each target, which may flex by `flex` seats more.

    Raises `FlawedInputError` for shares below nought and for a criterion whose shares add up to nothing.
    """
    flaws = [
        Flaw(f"criterion {criterion}", *flaw) for criterion in sorted(criteria) for flaw in _broken(criteria[criterion])
    ]
    if slack < 0 or flex < 0:
        flaws.append(Flaw("quotas", "slack", "at least 0", "slack and flex cannot be below nought"))
    if flaws:
        raise FlawedInputError(flaws)
    rows = [
        _row(panel_size, criterion, value, target, slack, flex)
        for criterion, shares in criteria.items()
        for value, target in targets(panel_size, shares).items()
    ]
    return checked_quotas(panel_size, rows)


def targets(panel_size: int, shares: Mapping[str, Share]) -> dict[str, int]:
    """Return each value's seats, which add up to the panel; values of equal remainder are served in sorted order."""
    # A float is taken as it is written: 0.52 is 52 hundredths, not the binary number beside it.
    known = {value: Fraction(str(share)) for value, share in sorted(shares.items()) if share is not None}
    total = sum(known.values())
    exact = {value: share * panel_size / total for value, share in known.items()}
    seats = {value: int(share) for value, share in exact.items()}
    left = panel_size - sum(seats.values())
    for value in sorted(exact, key=lambda value: (seats[value] - exact[value], value))[:left]:
        seats[value] += 1
    return {value: seats.get(value, 0) for value in sorted(shares)}


def _row(panel_size: int, criterion: str, value: str, target: int, slack: int, flex: int) -> Quota:
    minimum, maximum = max(0, target - slack), min(panel_size, target + slack)
    if not flex:
        return Quota(criterion, value, minimum, maximum)
    return Quota(criterion, value, minimum, maximum, max(0, minimum - flex), min(panel_size, maximum + flex))


def _broken(shares: Mapping[str, Share]) -> list[tuple[str, str, str]]:
    known = {value: share for value, share in shares.items() if share is not None}
    below = [value for value, share in sorted(known.items()) if share < 0]
    if below:
        return [("share", "at least 0", f"the share of {value} is below nought") for value in below]
    if not sum(map(Fraction, map(str, known.values()))):
        return [("share", "some share", "the shares add up to nothing")]
    return []
