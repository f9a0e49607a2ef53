"""What is sent over SF1601: a message or a letter in the envelope, a letter as Fjernprint's schemas have it."""

from dataclasses import replace

import pytest
from lxml import etree

from notifications.channels import Attachment, Person
from notifications.channels.memo import memo
from notifications.channels.safe_xml import BadXml
from notifications.channels.sf1601.fjernprint import forsendelse
from notifications.channels.sf1601.kombi import Reply, enveloped, read_reply, refusal_code
from support.memos import memo_schema
from support.notifying import NOW, message, recipient
from support.sf1601 import MESSAGE, fjernprint_schema

PRINT, DKAL = "{urn:oio:fjernprint:1.0.0}", "{urn:oio:dkal:1.0.0}"
PDF = b"%PDF-1.7 letter"
ADVICE = "<HovedoplysningerSvarREST><SvarReaktion><Advis/></SvarReaktion></HovedoplysningerSvarREST>"


def resident(**changes: object) -> Person:
    known = recipient(1)
    return Person(known.cpr, known.name, known.address.model_copy(update=changes), known.link, "da")


def letter(to: Person, attachments: tuple[Attachment, ...] = ()) -> etree._Element:
    root = etree.fromstring(forsendelse(MESSAGE, to, "Du er inviteret", PDF, attachments, 265))
    (one,) = root
    return one


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    return fjernprint_schema(tmp_path_factory.mktemp("schemas"))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"floor": "st", "door": "tv"},
        {"floor": "k2", "door": "0003"},
        {"house_number": "999Z", "floor": "99"},
        {"street": "Ærøvej & <Ålegade>"},
    ],
)
def test_a_letter_is_as_the_printers_schemas_have_it(schema: etree.XMLSchema, changes: dict[str, object]) -> None:
    enclosed = (Attachment("a.pdf", "Dagsorden & bilag", b"%PDF a"), Attachment("b.pdf", "Kort", b"%PDF b"))
    for attachments in ((), enclosed):
        schema.assertValid(letter(resident(**changes), attachments))


def test_a_letter_names_no_cpr_number_but_zeros() -> None:
    to = resident()
    sent = letter(to)
    assert to.cpr not in etree.tostring(sent).decode()
    assert sent.findtext(".//{urn:oio:adir:dagpenge:2009.07.01}CPRnummerIdentifikator") == "0000000000"


def test_a_letter_encloses_its_attachments_in_their_order() -> None:
    enclosed = tuple(Attachment(f"{n}.pdf", f"Bilag {n}", b"%PDF") for n in range(1, 4))
    sent = letter(resident(), enclosed)
    assert [one.text for one in sent.iter(f"{PRINT}BilagNavn")] == ["Bilag 1", "Bilag 2", "Bilag 3"]
    assert [one.text for one in sent.iter(f"{PRINT}BilagSorteringsIndeksIdentifikator")] == ["1", "2", "3"]


def test_a_message_is_in_the_envelope_as_it_is_under_our_own_choice_of_channel() -> None:
    out = replace(message("invitation", to=resident()), message_uuid=MESSAGE)
    assert isinstance(out.to, Person)
    written = memo(out, out.to, "12345678", NOW)
    choice, inner = etree.fromstring(enveloped("Digital Post", written))
    assert (choice.tag, choice.text) == ("KombiValgKode", "Digital Post")
    assert etree.tostring(inner, method="c14n") == etree.tostring(etree.fromstring(written), method="c14n")
    memo_schema().assertValid(etree.fromstring(etree.tostring(inner)))


def test_a_letter_is_in_the_envelope_in_a_collection_of_one() -> None:
    collection = forsendelse(MESSAGE, resident(), "Du er inviteret", PDF, (), None)
    choice, inner = etree.fromstring(enveloped("Fysisk Post", collection))
    assert (choice.text, inner.tag, inner[0].tag) == (
        "Fysisk Post",
        f"{PRINT}ForsendelseISamling",
        f"{PRINT}ForsendelseI",
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<Result>true</Result><TransmissionID>{MESSAGE}</TransmissionID>{ADVICE}", Reply(True, MESSAGE, None)),
        (f"<Result>true</Result>{ADVICE}", Reply(True, None, None)),
        ("<Result>true</Result><TransmissionID/>", Reply(True, None, None)),
        ("<Result>false</Result><FejlKode>memo.invalid</FejlKode>", Reply(False, None, "memo.invalid")),
        ("<Result>false</Result><Fejl><FejlId>1042</FejlId></Fejl>", Reply(False, None, "code-1042")),
        ("<Result>false</Result><FejlKode>6101701234</FejlKode>", Reply(False, None, None)),
    ],
)
def test_a_reply_is_read_with_and_without_a_transmission(body: str, expected: Reply) -> None:
    assert read_reply(f"<kombi_response>{body}</kombi_response>".encode()) == expected


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"<kombi_response/>", b"<kombi_response><Result>ja</Result></kombi_response>"]
)
def test_a_success_that_does_not_say_what_became_of_the_message_is_no_reply(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"Result|well-formed"):
        read_reply(body)
    assert issubclass(BadXml, ValueError)


def test_a_refusals_code_is_read_from_xml_and_nothing_else_is() -> None:
    assert refusal_code(b"<Fejl><FejlKode>memo.invalid</FejlKode><FejlTekst>x</FejlTekst></Fejl>") == "memo.invalid"
    assert refusal_code(b"<Fejl><FejlTekst>6101701234</FejlTekst></Fejl>") is None
    assert refusal_code(b'{"code": "memo.invalid"}') is None
