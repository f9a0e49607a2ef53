"""What someone has typed so far: a draft, so that a reload, the back button or a second tab lose nothing.

Each step is locked by itself and written without reading the others, so two tabs do not overwrite each other's steps. A
draft goes with the sign-up, the "no thank you" and the erasure, and by itself after two days.
"""

from collections.abc import Mapping
from datetime import datetime

from chassis.mongo import Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.domain import form
from registration.domain.assembly import Assembly
from registration.domain.form import Answers, Step
from registration.domain.registration import SIGNED_UP, Status
from registration.repository import DRAFTS, Collections

KEPT_SECONDS = 48 * 3600
"""By the machine's time."""

Parts = dict[Step, dict[str, str]]


async def keep(
    source: Collections, vault: Vault, person: Document, step: Step, fields: Mapping[str, str], machine_now: datetime
) -> None:
    """Keep what was typed at a step."""
    part = {f"parts.{step.value}": vault.lock(person["assembly"], fields)}
    changes = {"$set": {"assembly": person["assembly"], "at": machine_now, **part}}
    await source.collection(DRAFTS).update({"_id": person["_id"]}, changes, upsert=True)


async def parts(source: Collections, vault: Vault, person: Document, assembly: Assembly) -> Parts:
    """Return what was typed so far, by step; before it, what someone who has signed up has answered."""
    draft = await source.collection(DRAFTS).get(person["_id"])
    typed = {Step(step): vault.unlock(locked) for step, locked in draft["parts"].items()} if draft else {}
    answered = form.parts_of(answers_of(vault, person), assembly) if Status(person["status"]) in SIGNED_UP else {}
    return answered | typed


async def drop(tx: Transaction, person: str) -> None:
    """Delete a draft."""
    await tx.collection(DRAFTS).delete({"_id": person})


def answers_of(vault: Vault, person: Document) -> Answers:
    """Return what someone has told us."""
    told = vault.unlock(person["told"]) if person["told"] else {}
    return Answers(person["answers"], person["corrections"], tuple(person["needs"]), told)
