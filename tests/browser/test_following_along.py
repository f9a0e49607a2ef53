"""Where people wait, the page goes on by itself: through the one address, in real Chromium, while a panel is drawn."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from borgersamling.run_folder import read_run
from borgersamling.running import RunningSystem
from support.looking import in_nobodys_way
from support.rehearsals import Rehearsal, move_clock

pytestmark = [pytest.mark.browser, pytest.mark.system]

A = "dragoer-2025"
DRAWS = f"/lodtraekning/api/assemblies/{A}/draws"
WAITS, SEALED, DRAWN = (
    "Venter på, at tilmeldingen lukker.",
    "Lodtrækningen er annonceret, men tallet er ikke trukket endnu.",
    "Panelet er udtrukket. Tallet er 417.",
)
SOON = 30_000
"""How long a page may take, in milliseconds, on a machine that does other things too."""
LISTEN = """
    window.stays = true;
    window.said = [];
    const spoken = document.querySelector('[role=status]');
    new MutationObserver(() => window.said.push(spoken.textContent))
        .observe(spoken, {childList: true, subtree: true, characterData: true});
"""
"""As a screen reader does: it reads out what becomes of a part that says its changes are to be read out."""


class Drawing:
    """A course that stands before its draw, and the secretariat that goes on with it."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.system = RunningSystem.find(rehearsal.data)

    def do(self, path: str, body: dict[str, Any] | None = None, role: str = "secretariat") -> Any:
        headers = {"Authorization": f"Bearer {self.system.tokens[role]}"}
        answer = httpx.post(self.system.url + path, json=body or {}, headers=headers, timeout=120, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    def now(self) -> datetime:
        return datetime.fromisoformat(self.system.ask("GET", "/lodtraekning/ops/clock")["now"])

    def wait(self, path: str, state: str) -> None:
        """Wait until a draw is in this state."""
        headers = {"Authorization": f"Bearer {self.system.tokens['secretariat']}"}
        for _ in range(600):
            if httpx.get(self.system.url + path, headers=headers, trust_env=False).json()["state"] == state:
                return
            time.sleep(0.1)
        raise AssertionError(f"{path} does not become {state}")


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawing]:
    # Not the one that stands still at the sign-up for everyone: this one goes on.
    rehearsal = Rehearsal(tmp_path_factory.mktemp("drawing"), seed=7, leave=False, until="sign-up")
    try:
        rehearsal.outcome()
        yield Drawing(rehearsal)
    finally:
        rehearsal.stop()


def visit(browser: Browser, url: str, problems: list[str], **options: Any) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, **options).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route("**/hx-sse.min.js", _slowly)
    page.goto(url)
    return page


def _slowly(route: Route) -> None:
    """A slow network: htmx must not start before what it is to be extended with is there."""
    time.sleep(0.5)
    route.continue_()


def test_a_draw_and_its_post_are_followed_without_a_reload(drawing: Drawing, browser: Browser) -> None:
    url, problems = drawing.system.url, list[str]()
    draw = visit(browser, f"{url}/lodtraekning/{A}", problems)
    post = visit(browser, f"{url}/post", problems)
    plain = visit(browser, f"{url}/lodtraekning/{A}", problems, java_script_enabled=False)
    for page in (draw, post):
        expect(page.locator("main")).to_contain_text("Siden følger med af sig selv.", timeout=SOON)
        page.evaluate(LISTEN)
    expect(plain.locator("main")).to_contain_text("Genindlæs siden for at se, hvordan det går videre.", timeout=SOON)
    for page in (draw, plain):
        expect(page.get_by_role("status")).to_have_text(WAITS, timeout=SOON)

    drawing.do(f"/tilmelding/api/assemblies/{A}/close-pool", {"early": True})
    expect(draw.get_by_role("status")).not_to_have_text(WAITS, timeout=SOON)
    draws_at = drawing.now() + timedelta(hours=1)
    sealed = drawing.do(DRAWS, {"draws_at": draws_at.isoformat()})["draw"]
    drawing.wait(f"{DRAWS}/{sealed}", "prepared")
    drawing.do(f"{DRAWS}/{sealed}/announce")
    expect(draw.get_by_role("status")).to_have_text(SEALED, timeout=SOON)
    expect(draw.get_by_role("link", name="Hent protokollen (JSON)")).to_be_visible(timeout=SOON)
    move_clock(drawing.rehearsal, draws_at + timedelta(minutes=1))
    for role in ("secretariat", "observer"):
        drawing.do(f"{DRAWS}/{sealed}/digits", {"digits": "417"}, role)
    expect(draw.get_by_role("status")).to_have_text(DRAWN, timeout=SOON)
    expect(draw.get_by_role("heading", name="Panelet", exact=True)).to_be_visible(timeout=SOON)
    unfolded = draw.locator("main details").first
    unfolded.locator("summary").click()
    expect(unfolded).to_have_attribute("open", "")

    # The people who were drawn, and those who were not, are written to.
    expect(post.locator("main progress")).to_have_count(5, timeout=SOON)
    expect(post.get_by_role("status")).to_have_text("Alt er sendt.", timeout=SOON)
    expect(unfolded).to_have_attribute("open", "")
    for page in (draw, post):
        assert page.evaluate("window.stays"), "the page was not loaded anew"
        in_nobodys_way(page, page.url)
    said = draw.evaluate("window.said")
    assert (said[-2:], len(said)) == ([SEALED, DRAWN], len(set(said))), "each state is read out once"
    assert all("%" in text or text == "Alt er sendt." for text in post.evaluate("window.said"))

    expect(plain.get_by_role("status")).to_have_text(WAITS, timeout=SOON)
    plain.reload()
    expect(plain.get_by_role("status")).to_have_text(DRAWN, timeout=SOON)
    assert problems == [], "the console of a visitor stays clean"
    for page in (draw, post, plain):
        page.context.close()


def test_whoever_follows_along_keeps_no_service_from_stopping(drawing: Drawing) -> None:
    services = {"lottery": f"/lodtraekning/{A}/live", "notifications": "/post/live"}
    ports = {name: read_run(drawing.rehearsal.data)["parts"][name]["port"] for name in services}
    logs = {name: _log(drawing.rehearsal.data, name) for name in services}
    with httpx.Client(trust_env=False, timeout=60) as http:
        lottery = http.build_request("GET", f"http://127.0.0.1:{ports['lottery']}{services['lottery']}")
        post = http.build_request("GET", f"http://127.0.0.1:{ports['notifications']}{services['notifications']}")
        streams = [http.send(request, stream=True) for request in (lottery, post)]
        heard = [stream.iter_lines() for stream in streams]
        assert all(next(lines).startswith("data: ") for lines in heard)
        assert drawing.rehearsal.stop() == 0, drawing.rehearsal.said[-3000:]
        for lines in heard:
            for _ in lines:  # to its end: a stream that is cut off raises
                pass
    for log in logs.values():
        text = log.read_text()
        assert "stopping" in text
        assert "graceful shutdown exceeded" not in text
        assert "Traceback" not in text


def _log(data: Path, name: str) -> Path:
    (found,) = data.rglob(f"{name}.log")
    return found
