"""A recommendation in the assembly's template, and what must hold before it can be handed over.

The text is the assembly's own, in the language it was written in. Senders are counted, never named (a member's rights
7 and 12: not to be a sender of what one cannot stand by, and to be anonymous).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

T = TypeVar("T")
MAX_LONG = 20_000
MAX_LINE = 2_000

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LINE)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LONG)]


def _one_or_more(value: Any) -> Any:
    """Take a single text for a list of one: a template on paper has one box."""
    return [value] if isinstance(value, str) else value


def _some(value: tuple[T, ...]) -> tuple[T, ...]:
    # Field(min_length=1) would count the well-formed items alone and blame a list of one for being empty.
    if not value:
        raise PydanticCustomError("too_short", "needs at least one")
    return value


AtLeastOne = AfterValidator(_some)
MANY: JsonDict = {"minItems": 1}
Lines = Annotated[tuple[Prose, ...], BeforeValidator(_one_or_more), AtLeastOne]


class Part(BaseModel):
    """Frozen; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Initiative(Part):
    """A welfare initiative, by its four questions: why, what, who, how."""

    title: Line | None = None
    need: Prose = Field(description="why: the need it answers")
    task: Prose = Field(description="what is to be done")
    partners: Prose = Field(description="who takes part")
    activity: Literal["self-service", "mastery", "co-creation"] = Field(description="how: which kind of activity")


class MinorityStatement(Part):
    """A view of members who do not stand by all of it, included in the final product. A count, no names."""

    text: Prose
    supporters: int | None = Field(default=None, ge=1, description="how many stand by it")


def _text_alone(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class Recommendation(Part):
    """The template. `principles`, `priorities` and a minority statement may each be given as one text."""

    number: int = Field(strict=True, ge=1, le=999)
    theme: Line = Field(description="id of one of the assembly's themes")
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    vision: Prose = Field(description="the dream")
    principles: Lines = Field(max_length=50, json_schema_extra=MANY, description="guiding principles")
    priorities: Lines = Field(
        max_length=50,
        json_schema_extra=MANY,
        description="priorities and balances, also what is to be done less or elsewhere",
    )
    initiatives: Annotated[tuple[Initiative, ...], AtLeastOne] = Field(max_length=50, json_schema_extra=MANY)
    notes: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LONG)] = Field(
        default="", description="from the gallery walk and the open session"
    )
    senders: int | None = Field(default=None, ge=0, description="how many members stand by it; never who")
    minority_statements: tuple[Annotated[MinorityStatement, BeforeValidator(_text_alone)], ...] = ()
    committees: Annotated[tuple[Line, ...], AtLeastOne] = Field(
        json_schema_extra=MANY, description="ids of the committees it goes to"
    )


@dataclass(frozen=True)
class Mistake:
    """One thing wrong with a recommendation: the field's path, the rule it breaks, and words for people."""

    field: str
    rule: str
    message: str


def misplaced(
    recommendation: Recommendation, themes: Iterable[str], committees: Iterable[str], panel_size: int
) -> Iterator[Mistake]:
    """Yield what does not fit this assembly: an unknown theme or committee, more senders than there are members."""
    known_themes, known_committees = sorted(themes), sorted(committees)
    if recommendation.theme not in known_themes:
        yield Mistake(field="theme", rule="known", message=f"must be one of {', '.join(known_themes)}")
    for place, committee in enumerate(recommendation.committees):
        if committee not in known_committees:
            message = f"must be one of {', '.join(known_committees)}"
            yield Mistake(field=f"committees[{place}]", rule="known", message=message)
        if committee in recommendation.committees[:place]:
            yield Mistake(field=f"committees[{place}]", rule="unique", message="stands twice")
    if recommendation.senders is not None and recommendation.senders > panel_size:
        yield Mistake(field="senders", rule="at most the panel", message=f"the panel has {panel_size} members")
    for place, statement in enumerate(recommendation.minority_statements):
        if statement.supporters is not None and statement.supporters > panel_size:
            message = f"the panel has {panel_size} members"
            yield Mistake(field=f"minority_statements[{place}].supporters", rule="at most the panel", message=message)
