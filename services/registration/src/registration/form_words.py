"""The words of the sign-up form: its steps, what to do about what is wrong, and the answers as one reads them."""

from collections.abc import Mapping
from typing import Any

from chassis.language import LOCAL, N_, Words
from registration.domain import form
from registration.domain.assembly import Assembly, Criterion, Meeting, Text
from registration.domain.form import Answers, FormProblem, Step

BEGIN = N_("What it is about")
"""The page before the steps, counted as the first of them."""

STEPS = {
    Step.ABOUT: N_("About you"),
    Step.PLACE: N_("Places left to others"),
    Step.NEEDS: N_("Practical needs"),
    Step.CHECK: N_("Check and sign up"),
}

ADVICE = {
    "choice missing": N_("Choose one of the answers to “%(question)s”"),
    "unknown choice": N_("Choose one of the answers that are shown for “%(question)s”"),
    "note missing": N_("Write a few words about why the register is wrong, or choose what it says"),
    "text too long": N_("Write at most %(limit)s characters in “%(question)s”"),
    "no tick": N_("Tick the box or leave it empty: “%(question)s”"),
    "e-mail too long": N_("Write an e-mail address of at most 254 characters, or leave the field empty"),
    "no e-mail": N_("Write the e-mail address like name@example.dk, or leave the field empty"),
    "no telephone number": N_("Write the telephone number in digits, like 12 34 56 78, or leave the field empty"),
    "no Danish number": N_(
        "A Danish telephone number has 8 digits: write it like 12 34 56 78, or leave the field empty"
    ),
    "no foreign number": N_(
        "Write a foreign telephone number with its country code, like +46 70 123 45 67, or leave the field empty"
    ),
    "consent missing": N_("Tick that you consent; without it you cannot be in the draw"),
    "consent changed": N_("The text has changed since you opened the page: read it, and tick that you consent"),
}
"""What to do about each rule of `domain.form`."""

LABELS = {
    form.NOTE: N_("What is wrong?"),
    form.NEEDS_TEXT: N_("Is there more we should know?"),
    form.EMAIL: N_("E-mail"),
    form.TELEPHONE: N_("Telephone"),
    form.NO_REASON: N_("Why do you say no?"),
    form.NO_TEXT: N_("Do you want to tell us more?"),
}
"""What the fields are called that every assembly's form has."""

NO_REASONS = {
    "time": N_("It takes too much time"),
    "dates": N_("I cannot come on those days"),
    "subject": N_("The subject is not for me"),
    "now": N_("It does not suit me right now"),
    "other": N_("Something else"),
}


def labels(words: Words, assembly: Assembly) -> dict[str, str]:
    """Return what each field of an assembly's form is called."""
    found = {name: words.gettext(label) for name, label in LABELS.items()}
    found |= {criterion.id: words.text(criterion.title) for criterion in assembly.criteria}
    found |= {f"right_{criterion.id}": words.text(criterion.title) for criterion in assembly.criteria}
    found |= {f"excluded_{exclusion.id}": words.text(exclusion.question) for exclusion in assembly.exclusions}
    return found | {f"need_{need.id}": words.text(need.title) for need in assembly.needs}


def errors(words: Words, assembly: Assembly, problems: list[FormProblem]) -> list[tuple[str, str]]:
    """Return each field with what to do about it."""
    called = labels(words, assembly)
    return [(problem.field, _advice(words, called, problem)) for problem in problems]


def _advice(words: Words, called: Mapping[str, str], problem: FormProblem) -> str:
    advice = ADVICE[problem.rule]
    values: dict[str, Any] = {"question": called.get(problem.field, "")} if "%(question)s" in advice else {}
    if "%(limit)s" in advice:
        values["limit"] = words.format_number(form.LONGEST)
    return words.gettext(advice, **values)


def known(words: Words, assembly: Assembly, features: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what the roll knows of someone, in words."""
    return [(words.text(c.title), words.text(c.title_of(features[c.id]))) for c in form.known_of(assembly, features)]


def about(words: Words, assembly: Assembly, features: Mapping[str, str], said: Answers) -> list[tuple[str, str]]:
    """Return each criterion with what counts for the draw, in words."""

    def value(criterion: Criterion) -> str:
        def title(which: Mapping[str, str]) -> Text:
            return criterion.title_of(which[criterion.id])

        if criterion.id in said.answers:
            return words.text(title(said.answers))
        if criterion.id in said.corrections:
            right, was = words.text(title(said.corrections)), words.text(title(features))
            return words.gettext(N_("%(right)s (corrected by you; the register says: %(was)s)"), right=right, was=was)
        return words.text(title(features))

    return [(words.text(c.title), value(c)) for c in assembly.criteria if c.id in {**features, **said.answers}]


def practical(words: Words, assembly: Assembly, said: Answers) -> list[tuple[str, str]]:
    """Return the practical needs and how to reach someone, in words."""
    needs = [words.text(need.title) for need in assembly.needs if need.id in said.needs]
    rows = [(words.gettext(N_("Needs")), "; ".join(needs) or words.gettext(N_("None")))]
    rest = (form.NEEDS_TEXT, form.EMAIL, form.TELEPHONE)
    return rows + [(words.gettext(LABELS[n]), said.told.get(n) or words.gettext(N_("Not given"))) for n in rest]


def hours(words: Words, meeting: Meeting) -> str:
    """Return when a meeting begins and ends: `9. april 2025 kl. 17:00-21:00`."""
    return f"{words.format_datetime(meeting.starts_at)}-{meeting.ends_at.astimezone(LOCAL):%H:%M}"
