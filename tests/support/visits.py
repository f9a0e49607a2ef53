"""Opening the pages of the list in a real browser, each at its moment of a course and as whoever it is for."""

import csv
import io
import re
import time
from collections.abc import Iterator
from functools import cached_property

import httpx
from playwright.sync_api import Page, Response

from borgersamling.privacy import ROLL
from borgersamling.rehearsal.signups import READING_SECONDS
from borgersamling.run_folder import read_run
from support.forms import seals_in
from support.handing_in import FILES, Files
from support.mailboxes import Mailboxes
from support.members import DigitalPost, Holder, ask_for_code, sign_in
from support.pages import (
    ASKED,
    CASE,
    CASE_SIGNED_UP,
    DESK,
    FOLLOWER,
    MEMBER,
    NOT_SIGNED_UP,
    OFFERED,
    SEATS,
    SIGNED_UP,
    TO_CONFIRM,
    TO_STOP,
    Shown,
    When,
)
from support.rehearsals import Rehearsal

CODE_SECONDS = 20 * 60.0
"""A code is asked for anew so long after the last: sooner than it ends, and not more than five in an hour."""
_TOKEN = re.compile(r"/tilmelding/l/([a-z2-7]{20,})")
_REFERENCE = re.compile(r"\d{3} \d{3} \d{3}")
_OFFERED = re.compile(r"/pladser/([0-9a-f]{16})/ja")
FOLLOWERS = (TO_CONFIRM, FOLLOWER, TO_STOP)
WHO = (SIGNED_UP, NOT_SIGNED_UP, MEMBER, ASKED, OFFERED, CASE, CASE_SIGNED_UP, *FOLLOWERS)
_LOOK_UP = f"{DESK}/sag"


