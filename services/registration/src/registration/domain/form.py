"""The sign-up form in steps: what an assembly asks at each, and what is wrong with what was typed.

Another municipality's form is another assembly's criteria, exclusions and needs: nothing here knows any by name.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from registration.domain.assembly import Assembly, Criterion
from registration.domain.emails import email_rule

LONGEST = 500
"""Characters of a free text."""
CONSENT = "2026-11-21"
"""The version of the consent's text in `templates/consent.html`; a changed text is a new version, with its own row in
docs/architecture/registration.md."""

Fields = Mapping[str, str]

NOTE, NEEDS_TEXT, EMAIL, TELEPHONE = "correction_note", "needs_text", "email", "telephone"
"""Fields of the form, and the names under which they are locked in `told`. No criterion can be called so: ids have no
underscores."""

_DIALLED = re.compile(r"(\+|00)?[0-9]+")


NO_REASON, NO_TEXT = "no_reason", "no_text"
NO_REASONS = ("time", "dates", "subject", "now", "other")
"""Why someone says no, if they choose to say; their words are `form_words.NO_REASONS`."""


class Step(StrEnum):
    """The steps, by the word in their path."""

    ABOUT = "om-dig"
    PLACE = "plads"
    NEEDS = "behov"
    CHECK = "tjek"


@dataclass(frozen=True, slots=True)
class FormProblem:
    """A field of the form and the rule it breaks; `rule` is a key of `form_words.ADVICE`."""

    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What someone has told us. `told` is what is kept locked: contact, free texts."""

    answers: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)


class StepMissingError(Exception):
    """A step has not been filled in, or not rightly."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.value)
        self.step = step


def steps_of(assembly: Assembly) -> tuple[Step, ...]:
    """Return the steps of this assembly's form, in their order: what it does not ask about is no step."""
    asked = {Step.ABOUT: assembly.criteria, Step.PLACE: assembly.exclusions, Step.NEEDS: assembly.needs}
    return (*(step for step, what in asked.items() if what), Step.CHECK)


def asked_of(assembly: Assembly, features: Mapping[str, str]) -> tuple[Criterion, ...]:
    """Return the criteria someone is asked about: what the roll does not know, whoever should have known it."""
    return tuple(c for c in assembly.criteria if c.id not in features and not c.is_age)


def known_of(assembly: Assembly, features: Mapping[str, str]) -> tuple[Criterion, ...]:
    """Return the criteria the roll knows of someone."""
    return tuple(c for c in assembly.criteria if c.id in features)


def correctable(assembly: Assembly, features: Mapping[str, str]) -> tuple[Criterion, ...]:
    """Return what someone may correct by choosing; age is counted from the CPR number, so that is for a note alone."""
    return tuple(c for c in known_of(assembly, features) if not c.is_age)


def read(step: Step, fields: Fields, assembly: Assembly, features: Mapping[str, str]) -> list[FormProblem]:
    """Say what is wrong with what was typed at a step, in the order of its fields."""
    if step is Step.ABOUT:
        return _about(fields, assembly, features)
    if step is Step.PLACE:
        ticks = [f"excluded_{exclusion.id}" for exclusion in assembly.exclusions]
        return _ticks(fields, ticks)
    if step is Step.NEEDS:
        return _ticks(fields, [f"need_{need.id}" for need in assembly.needs]) + _texts(fields)
    return _consent(fields)


def read_no(fields: Fields) -> tuple[dict[str, str], list[FormProblem]]:
    """Read a "no thank you": what was said of why, all of it optional, and what is wrong with it."""
    reason, text = fields.get(NO_REASON, ""), _text(fields, NO_TEXT)
    problems = [FormProblem(NO_REASON, "unknown choice")] if reason not in {"", *NO_REASONS} else []
    if len(text) > LONGEST:
        problems.append(FormProblem(NO_TEXT, "text too long"))
    return {name: said for name, said in ((NO_REASON, reason), (NO_TEXT, text)) if said}, problems


