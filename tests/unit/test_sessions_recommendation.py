"""A recommendation is whole, and goes to somewhere that exists, before it can be saved."""

from typing import Any

import pytest
from pydantic import ValidationError

from sessions.domain.recommendation import Mistake, Recommendation, misplaced

WHOLE: dict[str, Any] = {
    "number": 1,
    "theme": "prevention",
    "title": "Bevægelse i hverdagen",
    "vision": "Alle har et sted at mødes.",
    "principles": ["Tæt på", "For alle"],
    "priorities": ["Mere forebyggelse, færre kampagner"],
    "initiatives": [
        {"need": "Ensomhed", "task": "Gåture", "partners": "Foreninger og kommune", "activity": "co-creation"},
    ],
    "committees": ["social"],
}
THEMES, COMMITTEES = ["prevention", "economy"], ["social", "finance"]


def wrong(changes: dict[str, Any]) -> list[str]:
    body = {name: value for name, value in (WHOLE | changes).items() if value is not ...}
    with pytest.raises(ValidationError) as refused:
        Recommendation.model_validate(body)
    return [".".join(str(step) for step in error["loc"]) for error in refused.value.errors()]


@pytest.mark.parametrize(
    "part", ["number", "theme", "title", "vision", "principles", "priorities", "initiatives", "committees"]
)
def test_a_recommendation_without_a_part_of_the_template_is_refused(part: str) -> None:
    assert wrong({part: ...}) == [part]


@pytest.mark.parametrize("part", ["title", "vision"])
def test_an_empty_part_is_a_missing_part(part: str) -> None:
    assert wrong({part: "  "}) == [part]


@pytest.mark.parametrize("part", ["principles", "priorities", "initiatives", "committees"])
def test_an_empty_list_is_a_missing_part(part: str) -> None:
    assert wrong({part: []}) == [part]


@pytest.mark.parametrize("question", ["need", "task", "partners", "activity"])
def test_an_initiative_answers_all_four_questions(question: str) -> None:
    initiative = {name: value for name, value in WHOLE["initiatives"][0].items() if name != question}
    assert wrong({"initiatives": [initiative]}) == [f"initiatives.0.{question}"]


def test_an_activity_is_self_service_mastery_or_co_creation() -> None:
    assert wrong({"initiatives": [WHOLE["initiatives"][0] | {"activity": "campaign"}]}) == ["initiatives.0.activity"]


def test_the_template_has_no_place_for_senders_names() -> None:
    assert wrong({"sender_names": ["x"]}) == ["sender_names"]
    assert wrong({"senders": ["x"]}) == ["senders"]
    assert wrong({"minority_statements": [{"text": "Nej.", "names": ["x"]}]}) == ["minority_statements.0.names"]


def test_a_single_text_is_a_list_of_one() -> None:
    read = Recommendation.model_validate(WHOLE | {"principles": "Tæt på", "minority_statements": ["Vi er uenige."]})
    assert read.principles == ("Tæt på",)
    assert [(statement.text, statement.supporters) for statement in read.minority_statements] == [
        ("Vi er uenige.", None)
    ]


def test_the_stored_form_reads_back_as_the_same_recommendation() -> None:
    read = Recommendation.model_validate(WHOLE | {"minority_statements": [{"text": "Vi er uenige.", "supporters": 3}]})
    assert Recommendation.model_validate(read.model_dump(mode="json")) == read


def placed(**changes: Any) -> list[Mistake]:
    return list(misplaced(Recommendation.model_validate(WHOLE | changes), THEMES, COMMITTEES, panel_size=36))


def test_a_recommendation_goes_to_the_assemblys_own_themes_and_committees() -> None:
    assert placed() == []
    assert [(m.field, m.rule) for m in placed(theme="harbour")] == [("theme", "known")]
    assert [(m.field, m.rule) for m in placed(committees=["social", "harbour", "social"])] == [
        ("committees[1]", "known"),
        ("committees[2]", "unique"),
    ]


def test_no_more_members_stand_by_it_than_there_are() -> None:
    assert placed(senders=36) == []
    assert [m.field for m in placed(senders=37)] == ["senders"]
    statements = [{"text": "Nej.", "supporters": 40}]
    assert [m.field for m in placed(minority_statements=statements)] == ["minority_statements[0].supporters"]
