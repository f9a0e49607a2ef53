"""What the secretariat's actions are called, what each does, and what is wrong with what was typed."""

from typing import NamedTuple

from chassis.language import N_
from registration.domain.cases import Action, Slip


class Told(NamedTuple):
    """An action in words. `final`: it cannot be undone, so the page that asks is a warning."""

    title: str
    does: str
    done: str
    final: bool = False


ACTIONS: dict[Action, Told] = {
    Action.SIGN_UP: Told(
        N_("Fill in the sign-up with them"),
        N_("You go through the same steps as the person would, and read each of them aloud."),
        N_("They are signed up, and a receipt is on its way."),
    ),
    Action.DECLINE: Told(
        N_("Note a “no thank you”"),
        N_("They get no more reminders. They can still sign up until the deadline."),
        N_("The “no thank you” is noted."),
    ),
    Action.WITHDRAW: Told(
        N_("Withdraw for them"),
        N_(
            "They no longer take part, and their answers are deleted for good. A member’s place goes to another. "
            "They can sign up again as long as the sign-up is open."
        ),
        N_("They are withdrawn."),
        final=True,
    ),
    Action.CORRECT: Told(
        N_("Correct a value"),
        N_("The draw counts the corrected value. What the roll says is kept beside it."),
        N_("The value is corrected."),
    ),
    Action.EXCLUDE: Told(
        N_("Leave out"),
        N_(
            "They cannot take part as long as they are left out. If they are signed up, they are withdrawn and their "
            "answers are deleted for good."
        ),
        N_("They are left out."),
        final=True,
    ),
    Action.MOVED_OUT: Told(
        N_("Note that they have moved away"),
        N_("They can no longer take part. If they are signed up, they are withdrawn and their answers are deleted."),
        N_("It is noted that they have moved away."),
        final=True,
    ),
    Action.DIED: Told(
        N_("Note that they have died"),
        N_("They get no more letters. If they are signed up, they are withdrawn and their answers are deleted."),
        N_("It is noted that they have died."),
        final=True,
    ),
    Action.READMIT: Told(
        N_("Let in again"),
        N_("They stand as before they were left out. Whoever was signed up must sign up again."),
        N_("They are let in again."),
    ),
    Action.NEW_LINK: Told(
        N_("Send a new letter with a new link"),
        N_("The link they have stops working at once, and a new letter is sent."),
        N_("A new letter is on its way."),
        final=True,
    ),
    Action.REVOKE: Told(
        N_("Close the link"),
        N_("The link they have stops working at once. Nobody gets a new one before you send it."),
        N_("The link is closed."),
        final=True,
    ),
    Action.ERASE: Told(
        N_("Erase"),
        N_(
            "Name, address, CPR number, answers and everything that was noted here are deleted for good, in the other "
            "systems too, as soon as they have been told by Digital Post or letter, within two days at the latest. "
            "That someone was erased is kept, so that a later roll does not bring them back. They cannot take part, "
            "and a member’s place goes to another."
        ),
        N_("The person is told, and then erased."),
        final=True,
    ),
}

SLIPS: dict[Slip, str] = {
    Slip.EMPTY: N_("Type the reference number on the person’s letter: nine digits"),
    Slip.OTHER_SIGNS: N_("A reference number has digits alone. Is an O typed for a 0, or an l for a 1?"),
    Slip.CPR: N_("Ten digits are a CPR number. Ask for the reference number on the letter instead: nine digits"),
    Slip.SHORT: N_("A digit is missing: the number has nine. Have it read out once more, three digits at a time"),
    Slip.LONG: N_("There is a digit too many: the number has nine. Have it read out once more, three at a time"),
    Slip.CHECK_DIGIT: N_(
        "The number does not add up: a digit is wrong, or two are swapped. Have it read out once more, three at a time"
    ),
}

WRONG = {
    "comment": N_("Write in %(shortest)s to %(longest)s characters why you do this"),
    "exclusion": N_("Choose why they are left out"),
    "values": N_("Choose another value of at least one of them"),
    "reference": N_("The number is not this person’s. Type the reference number on their letter"),
}
"""What is wrong with an action's form, by the field of the problem."""
