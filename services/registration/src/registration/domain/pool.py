"""The pool's snapshot: the exact bytes the lottery draws from, the same however the database returned them."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registrant:
    """Someone in the pool, as the lottery sees them."""

    person: str
    household: str
    features: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The frozen pool and the SHA-256 of its bytes."""

    body: bytes
    digest: str
    size: int


class IncompletePoolError(ValueError):
    """Registrants lack a value the lottery needs; `people` are their ids."""

    def __init__(self, criterion: str, people: tuple[str, ...]) -> None:
        super().__init__(f"{len(people)} registrants have no value for {criterion}")
        self.criterion = criterion
        self.people = people


def snapshot(
    registrants: Iterable[Registrant], criteria: Mapping[str, frozenset[str]], salt: Callable[[str], str]
) -> Snapshot:
    """Write the pool canonically: UTF-8, `,` and line feeds, sorted by person, criteria in the assembly's order.

    `criteria` maps each criterion to the values it may have. `salt` gives what hides a person's line in the record of
    the draw: the digest, which is public, would else give anyone's answers away to who tries them all. Raises
    IncompletePoolError for the first criterion that someone lacks a known value of: a lottery over blanks would draw
    the wrong people (decidim#5620).
    """
    ordered = sorted(registrants, key=lambda registrant: registrant.person)
    for criterion, allowed in criteria.items():
        lacking = tuple(r.person for r in ordered if r.features.get(criterion) not in allowed)
        if lacking:
            raise IncompletePoolError(criterion, lacking)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["person", "household", "salt", *criteria])
    writer.writerows([r.person, r.household, salt(r.person), *(r.features[c] for c in criteria)] for r in ordered)
    body = out.getvalue().encode()
    return Snapshot(body, hashlib.sha256(body).hexdigest(), len(ordered))
