"""What does a service hold about a person? Asked by registration, to give people all that is held about them.

That is their right of access (GDPR art. 15).

Each of the services that hold anything about people answers at `subject(service)`. The answer is never stored.
"""

from typing import Any

from contracts.base import AssemblyId, Part, PersonId

HOLDERS = ("lottery", "sessions", "notifications")
"""The services asked, besides registration itself; followup holds nothing about people."""


def subject(service: str) -> str:
    """Return where a service is asked."""
    return f"{service}.subject.held"


class WhatIsHeld(Part):
    """Ask what is held about one person of one assembly."""

    assembly: AssemblyId
    person: PersonId


class Held(Part):
    """The answer: a list of records, each with a `what` in words and its fields; empty when nothing is held."""

    records: tuple[dict[str, Any], ...] = ()
