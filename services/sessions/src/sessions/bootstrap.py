"""The composition root: the files are checked here, so that a wrong mandate stops the start."""

from collections.abc import Iterable
from pathlib import Path

import contracts.sessions
import contracts.subject_access
from chassis import signing_in, style_guide
from chassis.access import Table
from chassis.service import Service
from contracts.access import TABLE
from contracts.subject_access import WhatIsHeld
from sessions import repository, subscribers
from sessions.api import public_router, secretariat_router
from sessions.domain.assembly_file import AssemblyFile, AssemblyFileError, load
from sessions.held import what_is_held
from sessions.pages import router as pages_router
from sessions.settings import Settings


class MunicipalitiesRefused(ValueError):  # noqa: N818 - reads as what happened
    """One or more files are refused; the text names every field of every file."""


def build(settings: Settings) -> Service:
    """Return the service. Raises MunicipalitiesRefused with all problems of all files."""
    plans = read_plans(settings.municipalities)
    says = contracts.sessions.SAYS
    service = Service(name="sessions", prefix="/samling", settings=settings, access=Table(TABLE), says=says)
    for collection, keys, unique in repository.INDEXES:
        service.index(collection, keys, unique=unique)
    subscribers.register(service)
    service.answer(contracts.subject_access.subject("sessions"), WhatIsHeld, what_is_held)
    service.include(public_router(service))
    service.include(secretariat_router(service, plans))
    service.include(signing_in.router(service))
    service.include(style_guide.router(service))
    service.include(pages_router(service))
    return service


def read_plans(folders: Iterable[Path]) -> dict[str, AssemblyFile]:
    """Return the assemblies of the folders by id."""
    plans: dict[str, AssemblyFile] = {}
    came_from: dict[str, Path] = {}
    refused: list[str] = []
    for folder in folders:
        try:
            plan = load(folder)
        except AssemblyFileError as error:
            refused.append(str(error))
            continue
        if plan.id in plans:
            refused.append(f"{folder} is refused:\n  id: `{plan.id}` stands already in {came_from[plan.id]}")
            continue
        plans[plan.id], came_from[plan.id] = plan, folder
    if refused:
        raise MunicipalitiesRefused("\n".join(refused))
    return plans
