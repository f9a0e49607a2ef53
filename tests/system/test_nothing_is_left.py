"""Someone asks to be erased: nothing of them is left anywhere, and nothing of anyone is readable in a raw database."""

import asyncio
import csv
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import nats
import pytest
from pymongo import MongoClient

from borgersamling.privacy import ROLL
from borgersamling.rehearsal.signups import CONSENT_TEXT, seal_of
from borgersamling.run_folder import read_run
from borgersamling.running import RunningSystem
from chassis.topology import ADMIN
from chassis.vault import Vault, master_keys
from registration.domain.people import person_id
from support.rehearsals import Rehearsal
from support.searching import Search, address_of, letter_text

pytestmark = pytest.mark.system

API = "/tilmelding/api/assemblies/dragoer-2025"
ANSWERS = {
    "gender": "female",
    "education": "vocational",
    "tenure": "owner",
    "email": "kun.her.findes.den@eksempel.dk",
    "telephone": "+46 70 998 12 34",
    "needs_text": "Min stok hedder Plantefarve",
    "consent": "yes",
}
SECONDS = 60.0


@dataclass(frozen=True)
class Someone:
    """A resident exempt from Digital Post, who had a letter on paper."""

    id: str
    link: str
    needles: dict[str, str]


class Town:
    """A small town in which everyone has just been invited."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.data = rehearsal.data
        self.system = RunningSystem.find(rehearsal.data)
        port = read_run(rehearsal.data)["parts"]["mongod"]["port"]
        self.mongo_uri = f"mongodb://127.0.0.1:{port}/?replicaSet=rs0&directConnection=true"
        self.vault = Vault(self.mongo_uri, "registration", master_keys(self.data / "encryption-keys"))

    def someone(self) -> Someone:
        with (self.data / ROLL).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        letters = {path: letter_text(path) for path in (self.data / "letters").glob("*.pdf")}
        for row in rows:
            address = address_of(row)
            alike = [other for other in rows if other["name"] == row["name"] or address_of(other).startswith(address)]
            theirs = [text for text in letters.values() if row["name"] in text]
            if len(alike) == 1 and theirs:
                [link] = set(re.findall(r"/tilmelding/l/[a-z2-7]+", theirs[0]))
                key = json.loads((self.data / "secrets.json").read_text())["person_key"].encode()
                cpr = row["cpr"].replace("-", "")
                needles = {"cpr": cpr, "name": row["name"], "address": address, "e-mail": ANSWERS["email"]}
                needles |= {"telephone": "+46709981234", "need": "Plantefarve"}
                return Someone(person_id(key, "dragoer-2025", cpr), link, needles)
        raise AssertionError("nobody with a name and an address of their own had a letter")

    def sign_up(self, link: str) -> None:
        """Go through the form as the page has it."""
        with httpx.Client(base_url=self.system.url, trust_env=False, follow_redirects=True, timeout=60) as http:
            page = http.get(f"{link}/trin/om-dig", headers={"accept": "text/html"})
            for _ in range(6):
                here = page.url.path
                seen = CONSENT_TEXT.search(page.text)
                fields = ANSWERS | {"seal": seal_of(page.text, here), "consent_text": seen[1] if seen else ""}
                page = http.post(here, data=fields, headers={"accept": "text/html"})
                assert page.status_code == 200, page.text
                if page.url.path.endswith("/kvittering"):
                    return
        raise AssertionError("the form has no end")

    def erased_everywhere(self, person: str) -> bool:
        with MongoClient(self.mongo_uri) as client:
            row = client["registration"]["people"].find_one({"_id": person}) or {}
        return {"lottery", "notifications"} <= set(row.get("erased_by", ()))

    def search(self, needles: dict[str, str]) -> set[str]:
        return Search(self.system, self.mongo_uri, self.vault, needles).everywhere()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    rehearsal = Rehearsal(tmp_path_factory.mktemp("left"), seed=11, leave=False, residents=200, until="invite")
    try:
        rehearsal.outcome()
        town = Town(rehearsal)
        yield town
        town.vault.close()
    finally:
        assert rehearsal.stop() == 0, rehearsal.said[-3000:]


def test_the_search_finds_what_is_planted_in_a_log_a_document_and_a_stream(town: Town) -> None:
    needle = {"planted": "Plantet Tekst 4711"}
    assert town.search(needle) == set()
    log = town.data / "logs" / "planted.log"
    log.write_text(f"said {needle['planted']}\n", encoding="utf-8")
    with MongoClient(town.mongo_uri) as client:
        client["lottery"]["planted"].insert_one({"_id": "1", "said": needle["planted"]})
    asyncio.run(say(town, "followup.dragoer-2025.planted.v1", needle["planted"]))
    assert {"files of logs: planted", "lottery.planted: planted", "stream FOLLOWUP: planted"} <= town.search(needle)
    log.unlink()


async def say(town: Town, subject: str, text: str) -> None:
    client = await nats.connect(town.system.nats_url, user=ADMIN, password=town.system.passwords[ADMIN])
    await client.jetstream(timeout=10).publish(subject, text.encode())
    await client.close()


def test_after_erasure_nothing_of_someone_is_found_anywhere_and_before_it_only_under_lock(town: Town) -> None:
    someone = town.someone()
    town.sign_up(someone.link)
    held = town.search(someone.needles)
    locked = {f"registration.people, unlocked: {what}" for what in someone.needles}
    on_paper = {"letters, as read: name", "letters, as read: address"}
    assert locked | on_paper <= held, "what is not found here would not be missed after it either"
    readable = {place for place in held if ", unlocked:" not in place and not place.startswith("letters, as read")}
    assert readable == set(), "a raw look at the databases, streams, logs and files shows nobody"

    town.system.ask("POST", f"{API}/people/{someone.id}/erase", "secretariat")
    deadline = time.monotonic() + SECONDS
    while not town.erased_everywhere(someone.id):
        assert time.monotonic() < deadline, "lottery and notifications have not confirmed"
        time.sleep(0.2)
    assert town.search(someone.needles) == set()
    with httpx.Client(base_url=town.system.url, trust_env=False) as http:
        assert http.get(someone.link).status_code == 404


def test_a_raw_dump_of_registrations_database_shows_no_number_name_or_address_of_anyone(town: Town) -> None:
    with (town.data / ROLL).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    with MongoClient(town.mongo_uri) as client:
        database = client["registration"]
        documents = {name: list(database[name].find()) for name in database.list_collection_names()}
    dump = str(documents).casefold()
    assert len(documents["people"]) == len(rows)
    for row in rows:
        for told in (row["cpr"].replace("-", ""), row["name"], f"{row['street']} {row['house_number']}"):
            assert told.casefold() not in dump
    assert not {row["street"].casefold() for row in rows} & set(re.findall(r"[^'\"\[\]{}:,]+", dump))
