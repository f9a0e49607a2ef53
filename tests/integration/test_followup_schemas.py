"""Documents as the version before wrote them, read and written anew; and those of a version to come, left alone.

`followup_schema_1.json` is what the last version of schema 1 had in its database after a course of ten months: two
answers (one in two versions), a late status, a closing whose day an officer had recorded.
"""

from pathlib import Path
from typing import Any

import pytest
from bson import json_util

from chassis.mongo import Document
from followup import repository
from followup.repository import migrating, shelves
from followup.repository.documents import Shelf
from followup.repository.upgrades import SCHEMA
from support.house import House, Running
from support.promising import A, answer, answers_in_force, api_of, publish, said, started

pytestmark = pytest.mark.integration

WRITTEN = Path(__file__).parents[1] / "support/followup_schema_1.json"


def written() -> dict[str, list[Document]]:
    """Return the documents as MongoDB gave them to the version before: times as instants, days as texts."""
    documents: dict[str, list[Document]] = json_util.loads(
        WRITTEN.read_text(encoding="utf-8"), json_options=json_util.JSONOptions(tz_aware=True)
    )
    return documents


async def held(followup: Running) -> dict[str, list[Document]]:
    return {name: await followup.service.db.collection(name).find({}, sort=[("_id", 1)]) for name in repository.HELD}


async def lay_down(followup: Running) -> None:
    for name, documents in written().items():
        await followup.service.db.collection(name).insert_many(documents)


async def with_old_documents(house: House, **settings: Any) -> Running:
    """Start on a database of the version before."""
    first = await started(house)
    await first.stop()
    followup = await started(house, migrate_after_seconds=3600, **settings)
    await lay_down(followup)
    return followup


async def test_documents_of_the_version_before_are_read_as_what_they_say(house: House) -> None:
    followup = await with_old_documents(house)
    assert await answers_in_force(followup) == [
        ("followed", "Nu følges den", 2),
        ("not-followed", "Fordi det er klogt", 1),
    ]
    counts = (await followup.http.get(f"{api_of()}/counts")).json()
    assert (counts["recommendations"], counts["statuses_published"], counts["closed"]) == (2, 1, False)
    # 4 reminders, the due day and the day after of three statuses, as that version had said them.
    assert (counts["due_soon_seen"], counts["due_seen"], counts["overdue_seen"]) == (12, 3, 3)
    assert (await followup.http.get(f"/opfoelgning/{A}/status/status-3")).status_code == 200
    assert (await followup.http.get(f"/opfoelgning/{A}")).status_code == 200
    # What is saved is written in today's schema, and the old versions of an answer are still there.
    assert (await answer(house, followup, 2, reason="Og nu også denne")).json()["revision"] == 2
    stored = await followup.service.db.collection(repository.RECOMMENDATIONS).get(f"{A}:r-2")
    assert stored is not None
    assert stored["schema"] == SCHEMA
    assert [one["content"]["reason"] for one in stored["answers"]] == ["Fordi det er klogt", "Og nu også denne"]


