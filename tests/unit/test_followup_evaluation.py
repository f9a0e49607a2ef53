"""The evaluation of a follow-up: what was promised beside what was kept, worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from followup.domain.answers import Content
from followup.domain.assembly import Assembly, Delivery
from followup.domain.commitment import Commitment
from followup.domain.evaluation import evaluated, figures, waits_for
from followup.domain.recommendation import Recommendation
from followup.domain.rules import RulesBroken, Untimely
from followup.domain.status import Status
from followup.domain.work import Work

DELIVERED = date(2024, 6, 18)
AT = datetime(2026, 6, 12, 8, tzinfo=UTC)
GREVE = Assembly("greve-2024", delivery=Delivery(DELIVERED, ("r1", "r2")))


def commitment(milestone: str, due_on: date, reported_on: date | None = None) -> Commitment:
    status = Status("Godt", reported_on, AT, ()) if reported_on else None
    title = {"da": milestone, "en": milestone}
    return Commitment("greve-2024", milestone, title, "within", due_on, DELIVERED, (7,), status=status)


def moved(one: Commitment, to_day: date, on: date) -> Commitment:
    return replace(one.extended(to_day, "Budgettet", on, AT))


def recommendation(number: int, *answers: tuple[str, datetime], progress: int = 0) -> Recommendation:
    one = Recommendation(f"r{number}", "greve-2024", number, "prevention", "Titel", ("finance",), 0, "/")
    for verdict, at in answers:
        one = one.answered(Content(verdict, f"Fordi {at}"), read=None, at=at)
    return replace(one, work=Work(progress=progress))


FIRST = commitment("status-3", date(2024, 9, 18), date(2024, 9, 18))
SECOND = replace(
    moved(commitment("status-12", date(2025, 6, 18)), date(2025, 8, 18), date(2025, 6, 1)),
    status=Status("Godt", date(2025, 8, 20), AT, ()),
)


def test_promised_beside_kept_and_how_long_answers_took() -> None:
    answers = (
        # 23:30 in Copenhagen on 1 July is the 1st, though its UTC day is too: 13 days after the delivery.
        recommendation(1, ("followed", datetime(2024, 7, 1, 21, 30, tzinfo=UTC)), progress=100),
        # 22:30 UTC on 31 August is 1 September in Greve: 75 days.
        recommendation(
            2,
            ("partly", datetime(2024, 8, 31, 22, 30, tzinfo=UTC)),
            ("not-followed", datetime(2025, 8, 31, 22, 30, tzinfo=UTC)),
            progress=25,
        ),
    )
    counted = figures(GREVE, [SECOND, FIRST], answers)
    table = [
        (one.milestone, one.promised_on, one.due_on, one.days_late, one.days_after_promise) for one in counted.kept
    ]
    assert table == [
        ("status-3", date(2024, 9, 18), date(2024, 9, 18), 0, 0),
        ("status-12", date(2025, 6, 18), date(2025, 8, 18), 2, 63),
    ]
    assert (counted.in_time, counted.late, counted.moved) == (1, 1, 1)
    assert (counted.followed, counted.partly, counted.not_followed) == (1, 0, 1)
    assert (counted.progress, counted.revised, counted.recommendations) == (62, 1, 2)
    assert (counted.median_days_to_answer, counted.longest_days_to_answer) == (44, 75)


def test_before_anything_has_happened_there_is_nothing_to_count() -> None:
    counted = figures(Assembly("greve-2024"), [], [])
    assert (counted.kept, counted.in_time, counted.late, counted.progress) == ((), 0, 0, 0)
    assert counted.median_days_to_answer is None


def test_an_evaluation_waits_for_every_status_that_has_a_day() -> None:
    open_one = commitment("status-closing", date(2026, 6, 1))
    assert waits_for([FIRST, open_one]) == (open_one,)
    with pytest.raises(Untimely, match="status-closing"):
        evaluated(GREVE, [FIRST, open_one], "Vi lærte", AT.date(), AT)
    with pytest.raises(Untimely, match="nothing to evaluate"):
        evaluated(GREVE, [], "Vi lærte", AT.date(), AT)


def test_an_evaluation_is_published_once_and_stands() -> None:
    done = evaluated(GREVE, [FIRST, SECOND], "  Vi lærte\n", AT.date(), AT)
    assert done.evaluation is not None
    assert (done.evaluation.text, done.evaluation.evaluated_on) == ("Vi lærte", date(2026, 6, 12))
    assert evaluated(done, [FIRST, SECOND], "Vi lærte ", date(2026, 7, 1), AT) is done, "a second click"
    with pytest.raises(Untimely, match="2026-06-12"):
        evaluated(done, [FIRST, SECOND], "Noget andet", AT.date(), AT)


@pytest.mark.parametrize(("text", "rule"), [(" \n", "compulsory"), ("a" * 20_001, "at most 20000 characters")])
def test_an_evaluation_says_something_and_not_a_book(text: str, rule: str) -> None:
    with pytest.raises(RulesBroken) as refused:
        evaluated(GREVE, [FIRST], text, AT.date(), AT)
    assert [(one.field, one.rule) for one in refused.value.broken] == [("text", rule)]
