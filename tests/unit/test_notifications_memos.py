"""A thousand messages that anyone may have to be sent are valid MeMos, and the stand-in takes each of them."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from borgersamling.standin.reading import BadMemo, plain, read
from notifications.catalogue import KINDS
from notifications.channels import Action, Attachment, Outgoing, Person
from notifications.channels.memo import FILES_LIMIT, file_name, memo
from notifications.channels.one_by_one import NotMade
from notifications.domain.message import Block, Message, Run
from notifications.domain.shipment import uuid_from
from support.memos import MEMO, memo_schema
from support.notifying import NOW, cpr, message

PERSONAL = sorted(name for name, kind in KINDS.items() if not (kind.staff or kind.follower))
SAYABLE = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
"""Every character that XML has, but for line breaks: the letters of all languages, signs, what is invisible."""
TEXT = st.text(SAYABLE, max_size=300)
ODD = (
    "Søren Ærø Åsen-Østergård",
    "O'Brien & Sønner <Dragør>",
    "محمد علي",
    "李小龍",
    "Zoë 👩‍👧",
    "“Kalle” \u2028",
    "X" * 300,
)
NAMES = st.sampled_from(ODD) | st.text(SAYABLE, min_size=1, max_size=130)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - zoned here
LINKS = st.text("abcdefghijklmnopqrstuvwxyz0123456789/-_", max_size=200).map(
    "https://borgersamling.eksempel.dk/{}".format
)


@st.composite
def actions(draw: st.DrawFn) -> Action:
    label, start = draw(TEXT), draw(MOMENTS)
    if draw(st.booleans()):
        end, place = start + timedelta(hours=draw(st.integers(1, 9))), draw(TEXT)
        return Action("AFTALE", label, "", start, end, place, uuid_from("reservation", label))
    code = draw(st.sampled_from(("TILMELDING", "SELVBETJENING", "INFORMATION")))
    starts_at = start if draw(st.booleans()) else None
    return Action(code, label, draw(LINKS), starts_at, start + timedelta(days=1) if draw(st.booleans()) else None)


ATTACHMENTS = st.builds(
    Attachment, st.text(max_size=300), TEXT, st.binary(max_size=2000).map(lambda content: b"%PDF-1.7" + content)
)
BLOCKS = st.builds(
    lambda kind, text, url: Block(kind, (Run(text, bold=False),), url if kind == "link" else ""),
    st.sampled_from(("text", "item", "link")),
    TEXT,
    LINKS,
)


@cache
def usual(template: str, language: str) -> Outgoing:
    return message(template, language)


@st.composite
def outgoing(draw: st.DrawFn) -> Outgoing:
    out = usual(draw(st.sampled_from(PERSONAL)), draw(st.sampled_from(("da", "en"))))
    assert isinstance(out.to, Person)
    written = Message(draw(TEXT.filter(str.strip)), tuple(draw(st.lists(BLOCKS, max_size=6))))
    number = draw(st.integers(0, 99_999))
    return replace(
        out,
        message_uuid=uuid_from("memo", str(number)),
        to=replace(out.to, name=draw(NAMES), cpr=cpr(number)),
        message=draw(st.sampled_from((out.message, written))),
        action=draw(st.just(out.action) | actions()),
        attachments=tuple(draw(st.lists(ATTACHMENTS, max_size=2))),
        sender=draw(st.just(out.sender) | TEXT.filter(bool)),
    )


def as_memo(out: Outgoing) -> bytes:
    assert isinstance(out.to, Person)
    return memo(out, out.to, "12345678", NOW)


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(outgoing())
def test_a_thousand_messages_are_valid_and_are_taken_as_they_were_written(out: Outgoing) -> None:
    xml = as_memo(out)
    root = etree.fromstring(xml)
    memo_schema().assertValid(root)
    taken = read(xml)
    assert isinstance(out.to, Person)
    assert (taken.uuid, taken.cpr, taken.code) == (out.message_uuid, out.to.cpr, out.template)
    assert len(taken.attachments) == len(out.attachments)
    contents = [
        b64decode(content.text) for content in root.iterfind(f".//{MEMO}AdditionalDocument/{MEMO}File/{MEMO}content")
    ]
    assert contents == [attachment.content for attachment in out.attachments]


def test_an_invitation_says_what_it_is_where_a_text_message_would_say_only_that_there_is_post() -> None:
    def told(template: str) -> str | None:
        return etree.fromstring(as_memo(usual(template, "da"))).findtext(f".//{MEMO}notification")

    assert told("invitation") == "Dragør Kommune: Du er inviteret til Dragørs borgersamling"
    assert told("drawn") is None  # who is drawn is nobody else's business, and a text message lies open


def test_what_a_text_message_says_is_cut_to_what_it_may_hold() -> None:
    out = usual("invitation", "da")
    long = replace(out, message=Message("Å" * 200, out.message.blocks))
    told = etree.fromstring(as_memo(long)).findtext(f".//{MEMO}notification")
    assert told is not None
    assert (len(told), told[-2:]) == (150, "Å…")


def test_an_attachment_is_a_document_of_its_own_with_a_title_to_read() -> None:
    out = replace(usual("materials", "da"), attachments=(Attachment("mødet.pdf", "Mødets bilag", b"%PDF-1.7"),))
    document = etree.fromstring(as_memo(out)).find(f".//{MEMO}AdditionalDocument")
    assert document is not None
    assert document.findtext(f"{MEMO}label") == "Mødets bilag"
    assert document.findtext(f".//{MEMO}filename") == "mødet.pdf"
    assert document.findtext(f".//{MEMO}encodingFormat") == "application/pdf"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("referat.pdf", "referat.pdf"),
        ('1/2: "hvad?" <nu>|*.pdf', "1-2- -hvad-- -nu---.pdf"),
        ("to\u00a0ord\tog flere.PDF", "to-ord-og flere.pdf"),
        ("  .pdf", "bilag.pdf"),
        ("", "bilag.pdf"),
        ("x" * 300 + ".pdf", "x" * 252 + ".pdf"),
    ],
)
def test_a_files_name_has_nothing_that_digital_post_refuses(name: str, sent: str) -> None:
    assert file_name(name) == sent


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "attachment-empty"), (bytes(FILES_LIMIT), "attachment-too-large")]
)
def test_an_attachment_that_digital_post_would_refuse_is_not_sent_at_all(content: bytes, reason: str) -> None:
    out = replace(usual("materials", "da"), attachments=(Attachment("bilag.pdf", "Bilag", content),))
    with pytest.raises(NotMade) as refused:
        as_memo(out)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b">TILMELDING<", b">KOM BARE<", "actionCode"),
        (b64encode(b"%PDF-1.7"), b64encode(b"<html>.."), "encodingFormat"),
        (b"bilag.pdf", b"bi\xc2\xa0lag.pdf", "filename"),
    ],
)
def test_the_stand_in_reads_what_hangs_on_a_message(old: bytes, new: bytes, field: str) -> None:
    out = replace(usual("invitation", "da"), attachments=(Attachment("bilag.pdf", "Bilag", b"%PDF-1.7"),))
    xml = as_memo(out)
    assert old in xml
    with pytest.raises(BadMemo) as refused:
        read(xml.replace(old, new))
    assert refused.value.field == field


def test_the_stand_in_shows_a_message_as_lines_of_words() -> None:
    assert (
        plain("<title>x</title><h1>Kære <b>A</b></h1><ul><li>et</li><li>to<br>tre</li></ul>") == "Kære A\net\nto\ntre"
    )