def kept(step: Step, fields: Fields, assembly: Assembly, features: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a step that are its own and hold something; no more of each than can be mended."""
    if step is Step.ABOUT:
        names = [c.id for c in asked_of(assembly, features)]
        names += [f"right_{c.id}" for c in correctable(assembly, features)] + [NOTE]
    elif step is Step.PLACE:
        names = [f"excluded_{exclusion.id}" for exclusion in assembly.exclusions]
    else:
        names = [f"need_{need.id}" for need in assembly.needs] + [NEEDS_TEXT, EMAIL, TELEPHONE]
    return {name: fields[name][: 2 * LONGEST] for name in names if fields.get(name)}


def excluded(fields: Fields, assembly: Assembly) -> str | None:
    """Return the first exclusion that someone says they belong to."""
    return next((e.id for e in assembly.exclusions if fields.get(f"excluded_{e.id}") == "yes"), None)


def complete(parts: Mapping[Step, Fields], assembly: Assembly, features: Mapping[str, str]) -> Answers:
    """Put the steps together; StepMissingError for the first that is not filled in, or not rightly."""
    for step in steps_of(assembly)[:-1]:
        if step not in parts or read(step, parts[step], assembly, features) or excluded(parts[step], assembly):
            raise StepMissingError(step)
    about, practical = parts.get(Step.ABOUT, {}), parts.get(Step.NEEDS, {})
    told = {NOTE: _text(about, NOTE), NEEDS_TEXT: _text(practical, NEEDS_TEXT)}
    told |= {EMAIL: _line(practical, EMAIL), TELEPHONE: _dialled(practical)}
    return Answers(
        answers={c.id: about[c.id] for c in asked_of(assembly, features)},
        corrections=_corrections(about, assembly, features),
        needs=tuple(need.id for need in assembly.needs if practical.get(f"need_{need.id}") == "yes"),
        told={name: text for name, text in told.items() if text},
    )


def parts_of(answers: Answers, assembly: Assembly) -> dict[Step, dict[str, str]]:
    """Return the steps as someone who has signed up filled them in, for them to edit."""
    corrections = {f"right_{criterion}": value for criterion, value in answers.corrections.items()}
    told = dict(answers.told)
    about = dict(answers.answers) | corrections | {NOTE: told.pop(NOTE, "")}
    filled = {Step.ABOUT: about, Step.PLACE: {}, Step.NEEDS: {f"need_{n}": "yes" for n in answers.needs} | told}
    return {step: filled[step] for step in steps_of(assembly)[:-1]}


def _about(fields: Fields, assembly: Assembly, features: Mapping[str, str]) -> list[FormProblem]:
    problems = []
    for criterion in asked_of(assembly, features):
        value = fields.get(criterion.id, "")
        if value not in criterion.value_ids:
            problems.append(FormProblem(criterion.id, "unknown choice" if value else "choice missing"))
    problems += [
        FormProblem(f"right_{criterion.id}", "unknown choice")
        for criterion in correctable(assembly, features)
        if fields.get(f"right_{criterion.id}", "") not in {"", *criterion.value_ids}
    ]
    if len(_text(fields, NOTE)) > LONGEST:
        problems.append(FormProblem(NOTE, "text too long"))
    elif _corrections(fields, assembly, features) and not _text(fields, NOTE):
        problems.append(FormProblem(NOTE, "note missing"))
    return problems


def _corrections(fields: Fields, assembly: Assembly, features: Mapping[str, str]) -> dict[str, str]:
    chosen = {c.id: fields.get(f"right_{c.id}", "") for c in correctable(assembly, features)}
    return {criterion: value for criterion, value in chosen.items() if value and value != features[criterion]}


def _ticks(fields: Fields, names: list[str]) -> list[FormProblem]:
    return [FormProblem(name, "no tick") for name in names if fields.get(name, "") not in {"", "yes"}]


def _texts(fields: Fields) -> list[FormProblem]:
    problems = []
    if len(_text(fields, NEEDS_TEXT)) > LONGEST:
        problems.append(FormProblem(NEEDS_TEXT, "text too long"))
    email = _line(fields, EMAIL)
    if email and (rule := email_rule(email)):
        problems.append(FormProblem(EMAIL, rule))
    if rule := _telephone_rule(_dialled(fields)):
        problems.append(FormProblem(TELEPHONE, rule))
    return problems


def _telephone_rule(dialled: str) -> str:
    if not dialled:
        return ""
    if not _DIALLED.fullmatch(dialled):
        return "no telephone number"
    abroad = dialled.startswith(("+", "00"))
    digits = dialled.removeprefix("+").removeprefix("00")
    if abroad and not digits.startswith("45"):
        # ITU-T E.164: at most fifteen digits, the country's among them.
        return "" if 7 <= len(digits) <= 15 else "no foreign number"
    return "" if len(digits.removeprefix("45") if abroad else digits) == 8 else "no Danish number"


def _consent(fields: Fields) -> list[FormProblem]:
    if fields.get("consent") != "yes":
        return [FormProblem("consent", "consent missing")]
    if fields.get("consent_text") != CONSENT:
        return [FormProblem("consent", "consent changed")]
    return []


def _text(fields: Fields, name: str) -> str:
    """Return a free text without what no keyboard types: a browser sends line ends as two characters."""
    text = fields.get(name, "").replace("\r\n", "\n")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def _line(fields: Fields, name: str) -> str:
    return " ".join(_text(fields, name).split())


def _dialled(fields: Fields) -> str:
    """Return a telephone number as it is dialled, without the spaces, dots and dashes people write."""
    return "".join(c for c in _text(fields, TELEPHONE) if c not in " \u00a0.-–/()\n")
