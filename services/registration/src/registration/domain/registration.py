"""A person's way through registration: invitee > pool > selected > confirmed, or withdrawn, or erased."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from registration.domain.assembly import Criterion


class Status(StrEnum):
    """Where a person of the roll stands (the field's own words)."""

    INELIGIBLE = "ineligible"
    INVITEE = "invitee"
    DECLINED = "declined"
    POOL = "pool"
    SELECTED = "selected"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    TEST = "test"


TAKING_PART = frozenset({Status.POOL, Status.SELECTED, Status.CONFIRMED})
MEMBERS = frozenset({Status.SELECTED, Status.CONFIRMED})
"""Those with a seat."""


class NotAllowedError(Exception):
    """The person's status does not allow the command."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person has told us. `sign_ups` counts how often they signed up: each is said once."""

    status: Status
    answers: Mapping[str, str] = field(default_factory=dict)
    language: str = "da"
    sign_ups: int = 0


def sign_up(before: Registration, answers: Mapping[str, str], language: str) -> tuple[Registration, bool]:
    """Sign up, or edit a sign-up; the flag says whether it is a new sign-up, which is to be said.

    Raises NotAllowedError for someone who is drawn already, erased or not eligible.
    """
    if before.status is Status.POOL:
        return replace(before, answers=dict(answers), language=language), False
    if before.status not in {Status.INVITEE, Status.WITHDRAWN}:
        raise NotAllowedError(before.status)
    return Registration(Status.POOL, dict(answers), language, before.sign_ups + 1), True


def withdraw(before: Registration) -> tuple[Registration, bool]:
    """Withdraw; the flag says whether there was anything to withdraw from, which is to be said.

    The answers go with the consent they were given under.
    """
    if before.status not in TAKING_PART:
        return before, False
    return replace(before, status=Status.WITHDRAWN, answers={}), True


@dataclass(frozen=True, slots=True)
class FormProblem:
    """A field of the form and the rule it breaks: `required` or `known value`."""

    field: str
    rule: str


def read_form(fields: Mapping[str, str], criteria: tuple[Criterion, ...]) -> tuple[dict[str, str], list[FormProblem]]:
    """Read the form's fields: the answers that stand, and what is wrong with the rest."""
    answers: dict[str, str] = {}
    problems: list[FormProblem] = []
    for criterion in criteria:
        value = fields.get(criterion.id, "").strip()
        if value in criterion.value_ids:
            answers[criterion.id] = value
        else:
            problems.append(FormProblem(criterion.id, "known value" if value else "required"))
    if fields.get("consent") != "yes":
        problems.append(FormProblem("consent", "required"))
    return answers, problems
