"""The sign-up form as its rules: the steps of an assembly, and what is wrong with what was typed, word by word."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.language import Words
from registration import form_words
from registration.domain import form
from registration.domain.assembly import Assembly, Choice, Exclusion, Text
from registration.domain.form import CONSENT, Answers, FormProblem, Step, StepMissingError
from registration.repository import assembly_from
from support.broken_forms import BROKEN, Broken
from support.rolls import announced

ROOT = Path(__file__).parents[2]
FEATURES = {"age": "45+", "district": "soevang"}
ABOUT = {"gender": "female", "tenure": "owner"}
DA, EN = Words("da", "registration"), Words("en", "registration")


def both(text: str) -> Text:
    return {"da": text, "en": f"{text} (en)"}


SMALL = assembly_from({"_id": "proeve-2025", "announced": announced().model_dump(mode="json")})
WHOLE = replace(
    SMALL,
    exclusions=(Exclusion("politician", both("Politikere"), both("Jeg er folkevalgt")),),
    needs=(Choice("transport", both("Transport")), Choice("diet", both("Særlig kost"))),
)


def test_an_assembly_that_asks_nothing_at_a_step_has_no_such_step() -> None:
    assert form.steps_of(WHOLE) == tuple(Step)
    assert form.steps_of(SMALL) == (Step.ABOUT, Step.CHECK)
    assert form.steps_of(replace(SMALL, criteria=())) == (Step.CHECK,)


def test_the_fields_are_the_assemblys_criteria_and_what_the_roll_should_know_and_does_not() -> None:
    assert [c.id for c in form.asked_of(WHOLE, FEATURES)] == ["gender", "tenure"]
    assert [c.id for c in form.asked_of(WHOLE, {"age": "45+"})] == ["gender", "district", "tenure"]
    assert [c.id for c in form.asked_of(WHOLE, FEATURES | {"tenure": "owner"})] == ["gender"]
    assert [c.id for c in form.correctable(WHOLE, FEATURES)] == ["district"], "age is for a note alone"


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_form_says_what_to_do_in_both_languages(broken: Broken) -> None:
    problems = form.read(broken.step, broken.fields, WHOLE, FEATURES)
    assert form_words.errors(DA, WHOLE, problems) == [(field, danish) for field, danish, _ in broken.errors]
    assert form_words.errors(EN, WHOLE, problems) == [(field, english) for field, _, english in broken.errors]


def test_there_are_thirty_broken_forms_and_each_is_broken_in_its_own_way() -> None:
    assert len(BROKEN) >= 30
    assert len({broken.name for broken in BROKEN}) == len({(b.step, *sorted(b.fields.items())) for b in BROKEN})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12 34 56 78", "12345678"),
        ("12.34.56.78", "12345678"),
        ("(12)345678", "12345678"),
        ("+45 12 34 56 78", "+4512345678"),
        ("0045 12345678", "004512345678"),
        ("+46 70 123 45 67", "+46701234567"),
        ("  ", ""),
    ],
)
def test_a_telephone_number_is_taken_as_people_write_it(typed: str, kept: str) -> None:
    fields = {"telephone": typed}
    assert form.read(Step.NEEDS, fields, WHOLE, FEATURES) == []
    parts = {Step.ABOUT: ABOUT, Step.PLACE: {}, Step.NEEDS: fields}
    assert form.complete(parts, WHOLE, FEATURES).told.get("telephone", "") == kept


def test_a_correction_is_what_differs_from_the_roll_and_stands_beside_it() -> None:
    about = ABOUT | {"right_district": "st-magleby", "correction_note": "  Flyttet.\r\nI maj. "}
    told = form.complete({Step.ABOUT: about}, SMALL, FEATURES)
    assert told == Answers(ABOUT, {"district": "st-magleby"}, (), {"correction_note": "Flyttet.\nI maj."})
    unchanged = form.complete({Step.ABOUT: ABOUT | {"right_district": "soevang"}}, SMALL, FEATURES)
    assert unchanged.corrections == {}


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        ({}, Step.ABOUT),
        ({Step.ABOUT: {"gender": "female"}}, Step.ABOUT),
        ({Step.ABOUT: ABOUT}, Step.PLACE),
        ({Step.ABOUT: ABOUT, Step.PLACE: {"excluded_politician": "yes"}, Step.NEEDS: {}}, Step.PLACE),
        ({Step.ABOUT: ABOUT, Step.PLACE: {}}, Step.NEEDS),
        ({Step.ABOUT: ABOUT, Step.PLACE: {}, Step.NEEDS: {"email": "x"}}, Step.NEEDS),
    ],
)
def test_a_form_is_complete_when_every_step_is(parts: dict[Step, dict[str, str]], missing: Step) -> None:
    with pytest.raises(StepMissingError) as refused:
        form.complete(parts, WHOLE, FEATURES)
    assert refused.value.step is missing


choices = st.sampled_from(["", "female", "owner", "soevang", "yes", "no", "x", "a@b.dk", "12345678", "\x00", "æ" * 501])
NAMES = (
    "gender tenure right_district right_age age district correction_note excluded_politician need_transport need_x "
    "needs_text email telephone consent consent_text status _id"
)
names = st.sampled_from(NAMES.split())
forms = st.dictionaries(names, choices | st.text("aæ@. +1\x00\n", max_size=20))


@given(st.sampled_from(Step), forms)
def test_whatever_is_sent_is_read_and_each_problem_has_its_advice(step: Step, fields: dict[str, str]) -> None:
    for problem in form.read(step, fields, WHOLE, FEATURES):
        assert problem.rule in form_words.ADVICE
        assert form_words.errors(DA, WHOLE, [problem])[0][1]
    if step is not Step.CHECK:
        kept = form.kept(step, fields, WHOLE, FEATURES)
        assert kept.items() <= fields.items() or any(len(value) > 1000 for value in fields.values())
        assert not {"status", "_id", "age", "right_age", "need_x"} & kept.keys()


@given(forms, forms, forms)
def test_what_is_complete_holds_the_assemblys_values_alone_and_is_the_same_when_edited(
    about: dict[str, str], place: dict[str, str], needs: dict[str, str]
) -> None:
    parts = {Step.ABOUT: ABOUT | about, Step.PLACE: place, Step.NEEDS: needs}
    try:
        told = form.complete(parts, WHOLE, FEATURES)
    except StepMissingError:
        return
    allowed = {criterion.id: criterion.value_ids for criterion in WHOLE.criteria}
    assert set(told.answers) == {"gender", "tenure"}
    assert all(value in allowed[criterion] for criterion, value in {**told.answers, **told.corrections}.items())
    assert set(told.corrections) <= {"district"}
    assert set(told.needs) <= {"transport", "diet"}
    assert set(told.told) <= {"correction_note", "needs_text", "email", "telephone"}
    assert form.complete(form.parts_of(told, WHOLE), WHOLE, FEATURES) == told


@pytest.mark.parametrize(
    ("fields", "said", "problems"),
    [
        ({}, {}, []),
        ({"no_reason": "time"}, {"no_reason": "time"}, []),
        ({"no_reason": "time", "no_text": " For langt "}, {"no_reason": "time", "no_text": "For langt"}, []),
        ({"no_reason": "x"}, {"no_reason": "x"}, [FormProblem("no_reason", "unknown choice")]),
        ({"no_text": "x" * 501}, {"no_text": "x" * 501}, [FormProblem("no_text", "text too long")]),
    ],
)
def test_a_no_thank_you_needs_no_reason(
    fields: dict[str, str], said: dict[str, str], problems: list[FormProblem]
) -> None:
    assert form.read_no(fields) == (said, problems)
    assert len(form_words.errors(DA, WHOLE, problems)) == len(problems)


def test_every_reason_for_a_no_has_its_words() -> None:
    assert tuple(form_words.NO_REASONS) == form.NO_REASONS


def test_the_consents_text_is_documented_under_its_version() -> None:
    template = (ROOT / "services/registration/src/registration/templates/consent.html").read_text(encoding="utf-8")
    found = re.search(r'_\("(.*?)"\)', template)
    assert found
    documented = (ROOT / "docs/architecture/registration.md").read_text(encoding="utf-8")
    assert f"| `{CONSENT}` | {found[1]} |" in documented, "a changed text is a new version, with its row"


def test_an_assembly_of_other_criteria_has_another_form() -> None:
    other = announced(criteria=announced().criteria[-1:])
    assembly: Assembly = assembly_from({"_id": "x", "announced": other.model_dump(mode="json")})
    assert form.read(Step.ABOUT, {}, assembly, {}) == [FormProblem("tenure", "choice missing")]
    assert form.complete({Step.ABOUT: {"tenure": "tenant"}}, assembly, {}).answers == {"tenure": "tenant"}
