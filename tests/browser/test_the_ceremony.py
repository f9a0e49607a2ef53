"""The whole public draw in real Chromium: prepared, announced, drawn by two, published, and checked by anyone."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from borgersamling.running import RunningSystem
from chassis.language import LOCAL
from support.looking import in_nobodys_way, small, validated
from support.pages import SIZES
from support.rehearsals import Rehearsal, move_clock
from support.visits import Place

pytestmark = [pytest.mark.browser, pytest.mark.system]

A = "dragoer-2025"
HOME = f"/lodtraekning/{A}"
SOON = 60_000
PICTURES = os.environ.get("CEREMONY_PICTURES")
"""A folder for pictures of every step; `make screenshots` sets it."""


class Stage:
    """Where the draw is held: everyone at a device of their own."""

    def __init__(self, browser: Browser, rehearsal: Rehearsal) -> None:
        self.browser, self.rehearsal = browser, rehearsal
        self.place = Place(rehearsal)
        self.system = RunningSystem.find(rehearsal.data)
        self.url = self.system.url
        self.looked_at: dict[str, str] = {}

    def device(self, role: str = "public", size: str = "desktop", *, scripts: bool = True) -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, accept_downloads=True
        )
        if role != "public":
            cookies = self.place.cookies(role)
            context.add_cookies([{"name": n, "value": v, "url": self.url} for n, v in cookies.items()])
        return context.new_page()

    def open(self, page: Page, path: str) -> None:
        page.goto(f"{self.url}{path}")

    def seen(self, page: Page, name: str) -> None:
        """Look at a page as everyone, in both sizes, and picture it."""
        self.looked_at[name] = page.content()
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            in_nobodys_way(page, f"{name}, {width} px")
            too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert too_wide <= 0, f"{name} scrolls sideways at {width} px"
            if PICTURES:
                path = Path(PICTURES) / f"ceremony-{name}-{size}.png"
                small(page.screenshot(full_page=True)).save(path, optimize=True)
        page.set_viewport_size({"width": SIZES["desktop"][0], "height": SIZES["desktop"][1]})

    def all_valid(self) -> None:
        """Have the HTML of all that was looked at read, in one go."""
        found = [fault for fault in validated(self.looked_at) if fault.rule not in DOM]
        assert [f"{fault.page}: {fault.rule}: {fault.message}" for fault in found] == []
        self.looked_at.clear()


DOM = {"attribute-boolean-style", "attribute-empty-style", "void-style", "attr-quotes", "doctype-style"}
"""Rules about how HTML is written, which a browser's own serialisation does not keep."""


@pytest.fixture(scope="module")
def stage(midway: Rehearsal, browser: Browser) -> Stage:
    stage = Stage(browser, midway)
    headers = {"Authorization": f"Bearer {stage.system.tokens['secretariat']}"}
    path = f"{stage.url}/tilmelding/api/assemblies/{A}/close-pool"
    httpx.post(path, json={"early": True}, headers=headers, timeout=60, trust_env=False).raise_for_status()
    return stage


def prepare(stage: Stage, ane: Page, kind: str) -> None:
    """Fill in the form for a draw in an hour, and wait until it is prepared."""
    now = datetime.fromisoformat(stage.system.ask("GET", "/lodtraekning/ops/clock")["now"])
    moment = (now + timedelta(hours=1)).astimezone(LOCAL)
    stage.open(ane, f"{HOME}/klargoer")
    expect(ane.locator("main")).to_contain_text("Et panel kan udtrækkes", timeout=SOON)
    ane.get_by_label("En prøve" if kind == "test" else "Den rigtige lodtrækning").check()
    for label, number in (("Dag", moment.day), ("Måned", moment.month), ("År", moment.year)):
        ane.get_by_label(label, exact=True).fill(str(number))
    ane.get_by_label("Hvad tid?").fill(f"{moment:%H:%M}")
    if kind == "draw":
        stage.seen(ane, "prepare")
    ane.get_by_role("button", name="Forbered lodtrækningen").click()
    if ane.get_by_role("link", name="Annullér forberedelsen").count() and kind == "draw":
        stage.seen(ane, "preparing")
    result = ane.get_by_role("link", name="Se resultatet")
    expect(result.or_(ane.get_by_role("link", name="Annoncér lodtrækningen"))).to_be_visible(timeout=SOON)
    if result.count():
        result.click()
    expect(ane.locator("main")).to_contain_text("Lodtrækningen er klar til at blive annonceret")


def announce(stage: Stage, ane: Page, name: str) -> None:
    stage.seen(ane, f"{name}-prepared")
    if name == "test":
        ane.get_by_role("link", name="Kassér den").click()
        stage.seen(ane, "thrown-away")
        ane.go_back()
    ane.get_by_role("link", name="Annoncér lodtrækningen").click()
    stage.seen(ane, f"{name}-announce")
    ane.get_by_role("button", name="Annoncér lodtrækningen").click()
    expect(ane.locator("main")).to_contain_text("Lodtrækningen er annonceret")


def type_in(page: Page, digits: str) -> None:
    page.get_by_label("De tre cifre").fill(digits)
    page.get_by_role("button", name="Dette er cifrene").click()


