"""What an officer is told: what was saved, what a rule of the domain is called at its field, how a state looks."""

from chassis.language import N_
from followup.domain.answers import TOO_LONG, TOO_LONG_NAME, DraftState
from followup.domain.commitment import State

BADGES = {
    State.UPCOMING: "info",
    State.DUE_SOON: "warning",
    State.DUE: "warning",
    State.OVERDUE: "error",
    State.REPORTED: "success",
    State.REPORTED_LATE: "warning",
}
"""The colour of a state's badge, beside its word; a state that is not here has none."""

DRAFT_WORDS = {
    DraftState.DRAFT.value: N_("Draft"),
    DraftState.APPROVED.value: N_("Approved, not published"),
}

EVERYONE_READS = N_("Everyone can read it on the follow-up page.")
SAVED = {
    "kladde": (N_("The draft is saved"), N_("Only officers see it. It can be approved when it is whole.")),
    "godkendt": (N_("The draft is approved"), N_("It is not public yet. Publish it when the time has come.")),
    "svar": (N_("The answer is published"), EVERYONE_READS),
    "lagt-til-side": (N_("The draft is laid aside"), N_("What is published stands as it was.")),
    "arbejde": (N_("The work is saved"), EVERYONE_READS),
    "trin": (N_("The treatment in the committee is saved"), EVERYONE_READS),
    "trin-fjernet": (N_("The treatment in the committee is removed"), ""),
    "taget": (N_("You have taken the recommendation"), N_("It is in your own list.")),
    "givet-tilbage": (N_("You have given the recommendation back"), N_("A colleague can take it.")),
    "lukket": (N_("The recommendation is closed"), EVERYONE_READS),
    "samlet": (N_("The recommendations are changed"), N_("All of them, in one stroke.")),
    "status": (N_("The status is published"), EVERYONE_READS),
}
"""What `?gemt=` says above a page."""

CHOOSE = N_("Choose whether the recommendation is followed")
NO_REASON = N_("Write the reason, also when the recommendation is followed")
NO_SUMMARY = N_("Write what the status says, in a few lines")
SHORTEN = N_("Shorten the text to at most %(longest)s characters")
SHORTEN_NAME = N_("Shorten the text to at most %(short)s characters")
NO_MONEY = N_("Write the amount in whole kroner, for example 250.000")
NO_MEETING = N_("Write which meeting approved the answer")
MEETING_TO_COME = N_("The meeting must have been held: choose a day that is not to come")
NO_LINK = N_("Begin the link with https:// and leave no blanks in it")
SHORTER_LINK = N_("Find a shorter link: it may have at most 1,000 characters")
NO_PER_CENT = N_("Write a whole number from 0 to 100")
NO_COMMITTEE = N_("Choose the committee")
NO_ITEM = N_("Write the item on the agenda")
NOT_CHECKED = N_("Tick that you have checked the status; it cannot be changed afterwards")
NOT_CONFIRMED = N_("Tick that this is what you want")
CHANGED_SINCE = N_("An answer has been changed since you opened this page. Read the answers again.")
SAVED_SINCE = N_("Someone else has saved since you opened this page. Compare the two.")
NOT_NOW = N_("That cannot be done any more: someone else has saved since you opened this page. See how it stands now.")
NOT_ANSWERED = N_("It has no written public answer yet. Publish one first.")
NOT_REFERRED = N_("It is not referred to any committee. Choose one first.")

MESSAGES = {
    ("answer", "one of three"): CHOOSE,
    ("reason", "compulsory"): NO_REASON,
    ("unit", TOO_LONG_NAME): SHORTEN_NAME,
    ("money", "whole kroner"): NO_MONEY,
    ("approved_on", "not to come"): MEETING_TO_COME,
    ("approved_in", "compulsory"): NO_MEETING,
    ("approved_in", TOO_LONG_NAME): SHORTEN_NAME,
    ("agenda", "a web address"): NO_LINK,
    ("agenda", "a shorter link"): SHORTER_LINK,
    ("link", "a web address"): NO_LINK,
    ("link", "a shorter link"): SHORTER_LINK,
    ("progress", "per cent"): NO_PER_CENT,
    ("committee", "compulsory"): NO_COMMITTEE,
    ("committee", "one of the mandate's"): NO_COMMITTEE,
    ("item", "compulsory"): NO_ITEM,
    ("item", TOO_LONG_NAME): SHORTEN_NAME,
    ("answer", "answered before it is closed"): NOT_ANSWERED,
    ("committees", "referred before it is closed"): NOT_REFERRED,
} | {(field, TOO_LONG): SHORTEN for field in ("reason", "action", "summary", "decision")}
"""What a rule of the domain is called at its field."""
