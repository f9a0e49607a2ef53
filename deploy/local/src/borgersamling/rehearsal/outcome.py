"""What a rehearsal came to: counted by the services from their own databases, written as JSON and shown as a table."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from borgersamling.rehearsal.course import Course

SHIPMENT_ENDS = ("delivered", "letters_dispatched", "failed")


async def outcome(course: Course, seconds: dict[str, float]) -> dict[str, Any]:
    """Ask every service what it counts."""
    town, assembly = course.town, course.plan.id
    registration = await town.get(f"/tilmelding/api/assemblies/{assembly}/counts", "secretariat")
    lottery = await town.get(f"/lodtraekning/api/assemblies/{assembly}/counts")
    sessions = await town.get(f"/samling/api/assemblies/{assembly}/counts")
    followup = await town.get(f"/opfoelgning/api/assemblies/{assembly}/counts")
    post = await town.get(f"/post/api/assemblies/{assembly}/counts")
    invitations = post["by_template"].get("invitation", {})
    return {
        "assembly": assembly,
        "seed": course.seed,
        "residents": registration["residents"],
        "eligible": registration["eligible"],
        "invited": registration["invited"],
        "invitations": {key: invitations.get(key, 0) for key in SHIPMENT_ENDS} | {"people": course.people_invited},
        "signed_up": registration["signed_up"],
        "erased": registration["erased"],
        "panel": lottery["panel"],
        "alternates": lottery["alternates"],
        "composition": lottery["composition"],
        "panel_digest": lottery["panel_digest"],
        "members": {key: lottery[key] for key in ("confirmed", "declined")},
        "sessions_held": sessions["sessions_held"],
        "recommendations": sessions["recommendations"],
        "themes": sessions["themes"],
        "minority_statements": sessions["minority_statements"],
        "answers": followup["answers"],
        "statuses_published": followup["statuses_published"],
        "due_soon_seen": followup["due_soon_seen"],
        "due_seen": followup["due_seen"],
        "overdue_seen": followup["overdue_seen"],
        "closed": followup["closed"],
        "shipments": {key: post["shipments"][key] for key in SHIPMENT_ENDS},
        "dead_letters": await town.dead_letters(),
        "events": await town.facts_said(),
        "seconds": {stage: round(took, 1) for stage, took in seconds.items()},
    }


def write(result: dict[str, Any], path: Path) -> None:
    """Write the outcome as JSON."""
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def show(result: dict[str, Any], addresses: dict[str, str], console: Console) -> None:
    """Show the chain as a table, and where to look."""
    post = result["shipments"]
    invited = result["invitations"]
    chain = Table(title=f"The chain of {result['assembly']}", title_justify="left")
    chain.add_column("step")
    chain.add_column("count", justify="right")
    chain.add_column("of it")
    rows = (
        ("residents on the roll", result["residents"], f"{result['eligible']} old enough"),
        (
            "invited",
            result["invited"],
            f"{invited['delivered']} by Digital Post, {invited['letters_dispatched']} by letter",
        ),
        ("signed up", result["signed_up"], ""),
        (
            "drawn",
            result["panel"],
            f"{result['alternates']} alternates, {result['members']['declined']} seat(s) taken over",
        ),
        ("sessions held", result["sessions_held"], ""),
        ("recommendations", result["recommendations"], f"{result['minority_statements']} minority statement(s)"),
        ("answers", result["answers"], ""),
        ("statuses published", result["statuses_published"], f"{result['overdue_seen']} time(s) overdue on the way"),
        ("messages and letters", post["delivered"] + post["letters_dispatched"], f"{post['failed']} failed"),
        ("erased", result["erased"], "whose time was up: not drawn, or never signed up"),
        ("facts said", sum(result["events"].values()), f"{result['dead_letters']} dead letters"),
    )
    for step, count, rest in rows:
        chain.add_row(step, f"{count:,}", rest)
    console.print(chain)
    console.print(
        f"{sum(result['seconds'].values()):.0f} s: " + ", ".join(f"{s} {t}" for s, t in result["seconds"].items())
    )
    for what, address in addresses.items():
        console.print(f"  {what:<24} {address}", highlight=False)
