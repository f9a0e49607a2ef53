"""The one question a service may ask another: who is behind these ids, at the moment of sending.

Asked over NATS request/reply by notifications alone, answered by registration. The answer holds personal data: it is
never stored, logged, traced or put on a stream. A batch holds at most `MAX_BATCH` ids so that the answer stays below
NATS's message limit.
"""

from typing import Literal

from pydantic import Field

from contracts.base import AssemblyId, CodeId, FollowerId, Part, PersonId

SUBJECT = "registration.recipients.resolve"
MAX_BATCH = 500


class ResolveRecipients(Part):
    """Ask for the recipients behind up to `MAX_BATCH` ids of one assembly: people of the roll, or followers.

    `code_ids`: the one-time codes that are to be sent to some of them.
    """

    assembly: AssemblyId
    people: tuple[PersonId | FollowerId, ...]
    code_ids: tuple[CodeId, ...] = ()


class Address(Part):
    """A Danish postal address in the parts the printer takes (limits: Fjernprint, `ForsendelseI`)."""

    street: str
    house_number: str
    floor: str = ""
    door: str = ""
    postcode: str
    city: str


class Recipient(Part):
    """A person as a channel needs them. `link` is the personal link's path, with its opaque token.

    No `cpr` for someone whom the roll knows by birth date alone. `reference` is the number the person reads out on the
    telephone, as it is printed (`123 456 789`); empty where they have none. `draw_code` finds their own line in the
    record of the draw, as it is printed; empty for who is not in it. `answered`: they have signed up, said no thank
    you or withdrawn, or can no longer take part, so that they are not reminded of the invitation.
    """

    person: PersonId
    cpr: str
    name: str
    address: Address
    link: str
    language: Literal["da", "en"] = "da"
    reference: str = ""
    draw_code: str = ""
    answered: bool = False


class Follower(Part):
    """Someone who asked to follow the assembly: an e-mail address, and no more is known of them.

    `link` is the path where they confirm and see what is held, `unsubscribe` where they stop, by a page or by one
    click in their mail program (RFC 8058); both hold their opaque token.
    """

    follower: FollowerId
    email: str
    link: str
    unsubscribe: str
    language: Literal["da", "en"] = "da"


class Recipients(Part):
    """The answer; `unknown` lists ids that registration does not hold (any more), such as erased people.

    `codes` holds, by id, the six digits of the codes asked for that can still be used: no ended one is sent.
    """

    recipients: tuple[Recipient, ...]
    unknown: tuple[PersonId | FollowerId, ...] = ()
    followers: tuple[Follower, ...] = ()
    codes: dict[CodeId, str] = Field(default_factory=dict)
