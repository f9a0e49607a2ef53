"""The forms a message takes on its way: MeMo for Digital Post, a PDF for the printer, a mail for staff."""

from dataclasses import replace

import pytest
from lxml import etree
from pydantic import SecretStr

from chassis.settings import FormsSettings
from notifications.catalogue import KINDS
from notifications.channels import Person
from notifications.channels.answers import reason_code
from notifications.channels.memo import memo
from notifications.domain.audiences import role_of
from notifications.domain.message import Message
from notifications.settings import Settings, StaffSettings
from support.memos import MEMO, memo_schema
from support.notifying import NOW, message

PERSONAL = sorted(name for name, kind in KINDS.items() if kind.resident)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return memo_schema()


def as_memo(template: str, language: str = "da") -> bytes:
    out = message(template, language)
    assert isinstance(out.to, Person)
    return memo(out, out.to, "12345678", NOW)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("template", PERSONAL)
def test_every_message_to_a_resident_is_a_valid_memo(schema: etree.XMLSchema, template: str, language: str) -> None:
    schema.assertValid(etree.fromstring(as_memo(template, language)))


def test_the_schema_refuses_a_memo_whose_elements_changed_places(schema: etree.XMLSchema) -> None:
    root = etree.fromstring(as_memo("receipt"))
    header = root[0]
    header.append(header[0])
    assert not schema.validate(root)


def test_an_invitation_asks_to_sign_up_before_the_deadline() -> None:
    action = etree.fromstring(as_memo("invitation")).find(f".//{MEMO}Action")
    assert action is not None
    assert action.findtext(f"{MEMO}actionCode") == "TILMELDING"
    assert action.findtext(f"{MEMO}endDateTime") == "2025-03-10T11:00:00Z"
    assert action.findtext(f".//{MEMO}url") == "http://127.0.0.1:8080/tilmelding/l/token00000001"


def test_a_changed_session_is_the_same_appointment_in_the_calendar() -> None:
    def reservation(template: str) -> str | None:
        return etree.fromstring(as_memo(template)).findtext(f".//{MEMO}reservationUUID")

    assert reservation("session-call") == reservation("session-changed") is not None


def test_nobody_is_forced_to_read_an_invitation() -> None:
    root = etree.fromstring(as_memo("invitation"))
    assert [root.findtext(f".//{MEMO}{name}") for name in ("mandatory", "legalNotification")] == ["false", "false"]


def test_a_very_long_title_is_cut_to_what_the_format_takes(schema: etree.XMLSchema) -> None:
    out = message("receipt")
    assert isinstance(out.to, Person)
    long = replace(out, message=Message("Å" * 300, out.message.blocks))
    root = etree.fromstring(memo(long, out.to, "12345678", NOW))
    schema.assertValid(root)
    assert root.findtext(f".//{MEMO}label") == "Å" * 255 + "…"


def test_a_character_that_xml_does_not_have_is_refused_before_sending() -> None:
    out = message("receipt")
    assert isinstance(out.to, Person)
    with pytest.raises(ValueError, match="label holds a character"):
        memo(out, replace(out.to, name="Åse\x00"), "12345678", NOW)


@pytest.mark.parametrize("text", ["borger 6101501234 findes ikke", "6101501234", "", None, "Navn Navnesen", "a" * 80])
def test_a_providers_error_text_is_never_taken_for_a_reason_code(text: str | None) -> None:
    assert reason_code(text) is None


def test_a_providers_error_code_is_the_reason() -> None:
    assert reason_code("file.empty.not.allowed") == "file.empty.not.allowed"


def test_links_that_digital_post_would_refuse_stop_the_start() -> None:
    with pytest.raises(ValueError, match="https"):
        Settings(links_base="http://borgersamling.eksempel.dk")
    told = Settings(links_base="https://borgersamling.eksempel.dk/", forms=FormsSettings(key=SecretStr("k" * 32)))
    assert told.links == "https://borgersamling.eksempel.dk"


@pytest.mark.parametrize("wrong", ["rådet", "Rådet <raadet@eksempel.dk>", "a@eksempel.dk, b@eksempel.dk", ""])
def test_a_functional_address_that_is_none_stops_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="one e-mail address"):
        StaffSettings(management=wrong)


def test_only_a_role_has_an_address_whatever_a_mandate_calls_its_audiences() -> None:
    staff = StaffSettings(officer="officer@eksempel.dk", phone="12 34 56 78")
    assert [staff.address(role_of(one)) for one in ("officers", "council", "phone", "press")] == [
        "officer@eksempel.dk",
        None,
        None,
        None,
    ]


def test_a_message_never_shows_itself_in_a_log() -> None:
    out = message("invitation")
    assert "Åse" not in repr(out) + repr(out.to)
    assert "token" not in repr(out) + repr(out.to) + repr(out.action)
