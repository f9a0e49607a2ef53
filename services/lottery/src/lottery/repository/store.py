"""Where documents are, for reading and for writing; and what the lottery's collections are.

`assemblies`: what an announced assembly asks for. `people`: a row a person of the pool, blanked when they leave (the
opaque id stays, so that nobody can be counted twice). `draws`: the real draws and the tests, each with how it stands.
`records`: what is sealed of a draw. `portfolios`: the thousand panels behind it, by id, apart because they are large
and never public. `boards`: who has a seat since the real one is drawn.
"""

from typing import Protocol

from chassis.mongo import Collection, Document

ASSEMBLIES, PEOPLE, DRAWS, BOARDS = "assemblies", "people", "draws", "boards"
RECORDS, PORTFOLIOS = "records", "portfolios"


class Store(Protocol):
    """Where documents are: a transaction, or the database for reading."""

    def collection(self, name: str) -> Collection:
        """Return the collection."""


def versioned(document: Document) -> Document:
    """Return the document as `save` wants it, which inserts what has no version yet."""
    return document if document["version"] is not None else {k: v for k, v in document.items() if k != "version"}
