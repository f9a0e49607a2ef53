"""Members of a course under way, by what they have in Digital Post: their personal links, and codes to sign in with."""

import csv
import re
import time
from typing import Any, NamedTuple

import httpx

from borgersamling.privacy import ROLL
from borgersamling.rehearsal.signups import READING_SECONDS
from borgersamling.run_folder import read_run
from support.forms import seals_in
from support.rehearsals import Rehearsal

SECONDS = 60.0
_CODE = re.compile(r"^\d{6}$", re.MULTILINE)
_LINK = re.compile(r"/tilmelding/l/[a-z2-7]{20,}")


class Holder(NamedTuple):
    """Someone with a personal link."""

    cpr: str
    link: str


class DigitalPost:
    """What people have in the stand-in for Digital Post."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._url = f"http://127.0.0.1:{read_run(rehearsal.data)['parts']['digital-post']['port']}"

    def of(self, cpr: str) -> list[dict[str, Any]]:
        """Return someone's messages, oldest first."""
        answer = httpx.post(f"{self._url}/standin/inbox", json={"cpr": cpr}, trust_env=False)
        return list(answer.json()) if answer.is_success else []

    def who_has(self, *kinds: str, count: int = 1) -> list[Holder]:
        """Return the first people of the roll who have messages of all these kinds."""
        found: list[Holder] = []
        with (self._rehearsal.data / ROLL).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                messages = self.of(row["cpr"])
                if {message["code"] for message in messages}.issuperset(kinds):
                    links = _LINK.findall(" ".join(url for message in messages for url in message["actions"]))
                    found.append(Holder(row["cpr"], links[0]))
                if len(found) == count:
                    return found
        raise AssertionError(f"fewer than {count} have {' and '.join(kinds)}")

    def members(self, count: int) -> list[Holder]:
        """Return people who were drawn and are members to the end: they were told of the council's statuses."""
        return self.who_has("drawn", "status-published", count=count)

    def codes(self, who: Holder) -> list[str]:
        """Return the codes someone has got, oldest first."""
        texts = [message["text"] for message in self.of(who.cpr) if message["code"] == "sign-in-code"]
        return [code for text in texts for code in _CODE.findall(text)]

    def next_code(self, who: Holder, before: int) -> str:
        """Wait until someone has got more than `before` codes, and return the last."""
        deadline = time.monotonic() + SECONDS
        while len(codes := self.codes(who)) <= before:
            assert time.monotonic() < deadline, "no code came"
            time.sleep(0.2)
        return codes[-1]


def ask_for_code(url: str, who: Holder) -> None:
    """Have a code sent, without a browser."""
    with _at(url) as http:
        _send(http, f"{who.link}/medlem")


def sign_in(url: str, post: DigitalPost, who: Holder) -> dict[str, str]:
    """Sign a member in without a browser, and return the cookies."""
    before = len(post.codes(who))
    with _at(url) as http:
        _send(http, f"{who.link}/medlem")
        home = _send(http, f"{who.link}/medlem/kode", code=post.next_code(who, before))
        assert home.url.path == "/samling/medlem"
        return dict(http.cookies)


def _at(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, follow_redirects=True, trust_env=False, headers={"accept": "text/html"})


def _send(http: httpx.Client, path: str, **fields: str) -> httpx.Response:
    page = http.get(path)
    time.sleep(READING_SECONDS)
    # Before the first form of the page itself stands the header's, for who is signed in; here nobody is.
    answer = http.post(path, data=fields | {"seal": seals_in(page.text)[0]})
    assert answer.status_code == 200, answer.text
    return answer
