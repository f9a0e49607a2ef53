"""Files enclosed with a text: they go with every message from then on, and what the channels do not take is refused."""

from pathlib import Path

import pytest

from notifications.domain.enclosing import MIB, MOST_ONE
from notifications.repository.templates import FILES, TEXTS
from support.house import House
from support.letters import letter
from support.notifying import standing_in
from support.texts import INVITATION, ROOT, Writer, at_the_desk, said

pytestmark = pytest.mark.integration

FOLDER = letter("invitation")
PAGE = f"{INVITATION}/bilag"


def of_size(size: int, mark: str = "a") -> bytes:
    """Return a whole PDF of so many bytes."""
    before, _, after = FOLDER.rpartition(b"startxref")
    padding = b"%" + mark.encode() * (size - len(FOLDER) - 2) + b"\n"
    return before + padding + b"startxref" + after


@pytest.fixture
async def writer(house: House, tmp_path: Path) -> Writer:
    return await at_the_desk(house, None, tmp_path)


async def kept(writer: Writer) -> tuple[int, int]:
    """Return how many versions and files there are."""
    db = writer.running.service.db
    return await db.collection(TEXTS).count({}), await db.collection(FILES).count({})


async def test_a_file_goes_with_the_letters_from_then_on_until_it_is_taken_out(house: House, tmp_path: Path) -> None:
    async with standing_in(tmp_path / "standin", exempt_share=1.0) as standin:
        writer = await at_the_desk(house, standin, tmp_path)
        (without,) = await writer.invite(1)
        assert (await writer.enclose("Kort om samlingen", FOLDER, seen=0)).status_code == 303
        assert "Kort om samlingen (PDF," in await writer.page(PAGE)
        (first,) = await writer.invite(2)
        assert await writer.save(seen=1) == 303  # other words, the same file
        (second,) = await writer.invite(3)
        file = (await writer.running.service.db.collection(FILES).find({}))[0]["_id"]
        assert (await writer.post(f"{PAGE}/{file}/fjern", version="2")).status_code == 303
        (third,) = await writer.invite(4)
    shipments = (without, first, second, third)
    assert [one["template_version"] for one in shipments] == [0, 1, 2, 3]
    lying = {path.name: path for path in (tmp_path / "letters").iterdir()}
    enclosed = [f"{one['_id']}-bilag-1.pdf" for one in shipments]
    assert [name in lying for name in enclosed] == [False, True, True, False]
    assert lying[enclosed[1]].read_bytes() == FOLDER
    assert (await writer.staff.get(f"{PAGE}/{file}")).content == FOLDER  # still shown for those who got it
    assert "No file is enclosed" in await writer.page(PAGE)
    assert "Version 1 A file was enclosed" in await writer.page(f"{INVITATION}/versioner")


async def test_a_file_goes_with_the_messages_in_digital_post(house: House, tmp_path: Path) -> None:
    async with standing_in(tmp_path / "standin", exempt_share=0.0) as standin:
        writer = await at_the_desk(house, standin, tmp_path)
        await writer.enclose("Kort om samlingen", FOLDER, seen=0)
        await writer.invite(1)
        (message,) = await standin.inbox(1)
    assert message["attachments"] == [f"kort-om-samlingen.pdf ({len(FOLDER)} bytes)"]


async def test_a_file_that_is_too_large_is_refused_with_its_size_listed_as_a_problem_and_kept_nowhere(
    writer: Writer,
) -> None:
    answer = await writer.enclose("Folder", of_size(MOST_ONE + 1), seen=0)
    assert answer.status_code == 422
    assert "Filen er på 5,1 MB. En fil må være på 5 MB." in said(answer)
    assert 'value="Folder"' in answer.text
    assert await kept(writer) == (0, 0)
    (problem,) = await writer.problems()
    assert (problem["kind"], problem["about"]) == (
        "attachment-too-large",
        {"template": "invitation", "language": "da", "rules": "too-large"},
    )


async def test_a_letter_with_all_its_files_is_never_more_than_the_printer_takes(writer: Writer) -> None:
    assert (await writer.enclose("Stor", of_size(MOST_ONE), seen=0)).status_code == 303
    answer = await writer.enclose("Til", of_size(2 * MIB), seen=1)
    assert answer.status_code == 422
    assert "Brevet og alle vedlagte filer ville fylde 7,1 MB tilsammen. Trykkeriet tager 7 MB" in said(answer)
    assert await kept(writer) == (1, 1)
    assert [one["about"]["rules"] for one in await writer.problems()] == ["too-large-on-paper"]
    assert (await writer.enclose("Lille", FOLDER, seen=1)).status_code == 303
    assert [one["solved_by"] for one in await writer.problems()] == ["secretariat-1"]
    # No letter is ever sent of a code, so there the printer sets no limit.
    codes = f"{ROOT}/sign-in-code/da"
    for seen, title in enumerate(("Stor", "Til")):
        file = of_size(MOST_ONE, mark=str(seen))
        assert (await writer.enclose(title, file, seen=seen, path=codes)).status_code == 303


@pytest.mark.parametrize(
    ("title", "content", "words"),
    [
        ("Folder", b"PK\x03\x04 a document of another program", "Filen er ikke en PDF."),
        ("Folder", FOLDER[: len(FOLDER) // 2], "Filen er en PDF uden sin slutning."),
        ("Folder", FOLDER.replace(b"/Root", b"/Encrypt 9 0 R /Root"), "Filen er låst med en adgangskode."),
        ("?", FOLDER, "Skriv en titel med bogstaver eller tal i."),
    ],
)
async def test_a_file_that_cannot_go_is_refused_with_the_reason(
    writer: Writer, title: str, content: bytes, words: str
) -> None:
    answer = await writer.enclose(title, content, seen=0)
    assert answer.status_code == 422
    assert words in said(answer)
    assert f'value="{title}"' in answer.text
    assert await kept(writer) == (0, 0)
    assert await writer.problems() == []


async def test_the_same_file_or_title_twice_and_what_someone_else_has_changed_are_refused(writer: Writer) -> None:
    assert (await writer.enclose("Folder", FOLDER, seen=0)).status_code == 303
    assert "Netop den fil er allerede vedlagt." in said(await writer.enclose("En anden", FOLDER, seen=1))
    other = of_size(len(FOLDER) + 10)
    assert "En anden vedlagt fil har den titel." in said(await writer.enclose("folder!", other, seen=1))
    late = await writer.enclose("Ny", other, seen=0)
    assert late.status_code == 409
    assert "En anden har ændret denne tekst i mellemtiden" in said(late)
    assert await kept(writer) == (1, 1)


async def test_a_file_is_opened_by_those_texts_alone_that_have_it(writer: Writer) -> None:
    await writer.enclose("Folder", FOLDER, seen=0)
    (file,) = await writer.running.service.db.collection(FILES).find({}, fields=["_id"])
    opened = await writer.staff.get(f"{PAGE}/{file['_id']}")
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["content-disposition"] == 'inline; filename="folder.pdf"'
    assert (await writer.staff.get(f"{ROOT}/invitation/en/bilag/{file['_id']}")).status_code == 404
