"""Anyone tries out a schedule on a page whose address holds all of it."""

from urllib.parse import urlencode

import pytest

from support.house import House
from support.promising import A, api_of, delivered, milestone, started

pytestmark = pytest.mark.integration

PAGE = "/opfoelgning/hvad-nu-hvis"
DELIVERY = {"delivered": "17", "delivered-month": "6", "delivered-year": "2025"}


async def test_a_schedule_is_tried_out_before_any_assembly_is_announced(house: House) -> None:
    followup = await started(house)
    empty = await followup.http.get(PAGE)
    assert (empty.status_code, "Prøv en tidsplan af" in empty.text, "Dagene</h2>" in empty.text) == (200, True, False)
    rows = {"rows": "2", "months-1": "3", "title-1": "Første", "months-2": "6", "event-2": "closing"}
    shown = (await followup.http.get(f"{PAGE}?{urlencode(DELIVERY | rows | {'reminders': '30'})}")).text
    for text in ("Første", "onsdag 17. september 2025", "18. august 2025", "torsdag 18. september 2025"):
        assert text in shown
    assert "Følger, når dagen kendes" in shown  # the closing has none
    assert "Der er ikke kommunalvalg undervejs" in shown
    closing = {"event-closing": "31", "event-closing-month": "8", "event-closing-year": "2025", "working-2": "yes"}
    dated = (await followup.http.get(f"{PAGE}?{urlencode(DELIVERY | rows | closing)}&sprog=en")).text
    # Six months after 31 August is Saturday 28 February; Monday is 2 March.
    assert "Monday 2 March 2026" in dated
    assert "moved 2 days to a working day" in dated
    assert "Elected on 18 November 2025, the new council takes office on 1 January 2026" in dated


async def test_an_announced_schedule_is_where_one_begins_and_stays_as_it_was_promised(house: House) -> None:
    followup = await delivered(house, (milestone("s-3", 3), milestone("s-10", 10, wording="after")))
    before = (await followup.http.get(api_of())).json()
    begun = (await followup.http.get(f"{PAGE}?samling={A}")).text
    for text in ('value="Status s-10"', 'name="samling" value="dragoer-2025"', "som lovet"):
        assert text in begun
    asked = {
        **DELIVERY,
        "samling": A,
        "rows": "3",
        "id-1": "s-3",
        "months-1": "4",
        "id-2": "s-10",
        "months-2": "10",
        "wording-2": "after",
        "window-2": "14",
        "months-3": "24",
        "title-3": "<b>Sidste</b>",
    }
    shown = (await followup.http.get(f"{PAGE}?{urlencode(asked)}")).text
    for text in ("fredag 17. oktober 2025", "30 dage senere", "14 dage senere", "og 14 dage mere", "<td>ny</td>"):
        assert text in shown
    assert "&lt;b&gt;Sidste&lt;/b&gt;" in shown
    more = (await followup.http.get(f"{PAGE}?{urlencode(asked | {'more': 'yes'})}")).text
    assert 'name="months-4"' in more
    assert (await followup.http.get(api_of())).json() == before


async def test_what_is_wrong_is_said_at_its_field(house: House) -> None:
    followup = await started(house)
    wrong = {"rows": "1", "months-1": "tre", "wording-1": "within", "window-1": "7", "delivered": "31"}
    wrong |= {"delivered-month": "6", "delivered-year": "2025", "samling": "ukendt-2025"}
    shown = await followup.http.get(f"{PAGE}?{urlencode(wrong)}")
    assert shown.status_code == 422
    for field, message in (("delivered", "Skriv dag, måned og år"), ("months-1", "Skriv hele måneder, fra 0 til 120")):
        assert f'<a class="function-link" href="#{field}">{message}</a>' in shown.text
    assert 'value="tre"' in shown.text