async def test_all_of_them_are_written_anew_in_the_background_with_what_the_lists_ask_for(
    house: House, audit: list[Any]
) -> None:
    before = await with_old_documents(house)
    await before.stop()
    followup = await started(house, migrate_after_seconds=0)
    while await migrating.left(followup.service.db):
        followup.service.poke("schema")
        await house.move_clock(followup.service.clock.now())
    documents = await held(followup)
    assert {one["schema"] for rows in documents.values() for one in rows} == {SCHEMA}
    old = written()
    for name in repository.HELD:
        assert [one["_id"] for one in documents[name]] == [one["_id"] for one in old[name]]
    [assembly] = documents["assemblies"]
    assert assembly["events"] == {"closing": "2025-12-01"}
    assert assembly["mandate"]["milestones"][0]["tell"] == ["officers"]
    assert [one["verdict"] for one in documents["recommendations"]] == ["followed", "not-followed"]
    assert [one["answered"] for one in documents["recommendations"]] == [True, True]
    assert [(one["milestone"], one["reported"]) for one in documents["commitments"]] == [
        (one["milestone"], one["status"] is not None) for one in old["commitments"]
    ]
    [reported] = [one for one in documents["commitments"] if one["reported"]]
    assert [one["content"]["verdict"] for one in reported["status"]["answers"]] == ["followed", "not-followed"]
    said_before = {one["_id"]: [(s["kind"], s["on"], s["days"]) for s in one["said"]] for one in old["commitments"]}
    for one in documents["commitments"]:
        crossings = [(s["crossing"]["kind"], s["crossing"]["on"], s["crossing"]["days"]) for s in one["said"]]
        assert crossings[: len(said_before[one["_id"]])] == said_before[one["_id"]]
    begun = [line for line in audit if line["event"] == "documents are written in a new schema"]
    assert [line["documents"] for line in begun] == [7]
    assert (await followup.service.work_left())["schema"] == 0
    assert (await publish(house, followup, "status-10")).status_code == 200


async def test_what_a_replica_of_the_version_before_saves_meanwhile_is_not_overwritten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    followup = await with_old_documents(house)
    rows = followup.service.db.collection(repository.RECOMMENDATIONS)
    shelf: Shelf[Any] = shelves.recommendations
    really, meanwhile = shelf.rewrite, [f"{A}:r-1"]

    async def rewrite(store: Any, document: Document) -> bool:
        if document["_id"] in meanwhile:
            meanwhile.remove(document["_id"])
            # The old version's own way to save: the whole document in its schema, with the next version.
            await rows.save(document | {"title": "Et nyt navn"})
        return await really(store, document)

    monkeypatch.setattr(shelf, "rewrite", rewrite)
    await migrating.migrate(followup.service.db)
    assert not meanwhile
    stored = await rows.get(f"{A}:r-1")
    assert stored is not None
    assert (stored["title"], stored["schema"], stored["version"]) == ("Et nyt navn", SCHEMA, 4)
    assert await migrating.left(followup.service.db) == 0


async def test_one_who_has_read_a_document_before_it_was_written_anew_can_still_save_it(house: House) -> None:
    followup = await with_old_documents(house)
    db = followup.service.db
    read = await repository.recommendation(db, A, "r-1")
    assert read is not None
    await migrating.migrate(db)
    await repository.save_recommendation(db, read)
    assert await migrating.left(db) == 0


async def test_a_document_of_a_later_version_is_left_alone_and_the_error_says_what_to_do(
    house: House, audit: list[Any]
) -> None:
    followup = await with_old_documents(house)
    db = followup.service.db
    rows = db.collection(repository.RECOMMENDATIONS)
    await rows.update({"_id": f"{A}:r-1"}, {"$set": {"schema": SCHEMA + 1}})
    before = await rows.get(f"{A}:r-1")
    assert await migrating.migrate(db) == sum(len(rows) for rows in written().values()) - 1
    assert await rows.get(f"{A}:r-1") == before
    [error] = [line for line in audit if line["log_level"] == "error"]
    assert error["event"] == "documents were written by a later version: run that one, this one cannot read them"
    with pytest.raises(ValueError, match=f"has schema {SCHEMA + 1}, .* run the version that wrote it, or a later one"):
        await repository.recommendation(db, A, "r-1")


async def test_a_document_that_cannot_be_read_keeps_none_of_the_others_waiting(house: House, audit: list[Any]) -> None:
    followup = await with_old_documents(house)
    db = followup.service.db
    await db.collection(repository.RECOMMENDATIONS).update({"_id": f"{A}:r-1"}, {"$set": {"number": "ten"}})
    await migrating.migrate(db)
    assert await migrating.left(db) == 1
    assert [line["document"] for line in audit if line["log_level"] == "error"] == [f"{A}:r-1"]


async def test_nothing_is_said_because_a_document_is_written_anew(house: House) -> None:
    followup = await with_old_documents(house)
    await migrating.migrate(followup.service.db)
    assert await said(house) == []
