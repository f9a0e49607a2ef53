"""The secretariat at the post, in real Chromium: a mailing is followed, paused, resumed and cancelled; a letter that
failed is found by the number of the one it is to, understood, sent again, and proven.
"""

import csv
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from borgersamling.privacy import ROLL as ROLL_FILE
from borgersamling.running import RunningSystem
from borgersamling.standin.people import is_exempt
from support.forms import seals_in
from support.looking import in_both_sizes, validated
from support.pages import INVITATIONS, ROLL, SIZES, A
from support.rehearsals import Rehearsal
from support.visits import Place

pytestmark = [pytest.mark.browser, pytest.mark.system]

SOON = 30_000
"""How long a page may take, in milliseconds, on a machine that does other things too."""
SEED, SHARE = "2025", 0.07
WHY = "Ringer og har intet brev fået"
MARK = "\x80"
"""A control character, as an old system may leave it in a name: registration keeps it, the printer refuses it."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Office:
    """A course that stands still while the sign-up is open, where newcomers come to live who have no Digital Post."""

    place: Place
    system: RunningSystem
    roll: list[dict[str, str]]
    newcomers: dict[str, dict[str, str]] = field(default_factory=dict)

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.system.tokens['secretariat']}"}
        url = f"{self.place.url}/tilmelding/api/assemblies/{A}{path}"
        answer = httpx.request(method, url, headers=headers, timeout=60, trust_env=False, **request)
        assert answer.is_success, answer.text
        return answer

    def lives_here(self, name: str, *, mark: str = "") -> None:
        """Have the roll hold somebody who is exempt from Digital Post; once more, with another name, to correct it."""
        row = self.newcomers.get(name) or self.roll[0] | {"cpr": self._exempt(), "street": "Nyvej", "protected": "no"}
        self.newcomers[name] = row | {"name": f"{name} Tilflytter{mark}"}
        out = io.StringIO()
        writer = csv.DictWriter(out, list(self.roll[0]), delimiter=";")
        writer.writeheader()
        writer.writerows([*self.roll, *self.newcomers.values()])
        self.call("PUT", "/roll", content=out.getvalue().encode())

    def invite(self) -> None:
        """Invite whoever is not invited yet."""
        self.call("POST", "/invitations")

    def _exempt(self) -> str:
        taken = {row["cpr"] for row in (*self.roll, *self.newcomers.values())}
        numbers = (f"610160{number:04d}" for number in range(1000, 10_000))
        return next(one for one in numbers if one not in taken and is_exempt(one, SEED, SHARE))

    def clear(self) -> None:
        """Throw away a file of another test that waits to be confirmed: no other is taken meanwhile."""
        with httpx.Client(base_url=self.place.url, trust_env=False, headers={"accept": "text/html"}) as http:
            http.cookies.update(self.place.cookies("secretariat"))
            for job in dict.fromkeys(re.findall(rf"{ROLL}/([0-9a-f]{{32}})", http.get(ROLL).text)):
                page = http.get(path := f"{ROLL}/{job}/kasser")
                if page.status_code == 200 and (seals := seals_in(page.text.partition("<main")[2])):
                    http.post(path, data={"seal": seals[0]})


@pytest.fixture(scope="module")
def office(midway: Rehearsal) -> Iterator[Office]:
    text = (midway.data / ROLL_FILE).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    office = Office(Place(midway), RunningSystem.find(midway.data), rows)
    office.clear()
    yield office
    # The invitations go on for whoever looks at this course next, and everybody who came has their letter.
    assert office.newcomers


@pytest.fixture
def desk(office: Office, page: Page) -> Page:
    cookies = office.place.cookies("secretariat")
    page.context.add_cookies([{"name": n, "value": v, "url": office.place.url} for n, v in cookies.items()])
    return page


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


both_sizes = pytest.mark.parametrize("page", [SIZES["desktop"]], indirect=True, ids=["both-sizes"])


@both_sizes
def test_a_letter_that_failed_is_found_understood_sent_again_and_proven(office: Office, desk: Page) -> None:
    page, url = desk, office.place.url
    page.goto(f"{url}{INVITATIONS}?sprog=da")
    expect(page.locator("main")).to_contain_text("Siden følger med af sig selv.", timeout=SOON)
    page.evaluate("window.stays = true")
    office.lives_here("Uheldig", mark=MARK)
    office.invite()
    expect(page.get_by_role("heading", name="Hvorfor nogle ikke kunne leveres")).to_be_visible(timeout=SOON)
    assert page.evaluate("window.stays"), "the page was not loaded anew"
    in_both_sizes(page)

    follow(page, "Se hver besked, der ikke kunne leveres")
    expect(page.locator("main")).to_contain_text("Navnet har et tegn")
    assert "Uheldig" not in page.content()
    in_both_sizes(page)
    follow(page, "Åbn beskeden fra")
    page.get_by_label("Hvorfor ser du efter?").fill(WHY)
    in_both_sizes(page)
    press(page, "Åbn")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Uheldig Tilflytter")
    number = re.findall(r"\d{3} \d{3} \d{3}", page.locator("main").inner_text())[0]

    page.goto(f"{url}/post/fejl")
    page.get_by_label("Referencenummer").fill(number)
    page.locator("#why").fill(WHY)
    press(page, "Vis, hvad der er sendt til personen")
    assert number.replace(" ", "") not in page.url
    expect(page.get_by_role("heading", level=1)).to_contain_text("Uheldig Tilflytter")
    expect(page.locator("main")).to_contain_text("Navnet har et tegn")
    in_both_sizes(page)
    uuid = _UUID.findall(page.locator("main").inner_text())[0]

    office.lives_here("Uheldig")
    follow(page, "Send igen")
    expect(page.locator("main")).to_contain_text(uuid)
    in_both_sizes(page)
    press(page, "Ja, send den igen")
    case = page.url
    for _ in range(60):
        if "Sendt som brev" in page.locator("main").inner_text():
            break
        time.sleep(0.5)
        page.goto(case)
    expect(page.locator("main")).to_contain_text("Nogen fik den sendt igen")

    with page.expect_download() as table:
        page.get_by_role("button", name="Hent som tabel (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))
    assert {row["Beskedens UUID"] for row in rows} == {uuid}
    assert {row["Referencenummer"] for row in rows} == {number}
    assert [row["Tilstand derefter"] for row in rows][-1] == "Sendt som brev"
    page.goto(case)
    with page.expect_download() as paper:
        page.get_by_role("button", name="Hent som PDF").click()
    with pypdfium2.PdfDocument(paper.value.path()) as pdf:
        read = " ".join(" ".join(one.get_textpage().get_text_range() for one in pdf).split())
    assert uuid in read
    assert "Uheldig" not in read


@both_sizes
def test_a_mailing_is_paused_resumed_and_cancelled_with_exact_numbers(office: Office, desk: Page) -> None:
    page, url = desk, office.place.url
    page.goto(f"{url}/post")
    follow(page, "Udsendelser")
    follow(page, "Invitationer")
    follow(page, "Hold det tilbage, der endnu kan komme")
    in_both_sizes(page)
    press(page, "Ja, sæt på pause")
    expect(page.get_by_role("status")).to_contain_text("På pause")

    office.lives_here("Ventende")
    office.invite()
    waiting = page.get_by_role("row", name=re.compile("Venter på at blive sendt"))
    expect(waiting).to_be_visible(timeout=SOON)
    in_both_sizes(page)
    follow(page, "Genoptag")
    expect(page.locator("dd").first).to_have_text("1")
    in_both_sizes(page)
    press(page, "Ja, genoptag")
    expect(page.get_by_role("status")).to_contain_text("Færdig", timeout=SOON)

    page.goto(f"{url}{INVITATIONS}")
    follow(page, "Hold det tilbage, der endnu kan komme")
    press(page, "Ja, sæt på pause")
    office.lives_here("Afvist")
    office.invite()
    expect(waiting).to_be_visible(timeout=SOON)
    follow(page, "Annullér det, der venter")
    in_both_sizes(page)
    press(page, "Ja, annullér det, der venter")
    expect(page.get_by_role("status")).to_contain_text("Annulleret")
    expect(page.locator("main")).to_contain_text(re.compile(r"1 annulleret, \d+ var allerede sendt"))
    in_both_sizes(page)
    assert validated({"the cancelled mailing": page.request.get(page.url).text()}) == []
