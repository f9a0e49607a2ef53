"""The council's answers and statuses: what is refused, what is a new version, what is reported."""

from datetime import UTC, date, datetime

import pytest

from followup.domain.answers import Content
from followup.domain.assembly import Assembly, Delivery, Mandate
from followup.domain.commitment import Commitment
from followup.domain.mandate import Milestone
from followup.domain.recommendation import Recommendation, unanswered
from followup.domain.rules import RulesBroken, Untimely

AT = datetime(2025, 9, 1, 10, tzinfo=UTC)
WORDS = {"da": "x", "en": "x"}


def _recommendation(number: int = 1) -> Recommendation:
    return Recommendation(f"r-{number}", "by-2025", number, "theme-1", f"Titel {number}", ("finance",), 0, "/samling/x")


def _answered(number: int = 1, verdict: str = "followed") -> Recommendation:
    return _recommendation(number).answered(Content(verdict, "Fordi", ""), read=0, at=AT)


def _commitment(due_on: date = date(2025, 9, 17)) -> Commitment:
    return Commitment("by-2025", "status-3", WORDS, "within", due_on, date(2025, 6, 17), (30,))


@pytest.mark.parametrize("verdict", ["followed", "partly", "not-followed"])
@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_an_answer_without_a_reason_is_refused_also_when_the_recommendation_is_followed(
    verdict: str, reason: str
) -> None:
    with pytest.raises(RulesBroken) as refused:
        _recommendation(4).answered(Content(verdict, reason, ""), read=None, at=AT)
    assert [(b.where, b.field, b.rule) for b in refused.value.broken] == [("recommendation 4", "reason", "compulsory")]


def test_all_that_is_wrong_with_an_answer_is_said_at_once() -> None:
    with pytest.raises(RulesBroken) as refused:
        _recommendation().answered(Content("perhaps", "", ""), read=None, at=AT)
    assert [b.field for b in refused.value.broken] == ["answer", "reason"]


def test_a_changed_answer_is_a_new_version_and_the_old_one_stays() -> None:
    second = _answered().answered(Content("partly", "Fordi", "Vi begynder i 2026"), read=1, at=AT)
    assert [(a.revision, a.content.verdict, a.content.action) for a in second.answers] == [
        (1, "followed", ""),
        (2, "partly", "Vi begynder i 2026"),
    ]


def test_the_same_answer_again_is_no_new_version() -> None:
    once = _answered()
    assert once.answered(Content("followed", " Fordi ", ""), read=0, at=AT) is once
    assert once.answered(Content("followed", "Fordi", ""), read=None, at=AT) is once


def test_the_second_of_two_officers_learns_that_the_first_has_saved() -> None:
    with pytest.raises(Untimely, match="revision 1 was saved since revision 0 was read"):
        _answered().answered(Content("not-followed", "Noget andet", ""), read=0, at=AT)


def test_a_status_waits_for_every_delivered_recommendation_also_those_still_on_their_way() -> None:
    waiting = unanswered(("r-1", "r-2", "r-9"), [_answered(1), _recommendation(2)])
    assert [b.where for b in waiting] == ["recommendation 2", "recommendation r-9"]
    assert unanswered(("r-1",), [_answered(1)]) == ()


def test_a_recommendation_that_arrived_but_was_not_listed_in_the_delivery_waits_too() -> None:
    assert [b.where for b in unanswered(("r-1",), [_answered(1), _recommendation(2)])] == ["recommendation 2"]


def test_a_status_keeps_the_answers_as_they_stood_that_day() -> None:
    answers = [_answered(2, "partly"), _answered(1), _answered(3, "not-followed"), _answered(4)]
    status = _commitment().reported(" Godt i gang ", answers, date(2025, 9, 1), AT).status
    assert status is not None
    assert status.summary == "Godt i gang"
    assert [answer.number for answer in status.answers] == [1, 2, 3, 4]
    assert (status.count("followed"), status.count("partly"), status.count("not-followed")) == (2, 1, 1)


def test_a_status_without_a_summary_is_refused() -> None:
    with pytest.raises(RulesBroken, match="summary"):
        _commitment().reported("  ", [_answered()], date(2025, 9, 1), AT)


def test_a_published_status_is_not_rewritten() -> None:
    published = _commitment().reported("Status", [_answered()], date(2025, 9, 1), AT)
    assert published.reported("Status", [_answered()], date(2025, 9, 2), AT) is published
    with pytest.raises(Untimely, match="2025-09-01"):
        published.reported("En anden", [_answered()], date(2025, 9, 2), AT)


def _assembly(*milestones: str, event: str | None = None) -> Assembly:
    made = tuple(Milestone(m, WORDS, "within", 3, event, ()) for m in milestones)
    return Assembly("by-2025", Mandate(WORDS, WORDS, WORDS, made, {}, {}), Delivery(date(2025, 6, 17), ("r-1",)))


def test_the_duty_is_done_when_every_milestone_is_reported_and_every_recommendation_answered() -> None:
    assembly = _assembly("status-3", "status-closing")
    reported = _commitment().reported("Status", [_answered()], date(2025, 9, 1), AT)
    assert not assembly.is_done([reported], [_answered()])
    assert _assembly("status-3").is_done([reported], [_answered()])
    assert not _assembly("status-3").is_done([_commitment()], [_answered()])
    assert not _assembly("status-3").is_done([reported], [_answered(), _recommendation(2)])


def test_an_event_before_the_delivery_is_refused() -> None:
    with pytest.raises(RulesBroken, match="before delivery"):
        _assembly("status-closing", event="closing").with_event("closing", date(2025, 6, 16))


def test_an_events_date_once_recorded_stays() -> None:
    recorded = _assembly("status-closing", event="closing").with_event("closing", date(2025, 6, 17))
    assert recorded.with_event("closing", date(2025, 6, 17)) is recorded
    with pytest.raises(Untimely, match="2025-06-17"):
        recorded.with_event("closing", date(2025, 7, 1))


def test_nothing_is_recorded_before_the_delivery() -> None:
    with pytest.raises(Untimely, match="not delivered"):
        Assembly("by-2025", _assembly("status-3").mandate).with_event("closing", date(2025, 7, 1))
