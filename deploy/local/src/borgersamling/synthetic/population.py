"""A municipality's synthetic residents: as many eligible ones as asked for, and children in proportion."""

import csv
import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from borgersamling.synthetic import households as homes
from borgersamling.synthetic.people import Person, Registrar
from borgersamling.synthetic.shares import (
    age_criterion,
    apportion,
    form_criteria,
    population_shares,
    roll_criteria,
    volunteer_shares,
)
from borgersamling.synthetic.words import OLDEST, POSTCODES, SURNAMES, UNKNOWN_POSTCODE
from sessions.domain.assembly_file import AssemblyFile

CHILDREN = 2698 / 11752
"""Children under 15 to each older resident: Dragør in 2025, 14,450 residents of whom 11,752 can be invited."""
PROTECTED = 0.006
"""Share of residents whose address is protected (an example value)."""
COLUMNS = ("cpr", "name", "street", "house_number", "floor", "door", "postcode", "city", "protected")


@dataclass(frozen=True, repr=False)
class Population:
    """The residents. `people` are the eligible ones."""

    assembly: AssemblyFile
    seed: int
    people: tuple[Person, ...]
    children: tuple[Person, ...]
    csv: bytes

    def volunteers(self, count: int) -> tuple[Person, ...]:
        """Return who signs up: seeded, with the known shares of those who did, in the order they do it.

        ValueError when fewer people are eligible.
        """
        if count > len(self.people):
            raise ValueError(f"{count} cannot sign up: {len(self.people)} are eligible")
        rng = random.Random(f"{self.seed}:volunteers:{count}")  # noqa: S311 - to be repeated, not to be secret
        criteria = [c.id for c in self.assembly.criteria]
        room = {
            (c.id, value): n
            for c in self.assembly.criteria
            for value, n in apportion(count, volunteer_shares(c)).items()
        }

        def fits(person: Person) -> int:
            return sum(room.get((c, person.value(c)), 0) > 0 for c in criteria)

        def take(person: Person) -> None:
            chosen.append(person)
            for criterion in criteria:
                room[criterion, person.value(criterion)] -= 1

        chosen: list[Person] = []
        others: list[Person] = []
        for person in rng.sample(self.people, len(self.people)):
            if len(chosen) < count and fits(person) == len(criteria):
                take(person)
            else:
                others.append(person)
        # The last places fit nobody in every criterion: whoever fits best.
        while len(chosen) < count:
            best = max(others, key=fits)
            others.remove(best)
            take(best)
        rng.shuffle(chosen)
        return tuple(chosen)


def populate(residents: int, seed: int, assembly: AssemblyFile) -> Population:
    """Make the residents: `residents` of them can be invited. The same arguments give the same people."""
    if residents < 1:
        raise ValueError("a municipality has residents")
    rng = random.Random(f"{seed}:population:{assembly.id}")  # noqa: S311 - to be repeated, not to be secret
    registrar = Registrar(rng, assembly.eligibility.age_on, assembly.sign_up.opens.date() - timedelta(days=90))
    people = _grown(rng, registrar, residents, assembly)
    children = [
        registrar.person(rng.randrange(assembly.eligibility.minimum_age), rng.choice(("female", "male")), {})
        for _ in range(round(residents * CHILDREN))
    ]
    households = homes.settle(rng, [*people, *children])
    _place(rng, households, assembly, residents)
    names: set[str] = set()
    for number, household in enumerate(households):
        for person in household.people:
            person.household = number
            person.surname = _surname(rng, person, household, names)
            person.protected = rng.random() < PROTECTED
    roll = _roll(rng, households, assembly)
    return Population(assembly, seed, tuple(people), tuple(children), roll)


def _grown(rng: random.Random, registrar: Registrar, residents: int, assembly: AssemblyFile) -> list[Person]:
    answers = {c.id: _dealt(rng, apportion(residents, population_shares(c))) for c in form_criteria(assembly)}
    bands = age_criterion(assembly)
    people = []
    for number, (band, age) in enumerate(_ages(rng, residents, assembly)):
        own = {criterion: values[number] for criterion, values in answers.items()}
        gender = own.get("gender", "")
        person = registrar.person(age, gender if gender in {"female", "male"} else rng.choice(("female", "male")), own)
        if bands is not None:
            person.features[bands.id] = band
        people.append(person)
    return people


def _dealt(rng: random.Random, counts: dict[str, int]) -> list[str]:
    dealt = list(Counter(counts).elements())
    rng.shuffle(dealt)
    return dealt


def _ages(rng: random.Random, residents: int, assembly: AssemblyFile) -> list[tuple[str, int]]:
    """Return a band and an age for everyone: bands by their shares; in the last band fewer the older."""
    youngest, bands = assembly.eligibility.minimum_age, age_criterion(assembly)
    if bands is None:
        return [("", rng.randint(youngest, OLDEST)) for _ in range(residents)]
    ages: list[tuple[str, int]] = []
    for value in bands.values:
        among = range(max(value.age_from or youngest, youngest), (value.age_to or OLDEST) + 1)
        weights = [OLDEST + 1 - age if value.age_to is None else 1 for age in among]
        count = apportion(residents, population_shares(bands))[value.id]
        ages += [(value.id, age) for age in rng.choices(among, weights, k=count)]
    rng.shuffle(ages)
    return ages


def _place(rng: random.Random, households: list[homes.Household], assembly: AssemblyFile, residents: int) -> None:
    criteria = roll_criteria(assembly)
    for criterion in criteria:
        counts = apportion(residents, population_shares(criterion))
        homes.spread(rng, households, counts, assembly.eligibility.minimum_age)
        for household in households:
            for person in household.people:
                person.features[criterion.id] = household.district
    districts = [value.id for value in criteria[-1].values] if criteria else [""]
    homes.house(households, districts)


def _surname(rng: random.Random, person: Person, household: homes.Household, taken: set[str]) -> str:
    """Return a surname that makes the whole name nobody else's: tests and rehearsals find people's letters by it."""
    surname = rng.choice(SURNAMES) if rng.random() < homes.OWN_NAMES else household.surname
    while f"{person.given_name} {surname}" in taken:
        surname = f"{rng.choice(SURNAMES)} {surname}"
    taken.add(f"{person.given_name} {surname}")
    return surname


def _roll(rng: random.Random, households: Sequence[homes.Household], assembly: AssemblyFile) -> bytes:
    columns = [c.id for c in roll_criteria(assembly)]
    city = assembly.municipality.title.da.removesuffix(" Kommune")
    postcode = POSTCODES.get(assembly.municipality.id, UNKNOWN_POSTCODE)
    rows = []
    for household in households:
        for person in household.people:
            protected = "yes" if person.protected else "no"
            place = (*household.address, postcode, city, protected)
            rows.append((person.cpr, person.name, *place, *(person.features[c] for c in columns)))
    rng.shuffle(rows)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow((*COLUMNS, *columns))
    writer.writerows(rows)
    return text.getvalue().encode()
