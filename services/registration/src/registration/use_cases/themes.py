"""Which themes a member, or somebody who follows, wants to read of first when the council publishes a status."""

from collections.abc import Iterable, Mapping

from chassis.mongo import Document
from chassis.transaction import Transaction
from contracts.registration import ThemesChosen
from registration.domain.assembly import Choice
from registration.repository import FOLLOWERS, PEOPLE, assembly_from
from registration.use_cases.announcing import get_assembly
from registration.use_cases.following import by_token
from registration.use_cases.seats import has_seat
from registration.use_cases.signing_in import NotAMember
from registration.use_cases.signing_up import by_link

PREFIX = "theme_"
"""Begins the name of a theme's box in a form."""


def ticked(fields: Mapping[str, str], themes: Iterable[Choice]) -> tuple[str, ...]:
    """Return the themes that are ticked in a form, in the assembly's order; a box it has no theme of is none."""
    return tuple(one.id for one in themes if fields.get(f"{PREFIX}{one.id}") == "yes")


async def choose_as_member(tx: Transaction, token: str, fields: Mapping[str, str]) -> None:
    """Take a member's choice. NotFound for an unknown link, NotAMember for who has no seat."""
    person = await by_link(tx, token)
    if not has_seat(person):
        raise NotAMember("only who has a seat is written to of each status")
    await _keep(tx, PEOPLE, person, fields, said=True)


async def choose_as_follower(tx: Transaction, key: bytes, token: str, fields: Mapping[str, str]) -> None:
    """Take a follower's choice. NotFound. Before they have said yes nobody is told: it goes with their yes."""
    follower = await by_token(tx, key, token, tx.now)
    await _keep(tx, FOLLOWERS, follower, fields, said=follower["joined_at"] is not None)


async def _keep(tx: Transaction, where: str, holder: Document, fields: Mapping[str, str], *, said: bool) -> None:
    assembly = assembly_from(await get_assembly(tx, holder["assembly"]))
    themes = ticked(fields, assembly.themes)
    if list(themes) == holder.get("themes", []):
        return
    number = holder.get("themes_chosen", 0) + 1
    await tx.collection(where).save(holder | {"themes": list(themes), "themes_chosen": number})
    if said:
        fact = ThemesChosen(assembly=assembly.id, person=holder["_id"], themes=themes)
        tx.say(fact, once=f"{holder['_id']}:{number}")
