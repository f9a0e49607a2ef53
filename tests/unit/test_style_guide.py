"""The style guide: every building block is on it, and what it shows is what its calls make."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jinja2.runtime import Macro

from chassis import style_guide
from support.forms import pages_of


class AtNoon:
    def now(self) -> datetime:
        return datetime(2027, 3, 1, 11, tzinfo=UTC)

    machine_now = now


PAGES = pages_of("chassis", AtNoon())


@pytest.fixture(scope="module", params=["da", "en"])
def page(request: Any) -> str:
    app = FastAPI()
    app.include_router(style_guide.router(cast("Any", SimpleNamespace(pages=PAGES))))
    return TestClient(app).get(f"/stil?sprog={request.param}").text


def building_blocks() -> set[str]:
    """What templates have as `ui`, asked of the module itself."""
    ui = PAGES._environments["da"].globals["ui"]
    return {name for name, thing in vars(ui).items() if isinstance(thing, Macro)}


def test_every_building_block_is_shown_and_said_how_to_call() -> None:
    shown = {block.name: block for room in style_guide.ROOMS for block in style_guide.blocks(room)}
    assert building_blocks() == set(shown)
    assert len(shown) >= 30
    assert [name for name, block in shown.items() if not block.examples] == []
    assert [name for name, block in shown.items() if f"{name}(" not in block.about] == []
    for name, block in shown.items():
        assert all(f"ui.{name}(" in example.source for example in block.examples), name


def test_every_room_of_the_building_blocks_is_on_the_page() -> None:
    assert {path.stem for path in (style_guide.TEMPLATES / "ui").glob("*.html")} == set(style_guide.ROOMS)


def test_a_field_is_shown_empty_filled_in_and_with_an_error() -> None:
    states = {block.name: {example.state for example in block.examples} for block in style_guide.blocks("forms")}
    for field in ("text_field", "text_area", "radio_group", "checkbox", "checkbox_group", "select", "date_field"):
        assert {"Empty", "Filled in", "With an error"} <= states[field], field


def test_every_state_is_said_of_some_example() -> None:
    said = {e.state for room in style_guide.ROOMS for block in style_guide.blocks(room) for e in block.examples}
    assert said == set(style_guide.STATES.values())


def test_the_page_shows_each_example_beside_its_call(page: str) -> None:
    examples = sum(len(block.examples) for room in style_guide.ROOMS for block in style_guide.blocks(room))
    assert page.count('class="house-shown"') == page.count("<pre><code>") == examples >= 70
    assert '<input class="form-input" type="text" id="name-filled"' in page
    assert "{{ ui.text_field(&#34;name-filled&#34;" in page


def test_ids_are_unique_and_every_reference_finds_its_target(page: str) -> None:
    ids = re.findall(r' id="([^"]+)"', page)
    assert [name for name in set(ids) if ids.count(name) > 1] == []
    named = re.findall(r' (?:for|aria-describedby|aria-labelledby)="([^"]+)"', page)
    named += re.findall(r'href="#([^"]+)"', page)
    assert {name for group in named for name in group.split()} - set(ids) == set()


def test_an_example_of_a_building_block_that_is_not_there_is_an_error(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "style-guide").mkdir()
    (tmp_path / "ui/planted.html").write_text("{# known() #}\n{% macro known() %}{% endmacro %}\n")
    (tmp_path / "style-guide/planted.html").write_text("{#= unknown: plain =#}\n{{ ui.unknown() }}\n")
    monkeypatch.setattr(style_guide, "TEMPLATES", tmp_path)
    with pytest.raises(KeyError, match="unknown"):
        style_guide.blocks("planted")
