"""What stands in the spreadsheet: two tables, each with its columns. A heading is known in both languages."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from chassis.language import LANGUAGES, N_, Words
from followup.domain.answers import VERDICTS
from followup.domain.assembly import Mandate
from followup.domain.recommendation import Recommendation
from followup.pages import VERDICT_WORDS

BOTH = tuple(Words(lang, "followup") for lang in LANGUAGES)
"""The words of both languages: who takes the sheet out in one may hand it in from a page in the other."""


DECIDIM_FIELDS = (
    *("id", "title", "description", "start_date", "end_date", "status", "progress", "created_at", "url"),
    *("due_date", "reported_at", "overdue_days"),
)
"""Decidim's own fields of an accountability result, in the order of its export, and the deadlines besides."""


class Kind(StrEnum):
    """The tables: the recommendations with their answers and how far they are, and the committees' meetings.

    The third is what everyone can fetch with Decidim's field names (`reuse.decidim`): it comes back too.
    """

    RECOMMENDATIONS = "recommendations"
    STEPS = "steps"
    DECIDIM = "decidim"


SHEETS = {Kind.RECOMMENDATIONS: N_("Recommendations and answers"), Kind.STEPS: N_("In the committees")}


class Column(NamedTuple):
    """A column: its heading, its width in characters, and whether it is shown only, to be found again by."""

    key: str
    heading: str
    width: int
    read_only: bool = False

    def headings(self) -> set[str]:
        """Return what its heading may be, folded."""
        return {self.key.casefold(), *(words.gettext(self.heading).casefold() for words in BOTH)}


_WHICH = (
    Column("id", N_("Id"), 20, read_only=True),
    Column("number", N_("Number"), 8, read_only=True),
    Column("title", N_("Recommendation"), 40, read_only=True),
)
_WORK = Column("work", N_("Version of the work"), 12, read_only=True)
COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.RECOMMENDATIONS: (
        *_WHICH,
        Column("theme", N_("Theme"), 20, read_only=True),
        Column("status", N_("State"), 20, read_only=True),
        Column("answer", N_("Is it followed?"), 16),
        Column("reason", N_("The council’s reason"), 60),
        Column("action", N_("What is done"), 50),
        Column("done_by", N_("Done by"), 14),
        Column("unit", N_("Responsible unit"), 24),
        Column("money", N_("Money set aside (kr.)"), 16),
        Column("committees", N_("Committees"), 30),
        Column("progress", N_("Carried out (per cent)"), 14),
        Column("edit", N_("Version of the answer"), 12, read_only=True),
        _WORK,
    ),
    Kind.STEPS: (
        *_WHICH,
        Column("committee", N_("Committee"), 30),
        Column("on", N_("Meeting"), 14),
        Column("item", N_("Agenda item"), 30),
        Column("link", N_("Link to the agenda"), 30),
        Column("decision", N_("Decision"), 60),
        _WORK,
    ),
    # Its headings are Decidim's in every language. Without versions, for it is public: how far the work is, is all that
    # is taken in from it, and what it replaces is shown first.
    Kind.DECIDIM: tuple(Column(name, name, 20, read_only=name != "progress") for name in DECIDIM_FIELDS),
}
NEEDED = frozenset({"id", "edit", "work", "overdue_days"})
"""Of the columns that are shown only, those a row cannot be taken in without."""
STATES = {
    "draft": N_("A draft is under way"),
    "approved": N_("Approved, not published"),
    "answered": N_("Answered"),
    "unanswered": N_("Waits for an answer"),
}


def state_of(one: Recommendation) -> str:
    """Return how far a recommendation's answer is: a key of STATES."""
    if one.draft is not None:
        return one.draft.state.value
    return "answered" if one.answer else "unanswered"


def verdicts() -> Mapping[str, str]:
    """Return the three answers by what they may be called, folded."""
    known = {verdict: verdict for verdict in VERDICTS}
    return known | {words.gettext(VERDICT_WORDS[v]).casefold(): v for words in BOTH for v in VERDICTS}


class Committees:
    """The committees an assembly's recommendations may name, and what they are called in the sheet."""

    def __init__(self, mandate: Mandate, held: Iterable[str]) -> None:
        titles = {id_: tuple(words.text(title) for words in BOTH) for id_, title in mandate.committees.items()}
        for id_ in held:  # one that a later mandate names no more is still where it was
            titles.setdefault(id_, (id_,) * len(BOTH))
        self._titles, self._ids = titles, {id_.casefold(): id_ for id_ in titles}
        names = [(name.casefold(), id_) for id_, both in titles.items() for name in set(both)]
        for name, id_ in names:
            if name not in self._ids and all(other == id_ for called, other in names if called == name):
                self._ids[name] = id_

    def label(self, id_: str, words: Words) -> str:
        """Return what a committee is called: its title, or its id where that could be another's or two."""
        title = self._titles[id_][LANGUAGES.index(words.lang)]
        plain = title == " ".join(title.split()) and ";" not in title
        return title if plain and self.find(title) == id_ else id_

    def choices(self, words: Words) -> str:
        """Return all of them in a line."""
        return ", ".join(self.label(id_, words) for id_ in self._titles)

    def find(self, name: str) -> str | None:
        """Return the id of the committee that is called so, in either language."""
        return self._ids.get(name.casefold())
