"""The domain's happenings as the facts the house knows."""

from collections.abc import Collection
from datetime import date

from contracts import followup as facts
from contracts.sessions import Escalation
from followup.domain.answers import VERDICTS, Verdict
from followup.domain.assembly import Mandate
from followup.domain.changes import by_theme
from followup.domain.commitment import Commitment, Extension
from followup.domain.crossings import Crossing, Kind
from followup.domain.recommendation import Recommendation
from followup.domain.status import Status
from followup.paths import dashboard_path, recommendation_path, status_path
from followup.words import as_text


def made(one: Commitment) -> facts.CommitmentMade:
    """Return the fact that the council owes this."""
    return facts.CommitmentMade(
        assembly=one.assembly,
        commitment=one.id,
        milestone=one.milestone,
        title=as_text(one.title),
        due_on=one.due_on,
        made_on=one.made_on,
        opens_on=one.opens_on,
        wording=one.wording,
        reminder_days=one.reminder_days,
        overdue_every_days=one.overdue_every_days,
        tell=one.tell,
        escalation=tuple(Escalation(days_overdue=step.days_overdue, tell=step.tell) for step in one.escalation),
    )


def extended(one: Commitment, extension: Extension) -> facts.CommitmentExtended:
    """Return the fact that a deadline was moved."""
    return facts.CommitmentExtended(
        assembly=one.assembly,
        commitment=one.id,
        milestone=one.milestone,
        title=as_text(one.title),
        due_on=extension.to_day,
        previous_due_on=extension.from_day,
        extended_on=extension.extended_on,
        reason=extension.reason,
        path=f"{dashboard_path(one.assembly)}#milestones",
    )


def crossed(one: Commitment, crossing: Crossing) -> facts.StatusDueSoon | facts.StatusDue | facts.StatusOverdue:
    """Return the fact that a line is crossed."""
    after = one.after(crossing)
    same = {
        "assembly": one.assembly,
        "commitment": one.id,
        "milestone": one.milestone,
        "title": as_text(one.title),
        "due_on": one.due_on,
        "on": crossing.on,
        "next_on": after.on if after else None,
        "tell": one.told(crossing),
    }
    if crossing.kind is Kind.DUE_SOON:
        return facts.StatusDueSoon.model_validate(same | {"days_left": crossing.days})
    if crossing.kind is Kind.DUE:
        return facts.StatusDue.model_validate(same)
    return facts.StatusOverdue.model_validate(same | {"days_overdue": crossing.days})


def answered(one: Recommendation) -> facts.RecommendationAnswered:
    """Return the fact that the answer in force was published. ValueError while there is none."""
    answer = one.answer
    if answer is None:
        raise ValueError("only an answer that is there is said to be")
    content, approval = answer.content, answer.approval
    return facts.RecommendationAnswered(
        assembly=one.assembly,
        recommendation=one.id,
        answer=verdict(content.verdict),
        revision=answer.revision,
        path=recommendation_path(one.assembly, one.id),
        reason=content.reason,
        action=content.action,
        done_by=content.done_by,
        unit=content.unit,
        money=content.money,
        approved_on=approval.on if approval else None,
        approved_in=approval.meeting if approval else "",
        agenda=approval.link if approval else "",
        edits=one.edits,
    )


def worked(one: Recommendation) -> facts.WorkRecorded:
    """Return the fact of the work as it stands."""
    work = one.work
    return facts.WorkRecorded(
        assembly=one.assembly,
        recommendation=one.id,
        number=work.number,
        committees=work.committees,
        steps=tuple(
            facts.Step(committee=s.committee, on=s.on, item=s.item, link=s.link, decision=s.decision)
            for s in work.steps
        ),
        progress=work.progress,
        responsible=work.responsible,
        completed_on=work.completed_on,
    )


def published(
    one: Commitment, today: date, before: Status | None, mandate: Mandate | None, completed: Collection[str]
) -> facts.StatusPublished:
    """Return the fact of a published status, with what is new since `before`. ValueError before it is published.

    `completed` are the ids of the recommendations that are closed.
    """
    status = one.status
    if status is None:
        raise ValueError("only a published status is said to be")
    previous = {answer.recommendation: answer for answer in before.answers} if before else {}
    titles = mandate.themes if mandate else {}
    return facts.StatusPublished(
        assembly=one.assembly,
        commitment=one.id,
        milestone=one.milestone,
        title=as_text(one.title),
        due_on=one.due_on,
        reported_on=status.reported_on,
        overdue_days=one.overdue_days(today),
        followed=status.count("followed"),
        partly=status.count("partly"),
        not_followed=status.count("not-followed"),
        path=status_path(one.assembly, one.milestone),
        summary=status.summary,
        answers=tuple(
            facts.ReportedAnswer(
                recommendation=a.recommendation,
                number=a.number,
                theme=a.theme,
                title=a.title,
                revision=a.revision,
                answer=verdict(a.content.verdict),
                progress=a.progress,
                previous_answer=verdict(old.content.verdict) if (old := previous.get(a.recommendation)) else None,
                previous_progress=old.progress if old else None,
            )
            for a in status.answers
        ),
        themes=tuple(
            facts.ThemeChange(
                theme=theme.theme,
                title=as_text(titles.get(theme.theme) or {"da": theme.theme, "en": theme.theme}),
                followed=theme.followed,
                partly=theme.partly,
                not_followed=theme.not_followed,
                completed=theme.completed,
                changed=theme.changed,
            )
            for theme in by_theme(before, status, titles, completed)
        ),
    )


def verdict(value: str) -> Verdict:
    """Return one of the three. ValueError for anything else, which no published answer holds."""
    return VERDICTS[VERDICTS.index(value)]
