"""The roll on real servers: later rolls, those who leave, those kept out, and what a look into the database shows."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from chassis.mongo import Document
from chassis.transaction import Transaction
from registration.importing.uploads import Uploads
from registration.use_cases import roll as roll_commands
from support.house import House
from support.registering import A, Office, drawn, ids, invited, office_of
from support.rolls import COLUMNS, announced, cpr, roll, row

pytestmark = pytest.mark.integration

LEFT = (*COLUMNS, "left")
POLITICIANS = {
    "id": "politician",
    "title": {"da": "Politikere", "en": "Politicians"},
    "question": {"da": "Er du politiker?", "en": "Are you a politician?"},
}
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)


@pytest.fixture
async def office(house: House) -> Office:
    """An announced assembly, on a day its sign-up is open."""
    return await office_of(house)


async def person(office: Office, number: int) -> dict[str, Any]:
    found = await office.running.service.db.collection("people").get(ids(number)[0])
    assert found is not None
    return found


def blanked(held: Mapping[str, Any]) -> bool:
    return not any(held[name] for name in ("identity", "features", "household", "reference", "token_hash", "told"))


async def test_a_later_roll_tells_which_columns_have_changed_and_for_how_many(office: Office) -> None:
    await office.call("PUT", "/roll", content=roll([row(0), row(1), row(2)]))
    later = [row(0, street="Ny Vej"), row(1, street="Ny Vej", name="Nyt Navn"), row(2), row(3)]
    report = await office.call("PUT", "/roll", content=roll(later), params={"dry_run": "true"})
    assert (report["new"], report["changed"], report["unchanged"]) == (1, 2, 1)
    assert report["changed_columns"] == {"name": 1, "street": 2}


async def test_who_moves_out_or_dies_before_signing_up_leaves_with_nothing_kept(office: Office) -> None:
    links = await invited(office)
    gone = [row(0) | {"left": "fraflyttet"}, row(1) | {"left": "died"}, row(2)]
    report = await office.call("PUT", "/roll", content=roll(gone, columns=LEFT))
    assert (report["leaving"], report["to_judge"]) == ({"died": 1, "moved-out": 1}, 0)
    for number, why in ((0, "moved-out"), (1, "died")):
        held = await person(office, number)
        assert (held["status"], held["why"], blanked(held)) == ("ineligible", why, True)
        assert (await office.public.get(links[number])).status_code == 404
    assert (await office.resolve(*ids(0))).unknown == tuple(ids(0))
    again = await office.call("PUT", "/roll", content=roll(gone, columns=LEFT))
    assert (again["unchanged"], again["leaving"]) == (3, {})


async def test_who_has_signed_up_is_judged_by_people_and_named_by_id_alone(office: Office) -> None:
    links = await invited(office)
    await office.sign_up(links[0])
    await office.sign_up(links[1])
    await drawn(office, 1)
    gone = [row(0) | {"left": "died"}, row(2)]
    report = await office.call("PUT", "/roll", content=roll(gone, columns=LEFT))
    assert (report["leaving"], report["to_judge"], report["missing"]) == ({}, 2, 1)
    job = await office.call("GET", f"/imports/{report['id']}")
    assert {one["person"]: one["why"] for one in job["judged"]} == {ids(0)[0]: "died", ids(1)[0]: "gone"}
    assert "Prøve" not in str(job)
    assert [(await person(office, n))["status"] for n in (0, 1)] == ["pool", "selected"]
    assert (await office.public.get(links[0])).status_code == 200


async def test_who_comes_back_can_be_invited_again_by_a_new_link(office: Office) -> None:
    links = await invited(office)
    await office.call("PUT", "/roll", content=roll([row(0) | {"left": "moved-out"}, row(1), row(2)], columns=LEFT))
    report = await office.call("PUT", "/roll", content=roll([row(0), row(1), row(2)]))
    assert (report["changed"], report["changed_columns"]) == (1, {"eligible": 1})
    held = await person(office, 0)
    assert (held["status"], held["why"], held["generation"], held["invited_at"]) == ("invitee", None, 2, None)
    assert held["identity"]
    await office.call("POST", "/invitations", 202)
    await office.house.settle()
    said = await office.house.heard("registration.invitation-issued.v1")
    assert [fact["generation"] for fact in said if fact["person"] == ids(0)[0]] == [1, 2]
    [link] = await office.links(*ids(0))
    assert [(await office.public.get(one)).status_code for one in (links[0], link)] == [404, 200]


async def test_who_lives_outside_the_postcodes_or_is_too_young_leaves_no_name(house: House) -> None:
    office = await office_of(house)
    await house.say(announced(A, postcodes=("2791",)))
    await house.settle()
    report = await office.call("PUT", "/roll", content=roll([row(0), row(1, postcode="2770")]))
    assert (report["eligible"], report["ineligible"]) == (1, {"postcode": 1})
    held = await person(office, 1)
    assert (held["status"], held["why"], blanked(held)) == ("ineligible", "postcode", True)
    moved = await office.call("PUT", "/roll", content=roll([row(0, postcode="2770"), row(1)]))
    assert (moved["leaving"], moved["changed"]) == ({"postcode": 1}, 1)
    assert [(await person(office, n))["status"] for n in (0, 1)] == ["ineligible", "invitee"]


async def test_those_on_a_list_are_kept_out_and_no_later_roll_brings_them_back(house: House) -> None:
    office = await office_of(house)
    politicians = {
        "id": "politician",
        "title": {"da": "Politikere", "en": "P"},
        "question": {"da": "Er du?", "en": "?"},
    }
    await house.say(announced(A, exclusions=(politicians,)))
    await house.settle()
    links = await invited(office)
    await office.sign_up(links[0])
    names = roll([row(0), row(1), row(9)], columns=["cpr"])
    report = await office.call("PUT", "/exclusions/politician", content=names)
    assert (report["rows"], report["leaving"], report["to_judge"]) == (3, {"excluded:politician": 1}, 1)
    held = await person(office, 1)
    assert (held["status"], held["why"], blanked(held)) == ("ineligible", "excluded:politician", True)
    later = await office.call("PUT", "/roll", content=roll(row(n, name="Nyt Navn") for n in range(3)))
    assert (later["changed"], later["unchanged"]) == (2, 1)
    assert (await person(office, 1))["status"] == "ineligible"
    await office.call("PUT", "/exclusions/nobody", 404, content=names)
    await office.call("PUT", "/exclusions/politician", 422, content=roll([row(1)]))


async def test_someone_without_a_number_is_known_again_by_name_birth_and_address(office: Office) -> None:
    columns = (*COLUMNS, "birth_date", "tenure")
    nameless = row(1, cpr="") | {"birth_date": "01-05-1970", "tenure": "owner"}
    await office.call("PUT", "/roll", content=roll([nameless], columns=columns))
    [held] = await office.running.service.db.collection("people").find({})
    assert held["features"] == {"age": "45+", "district": "st-magleby", "tenure": "owner"}
    again = nameless | {"street": "STRANDLINIEN.", "birth_date": "1970-05-01", "tenure": ""}
    report = await office.call("PUT", "/roll", content=roll([again], columns=columns))
    assert (report["new"], report["changed"], report["changed_columns"]) == (0, 1, {"street": 1, "tenure": 1})
    moved = await office.call("PUT", "/roll", content=roll([nameless | {"street": "Ny Vej"}], columns=columns))
    assert (moved["new"], moved["missing"]) == (1, 1)


async def test_a_file_handed_in_twice_at_once_is_imported_one_after_the_other(office: Office) -> None:
    body = roll(row(n) for n in range(20))
    reports = await asyncio.gather(*(office.call("PUT", "/roll", content=body) for _ in range(2)))
    assert sorted(report["new"] for report in reports) == [0, 20]
    assert (await office.call("GET", "/counts"))["residents"] == 20


async def test_someone_who_comes_in_between_while_a_batch_is_written_is_there_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = roll_commands.write_new

    async def after_another(tx: Transaction, people: Sequence[Document]) -> None:
        await office.running.service.db.collection("people").upsert_new(people[:1])
        await write(tx, people)

    monkeypatch.setattr(roll_commands, "write_new", after_another)
    await office.call("PUT", "/roll", content=roll(row(n) for n in range(3)))
    assert (await office.call("GET", "/counts"))["residents"] == 3


async def test_an_import_says_how_far_it_has_got_and_what_is_wrong(office: Office) -> None:
    await office.call("PUT", "/roll", 422, content=roll([row(1), row(2, postcode="x")]))
    [document] = await office.running.service.db.collection("imports").find({})
    job = await office.call("GET", f"/imports/{document['_id']}")
    found = {"row": 3, "column": "postcode", "rule": "four digits", "message": "a postcode is four digits"}
    assert (job["state"], job["problem_count"], job["problems"]) == ("refused", 1, [found])
    await office.call("GET", "/imports/none", 404)


async def test_a_look_into_the_database_shows_no_number_name_or_address_at_any_time(office: Office) -> None:
    """The very bytes of every document: while the file lies there locked, and after it is written."""
    secrets = [cpr(1).encode(), "Prøve Person".encode(), b"Hemmeligvej", b"2791"]
    body = roll([row(1), row(2, street="Hemmeligvej")])
    assert all(secret in body for secret in secrets)
    looked: list[set[str]] = []
    delete = Uploads.delete

    async def look_first(self: Uploads, job: str) -> None:
        looked.append(await look())
        await delete(self, job)

    async def look() -> set[str]:
        """Return the collections that hold something, after having looked through them."""
        database = office.running.service.db._database
        held: set[str] = set()
        for name in await database.list_collection_names():
            async for document in database.get_collection(name, codec_options=RAW).find():
                held.add(name)
                assert not [secret for secret in secrets if secret in bytes(document.raw)], name
        return held

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Uploads, "delete", look_first)
        await office.call("PUT", "/roll", content=body)
        await office.house.settle()
    assert "uploads" in looked[0]
    assert {"people", "imports"} <= await look()
    assert await office.running.service.db.collection("uploads").count({}) == 0
    await office.running.service.db.collection("planted").insert({"_id": "a", "name": "Prøve Person 1"})
    with pytest.raises(AssertionError, match="planted"):
        await look()
