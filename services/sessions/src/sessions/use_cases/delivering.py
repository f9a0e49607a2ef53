"""Recommendations are written, and handed over to the council together."""

from chassis.errors import BadInput, Conflict, Duplicate, Problem
from chassis.transaction import Transaction
from contracts.sessions import DeliveryCompleted, RecommendationDelivered
from sessions import repository
from sessions.domain.assembly_file import AssemblyFile
from sessions.domain.recommendation import Recommendation, misplaced


async def write_recommendation(
    tx: Transaction, assembly: str, recommendation_id: str, recommendation: Recommendation
) -> repository.Document:
    """Save a recommendation; another text is a new version, and the old ones are kept.

    Nothing is said: drafts are closed.

    Raises BadInput for what does not fit this assembly, Conflict after the delivery (a delivered text stands).
    """
    assemblies = tx.collection(repository.ASSEMBLIES)
    parent = await repository.announced(assemblies, assembly)
    _refuse(_problems(repository.plan(parent), recommendation_id, recommendation))
    recommendations = tx.collection(repository.RECOMMENDATIONS)
    document = await recommendations.get(repository.key(assembly, recommendation_id))
    text = recommendation.model_dump(mode="json")
    if document is not None and document["template"] == text:
        return document
    if parent.get("delivered_at"):
        raise Conflict("the recommendations are delivered: their text cannot change any more")
    if document is None:
        document = {
            "_id": repository.key(assembly, recommendation_id),
            "assembly": assembly,
            "recommendation": recommendation_id,
            "revision": 0,
        }
    document |= {"number": recommendation.number, "template": text}
    document |= {"revision": document["revision"] + 1, "written_at": repository.moment(tx.now)}
    other = await recommendations.one({"assembly": assembly, "number": recommendation.number})
    if other is not None and other["_id"] != document["_id"]:
        raise Duplicate(f"number {recommendation.number} is {other['recommendation']}'s")
    await recommendations.save(document)
    version = {name: document[name] for name in ("assembly", "recommendation", "revision", "written_at", "template")}
    await tx.collection(repository.VERSIONS).insert(
        {"_id": repository.key(assembly, recommendation_id, str(document["revision"])), **version}
    )
    # The delivery reads all recommendations and writes this document. A snapshot would let a change slip in beside it
    # (write skew); writing here too makes the two collide, and one of them runs again and sees the other.
    await assemblies.save(parent)
    return document


async def deliver(tx: Transaction, assembly: str) -> repository.Document:
    """Hand over all recommendations, once, together: from this day the council's milestones are counted.

    Raises BadInput when there is none, or when one does not fit (all problems at once).
    """
    assemblies = tx.collection(repository.ASSEMBLIES)
    parent = await repository.announced(assemblies, assembly)
    if parent.get("delivered_at"):
        return parent
    plan = repository.plan(parent)
    written = await tx.collection(repository.RECOMMENDATIONS).find({"assembly": assembly}, sort=[("number", 1)])
    if not written:
        raise BadInput([Problem(f"assembly {assembly}", "recommendations", "at least one", "there is none to deliver")])
    texts = [(document["recommendation"], repository.template(document)) for document in written]
    _refuse([problem for name, text in texts for problem in _problems(plan, name, text)])
    now = repository.moment(tx.now)
    parent |= {"delivered_at": now, "recommendations": [name for name, _ in texts]}
    await assemblies.save(parent)
    for name, text in texts:
        tx.say(
            RecommendationDelivered(
                assembly=assembly,
                recommendation=name,
                number=text.number,
                theme=text.theme,
                title=text.title,
                committees=text.committees,
                minority_statements=len(text.minority_statements),
                path=f"/samling/{assembly}/anbefalinger/{name}",
            ),
            once=f"delivered:{name}",
        )
    names = tuple(name for name, _ in texts)
    tx.say(DeliveryCompleted(assembly=assembly, delivered_at=now, recommendations=names), once="delivery")
    return parent


def _problems(plan: AssemblyFile, name: str, text: Recommendation) -> list[Problem]:
    themes = [theme.id for theme in plan.themes]
    committees = [committee.id for committee in plan.committees]
    return [
        Problem(f"recommendation {name}", mistake.field, mistake.rule, mistake.message)
        for mistake in misplaced(text, themes, committees, plan.panel.size)
    ]


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise BadInput(problems)
