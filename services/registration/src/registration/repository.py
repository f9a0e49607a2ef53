"""Documents <-> domain.

Everything that names a person stands in `identity`, and what they tell us of themselves beside the criteria in `told`;
both are locked (chassis.vault) and nowhere else in the clear. A person below the minimum age has no identity: only the
opaque id is kept.
"""

from datetime import date, datetime
from typing import Any, Protocol

from chassis.mongo import Collection, Document
from registration.domain.assembly import Assembly, Choice, Condition, Criterion, Exclusion, Meeting, Value
from registration.domain.people import Address
from registration.domain.registration import Registration, Status
from registration.domain.retention import Retention
from registration.domain.sign_in_code import Code
from registration.domain.waves import EVERYONE, Favour, Wave

ASSEMBLIES = "assemblies"
PEOPLE = "people"
WAVES = "waves"
"""Waves of invitations and reminders: what each is, where it stands, who did what with it. No people."""
GATES = "gates"
IMPORTS = "imports"
UPLOADS = "uploads"
"""Files on their way in, locked piece by piece, deleted when they are done with."""
DRAFTS = "drafts"
"""What people have typed on the way through the form, locked; nothing of it counts."""
CODES = "sign_in_codes"
"""One row a member who asked: which code, never the code itself."""
ENDED_SEATS = "ended_seats"
"""People whose sign-ins are still to be ended."""
"""Whom the secretariat is helping at the moment; each is gone after two hours."""
FOLLOWERS = "followers"
"""Who follows an assembly by e-mail, or has asked to; the address is locked. Nobody of the roll is among them."""
ERASURES = "erasures"
"""Who is erased as soon as they have been told of it: the id, and until when they wait for that at the latest."""
CHANGES = "changes"
"""What was done by hand for a person, and why; the comment is locked."""


class Collections(Protocol):
    """A transaction or, for reads alone, the database itself."""

    def collection(self, name: str) -> Collection:
        """Return a collection."""


def as_stored(moment: datetime) -> datetime:
    """Return a moment as MongoDB keeps it, to the millisecond, so that the first answer is that of all later ones."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def assembly_from(document: Document) -> Assembly:
    """Read an announced assembly as stored by `use_cases.announcing`."""
    data = document["announced"]
    return Assembly(
        id=document["_id"],
        title=data["title"],
        municipality=data["municipality"]["title"],
        purpose=data["purpose"],
        panel_size=data["panel_size"],
        minimum_age=data["minimum_age"],
        age_on=date.fromisoformat(data["age_on"]),
        opens_at=datetime.fromisoformat(data["sign_up_opens_at"]),
        closes_at=datetime.fromisoformat(data["sign_up_closes_at"]),
        criteria=tuple(_criterion(criterion) for criterion in data["criteria"]),
        retention=Retention(**data.get("retention", {})),
        meetings=tuple(_meeting(session) for session in data["sessions"]),
        postcodes=frozenset(data.get("postcodes", ())),
        exclusions=tuple(Exclusion(e["id"], e["title"], e["question"]) for e in data.get("exclusions", ())),
        conditions=tuple(Condition(c["title"], c["text"]) for c in data.get("conditions", ())),
        needs=tuple(Choice(n["id"], n["title"]) for n in data.get("needs", ())),
        themes=tuple(Choice(t["id"], t["title"]) for t in data.get("themes", ())),
    )


def waves_from(document: Document) -> tuple[Wave, ...]:
    """Read the waves of an announced assembly, in their order; one of everyone when it names none."""
    waves = (wave_from(wave) for wave in document["announced"].get("waves", ()))
    return tuple(waves) or (EVERYONE,)


def wave_from(data: dict[str, Any]) -> Wave:
    """Read a wave, as announced or as stored."""
    favours = (Favour(one["criterion"], one["value"], one["factor"]) for one in data["favours"])
    return Wave(data["id"], data["title"], data["share"], tuple(favours))


def _criterion(data: dict[str, Any]) -> Criterion:
    return Criterion(data["id"], data["title"], data["source"], tuple(_value(value) for value in data["values"]))


def _value(data: dict[str, Any]) -> Value:
    return Value(
        id=data["id"],
        title=data["title"],
        age_from=data.get("age_from"),
        age_to=data.get("age_to"),
        minimum=data["minimum"],
        maximum=data["maximum"],
        population_share=data.get("population_share"),
        streets=tuple(data.get("streets", ())),
    )


def _meeting(data: dict[str, Any]) -> Meeting:
    starts_at, ends_at = (datetime.fromisoformat(data[key]) for key in ("starts_at", "ends_at"))
    return Meeting(data["title"], starts_at, ends_at)


def nothing_told() -> Document:
    """Return the part of a person's document that is their own course, before anything has happened."""
    return {
        "why": None,
        "generation": 1,
        "token_hash": None,
        "invited_at": None,
        "wave": None,
        "reminders": 0,
        "answers": {},
        "corrections": {},
        "told": None,
        "needs": [],
        "language": "da",
        "sign_ups": 0,
        "consent": None,
        "by": None,
        "attended": [],
        "themes": [],
        "test": False,
    }


def blank() -> Document:
    """Return what is set on the row of someone erased, or gone: nothing of who they are and what they said is left."""
    told = {
        key: value
        for key, value in nothing_told().items()
        if key not in {"generation", "invited_at", "wave", "sign_ups", "test"}
    }
    nobody = dict.fromkeys(("identity", "household", "reference", "fingerprint", "answer_by", "seat_answer"))
    return (
        told
        | nobody
        | {"features": {}, "old_links": [], "alternate": False, "seat_lost": False, "status": Status.ERASED.value}
    )


def roll_says(person: Document) -> dict[str, str]:
    """Return what the roll knows of a person, by criterion, but for what they have answered themselves."""
    features: dict[str, str] = person["features"]
    return {criterion: value for criterion, value in features.items() if criterion not in person["answers"]}


def values_of(person: Document) -> dict[str, str]:
    """Return what counts for the draw, by criterion: the roll, corrected by the person, and the person's answers."""
    values: dict[str, str] = person["features"] | person["corrections"] | person["answers"]
    return values


def address_from(identity: Document) -> Address:
    """Read the address of an identity."""
    parts = ("street", "house_number", "floor", "door", "postcode", "city")
    return Address(*(identity[part] for part in parts))


NOTHING_SAID: Document = {"answers": {}, "corrections": {}, "needs": [], "told": None, "consent": None, "themes": []}
"""The part of a person's document that goes with the consent it was given under. Copied, never changed."""


def registration_from(document: Document) -> Registration:
    """Read how far a person has come."""
    return Registration(Status(document["status"]), document["sign_ups"], document["test"])


def with_registration(document: Document, registration: Registration) -> Document:
    """Return the person's document with another registration in it."""
    return document | {"status": registration.status.value, "sign_ups": registration.sign_ups}


def code_from(document: Document) -> Code:
    """Read a member's latest code."""
    names = ("issued_at", "tries", "used", "undelivered")
    return Code(document["code_id"], **{name: document[name] for name in names})
