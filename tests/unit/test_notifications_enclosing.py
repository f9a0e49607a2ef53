"""Files that go with a message: PDFs anyone can open, within what the channels take, told apart by their titles."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from chassis.language import LANGUAGES, Words
from notifications.domain.enclosing import (
    MIB,
    MOST_ON_PAPER,
    MOST_ONE,
    MOST_RAW,
    SPARE,
    Refusal,
    Refused,
    file_name,
    refused_content,
    refused_size,
    refused_title,
)
from notifications.template_words import refusal_words
from support.letters import letter

FOLDER = letter("invitation")


def rewritten(password: str = "") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(FOLDER)))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    into = BytesIO()
    writer.write(into)
    return into.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html>not a PDF</html>" * 100, Refusal.NOT_A_PDF),
        (b"PK\x03\x04" + FOLDER[1100:], Refusal.NOT_A_PDF),
        (FOLDER[: len(FOLDER) // 2], Refusal.CUT_SHORT),
        (FOLDER[:-2000], Refusal.CUT_SHORT),
        (rewritten("hemmeligt"), Refusal.ENCRYPTED),
    ],
)
def test_a_file_that_not_everyone_can_open_is_refused(content: bytes, why: Refusal) -> None:
    assert refused_content(content) == Refused(why)


def test_a_whole_pdf_is_taken_also_one_that_speaks_of_encryption_in_its_pages() -> None:
    assert refused_content(FOLDER) is None
    assert refused_content(rewritten()) is None
    speaking = rewritten().replace(b"startxref", b"9 0 obj << >> stream\n/Encrypt\nendstream endobj\nstartxref")
    assert refused_content(speaking) is None


@pytest.mark.parametrize(
    ("size", "others", "letter_size", "refused"),
    [
        (MOST_ONE, 0, 40_000, None),
        (MOST_ONE + 1, 0, None, Refused(Refusal.TOO_LARGE, MOST_ONE + 1, MOST_ONE)),
        (2 * MIB, MOST_ONE - SPARE, 0, None),
        (2 * MIB, MOST_ONE - SPARE, 1, Refused(Refusal.TOO_LARGE_ON_PAPER, MOST_ON_PAPER + 1, MOST_ON_PAPER)),
        (MOST_ONE, MOST_RAW - MOST_ONE, None, None),
        (MOST_ONE, MOST_RAW, None, Refused(Refusal.TOO_LARGE_TOGETHER, MOST_RAW + MOST_ONE, MOST_RAW)),
    ],
)
def test_what_is_too_large_is_told_with_its_size_and_the_limit(
    size: int, others: int, letter_size: int | None, refused: Refused | None
) -> None:
    assert refused_size(size, others, letter_size) == refused


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Kort om borgersamlingen", "kort-om-borgersamlingen.pdf"),
        ("Ærø & Øst: 1/2 <Århus>?", "aeroe-oest-1-2-aarhus.pdf"),
        ("  ../../etc  ", "etc.pdf"),
        ("?!", ""),
    ],
)
def test_a_files_name_is_made_of_its_title_in_letters_every_archive_takes(title: str, name: str) -> None:
    assert file_name(title) == name


def test_two_titles_that_would_be_one_file_are_refused() -> None:
    assert refused_title("Kort, om", ["Kort om"]) == Refused(Refusal.TITLE_TAKEN)
    assert refused_title("Langt", ["Kort"]) is None
    assert refused_title(" ? ", []) == Refused(Refusal.NO_TITLE)
    assert refused_title("A" * 101, []) == Refused(Refusal.LONG_TITLE, 101, 100)


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_has_its_words_in_both_languages(why: Refusal) -> None:
    refused = Refused(why, MOST_ONE + 1, MOST_ONE)
    danish, english = (refusal_words(Words(lang, "notifications"), refused)[1] for lang in LANGUAGES)
    assert danish != english


def test_what_is_a_byte_too_large_never_reads_as_what_it_may_be() -> None:
    refused = Refused(Refusal.TOO_LARGE, MOST_ONE + 1, MOST_ONE)
    field, said = refusal_words(Words("da", "notifications"), refused)
    assert (field, said) == ("file", "Filen er på 5,1 MB. En fil må være på 5 MB.")
