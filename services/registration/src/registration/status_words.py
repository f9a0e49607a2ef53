"""What people call the statuses, and the reasons that go with them: said once, for every page and file."""

from collections.abc import Mapping
from typing import Any

from chassis.language import N_, Words
from chassis.mongo import Document
from registration.domain.eligibility import AGE, DIED, MOVED_OUT, POSTCODE, excluded, is_excluded
from registration.domain.registration import Status

STATUS_WORDS = {
    Status.INELIGIBLE: N_("Cannot take part"),
    Status.INVITEE: N_("Has not answered"),
    Status.DECLINED: N_("Has said no thank you"),
    Status.POOL: N_("Signed up"),
    Status.SELECTED: N_("Drawn"),
    Status.CONFIRMED: N_("Drawn, has said yes"),
    Status.WITHDRAWN: N_("Withdrawn"),
    Status.ERASED: N_("Erased"),
    Status.TEST: N_("Trial registration"),
}
NOT_INVITED = N_("Not invited yet")
WHY_WORDS = {
    AGE: N_("too young"),
    POSTCODE: N_("lives outside the area"),
    MOVED_OUT: N_("has moved away"),
    DIED: N_("has died"),
}
"""Why someone cannot take part; an exclusion goes by its own title."""


def status_in_words(words: Words, person: Document, exclusions: Mapping[str, Any]) -> str:
    """Say where someone stands; `exclusions` are the titles of the assembly's exclusions by id."""
    status, why = Status(person["status"]), person["why"] or ""
    if status is Status.INVITEE and person["invited_at"] is None:
        return words.gettext(NOT_INVITED)
    said = words.gettext(STATUS_WORDS[status])
    if status not in {Status.INELIGIBLE, Status.DECLINED} or not why:
        return said
    if is_excluded(why):
        exclusion = why.removeprefix(excluded(""))
        return f"{said}: {words.text(exclusions.get(exclusion, exclusion))}"
    return f"{said}: {words.gettext(WHY_WORDS[why]) if why in WHY_WORDS else why}"


def titles(assembly: Document, part: str) -> dict[str, Any]:
    """Return the titles of an assembly's exclusions, waves or needs, by id."""
    return {one["id"]: one["title"] for one in assembly["announced"].get(part, ())}
