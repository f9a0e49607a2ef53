"""What became of a recommendation, and what is new: the dashboard of an assembly, a recommendation's page, a status."""

import re
from datetime import UTC, date, datetime
from functools import partial

from followup.domain.work import Step, Work
from followup.use_cases import deadlines, working
from support.house import House, Running
from support.promising import A, answer, api_of, delivered, publish, recommendation

BOARD = f"/opfoelgning/{A}"


async def page(followup: Running, path: str, language: str = "da") -> str:
    """What the main part of a page says, blanks aside."""
    wish = f"{'&' if '?' in path else '?'}sprog={language}"
    found = await followup.http.get(f"{path}{wish}", headers={"accept": "text/html"})
    assert found.status_code == 200, path
    return re.sub(r"\s+", " ", found.text.partition("<main")[2])


def shown(board: str) -> list[int]:
    """The numbers of the recommendations on a dashboard."""
    return [int(n) for n in re.findall(r'id="recommendation-r-(\d+)"', board)]


async def worked(followup: Running, number: int, work: Work) -> None:
    await followup.service.transaction(
        partial(working.record_work, assembly_id=A, recommendation_id=f"r-{number}", work=work)
    )


async def eventful(house: House) -> Running:
    """A status published in September; since then one answer is new and one carried out; a meeting is planned."""
    followup = await delivered(house, count=3)
    await house.say(recommendation(3, theme="care", committees=("social",)))
    await house.settle()
    await answer(house, followup, 1, answer="partly", reason="Der er ikke penge endnu")
    await answer(house, followup, 2, answer="not-followed", reason="Det er statens opgave")
    await answer(house, followup, 3, done_by="2026-05-01", unit="Ældreområdet", money=50_000)
    await publish(house, followup, "s-3", "Vi er begyndt.")
    await house.move_clock(datetime(2025, 12, 1, 9, tzinfo=UTC))
    await answer(house, followup, 1, answer="followed", reason="Nu er pengene fundet", revision=1)
    met = Step("finance", date(2025, 11, 20), "Punkt 7: Budget", "https://by.dk/dagsorden/7", "Pengene er fundet.")
    planned = Step("social", date(2026, 2, 3), "Punkt 2: Forsøg")
    await worked(followup, 1, Work(("finance", "social"), (met, planned), 25))
    await worked(followup, 3, Work(progress=100))
    return followup


async def test_the_dashboard_says_what_is_new_since_the_last_status(house: House) -> None:
    followup = await eventful(house)
    new = (await page(followup, BOARD)).partition('id="changes"')[2].partition("</ul>")[0]
    assert re.findall(r"anbefalinger/(r-\d)", new) == ["r-1", "r-3"]
    assert re.search(r"Følges delvist</strong> → .*Følges</strong>", new)
    assert "fremdrift fra 0 til 25 procent; ny begrundelse" in new
    assert "fremdrift fra 0 til 100 procent" in new
    whole = (await followup.http.get(api_of())).json()
    assert [(c["recommendation"], c["what"]) for c in whole["changes"]] == [
        ("r-1", ["verdict", "reason", "progress"]),
        ("r-3", ["progress"]),
    ]


async def test_each_status_says_what_is_new_since_the_one_before(house: House) -> None:
    followup = await eventful(house)
    first = await page(followup, f"{BOARD}/status/s-3")
    assert "Det er den første status: Alle svar er nye." in first
    await publish(house, followup, "s-10", "Vi er nået langt.")
    second = (await page(followup, f"{BOARD}/status/s-10")).partition('id="changes"')[2]
    assert "Der er nyt om 2 af 3 anbefalinger." in second.partition("<ul")[0]
    assert re.findall(r"anbefalinger/(r-\d)", second.partition("</ul>")[0]) == ["r-1", "r-3"]
    assert "Intet svar og ingen fremdrift er ændret siden “Status s-10”." in await page(followup, BOARD)


async def test_recommendations_are_chosen_by_theme_committee_answer_and_progress(house: House) -> None:
    followup = await eventful(house)
    assert shown(await page(followup, BOARD)) == [1, 2, 3]
    for asked, numbers in {
        "tema=care": [3],
        "udvalg=social": [1, 3],
        "udvalg=finance": [1, 2],
        "svar=followed": [1, 3],
        "svar=not-followed": [2],
        "svar=waiting": [],
        "fremdrift=none": [2],
        "fremdrift=begun": [1],
        "fremdrift=done": [3],
        "udvalg=social&svar=followed&fremdrift=begun": [1],
        "tema=ukendt": [],
    }.items():
        found = await page(followup, f"{BOARD}?{asked}")
        assert shown(found) == numbers, asked
        assert ("Ingen anbefaling passer" in found) == (not numbers), asked
    chosen = await page(followup, f"{BOARD}?udvalg=social")
    assert '<option value="social" selected>Socialudvalget</option>' in chosen
    assert "Viser 2 af 3 anbefalinger." in chosen


async def test_one_recommendation_has_its_whole_story_with_what_is_to_come_last(house: House) -> None:
    followup = await eventful(house)
    one = await page(followup, f"{BOARD}/anbefalinger/r-1")
    days = re.findall(r'<p class="house-when">(Kommer · )?<time datetime="([0-9-]+)">', one)
    assert days == [
        ("", "2025-06-17"),  # delivered
        ("", "2025-06-17"),  # answered
        ("", "2025-06-17"),  # told in the status
        ("", "2025-11-20"),  # the meeting that has been
        ("", "2025-12-01"),  # answered anew
        ("Kommer · ", "2026-02-03"),  # the meeting to come
        ("Kommer · ", "2026-04-17"),  # the next status
    ]
    for words in ("Pengene er fundet.", 'href="https://by.dk/dagsorden/7"', "Der er ikke penge endnu", "Læs version 1"):
        assert words in one
    third = await page(followup, f"{BOARD}/anbefalinger/r-3", "en")
    for words in ("Carried out", "1 May 2026", "Ældreområdet", "50,000 kr.", "done by this day"):
        assert words in third
    for missing in (f"{BOARD}/anbefalinger/r-9", "/opfoelgning/ukendt-2025/anbefalinger/r-1"):
        assert (await followup.http.get(missing)).status_code == 404


async def test_what_was_to_be_done_by_a_day_that_has_passed_is_not_said_to_come(house: House) -> None:
    followup = await eventful(house)
    await house.move_clock(datetime(2026, 5, 2, 9, tzinfo=UTC))
    third = await page(followup, f"{BOARD}/anbefalinger/r-3")
    assert '<p class="house-when"><time datetime="2026-05-01">' in third
    assert "Det skulle være gjort senest denne dag" in third
    assert "Anbefalingen er ikke afsluttet endnu: 100 procent er gennemført." in third


async def test_a_deadline_that_was_moved_keeps_its_old_day_and_its_reason_in_sight(house: House) -> None:
    followup = await delivered(house)
    move = partial(
        deadlines.extend, assembly_id=A, milestone_id="s-3", to_day=date(2025, 10, 1), reason="Valgkampen <tog> tid"
    )
    await followup.service.transaction(move)
    board = await page(followup, BOARD)
    assert "Lovet til 17. september 2025" in board
    assert "Fra 17. september 2025 til 1. oktober 2025." in board
    assert "Valgkampen &lt;tog&gt; tid" in board
    assert "Et kryds er en frist, der er flyttet." in board
    assert "En trekant under linjen er et kommunalvalg." in board  # 18 November 2025 lies before the last status
    assert "Kommunalvalg 18. november 2025. Løftet binder også den nye kommunalbestyrelse fra 1. januar 2026." in board
