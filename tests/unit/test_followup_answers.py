"""The council's answers and statuses: what is refused, what is a new version, what is reported."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from followup.domain.answers import TOO_LONG_NAME, Answer, Approval, Content, DraftState
from followup.domain.assembly import Assembly, Delivery, Mandate
from followup.domain.commitment import Commitment
from followup.domain.mandate import Milestone
from followup.domain.recommendation import Recommendation, unanswered
from followup.domain.rules import RulesBroken, Untimely
from followup.domain.work import Step, Work, unknown_committees

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


WHOLE = Content("partly", "Fordi", "Et forsøg", date(2026, 6, 1), "Kultur", 250_000)
MEETING = Approval(date(2025, 9, 1), "Byrådet", "https://by.dk/dagsorden/7")


def test_a_draft_goes_from_written_to_approved_to_the_answer_in_force() -> None:
    drafted = _recommendation().drafted(WHOLE, read=0, at=AT)
    with pytest.raises(Untimely, match="the draft is not approved"):
        drafted.published(read=1, at=AT)
    approved = drafted.approved(MEETING, read=1, at=AT)
    published = approved.published(read=2, at=AT)
    assert (published.draft, published.edits) == (None, 3)
    assert published.answer == Answer(1, WHOLE, AT, MEETING)


def test_what_was_approved_and_is_changed_must_be_approved_again() -> None:
    approved = _recommendation().drafted(WHOLE, read=0, at=AT).approved(MEETING, read=1, at=AT)
    changed = approved.drafted(replace(WHOLE, money=0), read=2, at=AT).draft
    assert changed is not None
    assert (changed.state, changed.approval) == (DraftState.DRAFT, None)
    assert approved.drafted(WHOLE, read=2, at=AT) is approved


@pytest.mark.parametrize(
    ("approval", "field", "rule"),
    [
        (replace(MEETING, on=date(2025, 9, 2)), "approved_on", "not to come"),
        (replace(MEETING, meeting=""), "approved_in", "compulsory"),
        (replace(MEETING, meeting="x" * 201), "approved_in", TOO_LONG_NAME),
        (replace(MEETING, link="javascript:alert(1)"), "agenda", "a web address"),
        (replace(MEETING, link="https://by.dk/to ord"), "agenda", "a web address"),
        (replace(MEETING, link=f"https://by.dk/{'x' * 1000}"), "agenda", "a shorter link"),
    ],
)
def test_an_approval_is_by_a_meeting_that_was_held_and_its_link_is_one(
    approval: Approval, field: str, rule: str
) -> None:
    with pytest.raises(RulesBroken) as refused:
        _recommendation().drafted(WHOLE, read=0, at=AT).approved(approval, read=1, at=AT)
    assert [(b.field, b.rule) for b in refused.value.broken] == [(field, rule)]
    with pytest.raises(RulesBroken):
        _recommendation().answered(WHOLE, read=None, at=AT, approval=approval)


def test_a_meeting_of_today_may_have_approved_it_and_needs_no_link() -> None:
    # 22:30 UTC on 31 August is 1 September in Denmark.
    late = datetime(2025, 8, 31, 22, 30, tzinfo=UTC)
    approved = _recommendation().drafted(WHOLE, read=0, at=late).approved(replace(MEETING, link=""), read=1, at=late)
    assert approved.draft is not None
    assert approved.draft.state is DraftState.APPROVED


def test_whoever_drafts_is_told_of_a_draft_and_of_an_answer_that_came_since() -> None:
    drafted = _recommendation().drafted(WHOLE, read=0, at=AT)
    with pytest.raises(Untimely, match="saved since edit 0"):
        drafted.drafted(replace(WHOLE, reason="Noget andet"), read=0, at=AT)
    with pytest.raises(Untimely, match="saved since edit 0"):
        _answered().drafted(WHOLE, read=0, at=AT)


def test_a_draft_laid_aside_leaves_what_is_published() -> None:
    drafted = _answered().drafted(WHOLE, read=1, at=AT)
    aside = drafted.withdrawn(read=2)
    assert (aside.draft, aside.answers, aside.edits) == (None, _answered().answers, 3)
    with pytest.raises(Untimely):
        drafted.withdrawn(read=1)


def test_work_names_committees_of_the_mandate_and_those_it_named_before() -> None:
    before = Work(committees=("gone",), steps=(Step("older", date(2025, 9, 1), "Punkt 1"),))
    after = Work(committees=("gone", "finance"), steps=(Step("older", date(2025, 9, 1), "Punkt 1"),))
    assert unknown_committees(before, after, {"finance"}, "recommendation 1") == []
    wrong = unknown_committees(before, replace(after, committees=("made-up",)), {"finance"}, "recommendation 1")
    assert [(b.field, b.rule) for b in wrong] == [("committee", "one of the mandate's")]
