"""Who is invited: everyone who lives there and is old enough on the day the assembly counts from."""

from datetime import date

from registration.domain.assembly import Assembly, Criterion

AGE, POSTCODE, MOVED_OUT, DIED = "age", "postcode", "moved-out", "died"
"""Why someone cannot be invited, besides being excluded."""
HAS_LEFT = frozenset({MOVED_OUT, DIED})
"""Those of the reasons by which someone lives there no more."""


def excluded(exclusion: str) -> str:
    """Return the reason of those whom an exclusion of the assembly keeps out."""
    return f"excluded:{exclusion}"


def is_excluded(why: str | None) -> bool:
    """Say whether it is an exclusion that keeps someone out, which no roll changes."""
    return (why or "").startswith(excluded(""))


def age_on(born: date, day: date) -> int:
    """Return the age in whole years; someone born on 29 February has their day on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def why_ineligible(assembly: Assembly, born: date, postcode: str) -> str | None:
    """Return why someone cannot be invited, `age` or `postcode`, or None for who can."""
    if age_on(born, assembly.age_on) < assembly.minimum_age:
        return AGE
    if assembly.postcodes and postcode not in assembly.postcodes:
        return POSTCODE
    return None


def age_band(criterion: Criterion, age: int) -> str | None:
    """Return the id of the band an age belongs to, or None when the assembly's bands leave it out."""
    return next((value.id for value in criterion.values if value.is_age_band and value.holds(age)), None)


def age_features(assembly: Assembly, born: date) -> dict[str, str]:
    """Return the value of each age criterion for someone born on this day; bands that leave the age out are absent."""
    age = age_on(born, assembly.age_on)
    bands = {c.id: age_band(c, age) for c in assembly.roll_criteria if c.is_age}
    return {criterion: band for criterion, band in bands.items() if band is not None}
