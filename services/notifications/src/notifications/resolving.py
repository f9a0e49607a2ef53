"""Who is behind the shipments of a batch. Known in memory until the batch is sent, and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from chassis.errors import Transient
from chassis.mongo import Document
from chassis.service import Service
from contracts.notifications import OUTDATED
from contracts.recipients import SUBJECT, Recipients, ResolveRecipients
from notifications.catalogue import KINDS
from notifications.channels import Follower, Person, StaffMember
from notifications.domain.shipment import Step
from notifications.settings import StaffSettings
from notifications.use_cases.recording import Happened

Recipient = Person | StaffMember | Follower

log = structlog.get_logger()


class Resolver:
    """Finds them out: staff from the settings, residents, members and followers from registration."""

    def __init__(self, service: Service, staff: StaffSettings) -> None:
        self._service, self._staff = service, staff

    async def resolve(self, shipments: Sequence[Document]) -> tuple[dict[str, Recipient], dict[str, Happened]]:
        """Return the recipients by shipment, and what happened to the shipments that have none."""
        found: dict[str, Recipient] = {}
        happened: dict[str, Happened] = {}
        by_assembly: dict[str, list[Document]] = {}
        outdated = _ended(shipments, self._service.clock.now())
        for document in shipments:
            one = document["_id"]
            if one in outdated:
                happened[one] = _failed(one, OUTDATED)
            elif document["role"]:
                address = self._staff.address(document["role"])
                if address:
                    found[one] = StaffMember(address)
                else:
                    happened[one] = Happened(one, (Step.FAILED,), "email", "no-address")
            elif document["person"]:
                by_assembly.setdefault(document["assembly"], []).append(document)
            else:
                happened[one] = _failed(one, "erased")
        for assembly, documents in by_assembly.items():
            question = ResolveRecipients(
                assembly=assembly,
                people=tuple(dict.fromkeys(d["person"] for d in documents)),
                code_ids=tuple(d["fields"]["code_id"] for d in documents if "code_id" in d["fields"]),
            )
            try:
                answer = await self._service.ask(SUBJECT, question, Recipients)
            except Transient as error:
                log.warning("recipients could not be resolved, trying again", people=len(documents), why=str(error))
                happened |= {d["_id"]: Happened(d["_id"], reason="recipients-unresolved") for d in documents}
                continue
            known = _known(answer)
            for document in documents:
                to = _addressed(document, known, answer.codes)
                if isinstance(to, Happened):
                    happened[document["_id"]] = to
                else:
                    found[document["_id"]] = to
        return found, happened


def _ended(shipments: Sequence[Document], now: datetime) -> set[str]:
    """Return those not worth sending any more: what they offer has ended."""
    return {d["_id"] for d in shipments if (expires := d["fields"].get("expires")) is not None and expires <= now}


def _known(answer: Recipients) -> dict[str, Person | Follower]:
    people = {
        r.person: Person(
            r.cpr,
            r.name,
            r.address,
            r.link,
            r.language,
            reference=r.reference,
            draw_code=r.draw_code,
            answered=r.answered,
        )
        for r in answer.recipients
    }
    return people | {f.follower: Follower(f.email, f.link, f.language, f.unsubscribe) for f in answer.followers}


def _addressed(
    document: Document, known: Mapping[str, Person | Follower], codes: Mapping[str, str]
) -> Person | Follower | Happened:
    person, code_id = known.get(document["person"]), document["fields"].get("code_id")
    if person is None:
        # Registration says of each follower who is gone that they are, and this was sent before it was heard.
        return _failed(document["_id"], "erased" if KINDS[document["template"]].follower else "recipient-unknown")
    if isinstance(person, Follower):
        return person
    if KINDS[document["template"]].unanswered and person.answered:
        return _failed(document["_id"], OUTDATED)  # with yes or no, and registration alone knows of a no
    if code_id is None:
        return person
    if code_id not in codes:  # a newer code has ended it, or the seat is lost
        return _failed(document["_id"], OUTDATED)
    return replace(person, code=codes[code_id])


def _failed(shipment: str, reason: str) -> Happened:
    return Happened(shipment, (Step.FAILED,), reason=reason)
