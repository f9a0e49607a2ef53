"""The sessions service on a real NATS and MongoDB: from the announcement to the delivery, and the pages on the way."""

import asyncio
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.identity import Role
from contracts.followup import CommitmentMade, RecommendationAnswered, StatusPublished
from contracts.lottery import DrawAnnounced, DrawVoided, MemberReplaced, PanelDrawn
from contracts.registration import PoolClosed, SignUpOpened
from contracts.sessions import AssemblyAnnounced
from sessions import repository
from sessions.bootstrap import MunicipalitiesRefused, build
from sessions.settings import Settings
from support.house import House
from support.secretariat import API, ROOT, A, Secretariat, start

pytestmark = pytest.mark.integration

DIGEST = "0" * 64


@pytest.fixture
async def secretariat(house: House) -> Secretariat:
    return await start(house)


def _answers(page: str) -> list[str]:
    """Return the council's answers as the list of recommendations shows them."""
    return re.findall(r'<td><span class="badge[^"]*">([^<]+)</span>', page)


def recommendation(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "theme": "prevention",
        "title": f"Bevægelse i hverdagen {number}",
        "vision": "Alle har et sted at mødes.",
        "principles": ["Tæt på"],
        "priorities": ["Mere forebyggelse, færre kampagner"],
        "initiatives": [{"need": "Ensomhed", "task": "Gåture", "partners": "Foreninger", "activity": "co-creation"}],
        "committees": ["social"],
    } | changes


async def test_an_assembly_announced_twice_is_said_once_with_all_its_data(
    house: House, secretariat: Secretariat
) -> None:
    first = await secretariat.do("/announce")
    again = await secretariat.do("/announce")
    await house.settle()
    (fact,) = await house.heard("sessions.assembly-announced.v1")
    announced = AssemblyAnnounced.model_validate(fact)
    assert first == again
    assert announced.panel_size == 36
    assert [(m.id, m.wording, m.months, m.reminder_days) for m in announced.milestones] == [
        ("status-3", "within", 3, (30, 14, 7, 1)),
        ("status-10", "after", 10, (30, 14, 7, 1)),
        ("status-24", "within", 24, (30, 14, 7, 1)),
    ]
    assert [(v.id, v.age_from, v.age_to) for v in announced.criteria[1].values][-1] == ("65+", 65, None)
    assert announced.sessions[2].open


async def test_what_a_later_version_may_say_besides_is_no_change_of_what_was_announced(
    house: House, secretariat: Secretariat
) -> None:
    first = await secretariat.do("/announce")
    plans = secretariat.svc.service.db.collection(repository.ASSEMBLIES)
    await plans.update({"_id": "dragoer-2025"}, {"$unset": {"plan.panel.answer_days": ""}})
    assert await secretariat.do("/announce") == first


async def test_a_mandate_changed_after_it_was_announced_is_refused(house: House, tmp_path: Path) -> None:
    secretariat = await start(house)
    await secretariat.do("/announce")
    await secretariat.svc.stop()
    text = (ROOT / "municipalities" / "dragoer" / "assembly.yaml").read_text(encoding="utf-8")
    (tmp_path / "assembly.yaml").write_text(text.replace("alternates: 12", "alternates: 6"), encoding="utf-8")
    svc = await house.start(build, Settings, municipalities=[tmp_path])
    await Secretariat(house, svc).do("/announce", status=409)
    await house.settle()
    assert len(await house.heard("sessions.assembly-announced.v1")) == 1


async def test_the_municipality_and_the_public_cannot_do_what_the_secretariat_does(
    house: House, secretariat: Secretariat
) -> None:
    http = secretariat.svc.http
    assert (await http.post(f"{API}/announce")).status_code == 401
    officer = house.headers(Role.OFFICER)
    for method, path in (("POST", "/announce"), ("POST", "/deliver"), ("GET", "/recommendations")):
        assert (await http.request(method, f"{API}{path}", headers=officer)).status_code == 403
    assert (await http.get("/samling/api/assemblies")).json() == []


