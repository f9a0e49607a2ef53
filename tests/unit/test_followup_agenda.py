"""The page for the council's agenda: one sheet of A4 however much there is to tell, read aloud in its order."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from chassis.language import Words
from followup.domain.answers import Answer, Content
from followup.domain.assembly import Assembly, Delivery
from followup.domain.commitment import commit
from followup.domain.mandate import Milestone
from followup.reuse import agenda
from followup.views import AssemblyView
from followup.views.assembly import _view
from support.letters import read_aloud, structure
from support.sheets import AT, MANDATE, A, one

DELIVERED, TODAY = date(2025, 6, 17), date(2025, 9, 27)
ORIGIN = "https://samling.example"
TITLES = {m: {"da": f"Status efter {m} måneder", "en": f"Status after {m} months"} for m in (3, 10, 24)}
MILESTONES = tuple(Milestone(f"s-{months}", title, "within", months, None, (30,)) for months, title in TITLES.items())


def view(count: int, title: str = "Flere mødesteder", milestones: tuple[Milestone, ...] = MILESTONES) -> AssemblyView:
    """An assembly of which every third recommendation waits for an answer; the first status is overdue."""
    ids = tuple(f"r-{number}" for number in range(1, count + 1))
    assembly = Assembly(A, replace(MANDATE, milestones=milestones), Delivery(DELIVERED, ids))
    made = [commit(A, m, day, DELIVERED, None) for m in milestones if (day := m.due_on(DELIVERED, {}))]
    answer = Answer(1, Content("partly", "Fordi"), AT)
    told = [replace(one(n), title=f"{title} {n}", answers=(answer,) if n % 3 else ()) for n in range(1, count + 1)]
    assert assembly.mandate
    return _view(assembly, assembly.mandate, made, told, TODAY)


@pytest.mark.parametrize("count", [0, 2, 30, 400])
@pytest.mark.parametrize("title", ["Flere mødesteder", "Ord " * 200, "𝔘nbrydeligt" * 60, ""])
def test_it_is_one_page_whatever_there_is_to_tell(count: int, title: str) -> None:
    pdf = PdfReader(BytesIO(agenda.pdf(view(count, title), TODAY, Words("da", "followup"), ORIGIN)))
    assert len(pdf.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == [210, 297]


def test_it_says_what_is_owed_and_how_everything_is_answered() -> None:
    aloud = " ".join(read_aloud(agenda.pdf(view(3), TODAY, Words("da", "followup"), ORIGIN)).split())
    for text in (
        "Dragør Kommune Opfølgning: Samlingen",
        "Næste status: Status efter 3 måneder, frist 17. september 2025 (Fristen er overskredet).",
        "2 af 3 anbefalinger er besvaret: 0 følges, 2 følges delvist, 0 følges ikke.",
        "Kommunalvalg 18. november 2025",
        f"Pr. 27. september 2025. Hele opfølgningen: {ORIGIN}/opfoelgning/{A}",
    ):
        assert text in aloud
    english = " ".join(read_aloud(agenda.pdf(view(31), TODAY, Words("en", "followup"), ORIGIN)).split())
    assert "Next status: Status after 3 months, due 17 September 2025 (Overdue)." in english
    assert "And 1 recommendation more, on the follow-up page." in english


def test_it_is_tagged_for_screen_readers_with_tables_and_headings() -> None:
    pdf = agenda.pdf(view(2), TODAY, Words("da", "followup"), ORIGIN)
    catalogue = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == ("da", True)
    assert b"pdfuaid" in pdf
    tags = [tag for tag, _ in structure(pdf)]
    assert [tags.count(tag) for tag in ("/H1", "/H2", "/Table")] == [1, 2, 2]
    assert tags.count("/TH") == 9


def test_a_mandate_without_milestones_has_its_page_too() -> None:
    aloud = read_aloud(agenda.pdf(view(1, milestones=()), TODAY, Words("da", "followup"), ORIGIN))
    assert "Kommunalbestyrelsen skylder ingen status lige nu." in aloud
    assert "Mandatet lover ingen status" in aloud
