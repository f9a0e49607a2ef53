"""Pages: what a visitor of any service meets."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient
from jinja2 import Environment, FileSystemLoader, UndefinedError

from chassis.language import Words
from chassis.pages import danish_sort_key, static_files
from support.forms import pages_of

DEMO = """{% extends "layout.html" %}
{% block title %}{{ _("Sign-up") }}{% endblock %}
{% block breadcrumbs %}{{ ui.breadcrumbs([(_("Front page"), "/"), (_("Sign-up"), none)]) }}{% endblock %}
{% block error_summary %}{{ ui.error_summary([("name", "Skriv <navn>"), ("gender", "Vælg")]) }}{% endblock %}
{% block content %}
{{ ui.steps(["A", "B", "C"], 2) }}
{{ ui.text_field("name", "Navn", value='"x"', hint="Hele navnet", error="Skriv <navn>") }}
{{ ui.text_area("why", "Hvorfor", required=false) }}
{{ ui.radio_group("gender", "Køn", [("f", "Kvinde"), ("m", "Mand", "hint")], value="m", error="Vælg") }}
{{ ui.checkbox("consent", "Ja", checked=true) }}
{{ ui.select("district", "Distrikt", [("a", "A"), ("b", "B")], value="b") }}
{{ ui.button("Send") }}{{ ui.button_link("Tilbage", "/") }}
{{ ui.table("Tal", ["Sted", "Antal"], [["Søvang", 12]], numeric=[1]) }}
{{ ui.cards([{"heading": "H", "text": "T", "href": "/x", "subheading": "S"}, {"heading": "H2", "text": "T2"}]) }}
{{ ui.badge("Ny", "info") }}
{{ ui.alert("warning", "Pas på", "Nu") }}
{% call ui.alert("info", "Om") %}<p>indhold</p>{% endcall %}
{{ ui.empty("Intet endnu", "Kommer") }}
{{ ui.definitions([("Sted", "Dragør")]) }}
{{ ui.timeline([{"state": "done", "title": "A", "when": "1"}, {"state": "now", "title": "B", "href": "/b", "text": "t"},
                {"state": "next", "title": "C"}]) }}
{{ ui.progress("Breve sendt", 1200, 11752) }}
{{ ui.bar_chart("age", "Alder", "Fordeling", [("15-24", [11, 0]), ("25-44", [15, 22])], ["Panel", "By"], unit="%") }}
{{ ui.strip([{"state": "done", "title": "A", "when": "1"}, {"state": "now", "title": "Strimlen", "href": "/b"}]) }}
{{ ui.squares("drawn", "Udtrukket", "Kvadrater", [("Inviteret", 10000), ("Tilmeldt", 100), ("Medlemmer", 1)]) }}
{{ ui.share_chart("answers", "Svar", "Antal", [("Alle", [3, 0, 1])], ["Fulgt", "Ikke fulgt", "Ubesvaret"]) }}
{{ format_date(today) }}|{{ format_number(11752) }}|{{ text({"da": "ja", "en": "yes"}) }}|{{ path }}
{% endblock %}
"""


class AtNoon:
    def now(self) -> datetime:
        return datetime(2027, 2, 28, 23, 30, tzinfo=UTC)  # already 1 March in Copenhagen

    machine_now = now


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    (tmp_path / "demo.html").write_text(DEMO, encoding="utf-8")
    (tmp_path / "broken.html").write_text("{{ nobody_gave_me_this }}", encoding="utf-8")
    pages = pages_of("chassis", AtNoon())
    for environment in pages._environments.values():
        environment.loader.loaders.insert(0, FileSystemLoader(tmp_path))  # type: ignore[union-attr]
    app = FastAPI()
    app.mount("/static", static_files())

    @app.get("/tilmelding/broken")
    def broken(request: Request) -> HTMLResponse:
        return pages.render(request, "broken.html")

    @app.get("/{path:path}")
    def demo(request: Request) -> HTMLResponse:
        return pages.render(request, "demo.html")

    return TestClient(app)


def test_a_first_visit_is_in_danish(browser: TestClient) -> None:
    page = browser.get("/tilmelding")
    assert '<html lang="da">' in page.text
    assert page.headers["content-language"] == "da"
    assert "Gå til indholdet" in page.text
    assert "1. marts 2027|11.752|ja|/tilmelding" in page.text
    assert "set-cookie" not in page.headers


def test_the_language_a_visitor_chooses_stays_chosen(browser: TestClient) -> None:
    chosen = browser.get("/tilmelding?sprog=en")
    assert "sprog=en" in chosen.headers["set-cookie"]
    assert "HttpOnly" in chosen.headers["set-cookie"]
    later = browser.get("/lodtraekning")
    assert '<html lang="en">' in later.text
    assert "1 March 2027|11,752|yes|/lodtraekning" in later.text
    assert 'href="/lodtraekning?sprog=da" lang="da"' in later.text


def test_an_unknown_language_is_danish_and_sets_no_cookie(browser: TestClient) -> None:
    page = browser.get("/?sprog=%22%3E%3Cscript%3E")
    assert '<html lang="da">' in page.text
    assert "<script>" not in page.text
    assert "set-cookie" not in page.headers


def test_the_menu_says_where_one_is(browser: TestClient) -> None:
    here = re.compile(r'<a href="([^"]+)" class="nav-link" aria-current="(\w+)"')
    assert here.findall(browser.get("/").text) == [("/", "page")]
    assert here.findall(browser.get("/lodtraekning").text) == [("/lodtraekning", "page")]
    assert here.findall(browser.get("/opfoelgning/dragoer-2025").text) == [("/opfoelgning", "true")]
    assert here.findall(browser.get("/samling/api").text) == [("/", "true")]
    assert here.findall(browser.get("/was").text) == []


def test_every_page_links_the_accessibility_statement_and_has_one_title(browser: TestClient) -> None:
    page = browser.get("/").text
    assert '<a class="function-link" href="/was">Tilgængelighedserklæring</a>' in page
    assert page.count("<h1>") == 1
    assert "<title>Tilmelding – Borgersamling</title>" in page
    assert page.index("Der er et problem") < page.index("<h1>")


def test_an_error_is_linked_to_its_field_and_escaped(browser: TestClient) -> None:
    page = browser.get("/").text
    assert '<a class="function-link" href="#name">Skriv &lt;navn&gt;</a>' in page
    assert (
        'id="name" name="name" value="&#34;x&#34;" aria-describedby="name-hint name-error" aria-invalid="true"' in page
    )
    assert 'type="radio" id="gender" name="gender" value="f"' in page  # what the summary's #gender lands on
    assert 'id="gender-2" name="gender" value="m" checked' in page


def test_no_page_needs_inline_style_or_script(browser: TestClient) -> None:
    page = browser.get("/").text
    assert " style=" not in page
    assert not re.search(r"<script(?! src=)", page)
    assert not re.search(r" on[a-z]+=", page)


def test_ids_are_unique_and_every_reference_finds_its_target(browser: TestClient) -> None:
    page = browser.get("/").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'(?:for|href)="#?([^"/]+)"', page)
    described = [
        name for group in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page) for name in group.split()
    ]
    fills = re.findall(r"url\(#([^)]+)\)", page)
    assert {t for t in targets if not t.startswith("?")} <= set(ids)
    assert set(described) | set(fills) <= set(ids)


def test_a_chart_has_words_numbers_and_a_table(browser: TestClient) -> None:
    page = browser.get("/").text
    assert '<desc id="age-desc">Fordeling</desc>' in page
    assert "<caption" in page
    assert ">22 %<" in page
    assert page.count("Alder som tabel") == 1


def test_the_squares_are_to_scale(browser: TestClient) -> None:
    page = browser.get("/").text
    sides = [float(side) for side in re.findall(r'width="([\d.]+)" height="\1" fill="url\(#drawn-', page)]
    # A hundredth of the people is a tenth of the side; what would be too small to see is drawn at the least.
    assert sides == [190, 19, 3]
    assert "Inviteret: 10.000. Tilmeldt: 100. Medlemmer: 1." in page


def test_the_parts_of_a_whole_fill_the_bar_and_those_of_none_are_told_too(browser: TestClient) -> None:
    page = browser.get("/").text
    parts = re.findall(r'width="([\d.]+)" height="24" fill="url\(#(answers-\d)\)', page)
    assert parts == [("254.2", "answers-0"), ("84.8", "answers-2")]
    assert '<th scope="row">Alle</th><td class="align-text-right">3</td><td class="align-text-right">0</td>' in page


def test_a_state_of_the_timeline_is_a_word_not_only_a_shape(browser: TestClient) -> None:
    page = browser.get("/").text
    assert [word in page for word in ("Afsluttet · 1", "Nu", "Kommer")] == [True] * 3
    assert page.count('<li class="house-now" aria-current="step">') == 2  # of the long timeline and of the short one


def test_every_file_a_page_or_style_names_is_served(browser: TestClient) -> None:
    page = browser.get("/").text
    named = {url.split("#")[0] for url in re.findall(r'"(/static/[^"]+)"', page)}
    assert len(named) >= 4
    assert [browser.get(url).status_code for url in sorted(named)] == [200] * len(named)
    own = browser.get("/static/borgersamling.css").text
    fonts = re.findall(r"url\(([^)]+)\)", own)
    assert [browser.get(f"/static/{url}").status_code for url in fonts] == [200] * len(fonts)
    symbols = browser.get("/static/dkfds/img/all-svg-icons.svg").text
    icons = set(re.findall(r'all-svg-icons.svg#([\w-]+)"', page))
    assert {name for name in icons if f'id="{name}"' not in symbols} == set()


def test_a_name_the_context_lacks_is_an_error_not_an_empty_page(browser: TestClient) -> None:
    with pytest.raises(UndefinedError, match="nobody_gave_me_this"):
        browser.get("/tilmelding/broken")


def test_danish_names_sort_as_danes_expect() -> None:
    names = ["Åse", "Ærø", "Zenia", "Øland", "Aabenraa", "andrea", "Anders", "Émile", "Erik"]
    assert sorted(names, key=danish_sort_key) == [
        "Anders", "andrea", "Émile", "Erik", "Zenia", "Ærø", "Øland", "Aabenraa", "Åse",
    ]  # fmt: skip


def test_days_and_hours_are_copenhagens() -> None:
    danish, english = Words("da", "chassis"), Words("en", "chassis")
    moment = datetime(2027, 6, 30, 22, 5, tzinfo=UTC)
    assert danish.format_datetime(moment) == "1. juli 2027 kl. 00:05"
    assert english.format_datetime(moment) == "1 July 2027 at 00:05"
    assert danish.format_date(date(2027, 3, 1)) == "1. marts 2027"
    with pytest.raises(ValueError, match="without a zone"):
        danish.format_datetime(datetime(2027, 6, 30, 22, 5))  # noqa: DTZ001 - the very thing refused


def test_a_message_with_values_is_escaped_and_one_without_may_hold_a_percent_sign() -> None:
    words = Words("en", "chassis")
    assert str(words.gettext("%(name)s & co", name="<b>")) == "&lt;b&gt; &amp; co"
    assert words.gettext("100 % sure") == "100 % sure"
    assert words.ngettext("%(num)s person", "%(num)s people", 1) == "1 person"
    assert words.ngettext("%(num)s person", "%(num)s people", 11752) == "11,752 people"
    page = Environment(autoescape=True).from_string("{{ message }}")
    assert page.render(message=words.gettext("%(name)s & co", name="<b>")) == "&lt;b&gt; &amp; co"
