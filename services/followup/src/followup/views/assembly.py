"""Read models made from the domain on a given day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.sessions import Named
from followup import repository
from followup.domain.answers import Answer, Content
from followup.domain.assembly import Assembly, Mandate
from followup.domain.commitment import Commitment, State
from followup.domain.crossings import Kind
from followup.domain.elections import elections_within
from followup.domain.mandate import Milestone, Words
from followup.domain.recommendation import Recommendation, edition
from followup.domain.status import ReportedAnswer, Status
from followup.paths import dashboard_path, recommendation_path, status_path
from followup.repository import overview
from followup.views import news
from followup.views.shapes import (
    AnswerView,
    AssemblyView,
    Counts,
    ElectionView,
    ExtensionView,
    MilestoneView,
    RecommendationView,
    ReportedView,
    StatusView,
    StepView,
)
from followup.words import as_text


async def assembly_view(store: repository.Store, assembly_id: str, today: date) -> AssemblyView | None:
    """Return an assembly's follow-up on `today`; None before it is announced."""
    return next(iter(await assembly_views(store, today, [assembly_id])), None)


async def assembly_views(
    store: repository.Store, today: date, assemblies: Sequence[str] | None = None
) -> list[AssemblyView]:
    """Return these announced assemblies in the order asked for; by default all of them, latest delivery first."""
    if assemblies is None:
        assemblies = [head.id for head in await overview.heads(store)]
    found = await overview.assemblies_of(store, assemblies)
    commitments = await overview.commitments_of(store, assemblies)
    recommendations = await overview.recommendations_of(store, assemblies)
    return [
        _view(one, one.mandate, commitments[one.id], recommendations[one.id], today)
        for one in found
        if one.mandate is not None
    ]


def _view(
    assembly: Assembly,
    mandate: Mandate,
    commitments: Sequence[Commitment],
    recommendations: Sequence[Recommendation],
    today: date,
) -> AssemblyView:
    return AssemblyView(
        assembly=assembly.id,
        municipality=as_text(mandate.municipality),
        municipality_id=mandate.municipality_id,
        title=as_text(mandate.title),
        purpose=as_text(mandate.purpose),
        delivered_on=assembly.delivery.on if assembly.delivery else None,
        handed_over=assembly.delivery.recommendations if assembly.delivery else (),
        edition=edition(recommendations),
        events=dict(assembly.events),
        closed_on=assembly.closed_on,
        milestones=milestone_views(mandate, commitments, today),
        elections=_elections(assembly, commitments),
        recommendations=tuple(recommendation_view(one, mandate) for one in recommendations),
        changes=news.since_last(commitments, recommendations),
        counts=counts(assembly, commitments, recommendations),
        path=dashboard_path(assembly.id),
    )


def counts(assembly: Assembly, commitments: Sequence[Commitment], recommendations: Sequence[Recommendation]) -> Counts:
    """Count from the record."""
    return Counts(
        recommendations=len(recommendations),
        answers=sum(one.answer is not None for one in recommendations),
        commitments=len(commitments),
        statuses_published=sum(one.status is not None for one in commitments),
        due_soon_seen=sum(one.seen(Kind.DUE_SOON) for one in commitments),
        due_seen=sum(one.seen(Kind.DUE) for one in commitments),
        overdue_seen=sum(one.seen(Kind.OVERDUE) for one in commitments),
        closed=assembly.closed_on is not None,
    )


def milestone_views(mandate: Mandate, commitments: Sequence[Commitment], today: date) -> tuple[MilestoneView, ...]:
    """Return the milestones as they stand on `today`, by date; those without one last, as the mandate lists them."""
    made = {one.milestone: one for one in commitments}
    before = news.before_each(commitments)
    views = [milestone_view(m, made.get(m.id), today, before.get(m.id)) for m in mandate.milestones]
    return tuple(sorted(views, key=lambda view: (view.due_on is None, view.due_on or today)))


