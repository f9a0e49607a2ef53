"""What the pages of the post call things: templates, channels, states, steps, causes, jobs and problems."""

from typing import NamedTuple

from chassis.language import N_
from contracts.notifications import ERASED, SIGN_IN_CODE
from notifications.domain.shipment import State, Step
from notifications.job_views import Standing
from notifications.repository.problems import Kind

TEMPLATE_WORDS = {
    "invitation": N_("Invitations"),
    "reminder": N_("Reminders of the invitation"),
    "receipt": N_("Sign-up confirmations"),
    "drawn": N_("Notices to those drawn"),
    "alternate": N_("Notices to alternates"),
    "not-drawn": N_("Thanks to those not drawn"),
    SIGN_IN_CODE: N_("Sign-in codes to members"),
    "seat-taken-over": N_("Seats taken over"),
    "seat-reminder": N_("Reminders to answer about a seat"),
    "seat-returned": N_("Seats given back after a mistake"),
    "seat-not-free": N_("Seats that were not free after all"),
    "session-call": N_("Calls to sessions"),
    "session-changed": N_("Changes of sessions"),
    "materials": N_("New material"),
    "delivery": N_("Delivery of the recommendations"),
    ERASED: N_("Last words to those who are erased"),
    "job-stopped": N_("Notices of jobs that stopped"),
    "status-due-soon": N_("Reminders of a status"),
    "status-due": N_("Status due"),
    "status-extended": N_("Deadlines moved"),
    "status-extended-follower": N_("Deadlines moved, to followers"),
    "status-extended-staff": N_("Deadlines moved, to the officers"),
    "status-overdue": N_("Status overdue"),
    "status-published": N_("Statuses to members"),
    "session-call-staff": N_("Sessions for the secretariat’s calendar"),
    "session-changed-staff": N_("Changes of sessions for the secretariat’s calendar"),
    "minutes": N_("New minutes"),
    "evaluation": N_("Questions about taking part"),
    "follow-confirm": N_("Confirmations to who asked to follow"),
    "status-published-follower": N_("Statuses to followers"),
}
CHANNEL_WORDS = {"digital-post": N_("Digital Post"), "letter": N_("Letter"), "email": N_("E-mail")}
NO_CHANNEL = N_("Not chosen yet")

STATE_WORDS: dict[State, str] = {
    State.CREATED: N_("Waits to be sent"),
    State.CHANNEL_CHOSEN: N_("Waits to be sent, the channel is chosen"),
    State.SENDING: N_("Is being sent"),
    State.UNKNOWN: N_("Not known whether it was taken"),
    State.ACCEPTED: N_("Sent, a receipt is awaited"),
    State.RECEIVED: N_("Received by the channel, not delivered yet"),
    State.AT_PRINTER: N_("At the printer"),
    State.OVERDUE: N_("Sent, the receipt is late"),
    State.DELIVERED: N_("Delivered"),
    State.DISPATCHED: N_("Sent as a letter"),
    State.RECALLED: N_("Called back"),
    State.FAILED: N_("Could not be delivered"),
    State.CANCELLED: N_("Cancelled before it was sent"),
}
STATE_BADGES: dict[State, tuple[str, str]] = {
    State.DELIVERED: ("success", "success"),
    State.DISPATCHED: ("success", "success"),
    State.FAILED: ("error", "error"),
    State.RECALLED: ("error", "error"),
    State.CANCELLED: ("close", "error"),
    State.UNKNOWN: ("warning", "warning"),
    State.OVERDUE: ("warning", "warning"),
}
"""An icon and a badge's kind for a state; ON_THE_WAY for the others."""
ON_THE_WAY = ("hourglass", "info")

MADE = "created"
"""The first entry of a shipment's history: it is no step, it was made."""
STEP_WORDS: dict[str, str] = {
    MADE: N_("The message was planned"),
    Step.CHANNEL_CHOSEN: N_("The channel was chosen"),
    Step.SENDING: N_("The sending began"),
    Step.NOT_TAKEN: N_("The channel did not take it; it is tried again"),
    Step.TIMED_OUT: N_("The channel did not answer in time; it is found out whether it took the message"),
    Step.ACCEPTED: N_("The channel took it"),
    Step.RECEIVED: N_("The channel confirmed that it has it"),
    Step.AT_PRINTER: N_("The printer has it"),
    Step.DELIVERED: N_("It was delivered"),
    Step.DISPATCHED: N_("It was sent as a letter"),
    Step.RECALLED: N_("It was called back"),
    Step.FAILED: N_("It could not be delivered"),
    Step.OVERDUE: N_("The receipt did not come in time"),
    Step.LOST: N_("Our sender stopped midway; it is found out whether the message was taken"),
    Step.NOT_REGISTERED: N_("Digital Post said that the person has none: a letter is sent"),
    Step.CANCELLED: N_("It was cancelled"),
    Step.RESENT: N_("Somebody had it sent again"),
}
CAUSE_WORDS = {
    "fact": N_("by an event in the assembly"),
    "sending": N_("while it was sent"),
    "receipt": N_("by a receipt"),
    "clock": N_("because time had passed"),
    "person": N_("by hand"),
    "job": N_("because its mailing was cancelled"),
}


