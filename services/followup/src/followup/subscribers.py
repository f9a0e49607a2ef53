"""What followup hears, each fact turned into one command."""

from chassis.facts import Heard
from chassis.transaction import Transaction
from contracts.sessions import AssemblyAnnounced, DeliveryCompleted, RecommendationDelivered
from followup.domain.assembly import Delivery, Mandate
from followup.domain.calendar import day_of
from followup.domain.mandate import Escalation, Milestone
from followup.domain.recommendation import Recommendation
from followup.use_cases import announcing
from followup.words import as_words


async def assembly_announced(tx: Transaction, fact: AssemblyAnnounced, _heard: Heard) -> None:
    """Learn the mandate, public from now on."""
    await announcing.learn_mandate(tx, fact.assembly, mandate_of(fact))


def mandate_of(fact: AssemblyAnnounced) -> Mandate:
    """Return what was announced as follow-up keeps it."""
    return Mandate(
        municipality=as_words(fact.municipality.title),
        title=as_words(fact.title),
        purpose=as_words(fact.purpose),
        milestones=tuple(
            Milestone(
                m.id,
                as_words(m.title),
                m.wording,
                m.months,
                m.event,
                m.reminder_days,
                m.window_days,
                m.working_day,
                m.overdue_every_days,
                m.tell,
                tuple(Escalation(step.days_overdue, step.tell) for step in m.escalation),
            )
            for m in fact.milestones
        ),
        themes={theme.id: as_words(theme.title) for theme in fact.themes},
        committees={committee.id: as_words(committee.title) for committee in fact.committees},
        municipality_id=fact.municipality.id,
    )


async def recommendation_delivered(tx: Transaction, fact: RecommendationDelivered, _heard: Heard) -> None:
    """Receive a recommendation that is handed over."""
    await announcing.receive_recommendation(tx, recommendation_of(fact))


def recommendation_of(fact: RecommendationDelivered) -> Recommendation:
    """Return what was handed over as follow-up keeps it."""
    return Recommendation(
        id=fact.recommendation,
        assembly=fact.assembly,
        number=fact.number,
        theme=fact.theme,
        title=fact.title,
        committees=fact.committees,
        minority_statements=fact.minority_statements,
        path=fact.path,
    )


async def delivery_completed(tx: Transaction, fact: DeliveryCompleted, _heard: Heard) -> None:
    """Count the promises from the day all was handed over."""
    await announcing.complete_delivery(tx, fact.assembly, delivery_of(fact))


def delivery_of(fact: DeliveryCompleted) -> Delivery:
    """Return the day all was handed over, and what it was."""
    return Delivery(day_of(fact.delivered_at), fact.recommendations)
