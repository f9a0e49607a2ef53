"""A published status into a message for everyone it is for, each with the themes they chose first."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from chassis.transaction import Transaction
from contracts.followup import ReportedAnswer, StatusPublished, ThemeChange
from notifications.domain.shipment import Shipment
from notifications.use_cases import knowing
from notifications.use_cases.making import ship


async def tell_status(tx: Transaction, fact: StatusPublished, cause: str, traceparent: str | None) -> None:
    """Tell every member and everyone who follows. Who chose no theme is told of all of them alike."""
    fields = {
        "title": fact.title.model_dump(),
        "reported": fact.reported_on.isoformat(),
        "followed": fact.followed,
        "partly": fact.partly,
        "not_followed": fact.not_followed,
        "path": fact.path,
    }
    each = Shipment(fact.assembly, "status-published", cause, fields=fields, traceparent=traceparent)
    chosen = await knowing.chosen_themes(tx, fact.assembly)
    for template, people in (
        ("status-published", await knowing.members(tx, fact.assembly)),
        ("status-published-follower", await knowing.followers(tx, fact.assembly)),
    ):
        await ship(
            tx,
            [
                replace(each, template=template, person=one, fields=fields | _about(fact, chosen.get(one, ())))
                for one in people
            ],
        )


def _about(fact: StatusPublished, chosen: Collection[str]) -> dict[str, Any]:
    return {"themes": theme_fields(fact.themes, fact.answers, chosen)} if fact.themes else {}


def theme_fields(
    themes: Sequence[ThemeChange], answers: Sequence[ReportedAnswer], chosen: Collection[str]
) -> list[dict[str, Any]]:
    """Return what a message says of each theme: of the chosen ones each recommendation that changed, else numbers."""
    first = all(answer.previous_answer is None for answer in answers)
    return [
        {
            "title": theme.title.model_dump(),
            "followed": theme.followed,
            "partly": theme.partly,
            "not_followed": theme.not_followed,
            "completed": theme.completed,
            "changed": len(theme.changed),
            "first": first,
            "mine": theme.theme in chosen,
            "news": [_news(one) for one in answers if theme.theme in chosen and one.recommendation in theme.changed],
        }
        for theme in themes
    ]


def _news(one: ReportedAnswer) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "answer": one.answer,
        "progress": one.progress,
        "was": one.previous_answer,
        "was_progress": one.previous_progress,
    }
