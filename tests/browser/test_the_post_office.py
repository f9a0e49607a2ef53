"""The stand-in's pages in real Chromium: by keyboard, on a telephone, for everyone."""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage

import httpx
import pytest
from playwright.sync_api import Browser, Page

from borgersamling.processes import free_port
from support.looking import in_nobodys_way, validated
from support.pages import SIZES
from support.post_office import API, AUTH, body

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def post_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The stand-in as a process of its own, with sixty people's messages, a mail and a letter."""
    folder = tmp_path_factory.mktemp("post-office")
    (folder / "letters").mkdir()
    (folder / "letters/abc.pdf").write_bytes(b"%PDF-1.7")
    http, smtp = free_port(), free_port()
    told = {"HTTP__PORT": str(http), "STANDIN__SMTP_PORT": str(smtp), "STANDIN__DATA": str(folder / "data")}
    told |= {"STANDIN__LETTERS": str(folder / "letters"), "STANDIN__INVALID_SHARE": "0.1"}
    process = subprocess.Popen([sys.executable, "-m", "borgersamling.standin"], env=os.environ | told)
    try:
        url = f"http://127.0.0.1:{http}"
        _wait_for(url)
        for number in range(60):
            uuid, xml = body(number)
            httpx.post(f"{url}{API}/memos/", params={"memo-message-uuid": uuid}, content=xml, headers=AUTH)
        with smtplib.SMTP("127.0.0.1", smtp) as server:
            server.send_message(_mail())
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{url}/health/ready", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the stand-in does not answer")


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@eksempel.dk", "b@eksempel.dk", "Indkaldelse"
    mail.set_content("Kære alle")
    mail.add_attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="moede.ics")
    return mail


def _paths(url: str) -> list[str]:
    handle = httpx.get(f"{url}/people", trust_env=False).text.split('href="/people/')[1].split('"')[0]
    return ["/", "/people", "/people?kind=invitation&page=1", f"/people/{handle}", "/mails", "/mails/1", "/letters"]


def test_every_page_is_valid_and_in_nobodys_way(post_office: str, page: Page) -> None:
    for path in _paths(post_office):
        page.goto(f"{post_office}{path}")
        in_nobodys_way(page, path)
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{path} scrolls sideways"


def test_every_page_is_valid_html(post_office: str) -> None:
    served = {path: httpx.get(f"{post_office}{path}", trust_env=False).text for path in _paths(post_office)}
    assert [f"{fault.page}, line {fault.line}: {fault.rule}: {fault.message}" for fault in validated(served)] == []


def test_what_a_person_received_is_found_by_keyboard_alone(post_office: str, browser: Browser) -> None:
    width, height = SIZES["desktop"]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{post_office}/people")
    for _ in range(20):
        page.keyboard.press("Tab")
        if "/people/" in (page.locator(":focus").get_attribute("href") or ""):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*")
    assert page.locator("article h2").count() == 1
    context.close()
