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
