"""Registration on real servers: from the roll to the frozen pool, everyone once."""

import asyncio
import hashlib
from datetime import date
from typing import Any

import pytest

from chassis.identity import Role
from chassis.objects import Objects
from chassis.transaction import Transaction
from contracts.lottery import MemberReplaced
from contracts.recipients import SUBJECT, ResolveRecipients
from registration.domain.people import person_id
from registration.importing import reading
from registration.use_cases import roll as roll_commands
from support.house import House
from support.registering import API, CHILD, CLOSED, A, Office, drawn, ids, invited, office_of, started
from support.rolls import KEY, announced, cpr, roll, row

pytestmark = pytest.mark.integration

SIGNED_UP = "registration.registrant-signed-up.v1"
WITHDREW = "registration.registrant-withdrew.v1"
INVITED = "registration.invitation-issued.v1"


@pytest.fixture
async def office(house: House) -> Office:
    """An announced assembly, on a day its sign-up is open."""
    return await office_of(house)


async def test_a_roll_imported_again_changes_nobody_and_children_leave_no_name(office: Office) -> None:
    body = roll([row(1), row(2), row(3, CHILD, name="Barnets Navn")])
    planned = await office.call("PUT", "/roll", content=body, params={"dry_run": "true"})
    assert (planned["new"], planned["eligible"]) == (3, 2)
    assert (await office.call("GET", "/counts"))["residents"] == 0

    first = await office.call("PUT", "/roll", content=body)
    again = await office.call("PUT", "/roll", content=body)
    assert (first["rows"], first["new"], first["unchanged"], first["eligible"]) == (3, 3, 0, 2)
    assert (again["rows"], again["new"], again["unchanged"], again["eligible"]) == (3, 0, 3, 2)
    counts = await office.call("GET", "/counts")
    assert (counts["residents"], counts["eligible"], counts["invited"]) == (3, 2, 0)

    db = office.running.service.db
    jobs = await db.collection("imports").find({}, sort=[("started_at", 1)])
    assert [job["state"] for job in jobs] == ["discarded", "written", "written"]
    held = await db.collection("people").find({})
    assert sorted(person["identity"] is not None for person in held) == [False, True, True]
    assert "Barnets Navn" not in str(held)


async def test_a_later_roll_moves_people_and_reports_who_is_gone(office: Office) -> None:
    links = await invited(office)
    await office.sign_up(links[1])
    moved = row(1, street="Ny Vej", name="Nyt Navn")
    report = await office.call("PUT", "/roll", content=roll([row(0), moved, row(7)]))
    assert [report[k] for k in ("rows", "new", "changed", "unchanged", "missing")] == [3, 1, 1, 1, 1]
    [recipient] = (await office.resolve(*ids(1))).recipients
    assert (recipient.name, recipient.address.street) == ("Nyt Navn", "Ny Vej")
    assert (await office.call("GET", "/counts"))["signed_up"] == 1
    assert recipient.link == links[1]


async def test_a_roll_with_one_bad_row_imports_nobody_and_says_where(office: Office) -> None:
    body = roll([row(1), row(2, district="amager"), row(1)])
    answer = await office.call("PUT", "/roll", 422, content=body)
    found = [(p["where"], p["field"], p["rule"]) for p in answer["problems"]]
    assert found == [("row 3", "district", "known value"), ("row 4", "cpr", "one row a person")]
    assert cpr(1) not in str(answer)
    for collection in ("people", "uploads"):
        assert await office.running.service.db.collection(collection).count({}) == 0


async def test_an_import_cut_short_goes_on_by_itself_where_it_stopped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, batches = roll_commands.write_new, 0

    async def cut_short(tx: Transaction, people: Any) -> None:
        nonlocal batches
        batches += 1
        if batches == 2:
            raise ConnectionError("the database went away")
        await write(tx, people)

    monkeypatch.setattr(reading, "BATCH", 2)
    monkeypatch.setattr(roll_commands, "write_new", cut_short)
    office = await office_of(house, import_seconds=0.1, import_lease_seconds=0.3)
    report = await office.call("PUT", "/roll", content=roll(row(n) for n in range(5)))
    assert (report["new"], batches) == (5, 4)
    assert (await office.call("GET", "/counts"))["residents"] == 5


