"""Days and calendar months, as people in Denmark count them.

A day is a day in Europe/Copenhagen. An instant just before midnight there is already the next day in no zone we care
about, and a UTC midnight is never the border of anything: 22:30 UTC on 25 October is the 26th in Dragør.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def day_of(instant: datetime) -> date:
    """Return the day in Copenhagen on which `instant` falls. ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone falls on no day")
    return instant.astimezone(COPENHAGEN).date()


def add_months(day: date, months: int) -> date:
    """Return the day `months` (0 or more) calendar months after `day`.

    The day of the same number in the last month, or that month's last day where there is none: 30 November and three
    months is 28 February, or the 29th in a leap year. This is Regulation (EEC, Euratom) 1182/71, art. 3(2)(c), and how
    Danish administrative practice counts a period expressed in months.
    """
    if months < 0:
        raise ValueError("a promise is counted forward")
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_working_day(day: date) -> bool:
    """Whether it is neither a Saturday, a Sunday nor a Danish public holiday (helligdag)."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def next_working_day(day: date) -> date:
    """Return `day`, or the first working day after it where it is none (Regulation 1182/71, art. 3(4))."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
