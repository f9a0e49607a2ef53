"""What the pages of moved and recorded days share: their words, and how they say what is wrong.

Neither can be taken back, for both are said in public. Nothing is kept before the last step, and a refusal shows the
form again with what was written.
"""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from chassis.errors import BadInput
from chassis.language import N_
from followup.days import EVENT_WORDS, WEEKDAYS
from followup.domain.answers import LONGEST, TOO_LONG
from followup.domain.assembly import LATEST_EVENT
from followup.domain.commitment import LONGEST_EXTENSION
from followup.officers.desk import Desk, Errors
from followup.officers.messages import SHORTEN
from followup.views import AssemblyView, MilestoneView

NO_REASON = N_("Write the reason; everyone can read it")
NOT_LATER = N_("Choose a day later than the due day, %(due)s")
NOT_TO_COME = N_("Choose a day that is still to come")
TOO_FAR = N_("Choose a day at most %(months)s months after the due day, or after today when that is later")
BEFORE_DELIVERY = N_("Choose a day that is not before the delivery, %(delivered)s")
EVENT_TOO_FAR = N_("Choose a day at most %(years)s years after the delivery")
MOVED_SINCE = N_("A colleague has moved the day to %(due)s since you opened this page. Is another day still needed?")
RECORDED_SINCE = N_("A colleague has recorded another day since you opened this page.")
DAY_MESSAGES = {
    ("reason", "compulsory"): NO_REASON,
    ("reason", TOO_LONG): SHORTEN,
    ("to_day", "later"): NOT_LATER,
    ("to_day", "to come"): NOT_TO_COME,
    ("to_day", "not too far"): TOO_FAR,
    ("on", "not before delivery"): BEFORE_DELIVERY,
    ("on", "not too far"): EVENT_TOO_FAR,
}
"""What a rule of the domain is called at its field."""


class DayDesk(Desk):
    """Where an officer says that a day is another, or has come."""

    def _tell(self, request: Request, message: str, **values: str) -> str:
        words = self._service.pages.words(request)
        numbers = {"longest": LONGEST, "months": LONGEST_EXTENSION, "years": LATEST_EVENT // 12}
        return words.gettext(message, **{name: words.format_number(value) for name, value in numbers.items()}, **values)

    def _wrong(self, request: Request, error: BadInput, view: AssemblyView, one: MilestoneView | None = None) -> Errors:
        day = self._service.pages.words(request).format_date
        values = {
            "due": day(one.due_on) if one and one.due_on else "",
            "delivered": day(view.delivered_on) if view.delivered_on else "",
        }
        return [
            (p.field, self._tell(request, DAY_MESSAGES.get((p.field, p.rule), p.message), **values))
            for p in error.problems
        ]

    def _page(self, request: Request, template: str, status: int, **context: Any) -> HTMLResponse:
        return self._render(request, template, status, weekdays=WEEKDAYS, event_words=EVENT_WORDS, **context)
