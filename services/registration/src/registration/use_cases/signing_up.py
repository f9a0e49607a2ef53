"""Signing up, editing and withdrawing, all by the personal link."""

from collections.abc import Mapping
from datetime import datetime

from chassis.errors import NotFound
from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.base import Language
from contracts.registration import RegistrantSignedUp, RegistrantWithdrew
from registration.domain import registration as rules
from registration.domain.people import token_hash
from registration.repository import PEOPLE, Collections, assembly_from, registration_from, with_registration
from registration.use_cases import gates, seats
from registration.use_cases.announcing import get_assembly

CONSENT = "2026-11"
"""The version of the consent's text in `templates/form.html`; a changed text is a new version."""


async def sign_up(tx: Transaction, token: str, answers: Mapping[str, str], language: Language) -> None:
    """Sign the holder of a link up, or take their edit; a new sign-up is said once, an edit not at all.

    NotFound for an unknown link, SignUpClosed before the opening, after the closing time and once the pool is closed.
    """
    document = await by_link(tx, token)
    assembly: str = document["assembly"]
    if not is_open(await get_assembly(tx, assembly), tx.now):
        raise gates.SignUpClosed("the sign-up is not open")
    before = registration_from(document)
    try:
        after, is_new = rules.sign_up(before, answers, language)
    except rules.NotAllowedError:
        raise gates.SignUpClosed("the draw has been held") from None
    if after == before:
        return
    await gates.go_through(tx, assembly, document["_id"])
    changed = with_registration(document, after) | {"consent": {"text": CONSENT, "at": tx.now}}
    if is_new:
        changed["signed_up_at"] = tx.now
        fact = RegistrantSignedUp(assembly=assembly, person=document["_id"], language=language)
        tx.say(fact, once=f"{document['_id']}:{after.sign_ups}")
    await tx.collection(PEOPLE).save(changed)


async def withdraw(tx: Transaction, token: str) -> None:
    """Withdraw the holder of a link, at any time; NotFound for an unknown link."""
    await withdraw_person(tx, await by_link(tx, token))


async def withdraw_person(tx: Transaction, document: Document) -> Document:
    """Withdraw a person who takes part, say so once a sign-up, and return the document as saved."""
    after, was_in = rules.withdraw(registration_from(document))
    if not was_in:
        return document
    if seats.has_seat(document):
        await seats.end(tx, document["_id"])
    changed = with_registration(document, after) | {"withdrawn_at": tx.now, "consent": None}
    await tx.collection(PEOPLE).save(changed)
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
