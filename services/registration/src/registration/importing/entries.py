"""A row of the roll as we would hold it."""

from dataclasses import dataclass

from chassis.mongo import Document
from chassis.vault import Vault
from registration.domain.assembly import Assembly
from registration.domain.eligibility import age_features, why_ineligible
from registration.domain.people import fingerprint, household, reference
from registration.domain.registration import Status
from registration.domain.resident import Resident
from registration.repository import nothing_told


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A resident with what follows for the assembly; nothing of it is locked yet. `why` they cannot be invited."""

    person: str
    resident: Resident
    why: str | None
    features: dict[str, str]
    fingerprint: str


def entry_of(key: bytes, assembly: Assembly, resident: Resident) -> Entry:
    """Return what a row is to the assembly."""
    why = resident.left or why_ineligible(assembly, resident.born, resident.address.postcode)
    features = {} if why else {**resident.features, **age_features(assembly, resident.born)}
    said = (*resident.values(), str(why), *(f"{k}={features[k]}" for k in sorted(features)))
    return Entry(resident.person(key, assembly.id), resident, why, features, fingerprint(key, said))


def roll_part(key: bytes, vault: Vault, assembly: str, entry: Entry) -> Document:
    """Return what the roll knows of a person, locked. Of who cannot be invited it keeps no more than the opaque id."""
    if entry.why:
        return {"fingerprint": entry.fingerprint, **no_roll_part()}
    return {
        "fingerprint": entry.fingerprint,
        "identity": vault.lock(assembly, identity_of(entry.resident)),
        "features": entry.features,
        "household": household(key, assembly, entry.resident.address),
        "reference": reference(key, entry.person),
    }


def no_roll_part() -> Document:
    """Return the part of a person's document that a roll fills, empty."""
    return {"identity": None, "features": {}, "household": None, "reference": None}


def new_person(assembly: str, entry: Entry, part: Document) -> Document:
    """Return a new document of `people`."""
    return {
        "_id": entry.person,
        "version": 1,
        "assembly": assembly,
        "status": (Status.INELIGIBLE if entry.why else Status.INVITEE).value,
        **part,
        **nothing_told(),
        "why": entry.why,
    }


def identity_of(resident: Resident) -> Document:
    """Return what is locked: everything that names a person."""
    a = resident.address
    return {
        "cpr": resident.cpr,
        "birth_date": resident.birth_date,
        "name": resident.name,
        "protected": resident.protected,
        "street": a.street,
        "house_number": a.house_number,
        "floor": a.floor,
        "door": a.door,
        "postcode": a.postcode,
        "city": a.city,
    }
