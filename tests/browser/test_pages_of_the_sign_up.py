"""What people meet while the sign-up is open: every page that then looks another way, by the same measures."""

import pytest
from playwright.sync_api import Browser, Page

from support.looking import all_valid, can_be_used
from support.pages import Shown, at
from support.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.system]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("shown", at("sign-up"), ids=lambda shown: shown.name)
def test_a_page_can_be_used_by_everyone(early_visits: Visits, reader: Page, shown: Shown, language: str) -> None:
    can_be_used(early_visits, reader, shown, language)


def test_every_page_is_valid_html(early_visits: Visits, browser: Browser) -> None:
    all_valid(early_visits, at("sign-up"), browser)
