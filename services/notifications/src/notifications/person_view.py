"""What was sent to one person, as the secretariat sees it: their name asked for at the moment and kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from chassis.errors import Transient
from chassis.language import N_, Words
from chassis.mongo import Database, Document
from chassis.service import Service
from contracts.recipients import SUBJECT, Recipients, ResolveRecipients
from notifications import words as says
from notifications.domain.shipment import TERMINAL, State
from notifications.failed_views import can_go_again, code_of
from notifications.job_views import LOST
from notifications.reason_words import Reason, reason_words
from notifications.repository.jobs import JOBS
from notifications.template_desk import VERSION

NOBODY = N_("Nobody to write to: the person was never invited, or is erased")
NO_ANSWER = N_("Cannot be shown now: registration does not answer")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class Who:
    """The person as registration knows them now. `unknown` says in words why there is no name."""

    name: str = ""
    reference: str = ""
    language: str = "da"
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A shipment with what its page shows. `reason` where it did not arrive; `again` when it can be sent again."""

    document: Document
    state: State
    reason: Reason | None
    again: bool
    course: list[dict[str, Any]]
    text: str
    """Where the version of its text is shown; empty before it was sent."""


async def who_is(service: Service, assembly: str, person: str) -> Who:
    """Ask registration for the name, and say in words why there is none."""
    question = ResolveRecipients(assembly=assembly, people=(person,))
    try:
        answer = await service.ask(SUBJECT, question, Recipients)
    except Transient as error:
        log.warning("a name could not be asked for", why=str(error))
        return Who(unknown=NO_ANSWER)
    if not answer.recipients:
        return Who(unknown=NOBODY)
    (found,) = answer.recipients
    return Who(found.name, found.reference, found.language)


async def messages_of(db: Database, words: Words, who: Who, shipments: Sequence[Document]) -> list[Message]:
    """Return the shipments to someone, with their course in words."""
    ids = sorted({one["job"] for one in shipments})
    jobs = {one["_id"]: one for one in await db.collection(JOBS).find({"_id": {"$in": ids}}, fields=["state"])}
    return [_message(words, who, one, jobs.get(one["job"])) for one in shipments]


def _message(words: Words, who: Who, shipment: Document, job: Document | None) -> Message:
    state = State(shipment["state"])
    reason = reason_words(code_of(shipment)) if state in LOST else None
    again, course = can_go_again(shipment, job), course_of(words, shipment)
    return Message(shipment, state, reason, again, course, _text(shipment, shipment["language"] or who.language))


def _text(shipment: Document, language: str) -> str:
    version = shipment["template_version"]
    if version is None:
        return ""
    return VERSION.format(
        assembly=shipment["assembly"], template=shipment["template"], language=language, version=version
    )


def course_of(words: Words, shipment: Document) -> list[dict[str, Any]]:
    """Return the course of a shipment for `ui.timeline`; the last is where it is now, unless it has ended."""
    entries, ended = shipment["history"], State(shipment["state"]) in TERMINAL
    course = []
    for entry in entries:
        step, cause = says.STEP_WORDS[entry["step"]], says.CAUSE_WORDS[entry["cause"]]
        course.append(
            {
                "state": "now" if entry is entries[-1] and not ended else "done",
                "when": words.format_datetime(entry["at"]),
                "title": words.gettext(step),
                "text": words.gettext(cause),
            }
        )
    return course
