"""Facts of the other services, each one command. People's ids are not kept: the front page shows counts."""

from chassis.facts import Heard
from chassis.service import Service
from chassis.transaction import Transaction
from contracts.followup import CommitmentMade, RecommendationAnswered, StatusPublished
from contracts.lottery import DrawAnnounced, DrawVoided, MemberReplaced, PanelDrawn
from contracts.registration import PoolClosed, SignUpOpened
from sessions.use_cases import Sighting, see


async def sign_up_opened(tx: Transaction, fact: SignUpOpened, heard: Heard) -> None:
    await see(tx, Sighting(fact.assembly, "sign-up", "", {"closes_at": fact.closes_at}, heard.time))


async def pool_closed(tx: Transaction, fact: PoolClosed, heard: Heard) -> None:
    data = {"invited": fact.invited, "signed_up": fact.signed_up}
    await see(tx, Sighting(fact.assembly, "pool", "", data, heard.time))


async def draw_announced(tx: Transaction, fact: DrawAnnounced, heard: Heard) -> None:
    data = {"pool_size": fact.pool_size, "record_digest": fact.record_digest}
    await see(tx, Sighting(fact.assembly, "draw", fact.draw, data, heard.time))


async def draw_voided(tx: Transaction, fact: DrawVoided, heard: Heard) -> None:
    await see(tx, Sighting(fact.assembly, "voided", fact.draw, {}, heard.time))


async def panel_drawn(tx: Transaction, fact: PanelDrawn, heard: Heard) -> None:
    data = {"pool_size": fact.pool_size, "panel": len(fact.panel), "alternates": len(fact.alternates)}
    await see(tx, Sighting(fact.assembly, "panel", fact.draw, data, heard.time))


async def member_replaced(tx: Transaction, fact: MemberReplaced, heard: Heard) -> None:
    await see(tx, Sighting(fact.assembly, "replacement", heard.id, {}, heard.time))


async def commitment_made(tx: Transaction, fact: CommitmentMade, heard: Heard) -> None:
    data = {"due_on": fact.due_on.isoformat()}
    await see(tx, Sighting(fact.assembly, "commitment", fact.milestone, data, heard.time))


async def status_published(tx: Transaction, fact: StatusPublished, heard: Heard) -> None:
    data = {
        "due_on": fact.due_on.isoformat(),
        "reported_on": fact.reported_on.isoformat(),
        "followed": fact.followed,
        "partly": fact.partly,
        "not_followed": fact.not_followed,
        "path": fact.path,
    }
    await see(tx, Sighting(fact.assembly, "status", fact.milestone, data, heard.time))


async def recommendation_answered(tx: Transaction, fact: RecommendationAnswered, heard: Heard) -> None:
    data = {"answer": fact.answer, "path": fact.path}
    await see(tx, Sighting(fact.assembly, "answer", fact.recommendation, data, heard.time, fact.revision))


def register(service: Service) -> None:
    """Hear what `deploy/nats/topology.yaml` lets this service hear."""
    service.hear(SignUpOpened, sign_up_opened)
    service.hear(PoolClosed, pool_closed)
    service.hear(DrawAnnounced, draw_announced)
    service.hear(DrawVoided, draw_voided)
    service.hear(PanelDrawn, panel_drawn)
    service.hear(MemberReplaced, member_replaced)
    service.hear(CommitmentMade, commitment_made)
    service.hear(StatusPublished, status_published)
    service.hear(RecommendationAnswered, recommendation_answered)
