"""What Beskedfordeler pushes is read as it is: real receipts, letters' receipts made from them, and broken ones."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from borgersamling.standin import receipts as standin
from borgersamling.standin.sf1601.post_status import pushed
from notifications.channels import Receipt
from notifications.channels.sf1601.post_status import BadReceipt, read
from notifications.domain.shipment import State, Step, after
from support.sf1601 import AARHUS, DELIVERED, FAILED, MESSAGE, TRANSMISSION, letter_status, status_of, with_status

if not DELIVERED:
    pytest.skip("the real receipts, which the project may not contain, are not beside it", allow_module_level=True)

LETTERS = {
    "db5a6025-caa3-45c3-8e02-4e6fa8142ade": ("Afsendt", Step.AT_PRINTER),
    "dd98e71c-41ac-4305-a47b-8f86b00e639b": ("Modtaget Fjern-print", Step.AT_PRINTER),
    "e2b30d57-504a-4e2e-ae2d-a1394a9cb0b8": ("Klar", Step.AT_PRINTER),
    "e3c0a021-2070-40d4-b7b7-754aeba762e9": ("Afleveret til print og kuvertering", Step.AT_PRINTER),
    "e94a0a8b-60a0-42ad-8b83-52c9e15d0fb3": ("Modtaget Post Danmark", Step.DISPATCHED),
    "f03904aa-df6e-417f-bd74-6a01a61adbcf": ("Tilbagekaldt", Step.RECALLED),
}


def test_a_real_receipt_says_that_the_message_is_delivered() -> None:
    assert read(DELIVERED, AARHUS) == [
        Receipt("bd12c645-de98-453a-ac80-f58a76942eda", MESSAGE, Step.DELIVERED, None, TRANSMISSION)
    ]


def test_a_real_receipt_says_why_a_message_failed_by_its_code_and_never_by_its_text() -> None:
    (receipt,) = read(FAILED, AARHUS)
    assert (receipt.step, receipt.reason) == (Step.FAILED, "memo.invalid")
    assert "jackson" in status_of(FAILED)
    assert "jackson" not in repr(receipt)


@pytest.mark.parametrize(("event", "told", "step"), [(event, *one) for event, one in LETTERS.items()])
def test_a_letter_is_known_by_the_identifier_that_we_gave_it(event: str, told: str, step: Step) -> None:
    others = letter_status(told, MessageUUID="00000000-0000-4000-8000-000000000000")
    (receipt,) = read(with_status(others, event))
    assert (receipt.message_uuid, receipt.step, receipt.reason) == (MESSAGE, step, None)


def test_the_receipts_of_a_letter_lead_it_out_of_the_house_in_any_order() -> None:
    for order in (LETTERS, reversed(LETTERS)):
        state = State.ACCEPTED
        for event in order:
            if LETTERS[event][1] is not Step.RECALLED:
                (receipt,) = read(with_status(letter_status("x"), event))
                state = after(state, receipt.step)
        assert state is State.DISPATCHED


def test_a_letter_that_came_back_moves_nothing_for_it_had_left() -> None:
    assert read(with_status(letter_status("Opdatering fra Post Danmark"), "f4e6eb11-0261-4198-8b5d-be92a9b1a35d")) == []


@pytest.mark.parametrize(("code", "reason"), [("1034", "code-1034"), ("6101701234", "refused"), ("", "refused")])
def test_a_printers_code_is_a_short_number_and_a_longer_one_could_be_a_persons(code: str, reason: str) -> None:
    details = {"FejlDetaljer": f"<FejlKode>{code}</FejlKode><FejlTekst>Ukendt: 6101701234</FejlTekst>"}
    (receipt,) = read(with_status(letter_status("Fejlet", **details), "e225a75c-4b63-46c4-9423-77f5c8762445"))
    assert (receipt.step, receipt.reason) == (Step.FAILED, reason)


def test_a_push_that_is_meant_for_another_municipality_is_refused() -> None:
    with pytest.raises(BadReceipt, match="TilladtModtager: it must name this municipality"):
        read(DELIVERED, "12345678")


BROKEN = [
    (b"<ModtagBeskedInput>", "ModtagBeskedInput"),
    (DELIVERED.replace(b"<ns4:Modtag", b"<!DOCTYPE x [<!ENTITY a 'b'>]><ns4:Modtag"), "ModtagBeskedInput"),
    (DELIVERED.replace(b"bd12c645", b"bd12"), "BeskedId"),
    (DELIVERED.replace(b"d2bed63c", b"d2bed63d"), "Beskedtype"),
    (DELIVERED.replace(b"ns2:ObjektRegistrering>", b"ns2:Andet>"), "ObjektRegistrering"),
    (DELIVERED.replace(b"f7161a89", b"f7161a80"), "ObjektHandling"),
    (DELIVERED.replace(b"ns2:Beskeddata", b"ns2:Andet"), "Beskeddata"),
    (re.sub(rb"(<Base64[^>]*>)[^<]*", rb"\g<1>", DELIVERED), "Base64"),
    (re.sub(rb"(<Base64[^>]*>)[^<]*", rb"\g<1>%%%%", DELIVERED), "Base64"),
    (with_status("<andet/>"), "Base64"),
    (with_status(status_of(DELIVERED)[:-9]), "PKO_PostStatus"),
    (with_status(status_of(DELIVERED).replace("Digital Post<", "Automatisk Valg<")), "KanalKode"),
    (with_status(status_of(DELIVERED).replace(MESSAGE, "6101701234")), "MessageUUID"),
    (with_status(status_of(DELIVERED).replace(TRANSMISSION, "6101701234")), "TransmissionId"),
    (with_status(letter_status("Afsendt", AfsendelseIdentifikator="brev-1")), "ObjektHandling"),
]


@pytest.mark.parametrize(("body", "element"), BROKEN)
def test_a_broken_receipt_is_refused_by_the_element_and_the_rule_and_quotes_nothing(body: bytes, element: str) -> None:
    with pytest.raises(BadReceipt) as refused:
        read(body)
    assert refused.value.element == element
    assert "6101701234" not in str(refused.value)
    assert refused.value.__cause__ is None


@given(st.binary(max_size=400), st.integers(0, len(DELIVERED)))
def test_whatever_is_pushed_is_a_receipt_or_refused(noise: bytes, at: int) -> None:
    for body in (noise, DELIVERED[:at] + noise + DELIVERED[at:]):
        with suppress(BadReceipt):
            read(body)


def paths(body: bytes) -> set[str]:
    """Every element's way from the root, with namespaces."""
    root = etree.fromstring(body)
    return {root.getroottree().getelementpath(element) for element in root.iter(etree.Element)}


def test_the_stand_in_pushes_what_the_real_one_does_and_nothing_else() -> None:
    told = standin.Receipt("bd12c645-de98-453a-ac80-f58a76942eda", MESSAGE, TRANSMISSION, "Fejlet", "memo.invalid", 0.0)
    made = pushed(told, AARHUS, "2023-02-13T11:22:05.154Z", letter=False)
    assert paths(made) <= paths(FAILED)
    assert paths(status_of(made).encode()) <= paths(status_of(FAILED).encode())
    assert read(made, AARHUS) == [Receipt(told.id, MESSAGE, Step.FAILED, "memo.invalid", TRANSMISSION)]
