"""What the assembly publishes: programmes, minutes, presentations, material. Always public, never with names."""

from dataclasses import asdict, dataclass
from typing import Literal

from chassis.errors import NotFound
from chassis.transaction import Transaction
from contracts import base as contracts
from contracts.sessions import PublicationReleased
from sessions import repository
from sessions.domain.assembly_file.model import Text

Kind = Literal["programme", "minutes", "presentation", "material"]


@dataclass(frozen=True)
class Publication:
    """A publication as the secretariat hands it in."""

    kind: Kind
    title: Text
    session: str | None = None
    text: Text | None = None


async def release(tx: Transaction, assembly: str, publication_id: str, publication: Publication) -> repository.Document:
    """Publish, or correct what is published. The fact is said once: a correction calls nobody again."""
    plan = repository.plan(await repository.announced(tx.collection(repository.ASSEMBLIES), assembly))
    if publication.session is not None and plan.session(publication.session) is None:
        raise NotFound(f"{assembly} has no session {publication.session}")
    publications = tx.collection(repository.PUBLICATIONS)
    document = await publications.get(repository.key(assembly, publication_id))
    content = asdict(publication) | {
        "title": publication.title.model_dump(),
        "text": publication.text.model_dump() if publication.text else None,
    }
    if document is not None:
        if all(document[name] == value for name, value in content.items()):
            return document
        document |= {**content, "corrected_at": repository.moment(tx.now)}
        await publications.save(document)
        return document
    document = {
        "_id": repository.key(assembly, publication_id),
        "assembly": assembly,
        "publication": publication_id,
        "released_at": repository.moment(tx.now),
        "corrected_at": None,
        **content,
    }
    await publications.save(document)
    tx.say(
        PublicationReleased(
            assembly=assembly,
            publication=publication_id,
            session=publication.session,
            kind=publication.kind,
            title=contracts.Text(**publication.title.model_dump()),
            path=f"/samling/{assembly}/publikationer/{publication_id}",
        ),
        once=f"released:{publication_id}",
    )
    return document