async def test_the_service_refuses_to_start_on_wrong_files_and_names_every_field(house: House, tmp_path: Path) -> None:
    text = (ROOT / "municipalities" / "dragoer" / "assembly.yaml").read_text(encoding="utf-8")
    wrong = text.replace("wording: after, months: 10}", "wording: after}")
    (tmp_path / "assembly.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(MunicipalitiesRefused) as refused:
        await house.start(build, Settings, municipalities=[tmp_path, tmp_path / "nowhere"])
    assert f"{tmp_path / 'assembly.yaml'} is refused:\n  milestones[1]: needs `months`" in str(refused.value)
    assert f"{tmp_path / 'nowhere' / 'assembly.yaml'} is refused:\n  (the file): is missing" in str(refused.value)


async def test_a_session_is_scheduled_changed_and_held_each_said_once(house: House, secretariat: Secretariat) -> None:
    await secretariat.do("/announce")
    for _ in range(2):
        assert (await secretariat.do("/sessions/first/schedule"))["status"] == "scheduled"
    for _ in range(2):
        assert (await secretariat.do("/sessions/first/schedule", {"place": "Biblioteket"}))["place"] == "Biblioteket"
    for _ in range(2):
        assert (await secretariat.do("/sessions/first/hold", {"attended": 34}))["attended"] == 34
    await secretariat.do("/sessions/first/hold", {"attended": 33}, status=409)
    await secretariat.do("/sessions/first/schedule", {"place": "Havnen"}, status=409)
    await house.settle()
    (scheduled,) = await house.heard("sessions.session-scheduled.v1")
    (changed,) = await house.heard("sessions.session-changed.v1")
    (held,) = await house.heard("sessions.session-held.v1")
    assert (scheduled["place"], changed["place"]) == ("Samlingssalen, Dragør", "Biblioteket")
    assert scheduled["starts_at"] == changed["starts_at"] == "2025-04-09T15:00:00Z"
    assert (held["session"], held["number"], held["attended"]) == ("first", 1, 34)
    assert (await secretariat.do("/counts", method="GET"))["sessions_held"] == 1


async def test_what_cannot_be_with_a_session_is_refused_and_nothing_is_said(
    house: House, secretariat: Secretariat
) -> None:
    await secretariat.do("/sessions/first/schedule", status=404)
    await secretariat.do("/announce")
    (problem,) = (await secretariat.do("/sessions/first/hold", {"attended": 34}, status=422))["problems"]
    assert (problem["where"], problem["rule"]) == ("session first", "scheduled first")
    await secretariat.do("/sessions/sixth/schedule", status=404)
    await secretariat.do("/sessions/first/schedule", {"ends_at": "2025-04-09T10:00:00Z"}, status=422)
    await secretariat.do("/sessions/first/schedule")
    await secretariat.do("/sessions/first/hold", {"attended": 37}, status=422)
    await house.settle()
    assert len(await house.heard("sessions.session-scheduled.v1")) == 1
    assert await house.heard("sessions.session-held.v1") == []


async def test_a_corrected_publication_is_shown_and_not_said_again(house: House, secretariat: Secretariat) -> None:
    await secretariat.do("/announce")
    minutes = {"session": "first", "kind": "minutes", "title": {"da": "Referat", "en": "Minutes of the evening"}}
    path = "/publications/minutes-first"
    first = await secretariat.do(path, minutes, method="PUT")
    await secretariat.do(path, minutes | {"text": {"da": "Vi mødtes.\n\nVi talte.", "en": "We met."}}, method="PUT")
    await secretariat.do(path, minutes | {"session": "sixth"}, method="PUT", status=404)
    await house.settle()
    (fact,) = await house.heard("sessions.publication-released.v1")
    assert fact["path"] == first["path"] == f"/samling/{A}/publikationer/minutes-first"
    assert "<p>Vi mødtes.</p><p>Vi talte.</p>" in await secretariat.page(first["path"], "da")
    assert "Minutes of the evening" in await secretariat.page(f"/samling/{A}")


async def test_recommendations_are_delivered_together_once(house: House, secretariat: Secretariat) -> None:
    await secretariat.do("/announce")
    statement = {"minority_statements": [{"text": "Vi ser anderledes på det.", "supporters": 3}]}
    await secretariat.do("/recommendations/r2", recommendation(2, theme="economy") | statement, method="PUT")
    await secretariat.do("/recommendations/r1", recommendation(1), method="PUT")
    again = await secretariat.do("/recommendations/r1", recommendation(1), method="PUT")
    changed = await secretariat.do("/recommendations/r1", recommendation(1, title="Nyt navn"), method="PUT")
    assert (again["revision"], changed["revision"]) == (1, 2)
    draft = f"/samling/{A}/anbefalinger/r1"
    assert (await secretariat.svc.http.get(draft)).status_code == 404  # drafts are closed
    assert "Nyt navn" not in (await secretariat.svc.http.get(API)).text

    first = await secretariat.do("/deliver")
    again = await secretariat.do("/deliver")
    await house.settle()
    assert first == again
    delivered = await house.heard("sessions.recommendation-delivered.v1")
    (completed,) = await house.heard("sessions.delivery-completed.v1")
    assert [(d["recommendation"], d["number"], d["title"], d["minority_statements"]) for d in delivered] == [
        ("r1", 1, "Nyt navn", 0),
        ("r2", 2, "Bevægelse i hverdagen 2", 1),
    ]
    assert completed["recommendations"] == ["r1", "r2"]
    assert datetime.fromisoformat(completed["delivered_at"]) == datetime.fromisoformat(first["delivered_at"])
    assert await secretariat.do("/counts", method="GET") == {
        "sessions_held": 0,
        "recommendations": 2,
        "themes": 2,
        "minority_statements": 1,
    }
    assert '<h1><span lang="da">Nyt navn</span></h1>' in await secretariat.page(delivered[0]["path"], "en")
    assert "<h1>Nyt navn</h1>" in await secretariat.page(delivered[0]["path"], "da")
    assert "Vi ser anderledes på det." in await secretariat.page(delivered[1]["path"])
    await secretariat.do(
        "/recommendations/r1", recommendation(1, title="Nyt navn"), method="PUT"
    )  # the same: no change
    await secretariat.do("/recommendations/r1", recommendation(1, title="For sent"), method="PUT", status=409)
    await secretariat.do("/recommendations/r3", recommendation(3), method="PUT", status=409)


async def test_what_is_written_while_it_is_delivered_is_either_delivered_or_refused(
    house: House, secretariat: Secretariat
) -> None:
    await secretariat.do("/announce")
    await secretariat.do("/recommendations/r1", recommendation(1), method="PUT")

    async def write(number: int) -> int:
        body = recommendation(number, title=f"Ændret {number}")
        url = f"{API}/recommendations/r{number}"
        return (await secretariat.svc.http.put(url, json=body, headers=secretariat.headers)).status_code

    before, delivery, after = (
        [write(n) for n in range(1, 6)],
        secretariat.do("/deliver"),
        [write(n) for n in range(6, 11)],
    )
    *statuses, _ = await asyncio.gather(*before, *after, delivery)
    await house.settle()
    assert set(statuses) <= {200, 409}
    said = {fact["recommendation"]: fact["title"] for fact in await house.heard("sessions.recommendation-delivered.v1")}
    stands = {
        draft["id"]: draft["template"]["title"] for draft in await secretariat.do("/recommendations", method="GET")
    }
    assert said == stands


async def test_what_is_no_recommendation_of_this_assembly_is_refused(house: House, secretariat: Secretariat) -> None:
    await secretariat.do("/announce")
    (problem,) = (await secretariat.do("/deliver", status=422))["problems"]
    assert problem["rule"] == "at least one"
    incomplete = recommendation(vision="") | {"initiatives": []}
    refused = await secretariat.do("/recommendations/r1", incomplete, method="PUT", status=422)
    assert [problem["field"] for problem in refused["problems"]] == ["vision", "initiatives"]
    misplaced = recommendation(theme="harbour", committees=["social", "harbour"])
    refused = await secretariat.do("/recommendations/r1", misplaced, method="PUT", status=422)
    assert [(p["where"], p["field"], p["rule"]) for p in refused["problems"]] == [
        ("recommendation r1", "theme", "known"),
        ("recommendation r1", "committees[1]", "known"),
    ]
    await secretariat.do("/recommendations/r1", recommendation(1), method="PUT")
    await secretariat.do("/recommendations/r2", recommendation(1), method="PUT", status=409)  # the number is taken
    assert [draft["id"] for draft in await secretariat.do("/recommendations", method="GET")] == ["r1"]
    await house.settle()
    assert await house.heard("sessions.recommendation-delivered.v1") == []


async def test_a_redelivered_fact_changes_nothing_on_the_front_page(house: House, secretariat: Secretariat) -> None:
    await secretariat.do("/announce")
    people = tuple(f"{n:032x}" for n in range(50))
    drawn = PanelDrawn(
        assembly=A, draw="d1", pool_size=240, panel=people[:36], alternates=people[36:48], composition=(),
        record_digest=DIGEST,
    )  # fmt: skip
    await house.say(SignUpOpened(assembly=A, closes_at=datetime(2025, 3, 10, 11, tzinfo=UTC)))
    await house.say(PoolClosed(assembly=A, invited=11752, signed_up=240, digest=DIGEST))
    replaced = MemberReplaced(assembly=A, left=people[0], joined=people[36])
    for event in ("e-drawn", "e-drawn"):
        await house.say(drawn, event_id=event)
    for event in ("e-replaced", "e-replaced"):
        await house.say(replaced, event_id=event)
    await house.settle()
    numbers = (await secretariat.svc.http.get(API)).json()["numbers"]
    assert numbers == {"invited": 11752, "signed_up": 240, "panel": 36, "alternates": 12, "replaced": 1}
    front = await secretariat.page("/", "da")
    assert "11.752 inviteret, 240 tilmeldt." in front
    assert not [person for person in people if person in front]


async def test_the_front_page_shows_the_answers_and_an_earlier_one_never_replaces_a_later(
    house: House, secretariat: Secretariat
) -> None:
    await secretariat.do("/announce")
    await secretariat.do("/recommendations/r1", recommendation(1), method="PUT")
    await secretariat.do("/deliver")
    assert _answers(await secretariat.page("/")) == ["Not answered yet"]
    path = f"/opfoelgning/{A}#r1"
    await house.say(RecommendationAnswered(assembly=A, recommendation="r1", answer="followed", revision=2, path=path))
    await house.settle()
    await house.say(
        RecommendationAnswered(assembly=A, recommendation="r1", answer="not-followed", revision=1, path=path)
    )
    await house.settle()
    answered = (await secretariat.svc.http.get(API)).json()["recommendations"][0]
    assert (answered["answer"], answered["answer_path"]) == ("followed", path)
    page = await secretariat.page("/")
    assert _answers(page) == ["Followed"]
    assert "Followed: 1. Partly followed: 0. Not followed: 0. Not answered yet: 0." in page  # the picture in words


async def test_the_timeline_tells_a_status_overdue_until_it_is_published(
    house: House, secretariat: Secretariat
) -> None:
    await secretariat.do("/announce")
    title = {"da": "Status inden 3 måneder", "en": "Status within 3 months"}
    common = {"assembly": A, "commitment": "c1", "milestone": "status-3", "title": title, "due_on": date(2025, 9, 17)}
    await house.say(CommitmentMade.model_validate(common))
    await house.settle()
    assert "due 17 September 2025" in await secretariat.page("/")
    await house.move_clock(datetime(2025, 9, 18, 8, tzinfo=UTC))
    assert "the council has passed its deadline" in await secretariat.page("/")
    reported = {"reported_on": date(2025, 9, 20), "overdue_days": 3, "followed": 1, "partly": 0, "not_followed": 0}
    await house.say(StatusPublished.model_validate(common | reported | {"path": f"/opfoelgning/{A}"}))
    await house.settle()
    assert "the council has passed its deadline" not in await secretariat.page("/")
    assert "1 of 3 statuses given" in await secretariat.page("/")
    assert "20 September 2025" in await secretariat.page(f"/samling/{A}")


async def test_the_front_page_says_at_each_stage_what_there_is_and_what_comes(
    house: House, secretariat: Secretariat
) -> None:
    await secretariat.do("/announce")
    page = await secretariat.page("/")
    assert "Nobody is invited yet" in page
    assert "No recommendations yet" in page
    await house.say(SignUpOpened(assembly=A, closes_at=datetime(2025, 3, 10, 11, tzinfo=UTC)))
    await house.settle()
    assert "Sign-up is open until 10 March 2025 at 12:00" in await secretariat.page("/")
    await house.say(PoolClosed(assembly=A, invited=11752, signed_up=240, digest=DIGEST))
    await house.settle()
    page = await secretariat.page("/")
    assert "Invited: 11,752. Signed up: 240." in page
    assert "The members are not drawn yet" in page


async def test_a_draw_that_was_declared_void_is_still_to_come_on_the_front_page(
    house: House, secretariat: Secretariat
) -> None:
    await secretariat.do("/announce")
    said = {"assembly": A, "record_digest": DIGEST}
    # In any order: what is voided was announced, also when that is heard of later.
    await house.say(DrawVoided(draw="draw-1", **said))
    await house.say(DrawAnnounced(draw="draw-1", pool_digest=DIGEST, pool_size=240, **said))
    await house.settle()
    assert not await draw_announced(secretariat)
    await house.say(DrawAnnounced(draw="draw-2", pool_digest=DIGEST, pool_size=239, **said))
    await house.settle()
    assert await draw_announced(secretariat)


async def draw_announced(secretariat: Secretariat) -> bool:
    db = secretariat.svc.service.db
    document = await repository.announced(db.collection(repository.ASSEMBLIES), A)
    rows = await db.collection(repository.COURSE).find({"assembly": A})
    return repository.seen(document, [], rows).draw_announced


async def test_the_session_all_residents_may_come_to_stands_before_the_members_next_one(
    house: House, secretariat: Secretariat
) -> None:
    def coming(page: str) -> list[Any]:
        return re.findall(r'<p class="house-kind">([^<]+)</p>\s*<h3>([^<]+)</h3>', page)

    await secretariat.do("/announce")
    first = ("Next session", "First session")
    assert coming(await secretariat.page("/")) == [("Next session open to all", "Open session"), first]
    await house.move_clock(datetime(2025, 5, 13, 16, tzinfo=UTC))
    page = await secretariat.page("/")
    assert coming(page) == [("Under way now", "Open session")]
    assert "All residents are welcome." in page
    await house.move_clock(datetime(2025, 5, 14, 8, tzinfo=UTC))
    assert coming(await secretariat.page("/")) == [("Next session", "Third session")]
    await house.move_clock(datetime(2025, 6, 20, 8, tzinfo=UTC))
    assert "No more sessions are planned" in await secretariat.page("/")


async def test_every_page_is_there_in_both_languages_before_and_after_the_announcement(house: House) -> None:
    secretariat = await start(house, "dragoer", "greve")
    assert "Der er endnu ikke offentliggjort nogen borgersamling" in await secretariat.page("/", "da")
    assert "No assembly is announced yet" in await secretariat.page("/", "en")
    assert (await secretariat.svc.http.get(f"/samling/{A}")).status_code == 404
    await secretariat.do("/announce")
    assert "Dragørs borgersamling om fremtidens velfærd" in await secretariat.page("/", "da")
    assert "What the council promises" in await secretariat.page(f"/samling/{A}", "en")
    greve = "/samling/api/assemblies/greve-2024/announce"
    assert (await secretariat.svc.http.post(greve, headers=secretariat.headers)).status_code == 200
    several = await secretariat.page("/", "en")
    assert "Coming: Invitation and sign-up" in several
    assert f'href="/samling/{A}"' in several
    assert 'href="/samling/greve-2024"' in several
    assert "Status ved evaluering" in await secretariat.page("/samling/greve-2024", "da")
    assert "borgersamling@greve.example" in await secretariat.page("/was", "da")
    assert (await secretariat.svc.http.get("/samling/")).headers["location"] == "/"


async def test_the_api_is_documented_with_the_template_of_a_recommendation(secretariat: Secretariat) -> None:
    document = (await secretariat.svc.http.get("/samling/openapi.json")).json()
    write = document["paths"]["/samling/api/assemblies/{assembly}/recommendations/{recommendation}"]["put"]
    assert write["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Recommendation")
    assert {"vision", "principles", "priorities", "initiatives"} <= set(
        document["components"]["schemas"]["Recommendation"]["required"]
    )
    undescribed = [
        f"{method} {path}"
        for path, methods in document["paths"].items()
        if path.startswith("/samling/api")
        for method, operation in methods.items()
        if not operation.get("description")
    ]
    assert undescribed == []
