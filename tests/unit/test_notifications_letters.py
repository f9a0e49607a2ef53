"""A letter for a reader of 85, for a screen reader, for a camera, and for the window of an envelope."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from chassis.language import Words
from contracts.recipients import Address
from notifications.catalogue import KINDS
from notifications.channels import Attachment, Outgoing, Person
from notifications.channels.letter import Letterhead
from notifications.channels.letter_folder import LetterFolder
from notifications.domain.message import Block, Message, Run
from notifications.domain.shipment import Step
from notifications.fields import FIELDS
from notifications.theme_words import theme_blocks
from support.letters import letter, letter_of, read_aloud, scanned, structure, words
from support.notifying import NOW, message

PERSONAL = sorted(name for name, kind in KINDS.items() if not (kind.staff or kind.follower))
LINK = "/tilmelding/l/k7wq2mzt4xnr5vbj3hcl6pdsya"
WINDOW = (20.0, 45.0, 105.0, 75.0)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def assert_in_this_order(text: str, expected: list[str]) -> None:
    places = [text.find(one) for one in expected]
    assert -1 not in places, [one for one, place in zip(expected, places, strict=True) if place < 0]
    assert places == sorted(places)


@pytest.mark.parametrize("how", [(), ("-raw",)])
def test_a_letter_reads_in_the_order_of_a_letter(how: tuple[str, ...]) -> None:
    expected = [
        "Dragør Kommune",
        "Afsender: Dragør Kommune, Kirkevej 7, 2791 Dragør",
        "Åse Prøve Nr1\nStrandlinien 2\n2791 Dragør\n",
        "Dato:\n10. februar 2025",
        "Referencenummer:\n123 456 789",
        "Telefon:\n32 89 01 00",
        "Du er inviteret til",
        "Kære",
        f"Meld dig til lodtrækningen:\nhttp://127.0.0.1:8080{LINK}\n",
        "Skriv adressen i en browser",
        "Linket er personligt",
        "Venlig hilsen\nDragør Kommune",
    ]
    text = read_aloud(letter("invitation", link=LINK), *how)
    assert_in_this_order(text.replace("\n\n", "\n"), expected)


def test_a_letter_in_english_is_english_all_through() -> None:
    text = read_aloud(letter("invitation", "en", link=LINK))
    for word in ("From: ", "Date:", "10 February 2025", "Reference number:", "Telephone:", "Type the address into"):
        assert word in text
    assert "Dato" not in text


@pytest.mark.parametrize("template", PERSONAL)
def test_every_letter_is_tagged_named_and_in_its_language(template: str) -> None:
    pdf = letter(template, link=LINK)  # typst refuses to export what breaks PDF/UA-1
    reader = PdfReader(BytesIO(pdf))
    root, metadata = reader.root_object, reader.metadata
    assert metadata is not None
    assert metadata.title == message(template).message.subject
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "da"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert [tag for tag, _ in structure(pdf)].count("/H1") == 1


@pytest.mark.parametrize("template", PERSONAL)
def test_every_letter_fits_on_one_page_of_a4(template: str) -> None:
    reader = PdfReader(BytesIO(letter(template, link=LINK)))
    assert len(reader.pages) == 1
    page = reader.pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert "Side" not in read_aloud(letter(template))


def test_a_status_told_theme_by_theme_is_a_letter_for_a_screen_reader_too() -> None:
    told = message("status-published")
    blocks = theme_blocks(FIELDS["themes"].example * 5, Words("da", "notifications"))
    long = replace(told, message=Message(told.message.subject, (*told.message.blocks, *blocks)))
    pdf = letter_of(long)
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 2
    assert reader.root_object["/MarkInfo"]["/Marked"]
    expected = [
        "Dit tema: Forebyggelse",
        "Nyt siden sidste status:",
        "Anbefaling 4, Flere mødesteder",
        "De andre temaer",
    ]
    assert_in_this_order(read_aloud(pdf), expected)


def test_the_code_opens_the_same_address_that_is_printed() -> None:
    for number in range(12):
        link = f"/tilmelding/l/{number:02d}vKq3mTzXw7RbJc2LhPds"
        pdf = letter("invitation", link=link)
        assert scanned(pdf) == [f"http://127.0.0.1:8080{link}"]


def test_a_screen_reader_meets_the_link_before_the_code_and_is_told_what_the_code_is() -> None:
    tags = structure(letter("invitation", link=LINK))
    figure = tags.index(("/Figure", "QR-kode, der åbner den samme adresse"))
    assert "/Link" in [tag for tag, _ in tags[:figure]]


def test_a_very_long_link_is_still_read_by_a_camera_and_broken_before_what_is_personal() -> None:
    link = f"/{'borgersamling' * 3}/l/" + "Ab3-" * 15
    pdf = letter("invitation", link=link)
    assert scanned(pdf) == [f"http://127.0.0.1:8080{link}"]
    assert "/l/\n" + "Ab3-" * 15 + "\n" in read_aloud(pdf)


def test_a_link_of_the_usual_length_stands_on_one_line() -> None:
    link = "https://borgersamling.guldborgsund.dk/tilmelding/l/k7wq2mzt4xnr5vbj3hcl6pdsya"
    out = message("invitation")
    blocks = [replace(block, url=link) if block.kind == "link" else block for block in out.message.blocks]
    pdf = letter_of(replace(out, message=Message(out.message.subject, tuple(blocks))))
    assert f"\n{link}\n" in read_aloud(pdf)


LONG = Address(
    street="Borgmester Christiansens Plads og Allé 12"[:40],
    house_number="999Z",
    floor="99",
    door="1234",
    postcode="2791",
    city="Dragør og omegn, syd",
)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Åse Prøve", Address(street="Ny Vej", house_number="4", postcode="2791", city="Dragør")),
        ("Åse Prøve", LONG),
        (("Maximiliane Alexandra " * 6)[:130], LONG),
        ("WWWWWWWWWWWWWWW " * 8, LONG),
    ],
)
def test_the_address_stands_in_the_window_of_the_envelope_and_nothing_else_does(name: str, address: Address) -> None:
    found = words(letter("invitation", name=name, address=address))
    left, top, right, bottom = WINDOW
    inside = [w for w in found if w.right > left and w.left < right and w.bottom > top and w.top < bottom]
    city = f"{address.postcode} {address.city}"
    shown = " ".join(word.text for word in inside)
    assert shown.startswith("Afsender: Dragør Kommune, Kirkevej 7, 2791 Dragør ")
    assert shown.endswith(city)
    assert [w.text for w in inside if w.left < left or w.right > right or w.top < top or w.bottom > bottom] == []


def test_an_ordinary_address_is_set_as_large_as_the_letter() -> None:
    first = next(word for word in words(letter("invitation")) if word.text == "Strandlinien")
    assert first.bottom - first.top > 13 * 25.4 / 72  # a line of 13 points


def test_without_a_telephone_number_and_a_return_address_nothing_is_said_of_them() -> None:
    text = read_aloud(letter("invitation", letterhead=Letterhead(), reference=""))
    assert not any(words in text for words in ("Telefon:", "Afsender", "Referencenummer"))


def test_what_people_are_called_is_never_read_as_markup() -> None:
    name = "*Åse* #pagebreak() $x$ `y` \\ <z> @w = ["
    pdf = letter("invitation", name=name)
    assert f"Kære {name}" in read_aloud(pdf)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_a_long_letter_has_its_pages_numbered() -> None:
    out = message("invitation")
    paragraph = Block("paragraph", (Run("Et helt almindeligt afsnit, som fylder et par linjer på siden. " * 4),))
    long = replace(out, message=Message(out.message.subject, (*out.message.blocks, *[paragraph] * 10)))
    pdf = letter_of(long)
    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    assert_in_this_order(read_aloud(pdf), ["Side 1 af 2", "\f", "Side 2 af 2"])


async def test_a_letter_lies_in_the_folder_under_the_name_of_its_shipment(tmp_path: Path) -> None:
    channel = LetterFolder(tmp_path)
    out = message("invitation")
    (outcome,) = await channel.send([out], NOW)
    await channel.close()
    assert outcome.steps == (Step.ACCEPTED, Step.AT_PRINTER, Step.DISPATCHED)
    assert names_in(tmp_path) == [f"{out.shipment}.pdf"]


async def test_a_letter_to_an_address_that_the_printer_would_refuse_is_not_written(tmp_path: Path) -> None:
    channel = LetterFolder(tmp_path)
    out = message("invitation")
    assert isinstance(out.to, Person)
    wrong = replace(out, to=replace(out.to, address=out.to.address.model_copy(update={"street": "S" * 41})))
    (outcome,) = await channel.send([wrong], NOW)
    await channel.close()
    assert (outcome.steps, outcome.reason) == ((Step.FAILED,), "address-street-too-long")
    assert names_in(tmp_path) == []


def with_attachments(*sizes: int) -> Outgoing:
    attachments = tuple(Attachment(f"{n}.pdf", f"Bilag {n}", b"%PDF-" + b"x" * (n - 5)) for n in sizes)
    return replace(message("invitation"), attachments=attachments)


async def test_attachments_lie_beside_the_letter_and_are_taken_away_with_it(tmp_path: Path) -> None:
    channel = LetterFolder(tmp_path)
    out, other = with_attachments(1000, 2000), replace(message("receipt"), shipment="f" * 32)
    await channel.send([out, other], NOW)
    first, second = (tmp_path / f"{out.shipment}-bilag-{number}.pdf" for number in (1, 2))
    assert (first.stat().st_size, second.stat().st_size) == (1000, 2000)
    (tmp_path / f"{out.shipment}.part").write_bytes(b"half of a letter")
    await channel.remove([out.shipment])
    await channel.close()
    assert names_in(tmp_path) == [f"{other.shipment}.pdf"]


def test_a_letter_says_what_is_enclosed() -> None:
    text = read_aloud(letter_of(with_attachments(1000, 2000)))
    assert_in_this_order(text, ["Venlig hilsen", "Bilag:", "Bilag 1000", "Bilag 2000"])
    assert "Bilag" not in read_aloud(letter("invitation"))


async def test_a_letter_that_cannot_be_printed_is_not_written_and_keeps_no_other_back(tmp_path: Path) -> None:
    channel = LetterFolder(tmp_path)
    good = message("receipt")
    bad = replace(message("invitation"), message=Message("Kom med 😀", good.message.blocks))
    outcomes = await channel.send([bad, good], NOW)
    await channel.close()
    assert [(one.steps[-1], one.reason) for one in outcomes] == [(Step.FAILED, "not-typeset"), (Step.DISPATCHED, None)]
    assert names_in(tmp_path) == [f"{good.shipment}.pdf"]


async def test_a_letter_that_is_too_large_with_its_attachments_is_not_written(tmp_path: Path) -> None:
    channel = LetterFolder(tmp_path)
    outcomes = await channel.send([with_attachments(4 * 2**20, 3 * 2**20)], NOW)
    await channel.close()
    assert [(one.steps, one.reason) for one in outcomes] == [((Step.FAILED,), "attachment-too-large")]
    assert names_in(tmp_path) == []


async def test_a_letter_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    channel = LetterFolder(tmp_path / "taken")
    (outcome,) = await channel.send([message("receipt")], NOW)
    await channel.close()
    assert outcome.steps == (Step.NOT_TAKEN,)
