"""Days and calendar months, as people in Denmark count them.

A day is a day in Europe/Copenhagen. An instant just before midnight there is already the next day in no zone we care
about, and a UTC midnight is never the border of anything: 22:30 UTC on 25 October is the 26th in Dragør.
"""

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

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
