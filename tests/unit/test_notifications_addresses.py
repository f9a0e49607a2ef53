"""An address that the printer would refuse is refused here first, by a code that never repeats it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from contracts.recipients import Address
from notifications.channels.addresses import REFUSALS, address_lines, refusal

SCHEMAS = Path(__file__).parents[3] / "shared/memo/fjernprint-sf1600"
GOOD = {"street": "Strandvej", "house_number": "4B", "postcode": "2791", "city": "Dragør"}
XSD = "http://www.w3.org/2001/XMLSchema"


def refused(name: str = "Åse Prøve", **parts: str) -> str | None:
    return refusal(name, Address(**(GOOD | parts)))


@pytest.mark.parametrize("house_number", ["1", "12", "999", "1A", "999Z"])
@pytest.mark.parametrize("floor", ["", "1", "99", "st", "ST", "kl", "KL", "k2", "K9"])
def test_an_ordinary_address_is_taken(house_number: str, floor: str) -> None:
    assert refused(house_number=house_number, floor=floor, door="tv" if floor else "") is None


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"name": ""}, "address-name-missing"),
        ({"name": "Å" * 131}, "address-name-too-long"),
        ({"name": "Åse\nPrøve"}, "address-name-malformed"),
        ({"street": ""}, "address-street-missing"),
        ({"street": "S" * 41}, "address-street-too-long"),
        ({"street": "Strand\u2028vej"}, "address-street-malformed"),
        ({"house_number": ""}, "address-house-number-missing"),
        ({"house_number": "04"}, "address-house-number-malformed"),
        ({"house_number": "1000"}, "address-house-number-malformed"),
        ({"house_number": "4b"}, "address-house-number-malformed"),
        ({"house_number": "4 B"}, "address-house-number-malformed"),
        ({"house_number": "4\n"}, "address-house-number-malformed"),
        ({"house_number": "٤"}, "address-house-number-malformed"),
        ({"floor": "0"}, "address-floor-malformed"),
        ({"floor": "100"}, "address-floor-malformed"),
        ({"floor": "k1"}, "address-floor-malformed"),
        ({"floor": "St"}, "address-floor-malformed"),
        ({"floor": "1."}, "address-floor-malformed"),
        ({"door": "12345"}, "address-door-too-long"),
        ({"door": " "}, "address-door-malformed"),
        ({"door": "t\tv"}, "address-door-malformed"),
        ({"postcode": ""}, "address-postcode-missing"),
        ({"postcode": "279"}, "address-postcode-malformed"),
        ({"postcode": "27910"}, "address-postcode-malformed"),
        ({"city": ""}, "address-city-missing"),
        ({"city": "D" * 21}, "address-city-too-long"),
        ({"city": "Dragør\x07"}, "address-city-malformed"),
    ],
)
def test_what_the_printer_would_refuse_is_named_by_field_and_rule(parts: dict[str, str], code: str) -> None:
    assert refused(**parts) == code
    assert code in REFUSALS


def test_the_longest_of_everything_is_taken() -> None:
    assert refused("Å" * 130, street="S" * 40, house_number="999Z", floor="99", door="1234", city="D" * 20) is None


short = st.text(max_size=45)
anything = st.builds(
    Address, street=short, house_number=short, floor=short, door=short, postcode=st.text(max_size=6), city=short
)


@given(st.text(max_size=140), anything)
def test_whatever_stands_in_an_address_the_answer_is_a_known_code_or_none(name: str, address: Address) -> None:
    assert refusal(name, address) in {None, *REFUSALS}


@pytest.mark.parametrize(
    ("field", "file", "name"),
    [
        ("street", "DKCC_StreetName", "StreetNameType"),
        ("house_number", "DKCC_StreetBuildingIdentifier", "StreetBuildingIdentifierType"),
        ("floor", "DKCC_FloorIdentifier", "FloorIdentifierType"),
        ("door", "DKCC_SuiteIdentifier", "SuiteIdentifierType"),
        ("postcode", "DKCC_PostCodeIdentifier", "PostCodeIdentifierType"),
        ("city", "DKCC_DistrictName", "DistrictNameType"),
    ],
)
def test_nothing_is_taken_that_the_printers_own_schema_refuses(field: str, file: str, name: str) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip(f"Fjernprint's schemas, which the project may not contain, are not at {SCHEMAS}")
    schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{file}.xsd"))
    tag = f"{{{etree.parse(SCHEMAS / f'{file}.xsd').getroot().get('targetNamespace')}}}{name.removesuffix('Type')}"
    number = st.from_regex(r"[0-9]{0,4}[A-Za-z]?", fullmatch=True)

    @given(st.one_of(number, st.text("0123456789stklKLST. ÅåA", min_size=1, max_size=45)))
    def try_out(value: str) -> None:
        element = etree.Element(tag)
        element.text = value
        if value.strip() and refused(**{field: value}) is None:
            assert schema.validate(element), value

    try_out()


@pytest.mark.parametrize(
    ("floor", "door", "line"),
    [
        ("", "", "Strandvej 4B"),
        ("2", "tv", "Strandvej 4B, 2. tv"),
        ("st", "", "Strandvej 4B, st"),
        ("", "12", "Strandvej 4B, 12"),
    ],
)
def test_an_address_is_written_as_on_an_envelope(floor: str, door: str, line: str) -> None:
    assert address_lines(Address(**GOOD, floor=floor, door=door)) == [line, "2791 Dragør"]
