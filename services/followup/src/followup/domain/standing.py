"""How an assembly's follow-up stands as a whole: as badly as the status it owes first."""

from datetime import date

from followup.domain.commitment import State


def standing(today: date, due_on: date | None, soon_on: date | None, *, closed: bool) -> State:
    """Return its state on `today`; `due_on` is the first due day of what is owed, `soon_on` when that is due soon.

    REPORTED is all of it: the follow-up is closed. UPCOMING is on time. UNDATED: nothing that is owed has a day.
    """
    if closed:
        return State.REPORTED
    if due_on is None:
        return State.UNDATED
    if due_on < today:
        return State.OVERDUE
    if due_on == today:
        return State.DUE
    return State.DUE_SOON if soon_on is not None and soon_on <= today else State.UPCOMING
