"""The council's own dashboard: what is owed and by when, what lies on which committee's table, which elections come."""

import re
from datetime import UTC, date, datetime
from functools import partial

from contracts.sessions import Named
from followup.domain.work import Step, Work
from followup.use_cases import working
from support.house import House, Running
from support.promising import DELIVERED, A, answer, delivered, hand_over, milestone, text

COUNCIL = "/opfoelgning/raadet"


async def page(followup: Running, query: str = "", language: str = "da") -> str:
    """What the main part of the page says, blanks aside; nobody has signed in."""
    found = await followup.http.get(f"{COUNCIL}?sprog={language}&{query}", headers={"accept": "text/html"})
    assert found.status_code == 200, query
    return re.sub(r"\s+", " ", found.text.partition("<main")[2])


def tables(board: str) -> dict[str, list[int]]:
    """How much lies on each committee's table: all, not answered, waiting for a decision."""
    rows = re.findall(r'udvalg=([a-z]+)[^>]*>[^<]*</a></th>((?:<td class="align-text-right">\d+</td>)+)', board)
    return {committee: [int(n) for n in re.findall(r">(\d+)<", cells)] for committee, cells in rows}


def rows(board: str) -> list[str]:
    """The first words of each row of the first table."""
    body = board.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]+>", "", row) for row in re.findall(r'<th scope="row">(.*?)</th>', body)]


async def worked(followup: Running, number: int, work: Work) -> None:
    await followup.service.transaction(
        partial(working.record_work, assembly_id=A, recommendation_id=f"r-{number}", work=work)
    )


async def test_the_council_sees_what_lies_on_each_committees_table(house: House) -> None:
    followup = await delivered(house, count=3)
    await answer(house, followup, 1)
    planned = Step("social", date(2025, 9, 1), "Punkt 2: Forsøg", "https://by.dk/2")
    await worked(followup, 2, Work(("finance", "social"), (planned,)))
    await answer(house, followup, 3)
    close = partial(working.close_recommendation, assembly_id=A, recommendation_id="r-3")
    await followup.service.transaction(close)  # what is closed lies on no table
    assert tables(await page(followup)) == {"finance": [2, 1, 1], "social": [1, 1, 1]}
    finance = await page(followup, "udvalg=finance")
    assert "2 anbefalinger ligger på udvalgets bord. 1 er ikke besvaret endnu. 1 venter på en beslutning." in finance
    assert [row.split(".")[0] for row in rows(finance)] == ["2", "1"]  # unanswered first
    social = await page(followup, "udvalg=social", "en")
    assert '1 September 2025: <span lang="da">Punkt 2: Forsøg</span>' in social
    assert "no decision yet" in social
    assert "<h1>Socialudvalget (en)</h1>" in social
    assert tables(await page(followup, "udvalg=ukendt")) == {"finance": [2, 1, 1], "social": [1, 1, 1]}


async def test_deadlines_stand_by_day_with_the_elections_that_bind_the_next_council(house: House) -> None:
    followup = await delivered(house, (milestone("s-3", 3), milestone("s-24", 24)))
    before = await page(followup)
    assert [row.partition(": ")[2].strip() for row in rows(before)] == ["Status s-3", "Status s-24"]
    assert "Ingen status er forsinket." in before
    assert "18. november 2025; løftet binder den nye kommunalbestyrelse." in before
    agenda = f"/opfoelgning/{A}/dagsorden.pdf?sprog=da"
    assert before.count(f'href="{agenda}"') == 1  # two deadlines, one assembly
    assert (await followup.http.get(agenda)).headers["content-type"] == "application/pdf"
    await house.move_clock(datetime(2026, 2, 1, 9, tzinfo=UTC))
    await house.settle()
    late = await page(followup)
    assert "1 borgersamling venter på en status, der skulle være kommet." in late
    assert "137 dage over fristen" in late
    assert late.count("Lovet af kommunalbestyrelsen før 1. januar 2026; løftet binder den nuværende.") == 2


async def test_of_several_municipalities_one_is_chosen_before_its_tables_are_shown(house: House) -> None:
    followup = await delivered(house, (milestone("s-3", 3),))
    greve = Named(id="greve", title=text("Greve Kommune"))
    await hand_over(house, (milestone("s-2", 2),), assembly="greve-2025", municipality=greve)
    both = await page(followup)
    assert len(rows(both)) == 2
    assert "Status s-2 Greve Kommune" in re.sub(r"<[^>]+>", " ", both).replace("  ", " ")
    assert ("Vælg en kommune" in both, tables(both)) == (True, {})
    one = await page(followup, "kommune=greve")
    assert [row.partition(": ")[2].strip() for row in rows(one)] == ["Status s-2"]
    assert tables(one) == {"finance": [2, 2, 0], "social": [0, 0, 0]}
    assert rows(await page(followup, "kommune=ukendt")) == []


async def test_before_there_is_an_assembly_the_page_says_so(house: House) -> None:
    followup = await delivered(house, (), count=0)
    assert "Kommunalbestyrelsen skylder ingen status lige nu" in await page(followup)
    assert followup.service.clock.now().date() == DELIVERED.date()