async def test_a_roll_for_an_assembly_nobody_announced_is_not_taken(office: Office) -> None:
    url = API.replace(A, "another-2025") + "/roll"
    headers = office.house.headers(Role.SECRETARIAT)
    assert (await office.public.put(url, headers=headers, content=roll([row(1)]))).status_code == 404


async def test_the_municipality_reads_no_counts_and_gives_no_commands(office: Office) -> None:
    for role in (Role.OFFICER, Role.OPERATOR):
        headers = office.house.headers(role)
        assert (await office.public.get(f"{API}/counts", headers=headers)).status_code == 403
        assert (await office.public.post(f"{API}/close-pool", headers=headers)).status_code == 403
    assert (await office.public.get(f"{API}/counts")).status_code == 401


async def test_a_resident_invited_twice_gets_one_invitation(office: Office) -> None:
    await invited(office)
    assert (await office.call("POST", "/invitations", 202))["to_invite"] == 0
    await office.house.settle()
    assert sorted(fact["person"] for fact in await office.house.heard(INVITED)) == sorted(ids(0, 1, 2))


async def test_inviting_stopped_half_way_and_started_again_leaves_nobody_out(office: Office) -> None:
    people = 1200
    born = [date(1950 + n // 400, 1 + n % 12, 1) for n in range(people)]
    await office.call("PUT", "/roll", content=roll(row(n % 1000, born[n]) for n in range(people)))
    await office.call("POST", "/invitations", 202)
    office = await office.restart()
    await office.call("POST", "/invitations", 202)
    await office.house.settle()
    told = [fact["person"] for fact in await office.house.heard(INVITED)]
    assert len(told) == len(set(told)) == people
    assert (await office.call("GET", "/counts"))["invited"] == people


async def test_children_are_not_invited_until_they_are_old_enough(office: Office) -> None:
    body = roll([row(1), row(2, CHILD)])
    await office.call("PUT", "/roll", content=body)
    await office.call("POST", "/invitations", 202)
    await office.house.settle()
    assert [fact["person"] for fact in await office.house.heard(INVITED)] == ids(1)
    await office.house.say(announced(A, minimum_age=5, criteria=announced(A).criteria[:1]))
    await office.house.settle()
    columns = [c for c in row() if c != "district"]
    await office.call("PUT", "/roll", content=roll([row(1), row(2, CHILD)], columns=columns))
    await office.call("POST", "/invitations", 202)
    await office.house.settle()
    child = person_id(KEY.encode(), A, cpr(2, CHILD))
    assert [fact["person"] for fact in await office.house.heard(INVITED)] == [*ids(1), child]


async def test_inviting_needs_a_roll_and_time_left(office: Office) -> None:
    await office.call("POST", "/invitations", 409)
    await office.call("PUT", "/roll", content=roll([row(1)]))
    await office.house.move_clock(CLOSED)
    await office.call("POST", "/invitations", 409)
    await office.call("POST", "/open", 409)


async def test_opening_twice_says_it_once(office: Office) -> None:
    first = await office.call("POST", "/open")
    assert await office.call("POST", "/open") == first
    await office.house.settle()
    assert len(await office.house.heard("registration.sign-up-opened.v1")) == 1


async def test_a_resident_signs_up_and_reads_the_receipt(office: Office) -> None:
    links = await invited(office)
    begin = await office.public.get(links[0])
    assert (begin.status_code, begin.headers["cache-control"]) == (200, "no-store")
    assert "9. april 2025 kl. 17:00-21:00" in begin.text
    about = await office.public.get(f"{links[0]}/trin/om-dig")
    assert "45+" in about.text  # known from the roll, shown
    assert "Prøve Person" not in begin.text + about.text
    answer = await office.sign_up(links[0])
    assert (answer.status_code, answer.headers["location"]) == (303, f"{links[0]}/kvittering")
    receipt = await office.public.get(answer.headers["location"])
    assert receipt.status_code == 200
    assert "Du er tilmeldt" in receipt.text
    await office.house.settle()
    assert await office.house.heard(SIGNED_UP) == [{"assembly": A, "person": ids(0)[0], "language": "da"}]
    assert (await office.call("GET", "/counts"))["signed_up"] == 1


async def test_a_step_comes_back_with_what_is_missing_and_keeps_the_rest(office: Office) -> None:
    [link, *_] = await invited(office)
    answer = await office.send(f"{link}/trin/om-dig?sprog=en", {"gender": "other"})
    assert answer.status_code == 422
    assert 'href="#tenure"' in answer.text
    assert 'id="tenure"' in answer.text
    assert 'href="#gender"' not in answer.text
    assert 'value="other" checked' in answer.text
    assert "There is a problem" in answer.text
    again = await office.public.get(f"{link}/trin/om-dig")
    assert 'value="other" checked' in again.text, "a reload loses nothing"
    assert (await office.call("GET", "/counts"))["signed_up"] == 0


async def test_the_form_speaks_english_and_remembers_it(office: Office) -> None:
    [link, *_] = await invited(office)
    assert "Sign up for the draw" in (await office.public.get(f"{link}?sprog=en")).text
    answer = await office.sign_up(f"{link}?sprog=en")
    assert answer.headers["location"] == f"{link}/kvittering?sprog=en"
    await office.house.settle()
    assert [fact["language"] for fact in await office.house.heard(SIGNED_UP)] == ["en"]


async def test_an_edit_changes_the_answers_and_says_nothing(office: Office) -> None:
    [link, *_] = await invited(office)
    await office.sign_up(link)
    await office.sign_up(link, gender="other")
    assert 'value="other" checked' in (await office.public.get(f"{link}/trin/om-dig")).text
    await office.house.settle()
    assert len(await office.house.heard(SIGNED_UP)) == 1


async def test_two_tabs_at_once_are_one_registrant_and_one_fact(office: Office) -> None:
    [link, *_] = await invited(office)
    answers = await asyncio.gather(*(office.sign_up(link, gender=g) for g in ("female", "male", "other", "male")))
    assert [answer.status_code for answer in answers] == [303] * 4
    await office.house.settle()
    assert len(await office.house.heard(SIGNED_UP)) == 1
    [person] = await office.running.service.db.collection("people").find({"status": "pool"})
    assert person["sign_ups"] == 1


async def test_who_withdraws_and_signs_up_again_is_told_of_twice(office: Office) -> None:
    [link, *_] = await invited(office)
    await office.sign_up(link)
    sure = await office.public.get(f"{link}/frameld")
    assert (sure.status_code, 'method="post"' in sure.text) == (200, True)
    for _ in range(2):
        answer = await office.send(f"{link}/frameld")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{link}/kvittering")
    assert "Du er meldt fra" in (await office.public.get(f"{link}/kvittering")).text
    counts = await office.call("GET", "/counts")
    assert (counts["signed_up"], counts["withdrew"]) == (0, 1)
    [person] = await office.running.service.db.collection("people").find({"status": "withdrawn"})
    assert not person["answers"]
    await office.sign_up(link)
    await office.house.settle()
    assert len(await office.house.heard(SIGNED_UP)) == 2
    assert len(await office.house.heard(WITHDREW)) == 1
    assert (await office.call("GET", "/counts"))["withdrew"] == 0


async def test_a_link_nobody_has_leads_to_a_page_that_says_so(office: Office) -> None:
    for path in ("", "/trin/om-dig", "/nej-tak", "/kvittering", "/frameld"):
        answer = await office.public.get(f"/tilmelding/l/abcdefghijklmnopqrstuvwxyz{path}")
        assert (answer.status_code, "Vi kender ikke linket" in answer.text) == (404, True)
    assert (await office.sign_up("/tilmelding/l/x")).status_code == 404
    assert (await office.send("/tilmelding/l/x/frameld")).status_code == 404


async def test_before_the_opening_the_link_says_when(office: Office) -> None:
    await office.call("PUT", "/roll", content=roll([row(1)]))
    await office.call("POST", "/invitations", 202)
    await office.house.settle()
    [link] = await office.links(*ids(1))
    assert "10. februar 2025" in (await office.public.get(link)).text
    assert (await office.sign_up(link)).status_code == 200
    assert (await office.call("GET", "/counts"))["signed_up"] == 0


async def test_after_the_closing_time_nobody_signs_up_or_edits_and_anyone_withdraws(office: Office) -> None:
    links = await invited(office)
    await office.sign_up(links[0])
    await office.house.move_clock(CLOSED)
    late = await office.sign_up(links[1])
    assert (late.status_code, "Tilmeldingen er lukket" in late.text) == (410, True)
    assert (await office.public.get(links[1])).status_code == 410
    assert (await office.sign_up(links[0], gender="other")).status_code == 200
    assert "Du er tilmeldt" in (await office.public.get(links[0])).text
    [person] = await office.running.service.db.collection("people").find({"status": "pool"})
    assert person["answers"]["gender"] == "female"
    await office.send(f"{links[0]}/frameld")
    assert (await office.call("GET", "/counts"))["withdrew"] == 1


async def test_the_pool_is_frozen_once_and_its_snapshot_travels_with_the_fact(office: Office) -> None:
    links = await invited(office)
    for link in links[:2]:
        await office.sign_up(link)
    await office.call("POST", "/close-pool", 409)
    closed = await office.call("POST", "/close-pool", json={"early": True})
    assert await office.call("POST", "/close-pool") == closed
    assert (await office.sign_up(links[2])).status_code == 410
    await office.house.settle()
    [fact] = await office.house.heard("registration.pool-closed.v1")
    assert (fact["invited"], fact["signed_up"], fact["digest"]) == (3, 2, closed["digest"])
    [stored] = await (await office.house.js.object_store("attachments")).list()
    body = await Objects(office.house.js).get(stored.name, fact["digest"])
    header, *rows = body.decode().splitlines()
    assert header == "person,household,salt,gender,age,district,tenure"
    assert [r.split(",")[0] for r in rows] == sorted(ids(0, 1))
    assert all(r.split(",")[3:5] == ["female", "45+"] for r in rows)
    assert hashlib.sha256(body).hexdigest() == fact["digest"]
    counts = await office.call("GET", "/counts")
    assert (counts["pool_closed"], counts["signed_up"]) == (True, 2)


async def test_who_gets_a_receipt_while_the_pool_closes_is_in_the_pool(office: Office) -> None:
    links = await invited(office, 40)
    closing = office.call("POST", "/close-pool", json={"early": True})
    closed, *answers = await asyncio.gather(closing, *(office.sign_up(link) for link in links))
    received = sum(answer.status_code == 303 for answer in answers)
    assert {answer.status_code for answer in answers} <= {303, 410}
    assert closed["signed_up"] == received
    assert len(await office.running.service.db.collection("people").find({"status": "pool"})) == received


async def test_a_pool_whose_criteria_changed_under_it_is_not_closed(office: Office) -> None:
    [link, *_] = await invited(office)
    await office.sign_up(link)
    asked = announced(A).criteria[-1]
    await office.house.say(
        announced(A, criteria=(*announced(A).criteria, asked.model_copy(update={"id": "schooling"})))
    )
    await office.house.settle()
    answer = await office.call("POST", "/close-pool", 422, json={"early": True})
    assert [(p["where"], p["field"]) for p in answer["problems"]] == [(f"person {ids(0)[0]}", "schooling")]
    assert (await office.call("GET", "/counts"))["pool_closed"] is False
    assert (await office.public.get(link)).status_code == 200


async def statuses(office: Office) -> list[str]:
    people = await office.running.service.db.collection("people").find({})
    by_id = {person["_id"]: person["status"] for person in people}
    return [by_id[person] for person in ids(0, 1, 2)]


async def test_the_drawn_are_selected_and_a_member_who_left_is_not_a_member(office: Office) -> None:
    links = await invited(office)
    for link in links:
        await office.sign_up(link)
    await office.call("POST", "/close-pool", json={"early": True})
    await drawn(office, 0, 1)
    assert await statuses(office) == ["selected", "selected", "pool"]
    assert "Du er udtrukket" in (await office.public.get(links[0])).text
    left, joined = ids(1, 2)
    await office.house.say(MemberReplaced(assembly=A, left=left, joined=joined))
    await office.house.settle()
    assert await statuses(office) == ["selected", "withdrawn", "selected"]
    await office.send(f"{links[0]}/frameld")
    await office.house.settle()
    assert [fact["person"] for fact in await office.house.heard(WITHDREW)] == ids(0)
    assert (await office.call("GET", "/counts"))["signed_up"] == 3


async def test_a_replacement_heard_before_the_draw_it_follows_ends_the_same(office: Office) -> None:
    for link in await invited(office):
        await office.sign_up(link)
    left, joined = ids(1, 2)
    await office.house.say(MemberReplaced(assembly=A, left=left, joined=joined))
    await office.house.settle()
    await drawn(office, 0, 1)
    assert await statuses(office) == ["selected", "withdrawn", "selected"]


async def test_recipients_are_resolved_for_the_invited_and_no_one_else(office: Office) -> None:
    await invited(office, 2)
    await office.call("PUT", "/roll", content=roll([row(0), row(1), row(2)]))
    answer = await office.resolve(*ids(1, 2), "f" * 32)
    [recipient] = answer.recipients
    assert (recipient.cpr, recipient.name, recipient.address.postcode) == (cpr(1), "Prøve Person 1", "2791")
    assert answer.unknown == (ids(2)[0], "f" * 32)


async def test_five_hundred_recipients_are_answered_at_once_and_one_more_is_refused(office: Office) -> None:
    people = [f"{n:032x}" for n in range(501)]
    assert len((await office.resolve(*people[:500])).unknown) == 500
    question = ResolveRecipients(assembly=A, people=tuple(people))
    answer = await office.house.client.request(SUBJECT, question.model_dump_json().encode(), timeout=10)
    assert (answer.headers or {}).get("error") == "BadInput"


async def test_an_erased_person_is_blanked_withdrawn_and_stays_erased(office: Office) -> None:
    links = await invited(office)
    await office.sign_up(links[0])
    [person] = ids(0)
    db = office.running.service.db
    before = await db.collection("people").get(person)
    assert before is not None
    assert before["identity"]
    for _ in range(2):
        await office.call("POST", f"/people/{person}/erase")
    await office.call("PUT", "/roll", content=roll(row(n) for n in range(3)))
    await office.house.settle()
    held = await db.collection("people").get(person)
    assert held is not None
    assert held["status"] == "erased"
    assert [held[name] for name in ("identity", "told", "reference", "household", "token_hash")] == [None] * 5
    assert (await office.public.get(links[0])).status_code == 404
    assert (await office.resolve(person)).unknown == (person,)
    assert len(await office.house.heard(WITHDREW)) == 1
    assert [fact["person"] for fact in await office.house.heard("registration.person-erased.v1")] == [person]
    await office.call("POST", f"/people/{'f' * 32}/erase", 404)


async def test_the_public_page_says_whether_people_can_sign_up(office: Office) -> None:
    assert "Ikke åben endnu" in (await office.public.get("/tilmelding")).text
    await office.call("POST", "/open")
    assert "Du kan tilmelde dig indtil 10. marts 2025 kl. 12:00" in (await office.public.get("/tilmelding")).text
    await office.house.move_clock(CLOSED)
    assert "Tilmeldingen lukkede" in (await office.public.get("/tilmelding")).text


async def test_the_public_page_of_an_empty_installation_says_what_will_come(house: House) -> None:
    office = await started(house)
    answer = await office.public.get("/tilmelding?sprog=en")
    assert (answer.status_code, "No assembly takes sign-ups" in answer.text) == (200, True)


async def test_no_fact_holds_anything_but_ids(office: Office) -> None:
    links = await invited(office)
    await office.sign_up(links[0])
    await office.call("POST", "/close-pool", json={"early": True})
    await office.house.settle()
    rows = await office.running.service.db.collection("outbox").find({}, fields=["body"])
    said = " ".join(row["body"] for row in rows)
    assert ids(0)[0] in said
    for personal in ("Prøve Person", "Strandlinien", cpr(0), links[0].rsplit("/", 1)[1]):
        assert personal not in said
