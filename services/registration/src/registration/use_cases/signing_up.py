"""Signing up, editing, saying no and withdrawing: by the personal link, or by the secretariat on the telephone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from chassis.errors import NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from contracts.base import Language
from contracts.registration import RegistrantSignedUp, RegistrantWithdrew
from registration.domain import form
from registration.domain import registration as rules
from registration.domain.eligibility import excluded
from registration.domain.people import token_hash
from registration.domain.registration import SIGNED_UP
from registration.repository import (
    NOTHING_SAID,
    PEOPLE,
    Collections,
    assembly_from,
    registration_from,
    roll_says,
    with_registration,
)
from registration.use_cases import drafts, gates, seats
from registration.use_cases.announcing import get_assembly

By = Literal["self", "phone"]
"""Who filled in the form: the person, or the secretariat for someone on the telephone."""


async def sign_up(tx: Transaction, vault: Vault, person: str, *, by: By, language: Language) -> None:
    """Make a person's draft their sign-up, or their edit; a new sign-up is said once, an edit not at all.

    form.StepMissingError where the draft is not complete; NotFound for an id nobody has; SignUpClosed before the
    opening, after the closing time, once the pool is closed, and for who is drawn or not invited.
    """
    document = await _open_to(tx, person)
    assembly = assembly_from(await get_assembly(tx, document["assembly"]))
    after, is_new = _allowed(document)
    told = form.complete(await drafts.parts(tx, vault, document, assembly), assembly, roll_says(document))
    await gates.go_through(tx, assembly.id, person)
    changed = with_registration(document, after) | {
        "answers": dict(told.answers),
        "corrections": dict(told.corrections),
        "needs": list(told.needs),
        "told": vault.lock(assembly.id, told.told) if told.told else None,
        "consent": {"text": form.CONSENT, "at": tx.now},
        "language": language,
        "by": by,
        "why": None,
    }
    if after.sign_ups > document["sign_ups"]:
        changed["signed_up_at"] = tx.now
    if is_new:
        fact = RegistrantSignedUp(assembly=assembly.id, person=person, language=language)
        tx.say(fact, once=f"{person}:{after.sign_ups}")
    await tx.collection(PEOPLE).save(changed)
    await drafts.drop(tx, person)


async def decline(tx: Transaction, vault: Vault, person: str, reason: Mapping[str, str], by: By) -> None:
    """Take a "no thank you" with what was said of why; said again, it is the last that counts. No fact is said.

    NotFound for an id nobody has; SignUpClosed when there is nothing to say no to any more, also for who takes part.
    """
    document = await _open_to(tx, person)
    await _decline(tx, document, by, why=None, told=vault.lock(document["assembly"], reason) if reason else None)


async def give_place(tx: Transaction, person: str, exclusion: str, by: By) -> None:
    """Take it that someone belongs to those who leave their place to others, as `decline` does.

    Who had signed up withdraws by it, which is said.
    """
    document = await _open_to(tx, person)
    if document["status"] in SIGNED_UP:
        document = await withdraw_person(tx, document)
    await _decline(tx, document, by, why=excluded(exclusion), told=None)


async def withdraw(tx: Transaction, token: str) -> None:
    """Withdraw the holder of a link, at any time; NotFound for an unknown link."""
    await withdraw_person(tx, await by_link(tx, token))


async def withdraw_person(tx: Transaction, document: Document) -> Document:
    """Withdraw a person who takes part, say so once a sign-up, and return the document as saved.

    The answers go with the consent they were given under.
    """
    before = registration_from(document)
    after, was_in = rules.withdraw(before)
    await drafts.drop(tx, document["_id"])
    if after == before:
        return document
    if seats.has_seat(document):
        await seats.end(tx, document["_id"])
    changed = with_registration(document, after) | NOTHING_SAID | {"withdrawn_at": tx.now}
    await tx.collection(PEOPLE).save(changed)
    if was_in:
        fact = RegistrantWithdrew(assembly=document["assembly"], person=document["_id"])
        tx.say(fact, once=f"{document['_id']}:{after.sign_ups}")
    return changed


async def by_link(source: Collections, token: str) -> Document:
    """Return the person a link belongs to; NotFound when it is nobody's, which an erased person's link is too."""
    document = await source.collection(PEOPLE).one({"token_hash": token_hash(token)})
    if document is None:
        raise NotFound("the link is not known")
    return document


def is_open(assembly: Document, now: datetime) -> bool:
    """Say whether people can sign up: opened by the secretariat, before the closing time, the pool not closed."""
    return assembly["opened_at"] is not None and assembly["pool"] is None and now < assembly_from(assembly).closes_at


async def _open_to(tx: Transaction, person: str) -> Document:
    document = await tx.collection(PEOPLE).get(person)
    if document is None:
        raise NotFound("nobody has this id")
    if not is_open(await get_assembly(tx, document["assembly"]), tx.now):
        raise gates.SignUpClosed("the sign-up is not open")
    return document


def _allowed(document: Document) -> tuple[rules.Registration, bool]:
    try:
        return rules.sign_up(registration_from(document))
    except rules.NotAllowedError:
        raise gates.SignUpClosed("this person cannot sign up any more") from None


async def _decline(tx: Transaction, document: Document, by: By, why: str | None, told: bytes | None) -> None:
    try:
        after = rules.decline(registration_from(document))
    except rules.NotAllowedError:
        raise gates.SignUpClosed("this person takes part, or cannot any more") from None
    said = NOTHING_SAID | {"why": why, "told": told, "by": by, "declined_at": tx.now}
    await tx.collection(PEOPLE).save(with_registration(document, after) | said)
    await drafts.drop(tx, document["_id"])
