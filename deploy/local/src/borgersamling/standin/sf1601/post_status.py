"""Receipts in the shape that Beskedfordeler pushes: `PKO_PostStatus` in base64 in a `ModtagBeskedInput`."""

import base64
from xml.etree import ElementTree as ET

from borgersamling.standin.receipts import Receipt

CASE, ENVELOPE, OUTER = "urn:oio:sagdok:3.0.0", "urn:oio:besked:kuvert:1.0", "urn:oio:sts:1.0.0"
STATUS, DATA = "http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types", "urn:besked:kuvert:1.0"
POST_STATUS = "d2bed63c-4853-4008-b6e0-a74c15b15fbf"
DIGITAL_POST, PRINTER = "96514e13-afdd-44d6-95a8-adc2ca19b127", "afd21f3d-11c7-4f51-b2a6-f31d6480a9fb"
EVENTS = {
    "Modtaget Digital Post": "eb866ca2-b871-4387-b501-12cde577bd58",
    "Afleveret Digital Post": "f7161a89-5068-4023-bc80-d7f4daad2a2e",
    "Fejlet": "e225a75c-4b63-46c4-9423-77f5c8762445",
    "Modtaget Fjern-print": "dd98e71c-41ac-4305-a47b-8f86b00e639b",
    "Afleveret til print og kuvertering": "e3c0a021-2070-40d4-b7b7-754aeba762e9",
    "Modtaget Post Danmark": "e94a0a8b-60a0-42ad-8b83-52c9e15d0fb3",
    "Tilbagekaldt": "f03904aa-df6e-417f-bd74-6a01a61adbcf",
}


def pushed(receipt: Receipt, cvr: str, now: str, *, letter: bool) -> bytes:
    """Return a receipt as it is pushed. Its `status` is one of EVENTS; a letter's `uuid` is its identifier."""
    status = ET.Element(f"{{{STATUS}}}PKO_PostStatus")
    names = {"AfsendelseIdentifikator": receipt.uuid} if letter else {"MessageUUID": receipt.uuid}
    fields = {"TransmissionId": receipt.transmission, **names, "KanalKode": "Fysisk Post" if letter else "Digital Post"}
    fields |= {"TransaktionsDatoTid": now, "TransaktionsStatusKode": receipt.status}
    fields |= {"CorrelationId": receipt.transmission}
    for name, text in fields.items():
        ET.SubElement(status, f"{{{STATUS}}}{name}").text = text
    details = ET.SubElement(status, f"{{{STATUS}}}FejlDetaljer")
    if receipt.code is not None:
        ET.SubElement(details, f"{{{STATUS}}}FejlKode").text = receipt.code
        ET.SubElement(details, f"{{{STATUS}}}FejlTekst").text = "the stand-in was told to fail it"
    root = ET.Element(f"{{{OUTER}}}ModtagBeskedInput")
    besked = _under(root, "Haendelsesbesked")
    _uuid(_under(besked, "BeskedId"), receipt.id)
    _under(besked, "BeskedVersion").text = "1.0"
    facts = _under(_under(besked, "Beskedkuvert"), "Filtreringsdata")
    _uuid(_under(facts, "Beskedtype"), POST_STATUS)
    _uuid(_under(facts, "BeskedAnsvarligAktoer"), PRINTER if letter else DIGITAL_POST)
    ET.SubElement(_under(facts, "TilladtModtager"), f"{{{CASE}}}URNIdentifikator").text = f"urn:oio:cvr:{cvr}"
    registration = _under(facts, "ObjektRegistrering")
    _uuid(_under(registration, "ObjektRegistreringId"), receipt.transmission)
    _uuid(_under(registration, "ObjektHandling"), EVENTS[receipt.status])
    data = ET.SubElement(_under(besked, "Beskeddata"), f"{{{DATA}}}Base64")
    data.text = base64.b64encode(ET.tostring(status)).decode()
    xml: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml


def _under(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{ENVELOPE}}}{name}")


def _uuid(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, f"{{{CASE}}}UUIDIdentifikator").text = text
