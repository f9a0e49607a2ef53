"""Documents <-> domain: a domain object's own fields, days and times as ISO texts, `_id`, and the schema's number.

Days are stored as ISO strings: MongoDB knows instants only, and a day that became an instant would move with the zone.
A document of an earlier schema is brought up to date as it is read (`upgrades`), so that replicas of two versions can
run side by side, and written anew when it is next saved or by `migrating`.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from chassis.mongo import Collection, Document
from followup.repository.upgrades import SCHEMA, Upgrade, upgraded

T = TypeVar("T", bound="Versioned")


class Versioned(Protocol):
    """What is stored: a frozen dataclass that knows the version it was read with."""

    @property
    def version(self) -> int | None:
        """The version it was read with; None before it is stored."""


class Store(Protocol):
    """Where documents are: a transaction, or the database for reading."""

    def collection(self, name: str) -> Collection:
        """Return the collection."""


class Shelf(Generic[T]):
    """One collection of one kind of document. `beside` are fields worked out for queries alone, never read back."""

    def __init__(
        self,
        name: str,
        kind: type[T],
        key: Callable[[T], str],
        upgrades: tuple[Upgrade, ...],
        beside: Callable[[T], Document] = lambda _: {},
    ) -> None:
        self.name, self._key, self._beside, self._upgrades = name, key, beside, upgrades
        self._kind: TypeAdapter[T] = TypeAdapter(kind)

    def read(self, document: Document) -> T:
        """Return what a document holds, whatever schema it was written in."""
        return self._kind.validate_python(upgraded(document, self._upgrades))

    def write(self, one: T) -> Document:
        """Return its document, in today's schema."""
        fields: dict[str, Any] = self._kind.dump_python(one, mode="json")
        if fields["version"] is None:
            del fields["version"]
        return {"_id": self._key(one), "schema": SCHEMA} | fields | self._beside(one)

    async def get(self, store: Store, document_id: str) -> T | None:
        """Return one by its id."""
        document = await store.collection(self.name).get(document_id)
        return None if document is None else self.read(document)

    async def find(self, store: Store, where: Document, sort: Any, limit: int = 0, skip: int = 0) -> list[T]:
        """Return those that fit."""
        found = await store.collection(self.name).find(where, sort=sort, limit=limit, skip=skip)
        return [self.read(document) for document in found]

    async def save(self, store: Store, one: T) -> None:
        """Store it; Conflict when someone was first."""
        await store.collection(self.name).save(self.write(one))

    async def rewrite(self, store: Store, document: Document) -> bool:
        """Write a document anew in today's schema; False when someone has saved it since it was read."""
        return await store.collection(self.name).rewrite(self.write(self.read(document)))

    async def save_all(self, store: Store, changed: Sequence[T]) -> None:
        """Store many that were read before, in one round trip; Conflict when someone was first with one of them."""
        await store.collection(self.name).save_many([self.write(one) for one in changed])

    async def add_all(self, store: Store, new: Sequence[T]) -> None:
        """Store many that are new, in one round trip."""
        await store.collection(self.name).insert_many([self.write(one) | {"version": 1} for one in new])
