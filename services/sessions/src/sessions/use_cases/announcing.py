"""The assembly and its mandate become public, and the other services learn all they know of it."""

from chassis.errors import Conflict
from chassis.transaction import Transaction
from contracts.sessions import AssemblyAnnounced
from sessions import repository
from sessions.domain.assembly_file import AssemblyFile


async def announce(tx: Transaction, plan: AssemblyFile) -> repository.Document:
    """Announce once. Conflict when the file has changed since: a mandate promised in public stands."""
    assemblies = tx.collection(repository.ASSEMBLIES)
    document = await assemblies.get(plan.id)
    if document is not None:
        # Read anew: what a later version may say besides is not a change of what this assembly promised.
        if AssemblyFile.model_validate(document["plan"]) != plan:
            raise Conflict(f"{plan.id} is announced, and its file has changed since: what was promised stands")
        return document
    document = {"_id": plan.id, "announced_at": repository.moment(tx.now), "plan": plan.model_dump(mode="json")}
    await assemblies.save(document)
    tx.say(as_fact(plan), once="announced")
    return document


def as_fact(plan: AssemblyFile) -> AssemblyAnnounced:
    """Return the assembly as the other services need it: without the texts that only our pages show."""
    return AssemblyAnnounced.model_validate(
        {
            "assembly": plan.id,
            "municipality": plan.municipality.model_dump(),
            "title": plan.title.model_dump(),
            "purpose": plan.purpose.model_dump(),
            "panel_size": plan.panel.size,
            "alternates": plan.panel.alternates,
            "answer_days": plan.panel.answer_days,
            "answer_reminder_days": plan.panel.answer_reminder_days,
            "minimum_age": plan.eligibility.minimum_age,
            "age_on": plan.eligibility.age_on,
            "sign_up_opens_at": plan.sign_up.opens,
            "sign_up_closes_at": plan.sign_up.closes,
            "criteria": [criterion.model_dump() for criterion in plan.criteria],
            "sessions": [
                {
                    **session.model_dump(include={"id", "number", "title", "open"}),
                    "starts_at": session.starts,
                    "ends_at": session.ends,
                }
                for session in plan.sessions
            ],
            "themes": [theme.model_dump() for theme in plan.themes],
            "committees": [committee.model_dump() for committee in plan.committees],
            "milestones": [_of_all(plan) | milestone.model_dump(exclude_none=True) for milestone in plan.milestones],
            "postcodes": plan.eligibility.postcodes,
            "exclusions": [exclusion.model_dump() for exclusion in plan.eligibility.exclusions],
            "waves": [wave.model_dump() for wave in plan.sign_up.waves],
            "conditions": [condition.model_dump() for condition in plan.sign_up.conditions],
            "needs": [need.model_dump() for need in plan.sign_up.needs],
            "retention": plan.retention.model_dump(),
            "evaluation_link": plan.evaluation_link,
        }
    )


def _of_all(plan: AssemblyFile) -> repository.Document:
    """What the file says once for all milestones, each of which may say otherwise."""
    return plan.model_dump(include={"reminder_days", "overdue_every_days", "tell", "escalation"})
