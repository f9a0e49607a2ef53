"""Danish wall-clock time in the file, UTC everywhere else."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def to_utc(value: Any) -> Any:
    """Return the instant of a Danish wall-clock time `YYYY-MM-DD HH:MM`; an aware time passes through.

    Refused: a time the clocks skip in March and one they show twice in October. Nobody can be called to either.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value
    if not isinstance(value, str):
        raise ValueError("must be a Danish time, `YYYY-MM-DD HH:MM`")  # noqa: TRY004 - pydantic collects ValueErrors
    try:
        naive = datetime.strptime(value.strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the zone is put on below
    except ValueError:
        return _aware(value)
    local = naive.replace(tzinfo=COPENHAGEN)
    instant = local.astimezone(UTC)
    if instant.astimezone(COPENHAGEN).replace(tzinfo=None) != naive:
        raise ValueError("does not exist in Denmark: the clocks are put forward that night")
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ValueError("comes twice in Denmark: the clocks are put back that night")
    return instant


def _aware(value: str) -> datetime:
    """Read the ISO 8601 form in which the announced file is stored; it must bear its offset."""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError("must be a Danish time, `YYYY-MM-DD HH:MM`")
    return instant.astimezone(UTC)


def to_day(value: Any) -> Any:
    """Return the day of `YYYY-MM-DD`."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("must be a day, `YYYY-MM-DD`")


def _clock_face(value: str) -> str:
    try:
        datetime.strptime(value, "%H:%M")  # noqa: DTZ007 - only its form is looked at
    except ValueError:
        raise ValueError("must be a time of day, `HH:MM`") from None
    return value


LocalTime = Annotated[AwareDatetime, BeforeValidator(to_utc)]
Day = Annotated[date, BeforeValidator(to_day)]
TimeOfDay = Annotated[str, AfterValidator(_clock_face)]
