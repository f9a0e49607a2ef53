"""The facts keep their promises: published schemas hold, examples are readable, nothing personal is said."""

import copy
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import ALL_FACTS
from contracts.base import Fact
from contracts.compatibility import breaks
from contracts.published import EXAMPLES, SCHEMAS, read, render

NAMES = [fact.fact_type() for fact in ALL_FACTS]


@pytest.mark.parametrize("fact", ALL_FACTS, ids=NAMES)
def test_a_fact_is_said_as_its_committed_schema_promises(fact: type[Fact]) -> None:
    committed = (SCHEMAS / f"{fact.fact_type()}.json").read_text(encoding="utf-8")
    assert render(fact) == committed, "run `python -m contracts write`; a broken promise needs a new version instead"


@pytest.mark.parametrize("fact", ALL_FACTS, ids=NAMES)
def test_a_fact_has_an_example_that_its_schema_and_its_model_accept(fact: type[Fact]) -> None:
    example = read(EXAMPLES / f"{fact.fact_type()}.json")
    Draft202012Validator(fact.model_json_schema()).validate(example)
    said = fact.model_validate(example)
    assert fact.model_validate_json(said.model_dump_json()) == said


def test_every_committed_schema_and_example_belongs_to_a_fact() -> None:
    assert sorted(path.stem for path in SCHEMAS.glob("*.json")) == sorted(NAMES)
    assert sorted(path.stem for path in EXAMPLES.glob("*.json")) == sorted(NAMES)


def test_a_fact_of_a_later_version_of_the_house_is_still_read() -> None:
    for fact in ALL_FACTS:
        example = read(EXAMPLES / f"{fact.fact_type()}.json")
        assert fact.model_validate(example | {"a_field_of_next_year": 1}) == fact.model_validate(example)


@pytest.mark.parametrize("fact", ALL_FACTS, ids=NAMES)
def test_no_fact_has_a_field_for_a_persons_name_address_or_number(fact: type[Fact]) -> None:
    fields = set(re.findall(r'"([a-z_]+)": \{', render(fact)))
    assert not fields & {"cpr", "name", "first_name", "last_name", "address", "street", "email", "phone", "birth_date"}


def schema() -> dict[str, Any]:
    return copy.deepcopy(next(f for f in ALL_FACTS if f.name == "pool-closed").model_json_schema())


def test_a_new_optional_field_keeps_the_promise() -> None:
    grown = schema()
    grown["properties"]["note"] = {"type": "string", "default": ""}
    assert breaks(schema(), grown) == []


def _without_field(s: dict[str, Any]) -> None:
    del s["properties"]["digest"]


def _new_required(s: dict[str, Any]) -> None:
    s["properties"]["note"] = {"type": "string"}
    s["required"].append("note")


def _no_longer_said(s: dict[str, Any]) -> None:
    s["required"].remove("invited")


def _other_type(s: dict[str, Any]) -> None:
    s["properties"]["invited"]["type"] = "string"


def _tighter(s: dict[str, Any]) -> None:
    s["properties"]["invited"]["minimum"] = 1


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_without_field, "digest: the field is gone"),
        (_new_required, "note: a new field must be optional"),
        (_no_longer_said, "invited: the field was always said and is optional now"),
        (_other_type, "invited: type was 'integer' and is 'string'"),
        (_tighter, "invited: minimum was 0 and is 1"),
    ],
)
def test_a_broken_promise_is_named_with_its_field(change: Any, complaint: str) -> None:
    changed = schema()
    change(changed)
    assert breaks(schema(), changed) == [complaint]


def test_a_break_deep_inside_a_part_is_found() -> None:
    announced = next(f for f in ALL_FACTS if f.name == "assembly-announced").model_json_schema()
    changed = copy.deepcopy(announced)
    changed["$defs"]["Milestone"]["properties"]["wording"]["enum"] = ["within"]
    assert breaks(announced, changed) == ["milestones[].wording: enum was ['within', 'after'] and is ['within']"]