def _elections(assembly: Assembly, commitments: Sequence[Commitment]) -> tuple[ElectionView, ...]:
    last = max((one.due_on for one in commitments), default=None)
    if assembly.delivery is None or last is None:
        return ()
    within = elections_within(assembly.delivery.on, last)
    return tuple(ElectionView(on=one.on, council_from=one.council_from) for one in within)


def milestone_view(
    milestone: Milestone, commitment: Commitment | None, today: date, before: Status | None = None
) -> MilestoneView:
    """Return a milestone as it stands on `today`; `before` is the status that was published before its own."""
    return MilestoneView(
        id=milestone.id,
        title=as_text(milestone.title),
        wording=milestone.wording,
        months=milestone.months,
        event=milestone.event,
        window_days=milestone.window_days,
        working_day=milestone.working_day,
        opens_on=commitment.opens_on if commitment else None,
        promised_on=commitment.promised_on if commitment else None,
        due_on=commitment.due_on if commitment else None,
        state=commitment.state(today) if commitment else State.UNDATED,
        days_left=max(0, (commitment.due_on - today).days) if commitment else None,
        overdue_days=commitment.overdue_days(today) if commitment else 0,
        extensions=tuple(
            ExtensionView(from_day=e.from_day, to_day=e.to_day, reason=e.reason, extended_on=e.extended_on)
            for e in (commitment.extensions if commitment else ())
        ),
        status=_status(commitment, before) if commitment else None,
    )


def _status(one: Commitment, before: Status | None) -> StatusView | None:
    if one.status is None:
        return None
    return StatusView(
        summary=one.status.summary,
        reported_on=one.status.reported_on,
        overdue_days=one.overdue_days(one.status.reported_on),
        followed=one.status.count("followed"),
        partly=one.status.count("partly"),
        not_followed=one.status.count("not-followed"),
        answers=tuple(_reported(answer) for answer in one.status.answers),
        changes=news.told(before, one.status),
        path=status_path(one.assembly, one.milestone),
    )


def _reported(answer: ReportedAnswer) -> ReportedView:
    return ReportedView(
        recommendation=answer.recommendation,
        number=answer.number,
        theme=answer.theme,
        title=answer.title,
        revision=answer.revision,
        progress=answer.progress,
        verdict=answer.content.verdict,
        **_said(answer.content),
    )


def answer_view(answer: Answer) -> AnswerView:
    """Return one version of an answer."""
    approval = answer.approval
    return AnswerView(
        revision=answer.revision,
        answer=answer.content.verdict,
        approved_on=approval.on if approval else None,
        approved_in=approval.meeting if approval else "",
        agenda=approval.link if approval else "",
        answered_at=answer.answered_at,
        **_said(answer.content),
    )


def _said(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in ("reason", "action", "done_by", "unit", "money")}


def recommendation_view(one: Recommendation, mandate: Mandate) -> RecommendationView:
    """Return a recommendation with its answer, its work and its history."""
    history = tuple(answer_view(answer) for answer in reversed(one.answers))
    return RecommendationView(
        recommendation=one.id,
        number=one.number,
        title=one.title,
        theme=_named(one.theme, mandate.themes),
        committees=tuple(_named(committee, mandate.committees) for committee in one.referred),
        minority_statements=one.minority_statements,
        path=one.path,
        page=recommendation_path(one.assembly, one.id),
        revision=one.revision,
        answer=history[0] if history else None,
        history=history,
        steps=tuple(
            StepView(
                committee=_named(step.committee, mandate.committees),
                on=step.on,
                item=step.item,
                link=step.link,
                decision=step.decision,
            )
            for step in sorted(one.work.steps, key=lambda step: step.on)
        ),
        progress=one.work.progress,
        completed_on=one.work.completed_on,
    )


def _named(id_: str, titles: Mapping[str, Words]) -> Named:
    # An id the mandate does not name is shown as it is: better than a page that cannot be read.
    return Named(id=id_, title=as_text(titles.get(id_) or {"da": id_, "en": id_}))
