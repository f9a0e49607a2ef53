"""Which recommendations someone wants to see, as the address asks for them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from contracts.base import Text
from followup.domain.answers import VERDICTS
from followup.views.shapes import RecommendationView

WAITING = "waiting"
"""In the place of an answer: there is none yet."""
Progress = Literal["none", "begun", "done", "closed"]
PROGRESS: tuple[Progress, ...] = get_args(Progress)


def progress_of(one: RecommendationView) -> Progress:
    """Return how far it is: nothing done, begun, carried out, or closed by the council."""
    if one.completed_on is not None:
        return "closed"
    if one.progress == 0:
        return "none"
    return "done" if one.progress == 100 else "begun"


class Wish(NamedTuple):
    """Ids of a theme and a committee, an answer or WAITING, and a progress; what is empty asks for any."""

    theme: str = ""
    committee: str = ""
    answer: str = ""
    progress: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is asked for."""
        return any(self)

    def fits(self, one: RecommendationView) -> bool:
        """Whether a recommendation is what is asked for."""
        return (
            self.theme in ("", one.theme.id)
            and (not self.committee or self.committee in {committee.id for committee in one.committees})
            and self.answer in ("", one.answer.answer if one.answer else WAITING)
            and self.progress in ("", progress_of(one))
        )

    def among(self, recommendations: Sequence[RecommendationView]) -> list[RecommendationView]:
        """Return those that fit."""
        return [one for one in recommendations if self.fits(one)]


def wish_of(asked: Mapping[str, str]) -> Wish:
    """Read the wish from an address."""
    return Wish(*(asked.get(name, "") for name in ("tema", "udvalg", "svar", "fremdrift")))


class Choices(NamedTuple):
    """The themes and committees there are to choose among, ids and titles, in the order of the recommendations."""

    themes: tuple[tuple[str, Text], ...]
    committees: tuple[tuple[str, Text], ...]


def choices(recommendations: Sequence[RecommendationView]) -> Choices:
    """Return what some recommendations are about and where they are dealt with."""
    themes = {one.theme.id: one.theme.title for one in recommendations}
    committees = {committee.id: committee.title for one in recommendations for committee in one.committees}
    return Choices(tuple(themes.items()), tuple(committees.items()))


def by_answer(recommendations: Sequence[RecommendationView]) -> list[int]:
    """Count the recommendations by answer: those of VERDICTS, then those that wait."""
    counted = Counter(one.answer.answer if one.answer else WAITING for one in recommendations)
    return [counted[answer] for answer in (*VERDICTS, WAITING)]
