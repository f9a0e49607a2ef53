"""Arm's length is a lock: every route of every service, tried by every role, against the one table."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts

from chassis.access import Table, Unguarded
from chassis.identity import Role
from contracts.access import SERVICES, TABLE
from contracts.access_table import DOCUMENT, in_document
from contracts.arms_length import AT_ARMS_LENGTH, PROCESS, ROLES, ArmsLengthBroken, Row, common, kept_apart
from support.five import Visitor, start, start_all
from support.house import House, Running

pytestmark = pytest.mark.integration

SAMPLES = {
    "assembly": "dragoer-2025", "number": "1", "token": "abcdefghijklmnopqrstuvwxyz", "person": "0" * 32,
    "draw": "draw-1", "session": "first", "publication": "minutes-first", "recommendation": "r1",
    "milestone": "status-3", "event": "closing", "step": "om-dig", "wave": "everyone",
    "act": "pause", "answer": "ja", "line": "0" * 16, "job": "0" * 32, "exclusion": "politician",
    "case": "0" * 32, "action": "slet", "shipment": "0" * 32, "problem": "0" * 32, "reason": "no-address",
    "template": "invitation", "language": "da", "sheet": "0" * 32, "version": "0", "file": "0" * 64,
}  # fmt: skip
MUNICIPAL = {"officer", "operator", "data-protection-officer"}
CLOSED_PATHS = re.compile(
    r"tilmeldte|/sag|/post/fejl|/post/person|/overblik|/udtraek|/luk|/members|/roll|/people|/close-pool|api/.*/recommendations$"
    r"|/klargoer|/pladser|/aabninger"
)


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every route as the framework itself lists them, without asking our own table."""
    for context in iter_route_contexts(app.routes):
        for method in set(context.methods or {"GET"}) - {"HEAD"}:
            yield method, str(context.path)


def concrete(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: SAMPLES[found[1]], path)


async def let_in(running: Running, row: Row, who: Visitor, house: House) -> bool:
    """Try the route as this role; say whether the door opened, whatever the room behind it said."""
    path = concrete(row.path)
    if row.kind == "api":
        headers = {} if who.role is Role.PUBLIC else house.headers(who.role)
        answer = await running.http.request(row.method, path, headers=headers)
        assert answer.status_code != 500, (row, who.role)
        return answer.status_code not in {401, 403}
    if row.kind == "form":
        # Without a seal: past the door stands "the form could not be recognised", and nothing is ever written.
        headers = {"accept": "text/html", "content-type": "application/x-www-form-urlencoded", **who.cookies}
        return (await running.http.post(path, headers=headers)).status_code == (200 if row.unsealed else 400)
    answer = await who.get(running, path)
    assert answer.status_code != 500, (row, who.role)
    sent_to_sign_in = answer.headers.get("location", "").startswith("/log-ind?")
    return not sent_to_sign_in and not (answer.status_code == 403 and 'href="/log-ind"' in answer.text)


async def test_every_route_opens_for_the_roles_of_its_row_and_for_no_other(house: House) -> None:
    five = await start_all(house)
    visitors = [await Visitor.of(role, five["sessions"], assembly="dragoer-2025") for role in Role]
    tried, wrong = 0, []
    for name, running in five.items():
        listed = set(routes_of(running.app))
        rows = {(row.method, row.path): row for row in (*PROCESS, *SERVICES[name])}
        assert listed == set(rows), f"{name}: the table and the application name other routes"
        for row in SERVICES[name]:
            for who in visitors:
                tried += 1
                if await let_in(running, row, who, house) != (row.link or who.role in row.roles):
                    wrong.append(f"{row.method} {row.path} as {who.role}")
    assert wrong == []
    assert tried == len(Role) * sum(len(rows) for rows in SERVICES.values())


async def test_a_route_without_a_row_keeps_its_service_from_starting(house: House) -> None:
    running = await start(house, "registration")
    planted = APIRouter()

    @planted.get("/tilmelding/api/everyone")
    async def everyone() -> list[str]:
        return ["all of them"]

    running.service.include(planted)
    with pytest.raises(Unguarded, match="GET /tilmelding/api/everyone"):
        running.service.app()


async def test_a_route_slipped_in_after_the_start_is_not_there(house: House) -> None:
    running = await start(house, "registration")

    async def everyone() -> list[str]:
        return ["all of them"]

    running.app.add_api_route("/tilmelding/api/everyone", everyone, methods=["GET"])
    answer = await running.http.get("/tilmelding/api/everyone", headers=house.headers(Role.SECRETARIAT))
    assert (answer.status_code, "all of them" in answer.text) == (404, False)