class Seen(NamedTuple):
    """How something stands, so that it is told by words, by a symbol and last by colour."""

    words: str
    icon: str
    badge: str


STANDING_WORDS: dict[Standing, Seen] = {
    Standing.SENDING: Seen(N_("Under way"), "send", "info"),
    Standing.AWAITING: Seen(N_("Sent, receipts are awaited"), "hourglass", "info"),
    Standing.DONE: Seen(N_("Finished"), "success", "success"),
    Standing.READY: Seen(N_("Nothing waits"), "success", "success"),
    Standing.PAUSED: Seen(N_("Paused"), "time", "warning"),
    Standing.STOPPED: Seen(N_("Stopped by itself"), "error", "error"),
    Standing.CANCELLED: Seen(N_("Cancelled"), "close", "error"),
}
STOPPED_WHY = N_(
    "Too many of the latest messages could not be delivered. More would most likely fail too, so it stopped by itself. "
    "Nobody has got anything wrong, and nothing is lost."
)
STOPPED_TO_DO = N_("Look at the reasons below, and have the cause put right. Then resume: it goes on where it stopped.")


class Told(NamedTuple):
    """A kind of problem: what happened, what it means for people, and what to do."""

    happened: str
    means: str
    to_do: str


PROBLEM_WORDS: dict[Kind, Told] = {
    "template-refused": Told(
        N_("A text could not be used"),
        N_("It broke a rule when somebody wanted to save it, or it breaks one by now. Nothing was sent in it."),
        N_("Open the text, mend it, and save it. Messages that wait for it then go out by themselves."),
    ),
    "address-refused": Told(
        N_("An address the printer would not take"),
        N_("The letter was not printed, and the person has not got it."),
        N_("Have the address put right in the roll, then have the letter sent again."),
    ),
    "attachment-too-large": Told(
        N_("An attachment that is too large"),
        N_("The channel takes no files of that size. The message was not sent."),
        N_("Make the file smaller, or put it on the assembly’s page and link to it. Then have it sent again."),
    ),
    "receipt-unknown": Told(
        N_("A receipt for a message that is not ours"),
        N_("It changes nothing here. It may be from another system that sends under the same sender."),
        N_("If they go on coming, ask IT whether another system uses our access to the channel."),
    ),
    "receipt-forged": Told(
        N_("Somebody sent a receipt without the right secret"),
        N_("It was refused and changed nothing."),
        N_("Tell IT. If the channel’s own receipts are refused, the shared secret is not the same at both ends."),
    ),
    "receipt-contradicts": Told(
        N_("A receipt says otherwise than an earlier one"),
        N_("The first end of a message stands. The later receipt changed nothing."),
        N_("Open the message and read its history. Ask the channel’s support what it means if it matters."),
    ),
    "job-stopped": Told(
        N_("A mailing stopped by itself"),
        N_("Too many of its messages could not be delivered. What waits is not sent until it is resumed."),
        N_("Open the mailing, read the reasons, have the cause put right, and resume it."),
    ),
    "credentials-refused": Told(
        N_("A channel refuses our access"),
        N_("Nothing can be sent by it. Messages wait, and none is lost."),
        N_("Tell IT at once: the certificate, token or password of the channel has to be renewed."),
    ),
    "audience-unreachable": Told(
        N_("The mandate tells somebody who has no address"),
        N_("They are not told when a status is due or late. Everybody else is."),
        N_("Ask IT to set the functional address of the role. What could not be sent can then be sent again."),
    ),
}


class Doing(NamedTuple):
    """Something that can be done with a job: what it is called, the question before it, and the button."""

    title: str
    does: str
    button: str
    done: str


ACT_WORDS: dict[str, Doing] = {
    "pause": Doing(
        N_("Pause"),
        N_("Nothing more is sent until somebody resumes it. What is being sent at this moment goes on."),
        N_("Yes, pause"),
        N_("Paused"),
    ),
    "fortsaet": Doing(
        N_("Resume"),
        N_("What waits is sent. It goes on where it stopped, and nobody gets anything twice."),
        N_("Yes, resume"),
        N_("Resumed"),
    ),
    "annuller": Doing(
        N_("Cancel"),
        N_("What waits is never sent. What is out already cannot be called back. This cannot be undone."),
        N_("Yes, cancel what waits"),
        N_("Cancelled"),
    ),
}
LOG_WORDS = {
    "pause": N_("Paused"),
    "resume": N_("Resumed"),
    "cancel": N_("Cancelled"),
    "stop": N_("Stopped by itself"),
    "resend": N_("Sent again"),
}
