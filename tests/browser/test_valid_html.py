"""Every page is valid HTML, in both languages: html-validate reads what the services send."""

import httpx
import pytest
from playwright.sync_api import Browser

from support.looking import all_valid, validated
from support.pages import NO_PAGES, A, at
from support.rehearsals import Rehearsal
from support.visits import Visits

pytestmark = pytest.mark.browser

WRONG = """<!DOCTYPE html>
<html lang="da">
<head><title>Tilmelding</title></head>
<body>
<main>
<h1>Tilmelding</h1>
<input type="text" id="navn">
<p id="navn"><div>Et afsnit i et afsnit</p></div>
</main>
</body>
</html>
"""


@pytest.mark.system
def test_every_page_is_valid_html(visits: Visits, browser: Browser) -> None:
    all_valid(visits, at("follow-up"), browser)


def test_a_wrong_page_is_found_by_name_line_and_rule() -> None:
    right = WRONG.replace('<input type="text" id="navn">\n', "").replace(
        '<p id="navn"><div>Et afsnit i et afsnit</p></div>', "<p>Et afsnit</p>"
    )
    found = validated({"wrong": WRONG, "right": right})
    assert {fault.page for fault in found} == {"wrong"}
    assert {(8, "close-order"), (8, "no-dup-id"), (7, "input-missing-label")} <= {
        (fault.line, fault.rule) for fault in found
    }


@pytest.mark.system
@pytest.mark.parametrize("route", NO_PAGES)
def test_what_is_excused_from_the_list_shows_nothing_itself(rehearsal: Rehearsal, route: str) -> None:
    text = {"template": "invitation", "language": "da", "version": 0, "file": "0" * 64}
    url = rehearsal.url + route.format(assembly=A, job="0" * 32, draw="draw-1", **text)
    # Only how it begins: events have no end.
    with httpx.stream("GET", url, headers={"accept": "text/html"}, trust_env=False, timeout=30) as answer:
        assert answer.is_redirect or not answer.headers["content-type"].startswith("text/html")
