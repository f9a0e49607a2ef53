"""A letter as it looks on paper, into docs/screenshots: `make screenshots` runs it, and it needs no servers."""

import sys
from dataclasses import replace
from pathlib import Path

from PIL import ImageOps

sys.path.insert(0, str(Path(__file__).parent))

from contracts.recipients import Address
from notifications.catalogue import Catalogue
from notifications.channels import Person
from notifications.domain.shipment import Shipment
from notifications.rendering import Renderer
from notifications.repository.shipments import new_document
from support.letters import LETTERHEAD, letter_of, seen
from support.notifying import ASSEMBLY, CONTACT, NOW, assembly, person_id

TO = Person(
    cpr="",
    name="Karen Margrethe Eksempel",
    address=Address(street="Eksempelvej", house_number="12B", floor="2", door="tv", postcode="2791", city="Dragør"),
    link="/tilmelding/l/k7wq2mzt4xnr5vbj3hcl6pdsya",
    language="da",
    reference="123 456 789",
)


def main(target: Path) -> None:
    """Picture an invitation at 100 dots an inch, with a line around it for the edge of the paper."""
    renderer = Renderer(Catalogue(), "https://borgersamling.eksempel.dk", CONTACT, LETTERHEAD.phone)
    shipment = new_document(Shipment(ASSEMBLY, "invitation", "picture", person_id(1)), NOW, job="", bulk=True)
    out = replace(renderer.render(shipment, assembly(), TO, "letter"), to=TO)
    picture = ImageOps.expand(seen(letter_of(out), dots_an_inch=100), border=1, fill="#767676")
    picture.convert("L").quantize(16).save(target / "letter-da.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "docs/screenshots")
