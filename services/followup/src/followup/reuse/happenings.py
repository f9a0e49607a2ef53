"""What has happened in public, for feeds: a commitment made, moved, overdue or reported; an answer, or a new one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from chassis.language import N_, Words
from followup.domain.calendar import COPENHAGEN
from followup.domain.commitment import Commitment
from followup.domain.crossings import Kind
from followup.domain.recommendation import Recommendation
from followup.pages import VERDICT_WORDS
from followup.paths import dashboard_path, recommendation_path, status_path

MADE = N_("Promised: %(title)s by %(date)s")
MOVED = N_("Moved: %(title)s, from %(before)s to %(date)s")
OVERDUE = N_("Overdue: %(title)s was due on %(date)s")
REPORTED = N_("Published: %(title)s")
ANSWERED = N_("Answer to recommendation %(number)s: %(title)s")
ANSWERED_ANEW = N_("New answer to recommendation %(number)s: %(title)s")
NO_STATUS = N_("The council has not published the status it promised.")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `key` names it within the assembly, for ever; texts are plain."""

    assembly: str
    key: str
    at: datetime
    title: str
    text: str
    path: str


def happenings(
    commitments: Iterable[Commitment], recommendations: Iterable[Recommendation], words: Words
) -> list[Happening]:
    """Return all of them, the latest first."""
    told = [one for commitment in commitments for one in _of_commitment(commitment, words)]
    told += [one for recommendation in recommendations for one in _of_answers(recommendation, words)]
    return sorted(told, key=lambda one: (one.at, one.key), reverse=True)


def _of_commitment(one: Commitment, words: Words) -> Iterator[Happening]:
    def told(key: str, at: datetime, message: str, text: str, path: str = "", **values: str) -> Happening:
        title = str(words.gettext(message)) % ({"title": words.text(one.title)} | values)
        return Happening(one.assembly, key, at, title, text, path or f"{dashboard_path(one.assembly)}#milestones")

    made_at = datetime.combine(one.made_on, time(), COPENHAGEN)
    yield told(f"made:{one.milestone}", made_at, MADE, "", date=words.format_date(one.promised_on))
    for number, moved in enumerate(one.extensions, start=1):
        days = {"before": words.format_date(moved.from_day), "date": words.format_date(moved.to_day)}
        yield told(f"moved:{one.milestone}:{number}", moved.at, MOVED, moved.reason, **days)
    for said in one.said:
        if said.crossing.kind is Kind.OVERDUE and said.crossing.days == 1:
            key = f"overdue:{one.milestone}:{said.crossing.on.isoformat()}"
            due = said.crossing.on - timedelta(days=said.crossing.days)  # as it was that day: it may be moved since
            yield told(key, said.at, OVERDUE, words.gettext(NO_STATUS), date=words.format_date(due))
    if one.status is not None:
        path = status_path(one.assembly, one.milestone)
        yield told(f"status:{one.milestone}", one.status.published_at, REPORTED, one.status.summary, path)


def _of_answers(one: Recommendation, words: Words) -> Iterator[Happening]:
    for answer in one.answers:
        message = ANSWERED if answer.revision == 1 else ANSWERED_ANEW
        title = str(words.gettext(message)) % {"number": one.number, "title": one.title}
        text = f"{words.gettext(VERDICT_WORDS[answer.content.verdict])}. {answer.content.reason}"
        path = recommendation_path(one.assembly, one.id)
        yield Happening(one.assembly, f"answer:{one.id}:{answer.revision}", answer.answered_at, title, text, path)
