"""Who of the pool is probably one person, found by what they have in common. Nothing of it is stored."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Common(StrEnum):
    """What two ids have in common, besides the name."""

    BIRTH_DATE = "birth-date"
    EMAIL = "email"
    TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Someone of the pool, in the clear for as long as the comparison takes. What is not known is empty."""

    id: str
    name: str
    born: date | None = None
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Ids that have the same name and what is `common`: probably one person."""

    people: tuple[str, ...]
    common: tuple[Common, ...]


def find(people: Iterable[Person]) -> list[Group]:
    """Return the groups, the same for whatever order people come in. One name alone is no sign: many share it."""
    marked: dict[tuple[Common, str, str], set[str]] = defaultdict(set)
    for person in people:
        name = normal_name(person.name)
        for common, mark in _marks(person):
            if name and mark:
                marked[common, name, mark].add(person.id)
    found: dict[tuple[str, ...], set[Common]] = defaultdict(set)
    for (common, _, _), ids in marked.items():
        if len(ids) > 1:
            found[tuple(sorted(ids))].add(common)
    return [Group(ids, tuple(sorted(found[ids]))) for ids in sorted(found)]


def _marks(person: Person) -> Iterable[tuple[Common, str]]:
    yield Common.BIRTH_DATE, person.born.isoformat() if person.born else ""
    yield Common.EMAIL, person.email.strip().casefold()
    yield Common.TELEPHONE, normal_telephone(person.telephone)


def normal_name(name: str) -> str:
    """Return a name without case, accents' spelling, dots and hyphens: `Anne-Marie  B.` and `ANNE MARIE B` are one."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def normal_telephone(number: str) -> str:
    """Return a telephone number's digits, without Denmark's +45 or 0045."""
    digits = "".join(c for c in number if c.isdecimal() and c.isascii())
    for prefix in ("0045", "45"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 8:
            return digits.removeprefix(prefix)
    return digits


def shared_households(households: Iterable[str | None]) -> tuple[int, int]:
    """Return how many households have several people in the pool, and how many people those are."""
    counts: dict[str, int] = defaultdict(int)
    for household in households:
        if household:
            counts[household] += 1
    shared = [number for number in counts.values() if number > 1]
    return len(shared), sum(shared)
