"""The three dashboards in real Chromium while Dragør's council is in time, nearly too late, and too late."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.council_stage import MOMENTS, CouncilStage, Moment
from support.looking import in_both_sizes, in_nobodys_way, small, validated
from support.pages import SIZES
from support.promising import A
from support.servers import Servers

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("DASHBOARD_PICTURES")
"""A folder for pictures of the three at each moment; `make screenshots` sets it."""
BOARD = f"/opfoelgning/{A}"
DASHBOARDS = {"public": BOARD, "council": "/opfoelgning/raadet", "officer": "/opfoelgning/opgaver"}
PHONES = (320, 390)
WORDS: dict[Moment, str] = {"on-time": "Kommende", "due-soon": "Frist snart", "overdue": "dage over fristen"}


@pytest.fixture(scope="module")
def stage(servers: Servers) -> Iterator[CouncilStage]:
    stage = CouncilStage(servers)
    yield stage
    stage.close()


def opened(browser: Browser, stage: CouncilStage, width: int, *, scripts: bool = True, officer: bool = False) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    if officer:
        context.add_cookies([{"name": n, "value": v, "url": stage.url} for n, v in stage.officer.items()])
    return context.new_page()


# The moments come in the order of the course, and every test goes on from where the one before has left it.
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_three_dashboards_can_be_read_by_everyone_at_each_moment(
    browser: Browser, stage: CouncilStage, moment: Moment
) -> None:
    stage.go_to(moment)
    page = opened(browser, stage, SIZES["desktop"][0], officer=True)
    for name, path in DASHBOARDS.items():
        for language in ("en", "da"):
            answer = page.goto(f"{stage.url}{path}?sprog={language}")
            assert answer is not None
            assert answer.status == 200
            assert [f"{fault.line}: {fault.message}" for fault in validated({name: answer.text()})] == []
            in_both_sizes(page)
        if name != "officer":
            expect(page.locator("main table").first).to_contain_text(WORDS[moment])
        if PICTURES:
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                to = Path(PICTURES) / f"dashboard-{name}-{moment}-{size}.png"
                small(page.screenshot(full_page=True), 256).save(to, optimize=True)
    page.context.close()


@pytest.mark.parametrize("width", PHONES)
def test_a_member_reads_on_a_phone_what_became_of_a_recommendation(
    browser: Browser, stage: CouncilStage, width: int
) -> None:
    stage.go_to("overdue")
    page = opened(browser, stage, width, scripts=False)
    page.goto(f"{stage.url}/opfoelgning")
    page.get_by_role("link", name="Dragørs borgersamling om fremtidens velfærd").click()
    expect(page.locator("main")).to_contain_text("Fristen for en status er overskredet")
    new = page.locator(".house-changes li").first
    expect(new).to_contain_text("Følges delvist")
    expect(new).to_contain_text("fremdrift fra 0 til 40 procent")
    page.get_by_label("Svar", exact=True).select_option("followed")
    page.get_by_label("Fremdrift", exact=True).select_option("begun")
    page.get_by_role("button", name="Vis", exact=True).click()
    expect(page.locator(".house-recommendation")).to_have_count(2)
    page.get_by_role("link", name="Hele historien om anbefaling 1", exact=True).click()
    expect(page.locator("h1")).to_have_text("Hvad er der blevet af anbefaling 1")
    main = page.locator("main")
    for words in ("Der er fundet penge i budgettet for 2026.", "250.000 kr.", "40 procent gennemført", "Læs version 1"):
        expect(main).to_contain_text(words)
    story = [text.splitlines()[0] for text in page.locator(".house-timeline > li").all_inner_texts()]
    assert story[0] == "17. juni 2025"
    assert story[-1].startswith("Kommer · ")
    page.get_by_text("Læs version 1").click()
    expect(main).to_contain_text("Regnskabet laves fra næste år.")
    page.context.close()
    seen = opened(browser, stage, width)  # axe needs scripts
    for path in (BOARD, f"{BOARD}/anbefalinger/r-1", f"{BOARD}/status/status-3", "/opfoelgning/raadet?udvalg=finance"):
        seen.goto(f"{stage.url}{path}")
        in_nobodys_way(seen, f"{path}, {width} px wide")
        assert seen.evaluate("document.documentElement.scrollWidth") <= width
    seen.context.close()


def test_the_filters_are_reached_and_sent_by_the_keyboard_alone(browser: Browser, stage: CouncilStage) -> None:
    stage.go_to("overdue")
    page = opened(browser, stage, SIZES["desktop"][0])
    page.goto(f"{stage.url}{BOARD}")
    shown = page.locator(".house-recommendation")
    every = shown.count()
    page.get_by_label("Svar", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Vis", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**svar=followed**")
    assert 0 < shown.count() < every
    assert all("Følges" in text for text in shown.all_inner_texts())
    page.context.close()


def test_on_paper_there_is_nothing_to_press_and_nothing_folded(browser: Browser, stage: CouncilStage) -> None:
    stage.go_to("overdue")
    page = opened(browser, stage, SIZES["desktop"][0])
    page.goto(f"{stage.url}{BOARD}")
    page.emulate_media(media="print")
    for gone in (".house-filters", ".breadcrumbs", "header.header", ".language-switcher"):
        expect(page.locator(gone).first).to_be_hidden()
    table = page.locator(".house-chart + details table").first
    expect(table).to_be_visible()  # the chart's numbers, folded on the screen
    page.context.close()
