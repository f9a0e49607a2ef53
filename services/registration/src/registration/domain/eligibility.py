"""Who is invited: everyone old enough on the day the assembly counts from."""

from datetime import date

from registration.domain.assembly import Assembly, Criterion


def age_on(born: date, day: date) -> int:
    """Return the age in whole years; someone born on 29 February has their day on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_eligible(assembly: Assembly, born: date) -> bool:
    """Say whether someone has the assembly's minimum age on its day."""
    return age_on(born, assembly.age_on) >= assembly.minimum_age


def age_band(criterion: Criterion, age: int) -> str | None:
    """Return the id of the band an age belongs to, or None when the assembly's bands leave it out."""
    return next((value.id for value in criterion.values if value.is_age_band and value.holds(age)), None)


def age_features(assembly: Assembly, born: date) -> dict[str, str]:
    """Return the value of each age criterion for someone born on this day; bands that leave the age out are absent."""
    age = age_on(born, assembly.age_on)
    bands = {c.id: age_band(c, age) for c in assembly.roll_criteria if c.is_age}
    return {criterion: band for criterion, band in bands.items() if band is not None}