def test_a_test_draw_is_marked_as_one_on_every_screen(stage: Stage) -> None:
    ane = stage.device("secretariat")
    prepare(stage, ane, "test")
    announce(stage, ane, "test")
    for path in ("", "/traek", "/skaerm", "/kontrol"):
        stage.open(ane, f"{HOME}/lod/test-1{path}")
        expect(ane.locator("main")).to_contain_text("Dette er en prøve")
    stage.open(ane, f"{HOME}/lod/test-1/skaerm")
    stage.seen(ane, "test-screen")
    stage.open(ane, f"{HOME}/lod/test-1/ugyldig")
    stage.seen(ane, "test-void")
    ane.get_by_label("Hvorfor er den ugyldig?").fill("Prøven er slut")
    ane.get_by_role("button", name="Erklær den ugyldig").click()
    expect(ane.locator("main")).to_contain_text("Lodtrækningen er ugyldig")
    stage.all_valid()
    ane.context.close()


def test_the_draw_is_held_from_the_preparing_to_the_check_by_anyone(stage: Stage, tmp_path: Path) -> None:
    ane, otto, hall = stage.device("secretariat"), stage.device("observer"), stage.device()
    stage.open(hall, f"{HOME}/skaerm")
    expect(hall.get_by_role("status")).to_have_text("Ingen lodtrækning er annonceret endnu.")

    prepare(stage, ane, "draw")
    announce(stage, ane, "draw")
    expect(hall.get_by_role("status")).to_contain_text("Der udtrækkes 36 medlemmer", timeout=SOON)
    stage.seen(hall, "screen-announced")
    stage.open(otto, f"{HOME}/lod/draw-1/traek")
    expect(otto.get_by_role("status")).to_contain_text("Det er ikke tid endnu")
    stage.seen(otto, "digits-early")

    now = datetime.fromisoformat(stage.system.ask("GET", "/lodtraekning/ops/clock")["now"])
    move_clock(stage.rehearsal, now + timedelta(hours=2))
    for page in (ane, otto):
        stage.open(page, f"{HOME}/lod/draw-1/traek")
        expect(page.get_by_role("status")).to_have_text("Ingen har tastet cifrene endnu.")
    stage.seen(otto, "digits")
    type_in(otto, "417")
    expect(ane.get_by_role("status")).to_contain_text("Den ene af de to har tastet cifrene", timeout=SOON)
    assert "417" not in ane.locator("main").inner_text(), "what one typed is hidden from the other"
    stage.seen(ane, "digits-one-typed")
    type_in(ane, "471")
    expect(otto.get_by_role("status")).to_contain_text("De to har tastet forskellige cifre", timeout=SOON)
    stage.seen(otto, "digits-differ")
    otto.get_by_role("link", name="Tast cifrene").click()
    type_in(otto, "417")
    type_in(ane, "417")
    for page in (ane, otto):
        expect(page.get_by_role("status")).to_have_text("Panelet er udtrukket. Tallet er 417.", timeout=SOON)
    stage.seen(otto, "digits-drawn")
    shown = hall.locator(".house-digit-shown")
    expect(shown).to_have_count(3, timeout=SOON)
    expect(hall.get_by_role("status")).to_have_text("Tallet er 417.")
    expect(hall.get_by_role("img").first).to_be_visible(timeout=SOON)
    stage.seen(hall, "screen-drawn")

    otto.get_by_role("link", name="Kontrollér lodtrækningen").click()
    expect(otto.locator("main")).to_contain_text("Alt, der kan kontrolleres, holder", timeout=SOON)
    stage.seen(otto, "checked")
    anyone_checks(stage, tmp_path)
    a_registrant_looks(stage)
    stage.all_valid()
    for page in (ane, otto, hall):
        page.context.close()


def anyone_checks(stage: Stage, folder: Path) -> None:
    """Download the record and the verifier from the public page, and run the one on the other with Python alone."""
    page = stage.device()
    stage.open(page, HOME)
    stage.seen(page, "public")
    for name in ("Hent protokollen (JSON)", "Hent programmet, der kontrollerer den (Python)"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).first.click()
        download.value.save_as(folder / download.value.suggested_filename)
    record, verifier = folder / f"{A}-record.json", folder / "lottery_verify.py"
    command = [sys.executable, "-I", "-S", str(verifier), str(record)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "holds: the digits pick the panel with their number, and it is the panel" in said.stdout
    assert "FAILS" not in said.stdout
    text = record.read_text(encoding="utf-8")
    record.write_text(re.sub(r'"panel_number": ?417', '"panel_number":418', text), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 1
    page.context.close()


def a_registrant_looks(stage: Stage) -> None:
    """Find a line with the code on a receipt, on a phone and without JavaScript."""
    page = stage.device(size="phone", scripts=False)
    stage.open(page, f"/tilmelding/l/{stage.place.links['{signed-up}']}/kvittering")
    code = re.findall(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}", page.content())
    stage.open(page, f"{HOME}/min-linje")
    page.get_by_label("Koden på din kvittering").fill(code[0].lower())
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Find min linje").click()
    expect(page.locator("main")).to_contain_text("Din linje i protokollen")
    expect(page.locator("main")).to_contain_text("af 1.000")
    page.context.close()


def test_earlier_draws_stay_in_the_history(stage: Stage) -> None:
    page = stage.device("secretariat")
    stage.open(page, f"{HOME}/historik")
    expect(page.locator("main")).to_contain_text("Lodtrækning 1")
    expect(page.locator("main")).to_contain_text("Prøve 1")
    stage.seen(page, "history")
    stage.all_valid()
    page.context.close()
