"""The council's written public answer to a recommendation: a draft, approved in a meeting, published in versions."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, get_args

from followup.domain.rules import Broken, no_web_address

Verdict = Literal["followed", "partly", "not-followed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LONGEST = 20_000
"""Characters of a text: some ten pages, more than any council has written about one recommendation."""
SHORT = 200
"""Characters of a name: a unit, a meeting."""
TOO_LONG = f"at most {LONGEST} characters"
TOO_LONG_NAME = f"at most {SHORT} characters"
MOST_MONEY = 100_000_000_000
"""Whole kroner: more than any municipality's budget, so that what is above is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer says. Texts are stripped; empty is not said.

    `verdict` is one of VERDICTS, or empty in a draft. `action` is what is done, `done_by` until when, `unit` who is
    responsible (an office, never a person), `money` the whole kroner set aside.
    """

    verdict: str = ""
    reason: str = ""
    action: str = ""
    done_by: date | None = None
    unit: str = ""
    money: int | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """Where the council or its committee approved an answer: the meeting's day, its name and a link to its agenda."""

    on: date
    meeting: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One published version of an answer; `revision` counts from 1. Old versions stay public."""

    revision: int
    content: Content
    answered_at: datetime
    approval: Approval | None = None


class DraftState(StrEnum):
    """How far a draft is. Only an approved one can be published; one that is changed must be approved again."""

    DRAFT = "draft"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is being written: the officers' alone until it is published."""

    content: Content
    state: DraftState
    saved_at: datetime
    approval: Approval | None = None


def stripped(content: Content) -> Content:
    """Return the content without blanks around its texts."""
    texts = (content.verdict, content.reason, content.action, content.unit)
    verdict, reason, action, unit = (text.strip() for text in texts)
    return Content(verdict, reason, action, content.done_by, unit, content.money)


def too_much(content: Content, where: str) -> list[Broken]:
    """Return what no draft may hold either: texts that are too long, money that is none, a verdict that is none."""
    broken = []
    if content.verdict and content.verdict not in VERDICTS:
        broken.append(Broken(where, "answer", "one of three", f"choose one of {', '.join(VERDICTS)}"))
    broken += [
        Broken(where, field, TOO_LONG, f"shorten it: it may have {TOO_LONG}")
        for field, text in (("reason", content.reason), ("action", content.action))
        if len(text) > LONGEST
    ]
    if len(content.unit) > SHORT:
        broken.append(Broken(where, "unit", TOO_LONG_NAME, f"shorten it: it may have {TOO_LONG_NAME}"))
    if content.money is not None and not 0 <= content.money <= MOST_MONEY:
        broken.append(Broken(where, "money", "whole kroner", "write whole kroner, 0 or more"))
    return broken


def approval_flaws(approval: Approval, where: str, today: date) -> list[Broken]:
    """Return what is wrong with an approval: a meeting that is to come or has no name, a link that is none."""
    broken = []
    if approval.on > today:
        broken.append(Broken(where, "approved_on", "not to come", "must not be later than today"))
    if not approval.meeting:
        broken.append(Broken(where, "approved_in", "compulsory", "name the meeting that approved the answer"))
    if len(approval.meeting) > SHORT:
        broken.append(Broken(where, "approved_in", TOO_LONG_NAME, f"shorten it: it may have {TOO_LONG_NAME}"))
    return broken + no_web_address(approval.link, where, "agenda")


def missing(content: Content, where: str) -> list[Broken]:
    """Return what an answer lacks before it can be approved or published.

    The mandate promises an answer in writing to every recommendation, so the reason is compulsory for all three.
    """
    broken = []
    if not content.verdict:
        broken.append(Broken(where, "answer", "one of three", f"choose one of {', '.join(VERDICTS)}"))
    if not content.reason:
        broken.append(
            Broken(where, "reason", "compulsory", "give the reason, also when the recommendation is followed")
        )
    return broken
