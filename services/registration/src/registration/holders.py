"""Whose form it is: the holder of a personal link, or someone the secretariat fills it in for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from chassis.mongo import Document
from chassis.service import Service
from registration.domain.assembly import Assembly
from registration.domain.registration import Status
from registration.repository import assembly_from, roll_says
from registration.use_cases.announcing import get_assembly
from registration.use_cases.signing_up import By, by_link, is_open

LINK = "/tilmelding/l/{token}"
FOLLOWER = "/tilmelding/foelg/l/{token}"
"""The link of someone who follows by e-mail and has no other part in the assembly."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and their assembly as they stand at this moment.

    `state` of the sign-up is `not-yet`, `open` or `closed`. `home` is where the secretariat came from; empty for who
    answers for themselves.
    """

    person: Document
    assembly: Assembly
    state: str
    drawn: bool
    by: By = "self"
    home: str = ""

    @property
    def status(self) -> Status:
        return Status(self.person["status"])

    @property
    def features(self) -> dict[str, str]:
        """What the roll knows of them."""
        return roll_says(self.person)


Find = Callable[[Request], Awaitable[Holder | Response]]
"""Says whose form a request is about, or answers it otherwise; NotFound when it is nobody's."""


async def holder(service: Service, person: Document, by: By = "self", home: str = "") -> Holder:
    """Return a person of `people` as a holder; NotFound when their assembly is not announced."""
    document = await get_assembly(service.db, person["assembly"])
    drawn = document.get("drawn_at") is not None
    return Holder(person, assembly_from(document), state_of(service, document), drawn, by, home)


def state_of(service: Service, document: Document) -> str:
    """Say whether people can sign up: `not-yet`, `open` or `closed`."""
    now = service.clock.now()
    if is_open(document, now):
        return "open"
    return "closed" if document["pool"] is not None or now >= assembly_from(document).closes_at else "not-yet"


def by_personal_link(service: Service) -> Callable[[Request], Awaitable[Holder]]:
    """Return what finds the holder of the personal link in the path."""

    async def find(request: Request) -> Holder:
        return await holder(service, await by_link(service.db, request.path_params["token"]))

    return find


def link_path(request: Request) -> str:
    """Return the path of the personal link a request came by."""
    return LINK.format(token=clean(request.path_params["token"]))


def clean(part: str) -> str:
    """Return a part of a path that is repeated in a redirect or a link: letters, digits and dashes alone."""
    return "".join(c for c in part if c.isascii() and (c.isalnum() or c == "-"))
