"""What a council has promised, said to follow-up as the sessions service says it, and what officers do about it.

followup = await delivered(house)                    # Dragør's assembly with two recommendations, handed over
await answer(house, followup, 1)                     # published at once, by the JSON API
officer = await officer_of(house, followup)          # someone with the officer's role, at the pages
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from chassis.identity import Role
from contracts.base import Text
from contracts.sessions import AssemblyAnnounced, DeliveryCompleted, Milestone, Named, RecommendationDelivered
from followup import bootstrap
from followup.settings import Settings
from support.house import House, Running
from support.staff import SignedIn, signed_in

A = "dragoer-2025"
DUTIES = "/opfoelgning/opgaver"
DELIVERED = datetime(2025, 6, 17, 19, 0, tzinfo=UTC)
REASON = "Fordi det er klogt"


def api_of(assembly: str = A) -> str:
    """Return where the JSON API has an assembly."""
    return f"/opfoelgning/api/assemblies/{assembly}"


def page_of(number: int, page: str = "svar", assembly: str = A) -> str:
    """Return the path of an officer's page of a recommendation."""
    return f"/opfoelgning/{assembly}/anbefalinger/r-{number}/{page}"


def publish_path(milestone: str, assembly: str = A) -> str:
    """Return the path of the form that publishes a status."""
    return f"/opfoelgning/{assembly}/status/{milestone}/udgiv"


def text(text: str) -> Text:
    """Return a text whose English is told from its Danish."""
    return Text(da=text, en=f"{text} (en)")


def milestone(id_: str, months: int | None, event: str | None = None, **more: Any) -> Milestone:
    """Return a milestone as the mandate's fact has it; `more` are its other fields."""
    same: dict[str, Any] = {"id": id_, "title": text(f"Status {id_}"), "wording": "within"}
    return Milestone.model_validate(same | {"months": months, "event": event} | more)


MILESTONES = (milestone("s-3", 3), milestone("s-10", 10), milestone("s-end", None, "closing"))


def announced(milestones: Sequence[Milestone] = MILESTONES, assembly: str = A, **more: Any) -> AssemblyAnnounced:
    """Return the fact of a mandate with one theme and two committees; `more` are fields in the place of ours."""
    same: dict[str, Any] = {
        "assembly": assembly,
        "municipality": Named(id="dragoer", title=text("Dragør Kommune")),
        "title": text("Samlingen"),
        "purpose": text("At prioritere"),
        "panel_size": 36,
        "alternates": 12,
        "minimum_age": 15,
        "age_on": DELIVERED.date(),
        "sign_up_opens_at": DELIVERED,
        "sign_up_closes_at": DELIVERED,
        "criteria": (),
        "sessions": (),
        "themes": (Named(id="prevention", title=text("Forebyggelse")),),
        "committees": (
            Named(id="finance", title=text("Økonomiudvalget")),
            Named(id="social", title=text("Socialudvalget")),
        ),
        "milestones": tuple(milestones),
    }
    return AssemblyAnnounced.model_validate(same | more)


def recommendation(number: int, assembly: str = A, **more: Any) -> RecommendationDelivered:
    """Return the fact of the recommendation `r-<number>`; `more` are fields in the place of ours."""
    same: dict[str, Any] = {
        "assembly": assembly,
        "recommendation": f"r-{number}",
        "number": number,
        "theme": "prevention",
        "title": f"Flere mødesteder {number}",
        "committees": ("finance",),
        "minority_statements": 1,
        "path": f"/samling/{assembly}/anbefalinger/r-{number}",
    }
    return RecommendationDelivered.model_validate(same | more)


def completed(count: int = 2, assembly: str = A, at: datetime = DELIVERED) -> DeliveryCompleted:
    """Return the fact that `count` recommendations are handed over."""
    ids = tuple(f"r-{number}" for number in range(1, count + 1))
    return DeliveryCompleted(assembly=assembly, delivered_at=at, recommendations=ids)


async def started(house: House, **settings: Any) -> Running:
    """Start followup, or one more of it: the clock stays where it is."""
    return await house.start(bootstrap.build, Settings, **settings)


async def hand_over(
    house: House,
    milestones: Sequence[Milestone] = MILESTONES,
    *,
    count: int = 2,
    heard: Sequence[int] | None = None,
    assembly: str = A,
    **more: Any,
) -> None:
    """Say an assembly's mandate and its delivery of `count` recommendations; `more` are fields of the mandate.

    `heard` are those whose own fact has come, by default all.
    """
    await house.say(announced(milestones, assembly, **more))
    for number in range(1, count + 1) if heard is None else heard:
        await house.say(recommendation(number, assembly))
    await house.say(completed(count, assembly))
    await house.settle()


async def delivered(
    house: House,
    milestones: Sequence[Milestone] = MILESTONES,
    *,
    count: int = 2,
    heard: Sequence[int] | None = None,
    **settings: Any,
) -> Running:
    """Start followup on the day of the delivery and hand Dragør's recommendations over."""
    followup = await started(house, **settings)
    await house.move_clock(DELIVERED)
    await hand_over(house, milestones, count=count, heard=heard)
    return followup


async def officer_of(house: House, followup: Running, subject: str = "") -> SignedIn:
    """Sign an officer in; another `subject` is another officer."""
    return await signed_in(house, followup, Role.OFFICER, subject)


async def answer(house: House, followup: Running, number: int, assembly: str = A, **body: Any) -> httpx.Response:
    """Publish an answer at once, as a system of the municipality does."""
    body = {"answer": "followed", "reason": REASON} | body
    path = f"{api_of(assembly)}/recommendations/r-{number}/answer"
    return await followup.http.put(path, json=body, headers=house.headers(Role.OFFICER))


async def publish(
    house: House, followup: Running, milestone: str, summary: str = "Godt i gang", assembly: str = A
) -> httpx.Response:
    """Publish a status by the JSON API."""
    path = f"{api_of(assembly)}/milestones/{milestone}/status"
    return await followup.http.post(path, json={"summary": summary}, headers=house.headers(Role.OFFICER))


async def answers_in_force(followup: Running, assembly: str = A) -> list[tuple[str, str, int]]:
    """Return the answers as the public reads them: verdict, reason, revision."""
    shown: dict[str, Any] = (await followup.http.get(api_of(assembly))).json()
    held = [one["answer"] for one in shown["recommendations"]]
    return [(one["answer"], one["reason"], one["revision"]) for one in held if one]


async def stream(house: House) -> list[tuple[str, dict[str, Any]]]:
    """Return all that followup has said, in the order of its stream: the fact's name and its body."""
    facts = []
    for sequence in range(1, (await house.js.stream_info("FOLLOWUP")).state.last_seq + 1):
        message = await house.js.get_msg("FOLLOWUP", seq=sequence)
        facts.append(((message.subject or "").split(".")[2], json.loads(message.data or b"{}")))
    return facts


async def said(house: House) -> list[str]:
    """Return what followup has said as lines, in the order of its stream: `due-soon status-3 30`."""
    return [
        f"{name} {fact.get('milestone', fact.get('recommendation', ''))} "
        f"{fact.get('days_left', fact.get('days_overdue', ''))}".strip()
        for name, fact in await stream(house)
    ]
