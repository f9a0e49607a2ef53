"""The officer's pages: the work list, and the forms in which answers, the work on them and statuses are written.

The same commands as the JSON API. What an officer wrote is never lost: every refusal shows the form again with it.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from chassis.service import Service
from followup.officers.answers import AnswerDesk
from followup.officers.events import EventDesk
from followup.officers.extensions import ExtensionDesk
from followup.officers.statuses import StatusDesk
from followup.officers.steps import StepDesk
from followup.officers.together import TogetherDesk
from followup.officers.work import WorkDesk
from followup.officers.worklist import WorkList


def router(service: Service) -> APIRouter:
    """Return the officer's pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    for desk in (WorkList, TogetherDesk, StatusDesk, AnswerDesk, WorkDesk, StepDesk, ExtensionDesk, EventDesk):
        desk(service).routes(routes)
    return routes
