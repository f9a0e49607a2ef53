"""What people meet when the members are drawn and nobody is erased yet, by the same measures."""

import pytest
from playwright.sync_api import Browser, Page

from support.looking import all_valid, can_be_used
from support.pages import Shown, at
from support.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.system]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("shown", at("drawn"), ids=lambda shown: shown.name)
def test_a_page_can_be_used_by_everyone(
    visits_after_the_draw: Visits, reader: Page, shown: Shown, language: str
) -> None:
    can_be_used(visits_after_the_draw, reader, shown, language)


def test_every_page_is_valid_html(visits_after_the_draw: Visits, browser: Browser) -> None:
    all_valid(visits_after_the_draw, at("drawn"), browser)