async def test_another_method_or_a_slash_too_many_is_no_way_around(house: House) -> None:
    running = await start(house, "lottery")
    members = "/lodtraekning/api/assemblies/dragoer-2025/members"
    officer = house.headers(Role.OFFICER)
    assert (await running.http.head(members, headers=officer)).status_code == 403
    assert (await running.http.delete(members, headers=officer)).status_code == 405
    for path in (f"{members}/", f"/{members}", f"{members}%2F", members.upper()):
        assert (await running.http.get(path, headers=officer, follow_redirects=True)).status_code in {403, 404}, path


async def test_a_cookie_calls_no_api_and_a_token_opens_no_page(house: House) -> None:
    sessions, lottery = await start(house, "sessions"), await start(house, "lottery")
    secretariat = await Visitor.of(Role.SECRETARIAT, sessions)
    members = "/lodtraekning/api/assemblies/dragoer-2025/members"
    assert (await lottery.http.get(members, headers=secretariat.cookies)).status_code == 401
    operator = house.headers(Role.OPERATOR) | {"accept": "text/html"}
    assert (await lottery.http.get("/lodtraekning/drift", headers=operator)).status_code == 303


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (Row("GET", "/x", frozenset({"officer"}), "page", frozenset({"the pool"})), "officer never reads the pool"),
        (Row("GET", "/x", frozenset({"operator"}), "api", reads=frozenset({"drafts"})), "operator never reads drafts"),
        (
            Row("POST", "/x", frozenset({"secretariat"}), "form", writes=frozenset({"the council’s answers"})),
            "secretariat never writes the council’s answers",
        ),
        (
            Row("GET", "/x", frozenset(ROLES), "page", reads=frozenset({"members’ identities"})),
            "public never reads members’ identities",
        ),
    ],
)  # fmt: skip
def test_a_row_that_breaks_arms_length_stops_everything_by_name(row: Row, why: str) -> None:
    with pytest.raises(ArmsLengthBroken, match=why):
        kept_apart((*TABLE, row))


def test_every_role_has_its_rule_and_the_roles_are_the_same_everywhere() -> None:
    assert set(AT_ARMS_LENGTH) == set(ROLES) == {role.value for role in Role}


def test_whatever_the_rows_say_of_themselves_the_municipality_opens_no_list_of_people() -> None:
    closed = [row for row in TABLE if CLOSED_PATHS.search(row.path) and not row.link]
    assert len(closed) >= 6
    assert [row for row in closed if row.roles & (MUNICIPAL | {"public", "resident", "observer"})] == []


def test_only_the_secretariat_and_the_observers_come_near_a_draw() -> None:
    near = [row for row in TABLE if "/lod/" in row.path or "/draws" in row.path]
    assert len(near) >= 10
    assert [row for row in near if row.roles - {"secretariat", "observer"}] == []
    typed = [row for row in near if "the drawn number" in row.writes]
    assert {row.path.rpartition("/")[2] for row in typed} == {"digits", "beacon", "traek"}


def test_the_secretariat_has_no_way_to_write_an_answer() -> None:
    answers = [
        row for row in TABLE if row.method != "GET" and row.path.startswith("/opfoelgning/") and "/ops/" not in row.path
    ]
    assert len(answers) >= 3
    assert [row for row in answers if "secretariat" in row.roles] == []


def test_one_form_alone_is_taken_without_a_seal_and_it_opens_and_changes_nothing_closed() -> None:
    unsealed = [row for row in TABLE if row.unsealed]
    assert [(row.method, row.path) for row in unsealed] == [("POST", "/tilmelding/foelg/l/{token}/stop")]
    assert [row for row in unsealed if row.reads or row.writes or not row.link] == []


def test_two_rows_for_one_route_are_refused() -> None:
    with pytest.raises(ValueError, match="two rows for GET /alpha/drift"):
        Table((*common("/alpha"), *common("/alpha")))


def test_the_documents_table_is_the_codes() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert in_document(text) == text, "run `python -m contracts write`"


def test_a_document_without_its_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="marks"):
        in_document("# identity")


def test_samples_fill_every_path() -> None:
    named: set[Any] = set()
    for row in TABLE:
        named |= set(re.findall(r"{(\w+)}", row.path))
    assert named <= set(SAMPLES)
