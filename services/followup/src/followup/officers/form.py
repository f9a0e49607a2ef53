"""The fields of an answer, as they are filled in and shown again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from chassis.differences import Piece, differences
from chassis.language import Words
from followup.days import NO_DAY, TypedDay
from followup.domain.answers import Content
from followup.officers.desk import text
from followup.officers.messages import NO_MONEY
from followup.pages import VERDICT_WORDS

_KRONER = re.compile(r"(\d{1,3}(?:[. \u00a0]\d{3})+|\d{1,15})(?:,00|,-)?\s*(?:kr\.?)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What was filled in, as it was: `money` and `done_by` also when they are none."""

    answer: str = ""
    reason: str = ""
    action: str = ""
    done_by: TypedDay = field(default_factory=TypedDay)
    unit: str = ""
    money: str = ""

    @classmethod
    def of(cls, content: Content) -> "AnswerForm":
        """Return the form with an answer in it."""
        return cls(
            content.verdict,
            content.reason,
            content.action,
            TypedDay.of(content.done_by),
            content.unit,
            "" if content.money is None else str(content.money),
        )

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "AnswerForm":
        """Take what was sent."""
        given = dict(sent)
        return cls(
            given.get("answer", "")[:40],
            text(given, "reason"),
            text(given, "action"),
            TypedDay.read(given, "done_by"),
            text(given, "unit").strip(),
            given.get("money", "").strip()[:40],
        )

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What cannot be read at all, by field; what an answer may hold is the domain's to judge."""
        wrong = [("done_by", NO_DAY)] if self.done_by.day is None and not self.done_by.empty else []
        return wrong + ([("money", NO_MONEY)] if self.money and kroner(self.money) is None else [])

    @property
    def content(self) -> Content:
        """The answer that the fields make."""
        money = kroner(self.money)
        return Content(self.answer, self.reason, self.action, self.done_by.day, self.unit, money)


def kroner(written: str) -> int | None:
    """Read an amount as people write it: 250000, 250.000 or 250.000 kr. None for anything else."""
    found = _KRONER.fullmatch(written.strip())
    return int(re.sub(r"\D", "", found[1])) if found else None


def differing(one: Content, other: Content) -> tuple[str, ...]:
    """Return the names of the fields that the two do not have in common."""
    return tuple(field.name for field in fields(Content) if getattr(one, field.name) != getattr(other, field.name))


def changes(older: Content, newer: Content, words: Words) -> list[tuple[str, list[Piece]]]:
    """Return what differs between two versions, word by word, for each field that differs, in the reader's language."""
    return [
        (name, differences(_written(name, older, words), _written(name, newer, words)))
        for name in differing(older, newer)
    ]


def _written(name: str, content: Content, words: Words) -> str:
    value = getattr(content, name)
    if name == "verdict":
        return words.gettext(VERDICT_WORDS[value]) if value else ""
    if name == "done_by":
        return words.format_date(value) if value else ""
    if name == "money":
        return "" if value is None else words.format_number(value)
    return str(value)
