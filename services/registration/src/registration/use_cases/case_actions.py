"""What the secretariat does for one person by hand: each with a comment, in one transaction with the record of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chassis.errors import BadInput, Conflict, Problem
from chassis.identity import Caller
from chassis.mongo import Document
from chassis.transaction import Transaction
from chassis.vault import Vault
from registration.domain import cases as rules
from registration.domain.assembly import Criterion
from registration.domain.cases import Action
from registration.domain.people import typed_reference
from registration.domain.registration import SIGNED_UP, TAKING_PART
from registration.repository import PEOPLE, assembly_from, values_of
from registration.status_words import titles
from registration.use_cases import erasing, gates, links
from registration.use_cases.cases import comment_in, current, note_change, standing
from registration.use_cases.signing_up import decline, withdraw_person


class NotOffered(Conflict):
    """The action cannot be done for someone who stands as this person does."""


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """What staff ask for. `values` are criteria to correct, `reference` the number typed again before an erasure."""

    action: Action
    comment: str = ""
    exclusion: str = ""
    reference: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


async def act(
    tx: Transaction, vault: Vault, key: bytes, who: Caller, case: str, wish: Wish, machine_now: datetime
) -> str:
    """Do it, write it down, and return the assembly.

    CaseClosed, NotOffered when the person's status does not allow it (any more), BadInput for what is missing.
    """
    _, person, assembly = await current(tx, who, case, machine_now)
    before = standing(person, assembly, tx.now)
    if wish.action not in rules.allowed(before) or wish.action is Action.SIGN_UP:
        raise NotOffered("this cannot be done for the person")
    if wish.action is Action.ERASE:
        if typed_reference(wish.reference) != person["reference"]:
            raise _bad("reference", "the person's own", "type the number on their letter")
        await erasing.tell_and_erase(tx, person)
        await note_change(tx, vault, who, person, wish.action, None)
        return str(assembly["_id"])
    if wish.action is Action.EXCLUDE and wish.exclusion not in titles(assembly, "exclusions"):
        raise _bad("exclusion", "known value", "choose one of the assembly's exclusions")
    comment = comment_in(wish.comment)
    what: str = wish.action
    if wish.action is Action.CORRECT:
        what = await _correct(tx, person, assembly, wish.values)
    elif wish.action is Action.NEW_LINK:
        await links.reissue(tx, key, person)
    elif wish.action is Action.REVOKE:
        await links.revoke(tx, person)
    else:
        if wish.action is Action.EXCLUDE:
            what = f"{wish.action}:{wish.exclusion}"
        await _move(tx, vault, person, wish, before)
    await note_change(tx, vault, who, person, what, comment)
    return str(assembly["_id"])


async def _move(tx: Transaction, vault: Vault, person: Document, wish: Wish, before: rules.Standing) -> None:
    if wish.action is Action.DECLINE:
        await decline(tx, vault, person["_id"], {}, "phone")
        return
    status, why = rules.outcome(before, wish.action, wish.exclusion)
    if before.status in TAKING_PART | SIGNED_UP:
        person = await withdraw_person(tx, person)
    if wish.action is Action.WITHDRAW:
        return
    await tx.collection(PEOPLE).save(person | {"status": status.value, "why": why})


async def _correct(tx: Transaction, person: Document, assembly: Document, values: Mapping[str, str]) -> str:
    held = values_of(person)
    wanted = {criterion: value for criterion, value in values.items() if held.get(criterion) != value}
    known = {criterion.id: criterion for criterion in correctable(person, assembly)}
    if not wanted or any(c not in known or v not in known[c].value_ids for c, v in wanted.items()):
        raise _bad("values", "another value", "choose another value of at least one criterion")
    await gates.go_through(tx, person["assembly"], person["_id"])
    corrections, answers = dict(person["corrections"]), dict(person["answers"])
    for criterion, value in wanted.items():
        if known[criterion].source == "form":
            answers[criterion] = value
        elif person["features"].get(criterion) == value:
            del corrections[criterion]
        else:
            corrections[criterion] = value
    await tx.collection(PEOPLE).save(person | {"corrections": corrections, "answers": answers})
    return f"{Action.CORRECT}:{','.join(sorted(wanted))}"


def correctable(person: Document, assembly: Document) -> list[Criterion]:
    """Return the criteria whose value staff may correct: the roll's, and what the person has answered."""
    data = assembly_from(assembly)
    return [c for c in data.criteria if c.source == "roll" or c.id in person["answers"]]


def _bad(field_name: str, rule: str, message: str) -> BadInput:
    return BadInput([Problem("form", field_name, rule, message)])
