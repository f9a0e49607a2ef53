"""Reads what KombiPostAfsend is sent, and refuses what the real one would: a message as elsewhere, a letter here.

The rules of a letter are the schemas' of SF1600 and the print providers': A4 in portrait, at most 7 MiB.
"""

import base64
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pypdfium2

from borgersamling.standin.reading import BadMemo, Memo, read

PRINT, DKAL = "{urn:oio:fjernprint:1.0.0}", "{urn:oio:dkal:1.0.0}"
PLACE, STREET = (
    "{http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/}",
    "{http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/}",
)
NAME = "{http://rep.oio.dk/itst.dk/xml/schemas/2006/01/17/}PersonName"
NUMBER = "{urn:oio:adir:dagpenge:2009.07.01}CPRnummerIdentifikator"
NOBODY = "0000000000"
MOST_BYTES = 7 * 1024 * 1024
A4 = (595.276, 841.89)
"""Points; a printer takes a page that is a millimetre off."""
MILLIMETRE = 2.835
ADDRESS = {
    NAME: r".{1,130}",
    f"{STREET}StreetName": r".{1,40}",
    f"{PLACE}StreetBuildingIdentifier": r"[1-9]\d{0,2}[A-Z]?",
    f"{STREET}PostCodeIdentifier": r"\d{4}",
    f"{PLACE}CountryIdentificationCode": r"DK",
}
PARTS = {f"{PLACE}FloorIdentifier": r"[1-9]\d?|KL|ST|kl|st|[kK][2-9]", f"{PLACE}SuiteIdentifier": r".{1,4}"}


@dataclass(frozen=True, slots=True)
class Letter:
    """What the stand-in keeps of a letter."""

    identifier: str
    name: str
    address: str
    title: str
    text: str
    enclosed: int


def read_request(body: bytes) -> Memo | Letter:
    """Return the message or the letter. BadMemo says which element breaks which rule."""
    try:
        root = ET.fromstring(body)  # noqa: S314 - expat bounds entities; nobody but this machine's service calls
    except ET.ParseError as error:
        raise BadMemo("kombi_request", "not well-formed XML") from error
    if root.tag != "kombi_request":
        raise BadMemo("kombi_request", "must be the root")
    match root.findtext("KombiValgKode"):
        case "Digital Post":
            message = root.find("{https://DigitalPost.dk/MeMo-1}Message")
            if message is None:
                raise BadMemo("Message", "is missing")
            return read(ET.tostring(message))
        case "Fysisk Post":
            letter = root.find(f"{PRINT}ForsendelseISamling/{PRINT}ForsendelseI")
            if letter is None:
                raise BadMemo("ForsendelseI", "is missing")
            return _letter(letter)
        case _:
            raise BadMemo("KombiValgKode", "the stand-in takes Digital Post or Fysisk Post: the sender's plan decides")


def _letter(letter: ET.Element) -> Letter:
    identifier = letter.findtext(f"{PRINT}AfsendelseIdentifikator", "")
    if not 1 <= len(identifier) <= 38:
        raise BadMemo("AfsendelseIdentifikator", "must have 1 to 38 characters")
    recipient = letter.find(f"{PRINT}ForsendelseModtager")
    if recipient is None or recipient.findtext(f"{DKAL}AfsendelseModtager/{NUMBER}") != NOBODY:
        raise BadMemo("CPRnummerIdentifikator", "must be ten zeros: a letter goes to an address", "standin.real.person")
    there = recipient.find(f"{PRINT}ModtagerAdresse")
    if there is None:
        raise BadMemo("ModtagerAdresse", "is missing")
    for tag, pattern in (ADDRESS | {tag: rule for tag, rule in PARTS.items() if there.find(tag) is not None}).items():
        if not re.fullmatch(pattern, there.findtext(tag, "")):
            raise BadMemo(tag.partition("}")[2], "is missing or not as the printer takes it")
    if letter.findtext(f"{DKAL}FilformatNavn", "").lower() != "pdf":
        raise BadMemo("FilformatNavn", "must be pdf")
    enclosed = letter.findall(f"{PRINT}BilagSamling/{PRINT}Bilag")
    files = [letter.findtext(f"{DKAL}MeddelelseIndholdData", "")]
    files += [one.findtext(f"{DKAL}VedhaeftningIndholdData", "") for one in enclosed]
    pdfs = [_pdf(file) for file in files]
    if sum(map(len, pdfs)) > MOST_BYTES:
        raise BadMemo("MeddelelseIndholdData", "is over 7 MiB with what is enclosed")
    return Letter(
        identifier=identifier,
        name=there.findtext(NAME, ""),
        address=" ".join(element.text or "" for element in list(there)[1:-1]),
        title=letter.findtext(f"{PRINT}DokumentParametre/{{urn:oio:sagdok:3.0.0}}TitelTekst", ""),
        text=_words(pdfs[0]),
        enclosed=len(enclosed),
    )


def _pdf(encoded: str) -> bytes:
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except ValueError as error:
        raise BadMemo("MeddelelseIndholdData", "is not base64") from error


def _words(pdf: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise BadMemo("MeddelelseIndholdData", "is no PDF") from error
    try:
        for page in document:
            if any(abs(has - wants) > MILLIMETRE for has, wants in zip(page.get_size(), A4, strict=True)):
                raise BadMemo("MeddelelseIndholdData", "must be A4 in portrait")
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
