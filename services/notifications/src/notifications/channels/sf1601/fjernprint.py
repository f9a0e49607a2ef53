"""A letter as Fjernprint takes it: `ForsendelseI` of SF1600, in the collection that KombiPostAfsend wants.

The recipient's CPR number is never in it: the field is compulsory and filled with zeros, as its documentation says.
"""

from base64 import b64encode
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from notifications.channels import Attachment, Person
from notifications.channels.safe_xml import NOT_XML

PRINT, DKAL, CASE = "urn:oio:fjernprint:1.0.0", "urn:oio:dkal:1.0.0", "urn:oio:sagdok:3.0.0"
NUMBER = "urn:oio:adir:dagpenge:2009.07.01"
NAME = "http://rep.oio.dk/itst.dk/xml/schemas/2006/01/17/"
PLACE = "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/"
STREET = "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/"
NOBODY = "0000000000"
MOST_TITLE = 300


def forsendelse(
    identifier: str, to: Person, title: str, pdf: bytes, attachments: Sequence[Attachment], kind: int | None
) -> bytes:
    """Return a collection of one letter as XML. The address is one that `addresses.refusal` has nothing against.

    `identifier`: of 1-38 characters, the same on every attempt; receipts name it. `kind`: the number that the print
    provider has given the municipality for envelopes, colours and postage of its letters, where it has given one.
    ValueError when a text cannot stand in XML.
    """
    collection = ET.Element(f"{{{PRINT}}}ForsendelseISamling")
    letter = _under(collection, PRINT, "ForsendelseI")
    _under(letter, PRINT, "AfsendelseIdentifikator", identifier)
    if kind is not None:
        _under(letter, PRINT, "ForsendelseTypeIdentifikator", str(kind))
    _recipient(_under(letter, PRINT, "ForsendelseModtager"), to)
    _under(letter, DKAL, "FilformatNavn", "pdf")
    _under(letter, DKAL, "MeddelelseIndholdData", b64encode(pdf).decode())
    _under(letter, PRINT, "TransaktionsParametreI")
    _under(_under(letter, PRINT, "DokumentParametre"), CASE, "TitelTekst", title[:MOST_TITLE])
    if attachments:
        enclosed = _under(letter, PRINT, "BilagSamling")
        for number, attachment in enumerate(attachments, 1):
            one = _under(enclosed, PRINT, "Bilag")
            _under(one, PRINT, "BilagNavn", attachment.title[:MOST_TITLE])
            _under(one, DKAL, "FilformatNavn", "pdf")
            _under(one, PRINT, "BilagSorteringsIndeksIdentifikator", str(number))
            _under(one, DKAL, "VedhaeftningIndholdData", b64encode(attachment.content).decode())
    xml: bytes = ET.tostring(collection, encoding="UTF-8")
    return xml


def _recipient(element: ET.Element, to: Person) -> None:
    _under(_under(element, DKAL, "AfsendelseModtager"), NUMBER, "CPRnummerIdentifikator", NOBODY)
    there, address = _under(element, PRINT, "ModtagerAdresse"), to.address
    _under(there, NAME, "PersonName", to.name)
    _under(there, STREET, "StreetName", address.street)
    _under(there, PLACE, "StreetBuildingIdentifier", address.house_number)
    if address.floor:
        _under(there, PLACE, "FloorIdentifier", address.floor)
    if address.door:
        _under(there, PLACE, "SuiteIdentifier", address.door)
    _under(there, STREET, "PostCodeIdentifier", address.postcode)
    _under(there, PLACE, "CountryIdentificationCode", "DK").set("scheme", "iso3166-alpha2")


def _under(parent: ET.Element, namespace: str, name: str, text: str | None = None) -> ET.Element:
    if text and NOT_XML.search(text):
        raise ValueError(f"{name} holds a character that XML does not have")
    element = ET.SubElement(parent, f"{{{namespace}}}{name}")
    element.text = text
    return element
