"""A page used without a mouse."""

from playwright.sync_api import Page


def tab_to(page: Page, selector: str, *, most: int) -> None:
    """Press the tabulator, at `most` so often, until this is where the keyboard is, as someone without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard")
