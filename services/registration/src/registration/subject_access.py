"""All that is held about one person, as one file for them (GDPR article 15): ours, and what the others answer.

The answers of the other services are put into the file and forgotten: neither kept nor logged.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from chassis.errors import Transient
from chassis.language import N_, Words
from chassis.mongo import Document
from chassis.pages import ROLES
from chassis.service import Service
from chassis.vault import Vault
from contracts.subject_access import HOLDERS, Held, WhatIsHeld, subject
from registration.case_view import change_in_words, course_of, told_in_words
from registration.domain.assembly import Assembly
from registration.domain.people import spoken_reference
from registration.repository import CODES, DRAFTS, Collections, address_from, assembly_from, values_of
from registration.status_words import status_in_words, titles
from registration.use_cases.cases import HANDED_OUT, OPENED, changes_of

SECONDS = 5.0
"""How long each of the others is waited for."""
FILE = "borgersamling-indsigt.json"

HOLDER_WORDS = {
    "lottery": N_("The lottery"),
    "sessions": N_("The sessions"),
    "notifications": N_("The letters and messages"),
}
DID_NOT_ANSWER = N_("did not answer")

Answers = Mapping[str, Held | None]
"""What each of the others holds; None for one that did not answer."""


async def ask_the_others(service: Service, assembly: str, person: str) -> Answers:
    """Ask every service that may hold something."""
    question = WhatIsHeld(assembly=assembly, person=person)

    async def ask(holder: str) -> Held | None:
        try:
            return await service.ask(subject(holder), question, Held, SECONDS)
        except Transient:
            return None

    answers = await asyncio.gather(*(ask(holder) for holder in HOLDERS))
    return dict(zip(HOLDERS, answers, strict=True))


def silent(words: Words, answers: Answers) -> list[str]:
    """Return what the services that did not answer are called."""
    return [words.gettext(HOLDER_WORDS[holder]) for holder, answer in answers.items() if answer is None]


def file_of(words: Words, ours: Mapping[str, Any], answers: Answers) -> bytes:
    """Return the file: JSON in UTF-8, its keys in the language of who reads it."""
    theirs = {
        words.gettext(HOLDER_WORDS[holder]): words.gettext(DID_NOT_ANSWER) if held is None else list(held.records)
        for holder, held in answers.items()
    }
    return json.dumps({**ours, **theirs}, ensure_ascii=False, indent=2, default=str).encode()


async def held_here(
    source: Collections, vault: Vault, words: Words, person: Document, assembly: Document, *, by_link: bool
) -> dict[str, Any]:
    """Return what registration holds about a person, in words.

    By the personal link, which may have been passed on, without the CPR number's last digits and a protected address.
    """
    say = words.gettext
    announced = assembly_from(assembly)
    titles_of = {criterion.id: criterion for criterion in announced.criteria}

    def values(of: Mapping[str, str]) -> dict[str, str]:
        known = ((titles_of[c], value) for c, value in of.items() if c in titles_of)
        return {words.text(criterion.title): words.text(criterion.title_of(value)) for criterion, value in known}

    changes = await changes_of(source, vault, person["_id"])
    code = await source.collection(CODES).get(person["_id"])
    consent = person["consent"]
    return {
        say(N_("Assembly")): words.text(announced.title),
        say(N_("In the roll")): _identity(words, vault.unlock(person["identity"]), by_link=by_link),
        say(N_("Where you stand")): {
            say(N_("Status")): status_in_words(words, person, titles(assembly, "exclusions")),
            say(N_("Reference number")): spoken_reference(person["reference"]),
            say(N_("Language")): person["language"],
            say(N_("Id in the system")): person["_id"],
            say(N_("Household, the same for all at one address")): person["household"],
            say(N_("Mark of the roll’s row")): person["fingerprint"],
            say(N_("Links sent")): person["generation"] if person["invited_at"] else 0,
            say(N_("Sign-ups")): person["sign_ups"],
            say(N_("Themes you want to read of first")): _themes(words, person, announced),
            say(N_("Your answer about the seat")): _answer(words, person),
        },
        say(N_("The course so far")): [
            {say(N_("When")): at.isoformat(), say(N_("What")): what} for at, what in course_of(words, person, assembly)
        ],
        say(N_("From the roll")): values(person["features"]),
        say(N_("Corrected")): values(person["corrections"]),
        say(N_("Your answers")): values(person["answers"]),
        say(N_("What counts in the draw")): values(values_of(person)),
        say(N_("What you have told us")): dict(told_in_words(words, vault, person, assembly)),
        say(N_("Typed on the way through the form, not sent")): await _draft(source, vault, person["_id"]),
        say(N_("Consent")): None
        if consent is None
        else {say(N_("Version of the text")): consent["text"], say(N_("Given")): consent["at"].isoformat()},
        say(N_("Codes to sign in with, asked for")): [at.isoformat() for at in code["issued"]] if code else [],
        say(N_("Done by hand")): [
            _change(words, one, assembly) for one in changes if one["what"] not in {OPENED, HANDED_OUT}
        ],
        say(N_("Who has opened your case, and why")): [
            _change(words, one, assembly) for one in changes if one["what"] in {OPENED, HANDED_OUT}
        ],
    }


def _themes(words: Words, person: Document, announced: Assembly) -> list[str]:
    chosen = person.get("themes", ())
    return [words.text(theme.title) for theme in announced.themes if theme.id in chosen]


def _answer(words: Words, person: Document) -> dict[str, Any] | None:
    """Return what someone drawn answered by their link, and until when they could."""
    by, given = person.get("answer_by"), person.get("seat_answer")
    if by is None and given is None:
        return None
    said = None if given is None else words.gettext(N_("yes") if given["takes"] else N_("no"))
    return {
        words.gettext(N_("Answer before")): by.isoformat() if by else None,
        words.gettext(N_("Answer")): said,
        words.gettext(N_("When")): given["at"].isoformat() if given else None,
    }


async def _draft(source: Collections, vault: Vault, person: str) -> dict[str, Any]:
    draft = await source.collection(DRAFTS).get(person)
    return {step: vault.unlock(locked) for step, locked in draft["parts"].items()} if draft else {}


def _identity(words: Words, identity: Document, *, by_link: bool) -> dict[str, Any]:
    say = words.gettext
    cpr, hidden = identity["cpr"], identity["protected"] and by_link
    return {
        say(N_("CPR number")): f"{cpr[:6]}-xxxx" if by_link and cpr else cpr,
        say(N_("Name")): identity["name"],
        say(N_("Address")): say(N_("Protected, not shown")) if hidden else address_from(identity).line,
        say(N_("Protected address")): say(N_("yes")) if identity["protected"] else say(N_("no")),
    }


def _change(words: Words, change: Document, assembly: Document) -> dict[str, Any]:
    say = words.gettext
    return {
        say(N_("When")): change["at"].isoformat(),
        say(N_("Who")): say(ROLES[change["by"]]),
        say(N_("What")): change_in_words(words, change["what"], assembly),
        say(N_("Why")): change["comment"],
    }
