"""Duplicates of the pool: found when they are asked for, by unlocking the pool alone, and forgotten again."""

import asyncio
from collections.abc import Sequence
from datetime import date

from chassis.mongo import Document
from chassis.vault import Vault
from registration.domain import cpr
from registration.domain.duplicates import Group, Person, find

FIELDS = ("identity", "told")
"""What is read of a person for it."""


async def find_duplicates(vault: Vault, people: Sequence[Document]) -> list[Group]:
    """Return who of these people is probably one person. In a thread: each takes some 50 microseconds to unlock."""
    return await asyncio.to_thread(lambda: find([_person(vault, document) for document in people]))


def _person(vault: Vault, document: Document) -> Person:
    identity = vault.unlock(document["identity"])
    told = vault.unlock(document["told"]) if document["told"] else {}
    return Person(
        id=document["_id"],
        name=identity["name"],
        born=_born(identity),
        email=told.get("email", ""),
        telephone=told.get("telephone", ""),
    )


def _born(identity: Document) -> date | None:
    """Return the day of birth: the roll's own where it has no CPR number."""
    if identity.get("birth_date"):
        return date.fromisoformat(identity["birth_date"])
    return cpr.parse(identity["cpr"], synthetic_allowed=True).born
