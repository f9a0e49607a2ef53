"""MongoDB behind a small door: the one module that imports Motor.

Motor is at its end of life upstream; PyMongo's own asynchronous API follows it. That swap is this file (docs/adr/0001).

Documents are plain dictionaries with a string `_id` and, where two people may change the same thing, an integer
`version` that every save checks and raises (optimistic concurrency).
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import IndexModel, InsertOne, ReplaceOne, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from chassis.errors import Conflict, Duplicate

Document = dict[str, Any]
Filter = dict[str, Any]
Sort = Sequence[tuple[str, Literal[1, -1]]]
T = TypeVar("T")

TRANSACTION_SECONDS = 20.0
"""How long a transaction that collides with others is tried again."""


@contextmanager
def _named_errors() -> Any:
    try:
        yield
    except DuplicateKeyError as error:
        raise Duplicate("a document with this key is there already") from error
    except BulkWriteError as error:
        if any(failure.get("code") == 11000 for failure in (error.details or {}).get("writeErrors", [])):
            raise Duplicate("a document with one of these keys is there already") from error
        raise


class Collection:
    """A collection, bound to a transaction where it came from one."""

    def __init__(self, raw: Any, session: Any = None) -> None:
        self._raw = raw
        self._session = session

    async def get(self, document_id: str) -> Document | None:
        """Return the document with this id."""
        return await self.one({"_id": document_id})

    async def one(self, where: Filter, sort: Sort | None = None) -> Document | None:
        """Return one document that fits, the first by `sort`."""
        found: Document | None = await self._raw.find_one(where, sort=sort, session=self._session)
        return found

    async def find(
        self,
        where: Filter,
        sort: Sort | None = None,
        limit: int = 0,
        skip: int = 0,
        fields: Sequence[str] | None = None,
    ) -> list[Document]:
        """Return the documents that fit; `fields` names those to fetch."""
        cursor = self._raw.find(where, list(fields) if fields else None, skip=skip, limit=limit, session=self._session)
        if sort:
            cursor = cursor.sort(list(sort))
        documents: list[Document] = await cursor.to_list(None)
        return documents

    async def stream(
        self, where: Filter, sort: Sort | None = None, fields: Sequence[str] | None = None
    ) -> AsyncIterator[Document]:
        """Yield the documents that fit, in constant memory; `fields` names those to fetch."""
        cursor = self._raw.find(where, list(fields) if fields else None, session=self._session)
        if sort:
            cursor = cursor.sort(list(sort))
        async for document in cursor:
            yield document

    async def insert(self, document: Document) -> None:
        """Insert; Duplicate when the id or a unique key is taken."""
        with _named_errors():
            await self._raw.insert_one(document, session=self._session)

    async def insert_many(self, documents: Sequence[Document]) -> None:
        """Insert all or, inside a transaction, none; Duplicate when an id or a unique key is taken."""
        if documents:
            with _named_errors():
                await self._raw.bulk_write([InsertOne(d) for d in documents], ordered=False, session=self._session)

    async def upsert_new(self, documents: Sequence[Document]) -> int:
        """Insert the documents whose id is new, leave the others as they are, and return how many were new."""
        if not documents:
            return 0
        operations = [
            UpdateOne({"_id": d["_id"]}, {"$setOnInsert": {k: v for k, v in d.items() if k != "_id"}}, upsert=True)
            for d in documents
        ]
        result = await self._raw.bulk_write(operations, ordered=False, session=self._session)
        return int(result.upserted_count)

    async def save(self, document: Document) -> None:
        """Insert a document without a version; replace one that still has the version it was read with.

        Raises Conflict when someone else saved it in between. The document's version is raised in place.
        """
        version = document.get("version")
        if version is None:
            document["version"] = 1
            await self.insert(document)
            return
        changed = document | {"version": version + 1}
        result = await self._raw.replace_one(
            {"_id": document["_id"], "version": version}, changed, session=self._session
        )
        if result.matched_count == 0:
            raise Conflict("someone else changed this in the meantime")
        document["version"] = version + 1

    async def rewrite(self, document: Document) -> bool:
        """Replace a document that still has the version it was read with, and leave it that version.

        False when someone has saved it since. For what is written in another way and means the same: whoever has read
        the document before may save it still.
        """
        where = {"_id": document["_id"], "version": document["version"]}
        result = await self._raw.replace_one(where, document, session=self._session)
        return bool(result.matched_count)

    async def save_many(self, documents: Sequence[Document]) -> None:
        """Replace documents that still have the versions they were read with, in one round trip.

        Raises Conflict when one of them is not as it was read; inside a transaction none is changed then.
        """
        operations = [
            ReplaceOne({"_id": one["_id"], "version": one["version"]}, one | {"version": one["version"] + 1})
            for one in documents
        ]
        if not operations:
            return
        result = await self._raw.bulk_write(operations, ordered=False, session=self._session)
        if result.matched_count < len(operations):
            raise Conflict("someone else changed one of these in the meantime")

    async def update(self, where: Filter, changes: Document, *, upsert: bool = False) -> int:
        """Change one document and return how many fitted."""
        result = await self._raw.update_one(where, changes, upsert=upsert, session=self._session)
        return int(result.matched_count)

    async def update_many(self, where: Filter, changes: Document) -> int:
        """Change all that fit and return how many there were."""
        result = await self._raw.update_many(where, changes, session=self._session)
        return int(result.matched_count)

    async def bulk(self, changes: Iterable[tuple[Filter, Document]]) -> int:
        """Make many one-document changes in one round trip and return how many documents fitted."""
        operations = [UpdateOne(where, change) for where, change in changes]
        if not operations:
            return 0
        result = await self._raw.bulk_write(operations, ordered=False, session=self._session)
        return int(result.matched_count)

    async def claim(
        self, where: Filter, changes: Document | Sequence[Document], sort: Sort | None = None
    ) -> Document | None:
        """Change one document that fits and return it as it is after the change; `changes` may be a pipeline."""
        found: Document | None = await self._raw.find_one_and_update(
            where, changes, sort=sort, return_document=ReturnDocument.AFTER, session=self._session
        )
        return found

    async def delete(self, where: Filter) -> int:
        """Delete all that fit and return how many there were."""
        result = await self._raw.delete_many(where, session=self._session)
        return int(result.deleted_count)

    async def count(self, where: Filter) -> int:
        """Count the documents that fit."""
        return int(await self._raw.count_documents(where, session=self._session))

    async def aggregate(self, pipeline: Sequence[Document]) -> list[Document]:
        """Run an aggregation."""
        rows: list[Document] = await self._raw.aggregate(list(pipeline), session=self._session).to_list(None)
        return rows


class Database:
    """One service's database."""

    def __init__(self, uri: str, name: str) -> None:
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            uri, tz_aware=True, serverSelectionTimeoutMS=5000, w="majority", journal=True, appname=name
        )
        self._database = self._client[name]

    def collection(self, name: str) -> Collection:
        """Return a collection outside any transaction."""
        return Collection(self._database[name])

    async def ping(self) -> None:
        """Raise when the server does not answer."""
        await self._client.admin.command("ping")

    async def wait(self, seconds: float) -> None:
        """Wait until the server answers as a primary; raises when it has not within `seconds`."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            try:
                hello = await self._client.admin.command("hello")
                if hello.get("isWritablePrimary"):
                    return
            except PyMongoError:
                if asyncio.get_running_loop().time() > deadline:
                    raise
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError("MongoDB has no writable primary: is the replica set initiated?")
            await asyncio.sleep(0.2)

    async def ensure_index(
        self, collection: str, keys: Sort, *, unique: bool = False, expire_after: int | None = None
    ) -> None:
        """Create the index unless it is there; `expire_after` in seconds from the indexed time."""
        options: dict[str, Any] = {"unique": unique}
        if expire_after is not None:
            options["expireAfterSeconds"] = expire_after
        await self._database[collection].create_indexes([IndexModel(list(keys), **options)])

    async def in_session(self, work: Callable[["Session"], Awaitable[T]]) -> T:
        """Run `work` in one transaction, again from the start when MongoDB asks for it."""
        async with await self._client.start_session() as session:

            async def attempt(motor_session: Any) -> T:
                return await work(Session(self._database, motor_session))

            deadline = asyncio.get_running_loop().time() + TRANSACTION_SECONDS
            while True:
                try:
                    result: T = await session.with_transaction(attempt)
                except PyMongoError as error:
                    # Motor retries what the work raises, but commits as it leaves its own block: a conflict found at
                    # the commit (two transactions that create one collection, say) would end here unretried.
                    transient = error.has_error_label("TransientTransactionError")
                    if not transient or asyncio.get_running_loop().time() > deadline:
                        raise
                    await asyncio.sleep(random.uniform(0.001, 0.02))  # noqa: S311 - to part those who collided
                else:
                    return result

    async def drop(self) -> None:
        """Delete the database: tests and rehearsals alone."""
        await self._client.drop_database(self._database.name)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class Session:
    """The inside of a transaction."""

    def __init__(self, database: Any, session: Any) -> None:
        self._database = database
        self._session = session

    def collection(self, name: str) -> Collection:
        """Return a collection bound to the transaction."""
        return Collection(self._database[name], self._session)


async def initiate_replica_set(uri: str, host: str) -> None:
    """Make the server at `uri` a replica set of one at `host` (`127.0.0.1:27017`), also after its port changed.

    Transactions need a replica set; one node is one (docs/adr/0006). `uri` must connect directly.
    """
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(uri, serverSelectionTimeoutMS=10000)
    try:
        try:
            await client.admin.command("replSetInitiate", {"_id": "rs0", "members": [{"_id": 0, "host": host}]})
        except OperationFailure as error:
            if error.code != 23:
                raise
            config = await client["local"]["system.replset"].find_one()
            if config and config["members"][0]["host"] != host:
                config["members"][0]["host"] = host
                config["version"] += 1
                await client.admin.command("replSetReconfig", config, force=True)
    finally:
        client.close()
