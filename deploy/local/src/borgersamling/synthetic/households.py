"""Who lives with whom, and where: couples, singles, children with grown-ups of a parent's age; streets by district."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from borgersamling.synthetic.people import Person
from borgersamling.synthetic.words import STREET_HEADS, STREET_TAILS, SURNAMES

COUPLES = 0.62
"""Share of grown-ups asked who live as a couple."""
OWN_NAMES = 0.3
"""Share of people who have another surname than their household."""
ADULT = 18
PARENT_YEARS = (20, 45)
"""A parent is this much older than a child, in years."""


@dataclass(slots=True)
class Household:
    """One address and the people at it."""

    people: list[Person] = field(default_factory=list)
    district: str = ""
    surname: str = ""
    address: tuple[str, str, str, str] = ("", "", "", "")
    """Street, house number, floor, door."""


def settle(rng: random.Random, people: Sequence[Person]) -> list[Household]:
    """Put everyone into a household."""
    adults = sorted((p for p in people if p.age >= ADULT), key=lambda p: (p.age, p.cpr))
    households: list[Household] = []
    waiting: Person | None = None
    for person in adults:
        if waiting is not None:  # neighbours in age
            households.append(Household([waiting, person]))
            waiting = None
        elif rng.random() < COUPLES / (2 - COUPLES):
            waiting = person
        else:
            households.append(Household([person]))
    if waiting is not None:
        households.append(Household([waiting]))
    parents = [h.people[0].age for h in households]  # rising: adults came in order of age
    for child in (p for p in people if p.age < ADULT):
        low, high = (bisect(parents, child.age + years) for bisect, years in zip(_BOUNDS, PARENT_YEARS, strict=True))
        home = households[rng.randrange(low, high)] if low < high else rng.choice(households)
        home.people.append(child)
    for household in households:
        household.surname = rng.choice(SURNAMES)
    rng.shuffle(households)
    return households


_BOUNDS = (bisect_left, bisect_right)


def spread(rng: random.Random, households: Sequence[Household], seats: dict[str, int], grown: int) -> None:
    """Give each household a district so that the people of age `grown` and over fill `seats` of each district."""
    left = dict(seats)
    # Large ones first: the small ones then fill what is left exactly.
    for household in sorted(households, key=lambda h: -sum(p.age >= grown for p in h.people)):
        size = sum(p.age >= grown for p in household.people)
        room = {district: max(n - size + 1, 0) for district, n in left.items()}
        districts = list(room)
        weights = list(room.values()) if any(room.values()) else [max(n, 0) + 1e-9 for n in left.values()]
        household.district = rng.choices(districts, weights)[0]
        left[household.district] -= size


def house(households: Sequence[Household], districts: Sequence[str]) -> None:
    """Give each household an address of its own in its district."""
    addresses = {district: _addresses(number, len(districts)) for number, district in enumerate(districts)}
    for household in households:
        household.address = next(addresses[household.district])


def _addresses(district: int, districts: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield the addresses of a district without end in practice: every third street has blocks of flats."""
    streets = [head + tail for head in STREET_HEADS[district::districts] for tail in STREET_TAILS]
    for number, street in enumerate(streets):
        for house_number in range(1, 41 if number % 3 else 13):
            if number % 3:
                yield street, str(house_number), "", ""
                continue
            for floor in ("st", "1", "2", "3"):
                for door in ("tv", "mf", "th"):
                    yield street, str(house_number), floor, door
