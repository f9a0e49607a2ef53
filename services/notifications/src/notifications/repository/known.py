"""What notifications has heard: assemblies, sessions, draws, and who of the opaque ids is in which list."""

from collections.abc import Sequence

from chassis.mongo import Database, Document
from notifications.rendering import Assembly

ASSEMBLIES, PEOPLE, SESSIONS, DRAWS = "assemblies", "people", "sessions", "draws"


def assembly_document(assembly: Assembly) -> Document:
    """Return an assembly as stored."""
    return {
        "_id": assembly.id,
        "municipality": dict(assembly.municipality),
        "title": dict(assembly.title),
        "purpose": dict(assembly.purpose),
        "panel_size": assembly.panel_size,
        "sign_up_closes_at": assembly.sign_up_closes_at,
        "evaluation_link": assembly.evaluation_link,
        "last_session": assembly.last_session,
    }


def assembly_from(document: Document) -> Assembly:
    """Return an assembly from its document."""
    return Assembly(
        id=document["_id"],
        municipality=document["municipality"],
        title=document["title"],
        purpose=document["purpose"],
        panel_size=document["panel_size"],
        sign_up_closes_at=document["sign_up_closes_at"],
        evaluation_link=document.get("evaluation_link"),
        last_session=document.get("last_session"),
    )


async def load_assemblies(db: Database, ids: Sequence[str]) -> dict[str, Assembly]:
    """Return those that are announced."""
    found = await db.collection(ASSEMBLIES).find({"_id": {"$in": list(ids)}})
    return {document["_id"]: assembly_from(document) for document in found}


def person_key(assembly: str, person: str) -> str:
    """Return the id of what is known of a person in an assembly."""
    return f"{assembly}/{person}"
