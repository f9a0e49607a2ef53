"""The form by which a draw is prepared: what is filled in, read and judged."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from chassis.language import LOCAL, N_
from lottery.domain.ceremony import FOR_TESTS, Plan, Source
from lottery.domain.objectives import Algorithm

REAL, TEST = "draw", "test"
DATE = ("draws_on", "draws_on-month", "draws_on-year")

NO_DATE = N_("Write a day, a month and a year")
NO_TIME = N_("Write the time as hours and minutes, for example 19:00")
PAST = N_("Choose a time that is still to come: the draw is announced before it is drawn")
NO_ALGORITHM = N_("Choose what is to be fair")
TESTS_ONLY = N_("This one is for tests: choose another, or hold a test")
NO_SOURCE = N_("Choose where the three digits come from")


@dataclass
class PrepareForm:
    """The fields as they were filled in; `errors` are English messages by field."""

    kind: str = REAL
    date: tuple[str, str, str] = ("", "", "")
    time: str = "19:00"
    source: str = "dice"
    algorithm: str = "leximin"
    households: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, fields: dict[str, str]) -> "PrepareForm":
        """Take what was sent."""
        day, month, year = (fields.get(name, "").strip()[:4] for name in DATE)
        return cls(
            kind=TEST if fields.get("kind") == TEST else REAL,
            date=(day, month, year),
            time=fields.get("draws_at", "").strip()[:5],
            source=fields.get("source", ""),
            algorithm=fields.get("algorithm", "leximin"),
            households=fields.get("households") == "yes",
        )

    @property
    def test(self) -> bool:
        return self.kind == TEST

    def plan(self, now: datetime) -> Plan | None:
        """Return the plan, or None and say in `errors` what must be corrected."""
        draws_at = self._moment()
        if draws_at is not None and draws_at <= now:
            self.errors["draws_on"] = PAST
        source = next((one for one in get_args(Source) if one == self.source), None)
        if source is None:
            self.errors["source"] = NO_SOURCE
        algorithm = next((one for one in get_args(Algorithm) if one == self.algorithm), None)
        if algorithm is None:
            self.errors["algorithm"] = NO_ALGORITHM
        elif algorithm in FOR_TESTS and not self.test:
            self.errors["algorithm"] = TESTS_ONLY
        if self.errors or draws_at is None or source is None or algorithm is None:
            return None
        return Plan(draws_at=draws_at, source=source, households=self.households, algorithm=algorithm)

    def _moment(self) -> datetime | None:
        day, month, year = self.date
        try:
            hour, minute = (int(part) for part in self.time.replace(".", ":").split(":"))
            datetime(2000, 1, 1, hour, minute, tzinfo=LOCAL)
        except ValueError:
            self.errors["draws_at"] = NO_TIME
            hour = minute = 0
        try:
            moment = datetime(int(year), int(month), int(day), hour, minute, tzinfo=LOCAL)
        except ValueError:
            self.errors["draws_on"] = NO_DATE
            return None
        return None if "draws_at" in self.errors else moment
