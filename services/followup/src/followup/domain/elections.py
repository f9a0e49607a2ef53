"""When the council that promised is another one: municipal elections, by law.

Kommunal- og regionalvalgloven § 6: municipal elections are held every fourth year on the third Tuesday of November
(2021, 2025, 2029 ...), and the new council's term begins on 1 January after. A promise binds the next council too, so
that an election within it is marked wherever its days are shown.
"""

from calendar import TUESDAY, Calendar
from dataclasses import dataclass
from datetime import date

FOURTH_YEARS = 2021 % 4
"""What an election year leaves when it is divided by four."""

_BY_WEEKS = Calendar()


@dataclass(frozen=True, slots=True)
class Election:
    """A municipal election on day `on`; the council it chooses takes office on `council_from`."""

    on: date
    council_from: date


def election_of(year: int) -> Election | None:
    """Return the election held in this year, or None in a year without one."""
    if year % 4 != FOURTH_YEARS:
        return None
    days = (day for day in _BY_WEEKS.itermonthdates(year, 11) if day.month == 11)
    third = [day for day in days if day.weekday() == TUESDAY][2]
    return Election(third, date(year + 1, 1, 1))


def elections_within(start: date, end: date) -> tuple[Election, ...]:
    """Return the elections that a promise made on `start` and kept by `end` lives through.

    One counts when it is held after `start`, or before it but with its council to take office after: the promise is
    then still made by the old council. One that is held after `end` does not.
    """
    years = range(start.year - 1, end.year + 1)
    elections = (found for year in years if (found := election_of(year)) is not None)
    return tuple(one for one in elections if one.council_from > start and one.on <= end)