class Place:
    """A system that stands at some moment of its course, with people at its doors."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._cookies: dict[str, dict[str, str]] = {}
        self._cases: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._code_asked = -CODE_SECONDS - 1
        self.url = rehearsal.url

    def cookies(self, role: str) -> dict[str, str]:
        """Sign in as this role, once, as a browser does: our page, the provider's, and back; a member by a code."""
        if role not in self._cookies and role == "member":
            self._cookies[role] = sign_in(self.url, self._post, self._members[1])
        elif role not in self._cookies:
            with httpx.Client(follow_redirects=True, trust_env=False, headers={"accept": "text/html"}) as http:
                provider = http.get(f"{self.url}/log-ind/start").url
                http.post(provider, data={"sub": f"{role}-1"}).raise_for_status()
                self._cookies[role] = dict(http.cookies)
        return self._cookies[role]

    @cached_property
    def _post(self) -> DigitalPost:
        return DigitalPost(self._rehearsal)

    @cached_property
    def _members(self) -> list[Holder]:
        return self._post.members(2)

    def token(self, who: str) -> str:
        """Return the token of a personal link; a member's has a code that can still be entered."""
        if who in {CASE, CASE_SIGNED_UP}:
            return self.case(self.links[SIGNED_UP if who == CASE_SIGNED_UP else NOT_SIGNED_UP])
        if who in FOLLOWERS:
            return self._follower(who)
        if who == OFFERED:
            return self._offered
        if who == ASKED:
            return self._asked
        if who != MEMBER:
            return self.links[who]
        if time.monotonic() - self._code_asked > CODE_SECONDS:
            ask_for_code(self.url, self._members[0])
            self._code_asked = time.monotonic()
        return self._members[0].link.rpartition("/")[2]

    def _follower(self, who: str) -> str:
        if who == TO_STOP:
            return Mailboxes(self._rehearsal).asked()
        return self._followers[who]

    @cached_property
    def _followers(self) -> dict[str, str]:
        """The links of someone who has asked to follow by e-mail, and of one who follows."""
        mailboxes = Mailboxes(self._rehearsal)
        return {TO_CONFIRM: mailboxes.asked(), FOLLOWER: mailboxes.joined()}

    @cached_property
    def _asked(self) -> str:
        """The token of the first alternate who was offered a seat; every mailbox is opened for it."""
        return self._post.who_has("seat-taken-over")[0].link.rpartition("/")[2]

    @cached_property
    def _offered(self) -> str:
        """The line of the first on the board who has not answered."""
        with httpx.Client(base_url=self.url, trust_env=False, headers={"accept": "text/html"}) as http:
            http.cookies.update(self.cookies("secretariat"))
            return _OFFERED.findall(http.get(SEATS).text)[0]

    def case(self, token: str) -> str:
        """Return the id of the case that the secretariat opens by the number on this person's letter, once each."""
        if token not in self._cases:
            with httpx.Client(base_url=self.url, trust_env=False, headers={"accept": "text/html"}) as http:
                http.cookies.update(self.cookies("secretariat"))
                seal = seals_in(http.get(_LOOK_UP).text.partition("<main")[2])[0]
                fields = {"reference": self._numbers[token], "why": "Se på siden", "seal": seal}
                answer = http.post(_LOOK_UP, data=fields)
            self._cases[token] = answer.headers["location"].rpartition("/")[2]
        return self._cases[token]

    @cached_property
    def links(self) -> dict[str, str]:
        """The personal link of one who has signed up, and of one who has not, out of their Digital Post."""
        found: dict[str, str] = {}
        for signed_up, token in self._tokens():
            found.setdefault(SIGNED_UP if signed_up else NOT_SIGNED_UP, token)
            if len(found) == 2:
                return found
        raise AssertionError("the residents with Digital Post have all signed up, or none has")

    def next_not_signed_up(self) -> str:
        """Return the token of someone who has not signed up, another each time; not one of `links`."""
        return next(token for signed_up, token in self._from_the_end if not signed_up)

    @cached_property
    def _from_the_end(self) -> Iterator[tuple[bool, str]]:
        return self._tokens(backwards=True)

    def _tokens(self, *, backwards: bool = False) -> Iterator[tuple[bool, str]]:
        """Yield the links in people's Digital Post, and whether they have signed up."""
        data = self._rehearsal.data
        rows = csv.DictReader(io.StringIO((data / ROLL).read_text(encoding="utf-8-sig")), delimiter=";")
        stand_in = f"http://127.0.0.1:{read_run(data)['parts']['digital-post']['port']}"
        with httpx.Client(trust_env=False) as http:
            for row in reversed(list(rows)) if backwards else rows:
                inbox = http.post(f"{stand_in}/standin/inbox", json={"cpr": row["cpr"]}).json()
                tokens = _TOKEN.findall(" ".join(url for message in inbox for url in message["actions"]))
                if tokens:
                    self._numbers[tokens[0]] = _REFERENCE.findall(" ".join(message["text"] for message in inbox))[0]
                    answer = http.get(f"{self.url}/tilmelding/l/{tokens[0]}/frameld", headers={"accept": "text/html"})
                    yield answer.status_code == 200, tokens[0]

    @cached_property
    def files(self) -> Files:
        """The files the secretariat has handed in."""
        return Files(self.url, self.cookies("secretariat"), (self._rehearsal.data / ROLL).read_bytes())


class Visits:
    """Opens any page of the list."""

    def __init__(self, places: dict[When, Place]) -> None:
        self._places = places
        self.served: dict[tuple[str, str], str] = {}
        """What was answered, by the page's name and the language."""

    def open(self, page: Page, shown: Shown, language: str = "da") -> Response:
        """Open it in a browser where nobody has signed in yet; AssertionError when its status is another."""
        place, path = self._places[shown.when], shown.path
        for who in WHO:
            if who in path:
                path = path.replace(who, place.token(who))
        for which in FILES:
            if which in path:
                path = path.replace(which, place.files.job(which))
        if shown.role != "public":
            cookies = place.cookies(shown.role)
            page.context.add_cookies([{"name": n, "value": v, "url": place.url} for n, v in cookies.items()])
        answer = page.goto(f"{place.url}{path}{'&' if '?' in path else '?'}sprog={language}")
        for field, text in shown.fill:
            page.locator(field).fill(text)
        if shown.press:
            page.wait_for_timeout(READING_SECONDS * 1000)  # faster than a person, a form is not taken
            with page.expect_navigation() as navigation:
                page.locator(shown.press).first.click()
            answer = navigation.value
        assert answer is not None
        assert answer.status == shown.status, f"{shown.name} is answered with {answer.status}"
        self.served[shown.name, language] = answer.text()
        return answer
