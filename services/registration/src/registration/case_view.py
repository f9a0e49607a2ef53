"""A person's case as it is shown: documents turned into words, in the language of who looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.language import N_, Words
from chassis.mongo import Document
from chassis.vault import Vault
from registration.domain import form
from registration.domain.cases import Action
from registration.domain.draw_code import draw_code, line
from registration.domain.people import spoken_reference
from registration.domain.registration import MEMBERS, TAKING_PART, Status
from registration.form_words import NO_REASONS
from registration.repository import address_from, assembly_from, values_of
from registration.status_words import status_in_words, titles
from registration.use_cases.cases import HANDED_OUT, OPENED

BY_WORDS = {"self": N_("by the person"), "phone": N_("by telephone, with the secretariat")}
TOLD_WORDS = {
    form.EMAIL: N_("E-mail"),
    form.TELEPHONE: N_("Telephone"),
    form.NEEDS_TEXT: N_("About the needs"),
    form.NOTE: N_("What they say is not right"),
    form.NO_REASON: N_("Why they said no thank you"),
    form.NO_TEXT: N_("More about the no thank you"),
}
"""What people tell of themselves beside the criteria, by the field's name."""
CHANGE_WORDS = {
    OPENED: N_("The case was opened"),
    HANDED_OUT: N_("All that is held was handed out"),
    Action.SIGN_UP.value: N_("Signed up on the telephone"),
    Action.DECLINE.value: N_("“No thank you” noted"),
    Action.WITHDRAW.value: N_("Withdrawn"),
    Action.CORRECT.value: N_("Corrected"),
    Action.EXCLUDE.value: N_("Left out"),
    Action.MOVED_OUT.value: N_("Noted as moved away"),
    Action.DIED.value: N_("Noted as dead"),
    Action.READMIT.value: N_("Let in again"),
    Action.NEW_LINK.value: N_("A new link sent"),
    Action.REVOKE.value: N_("The link closed"),
    Action.ERASE.value: N_("Erased"),
}

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """Something done by hand. `comment` is None where none was asked for."""

    at: datetime
    role: str
    what: str
    comment: str | None


@dataclass(frozen=True, slots=True, repr=False)
class CaseView:
    """What the page shows of a person."""

    name: str
    address: str | None
    reference: str
    draw_code: str
    line: str
    """In the public record of the draw. Both are empty for who is not in it."""
    drawn: bool
    status: str
    test: bool
    course: tuple[tuple[datetime, str], ...]
    values: tuple[tuple[str, str, str], ...]
    """Criterion, value, and where it comes from."""
    told: tuple[Pair, ...]
    changes: tuple[Change, ...]


def view_of(
    words: Words, vault: Vault, key: bytes, person: Document, assembly: Document, changes: list[Document]
) -> CaseView:
    """Unlock a person and put them into words."""
    identity = vault.unlock(person["identity"])
    return CaseView(
        name=identity["name"],
        address=None if identity["protected"] else address_from(identity).line,
        reference=spoken_reference(person["reference"]),
        draw_code=draw_code(key, person["_id"]) if person["status"] in TAKING_PART else "",
        line=line(key, person["_id"]) if person["status"] in TAKING_PART else "",
        drawn=person["status"] in MEMBERS,
        status=status_in_words(words, person, titles(assembly, "exclusions")),
        test=person["test"],
        course=tuple(course_of(words, person, assembly)),
        values=tuple(_values(words, person, assembly)),
        told=tuple(told_in_words(words, vault, person, assembly)),
        changes=tuple(
            Change(one["at"], one["by"], change_in_words(words, one["what"], assembly), one["comment"])
            for one in changes
        ),
    )


def course_of(words: Words, person: Document, assembly: Document) -> list[tuple[datetime, str]]:
    """Return what has happened so far, the first first."""
    say = words.gettext
    wave = titles(assembly, "waves").get(person["wave"] or "")
    invited = [say(N_("Invited")) if wave is None else say(N_("Invited: %(wave)s"), wave=words.text(wave))]
    if person["reminders"]:
        invited.append(words.ngettext("reminded %(num)s time", "reminded %(num)s times", person["reminders"]))
    signed_up, declined, withdrew = [say(N_("Signed up"))], [say(N_("Said no thank you"))], [say(N_("Withdrew"))]
    # `by` is of the last answer: how the one before it came is not kept.
    last = declined if person["status"] == Status.DECLINED else signed_up
    last.append(say(BY_WORDS.get(person["by"], BY_WORDS["self"])))
    moments = [
        (person["invited_at"], invited),
        (person.get("signed_up_at"), signed_up),
        (person.get("declined_at"), declined),
        (person.get("withdrawn_at"), withdrew),
    ]
    return sorted(((at, ", ".join(what)) for at, what in moments if at is not None), key=lambda one: one[0])


def _values(words: Words, person: Document, assembly: Document) -> list[tuple[str, str, str]]:
    found = []
    held = values_of(person)
    for criterion in assembly_from(assembly).criteria:
        if criterion.id in person["answers"]:
            source = N_("the form")
        elif criterion.id in person["corrections"]:
            source = N_("corrected")
        else:
            source = N_("the roll")
        if criterion.id in held:
            value = words.text(criterion.title_of(held[criterion.id]))
            found.append((words.text(criterion.title), value, words.gettext(source)))
    return found


def told_in_words(words: Words, vault: Vault, person: Document, assembly: Document) -> list[Pair]:
    """Return the needs, the contact and the free texts someone has given."""
    needs, told = titles(assembly, "needs"), vault.unlock(person["told"]) if person["told"] else {}
    pairs = []
    if person["needs"]:
        chosen = "; ".join(words.text(needs.get(need, need)) for need in person["needs"])
        pairs.append((words.gettext(N_("Practical needs")), chosen))
    if told.get(form.NO_REASON) in NO_REASONS:
        told[form.NO_REASON] = words.gettext(NO_REASONS[told[form.NO_REASON]])
    return pairs + [(words.gettext(TOLD_WORDS.get(name, name)), str(text)) for name, text in told.items()]


def change_in_words(words: Words, what: str, assembly: Document) -> str:
    """Say what was done by hand; `what` is an action, and after a colon what it was done with."""
    action, _, details = what.partition(":")
    said = words.gettext(CHANGE_WORDS.get(action, action))
    if not details:
        return said
    named: dict[str, Any] = titles(assembly, "exclusions") | titles(assembly, "criteria")
    return f"{said}: {', '.join(words.text(named.get(one, one)) for one in details.split(','))}"
