"""The fields a text may name: what each means, and what stands in it in an example about nobody.

The one table of them: the secretariat's page prints it, previews are filled from it, and texts are checked by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chassis.language import N_
from contracts.recipients import Address
from notifications.catalogue import COMMON, KINDS, LACKABLE, Kind
from notifications.channels import Follower, Person, StaffMember
from notifications.domain.shipment import Shipment


@dataclass(frozen=True, slots=True)
class Field:
    """`example` is what an event brings; None where the assembly, the person or the settings have it."""

    meaning: str
    example: Any = None


_NEWS = {"number": 4, "title": "Flere mødesteder", "answer": "partly", "progress": 40}
_STANDS = {"followed": 6, "partly": 3, "not_followed": 1, "completed": 1, "changed": 1, "first": False}
_THEMES = [
    _STANDS
    | {
        "title": {"da": "Forebyggelse", "en": "Prevention"},
        "mine": True,
        "news": [_NEWS | {"was": "not-followed", "was_progress": 10}],
    },
    _STANDS | {"title": {"da": "Samskabelse", "en": "Co-creation"}, "mine": False, "news": []},
]

FIELDS: Mapping[str, Field] = {
    "name": Field(N_("The recipient’s name")),
    "assembly": Field(N_("What the assembly is called")),
    "municipality": Field(N_("What the municipality is called")),
    "contact": Field(N_("How the secretariat is reached")),
    "assembly_link": Field(N_("The address of the assembly’s public page")),
    "purpose": Field(N_("What the assembly is about")),
    "panel_size": Field(N_("How many seats there are")),
    "deadline": Field(N_("When the sign-up closes")),
    "link": Field(N_("The address of the page it is about, for a resident their personal one")),
    "reference": Field(N_("The recipient’s reference number, for who has one")),
    "draw_link": Field(N_("The address of the draw’s page")),
    "draw_code": Field(N_("The recipient’s code in the record of the draw, for who is in it")),
    "answer_by": Field(
        N_("Until when the recipient can answer, where there is a deadline"), datetime(2026, 4, 1, 10, tzinfo=UTC)
    ),
    "code": Field(N_("The one-time code")),
    "expires": Field(N_("Until when the code or the link can be used"), datetime(2026, 4, 1, 10, tzinfo=UTC)),
    "title": Field(
        N_("What the session, the material, the status or the mailing is called"),
        {"da": "Det første møde", "en": "The first session"},
    ),
    "starts": Field(N_("When the session begins"), datetime(2026, 4, 11, 8, tzinfo=UTC)),
    "ends": Field(N_("When the session ends"), datetime(2026, 4, 11, 14, tzinfo=UTC)),
    "place": Field(N_("Where the session is"), "Eksempelhuset, Eksempelvej 1"),
    "stop": Field(N_("The address where the recipient stops such mails")),
    "failed": Field(N_("How many messages could not be delivered"), 40),
    "ended": Field(N_("Of how many that is, the latest"), 200),
    "due": Field(N_("The day the status is due"), "2026-09-17"),
    "days": Field(N_("How many days it is until then, or since"), 7),
    "previous": Field(N_("The day the status was due before it was moved"), "2026-06-17"),
    "reason": Field(N_("The reason that the deadline was moved for"), "Budgettet vedtages først i oktober."),
    "reported": Field(N_("The day the status was published"), "2026-09-17"),
    "followed": Field(N_("How many recommendations are followed"), 12),
    "partly": Field(N_("How many recommendations are partly followed"), 5),
    "not_followed": Field(N_("How many recommendations are not followed"), 3),
    "themes": Field(
        N_("The status theme by theme, the recipient’s own first, with what is new since the last"), _THEMES
    ),
    "choose": Field(N_("The address where the recipient chooses their themes")),
}
NOBODY = "Erik Eksempel"


def listed(kind: Kind) -> list[str]:
    """Return the fields a kind's text may name, its own before those of every text."""
    order = [*FIELDS]
    return sorted(kind.allowed, key=lambda name: (name in COMMON, order.index(name)))


def example(assembly: str, template: str, language: str) -> Shipment:
    """Return a shipment of a kind to nobody."""
    kind = KINDS[template]
    fields = {name: FIELDS[name].example for name in kind.fields if FIELDS[name].example is not None}
    if kind.staff:
        fields["path"] = f"/opfoelgning/{assembly}"
    if kind.action == "AFTALE":
        fields |= {"session": "example", "sequence": 0}
    role = "officer" if kind.staff else None
    return Shipment(assembly, template, "example", role=role, fields=fields, language=language)


def nobody(template: str, language: str) -> Person | StaffMember | Follower:
    """Return a recipient there is not: no CPR number, and a postcode there is not."""
    email, page = "erik@eksempel.dk", "/tilmelding/l/eksempel"
    if KINDS[template].staff:
        return StaffMember(email, language)
    if KINDS[template].follower:
        return Follower(email, page, language, f"{page}/stop")
    return Person(
        cpr="",
        name=NOBODY,
        address=Address(street="Eksempelvej", house_number="1", postcode="9999", city="Eksempelby"),
        link=page,
        language=language,
        code="123456",
        reference="123 456 789",
        draw_code="ABCD-EFGH",
    )


def lacked(template: str) -> list[str]:
    """Return the fields of a kind that not everyone has."""
    return [name for name in listed(KINDS[template]) if name in LACKABLE]
