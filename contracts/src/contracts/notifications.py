"""What the notifications service says: how each shipment ended."""

from typing import Literal

from contracts.base import Fact, PersonId, Slug

Channel = Literal["digital-post", "letter", "email"]

SIGN_IN_CODE = "sign-in-code"
"""The template of a message with a one-time code."""
ERASED = "erased"
"""The template of the last message to someone, before they are erased."""
OUTDATED = "outdated"
"""The reason of a shipment that was not worth sending any more, such as a code that has ended."""


class ShipmentDelivered(Fact, speaker="notifications", name="shipment-delivered"):
    """A message is in the recipient's Digital Post, or an e-mail was taken by the receiving server."""

    shipment: str
    template: Slug
    channel: Channel
    person: PersonId | None = None


class ShipmentFailed(Fact, speaker="notifications", name="shipment-failed"):
    """A shipment has ended without reaching its recipient; `reason` is a code, never a text with data in it."""

    shipment: str
    template: Slug
    channel: Channel
    reason: Slug
    person: PersonId | None = None


class LetterDispatched(Fact, speaker="notifications", name="letter-dispatched"):
    """A letter has left the printer. Nobody ever learns more of a letter: there is no `delivered`."""

    shipment: str
    template: Slug
    person: PersonId


class PersonTold(Fact, speaker="notifications", name="person-told"):
    """Someone whose erasure is awaited has been told of it, or cannot be: nothing more is sent to them."""

    person: PersonId


class ErasureConfirmed(Fact, speaker="notifications", name="erasure-confirmed"):
    """What notifications held about these erased people is blanked; said in bulk."""

    people: tuple[PersonId, ...]


SAYS = (ShipmentDelivered, ShipmentFailed, LetterDispatched, PersonTold, ErasureConfirmed)
