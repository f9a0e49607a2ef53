"""What the pages of the draw call things."""

from chassis.language import N_
from lottery.domain.ceremony import State

STATE_WORDS = {
    State.PREPARING: N_("The draw is being prepared"),
    State.FAILED: N_("The draw cannot be prepared"),
    State.CANCELLED: N_("The preparing was cancelled"),
    State.PREPARED: N_("The draw is prepared and not announced"),
    State.ANNOUNCED: N_("The draw is announced, the number is not drawn yet"),
    State.DRAWN: N_("The panel is drawn"),
    State.VOIDED: N_("The draw is void"),
}
STATE_KINDS = {State.FAILED: "error", State.VOIDED: "warning", State.DRAWN: "success"}
"""The badge's kind; what is not here is plain information."""

STAGE_WORDS = {
    "": N_("Waits for its turn"),
    "chances": N_("Finds everyone’s chance"),
    "portfolio": N_("Makes the 1,000 panels"),
}
"""What the preparing is at; a stage that is not here goes by the first."""

SOURCE_WORDS = {
    "dice": N_("three dice with ten sides"),
    "balls": N_("three balls, each from 0 to 9"),
    "drand": N_("a public randomness beacon (drand)"),
}
"""Where the digits come from."""

ALGORITHM_WORDS = {
    "leximin": (
        N_("The smallest chance first"),
        N_(
            "The smallest chance of anyone is as large as the quotas allow, then the next smallest, and so on. "
            "Recommended: nobody could be given a larger chance without making a smaller one smaller."
        ),
    ),
    "maximin": (
        N_("The smallest chance alone"),
        N_("The smallest chance of anyone is as large as the quotas allow. Nothing is promised of the others."),
    ),
    "nash": (
        N_("All chances multiplied"),
        N_(
            "The product of all chances is as large as the quotas allow: a little less for those with the smallest "
            "chance, a little more for many."
        ),
    ),
    "stratified": (
        N_("Seat by seat, as it is done by hand"),
        N_("To compare with, in a test alone: nobody can say beforehand what chances it gives, or why they differ."),
    ),
}
"""What each idea of a fair lottery is called, and what it means."""
