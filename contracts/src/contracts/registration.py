"""What the registration service says: invitations, sign-ups, the pool. People appear as opaque ids alone."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.base import CodeId, Fact, FollowerId, Language, PersonId, Slug

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class SignUpOpened(Fact, speaker="registration", name="sign-up-opened"):
    """Residents with an invitation can sign up until `closes_at`."""

    closes_at: AwareDatetime


class InvitationIssued(Fact, speaker="registration", name="invitation-issued"):
    """One eligible resident is invited; said in bulk, once a person and link.

    `generation` counts the links: a second one is a new link in a new letter, because the first was revoked.
    """

    person: PersonId
    generation: int = Field(default=1, ge=1)


class InvitationReminded(Fact, speaker="registration", name="invitation-reminded"):
    """Someone invited who has not answered is reminded; said once a person and reminder, in bulk."""

    person: PersonId
    reminder: int = Field(default=1, ge=1, description="the first, the second")


class RegistrantSignedUp(Fact, speaker="registration", name="registrant-signed-up"):
    """An invitee signed up for the lottery. `language` is the one the form was filled in."""

    person: PersonId
    language: Language = "da"


class RegistrantWithdrew(Fact, speaker="registration", name="registrant-withdrew"):
    """A registrant, or a member already drawn, does not take part any more."""

    person: PersonId


class PersonErased(Fact, speaker="registration", name="person-erased"):
    """What was held about a person is blanked; every service blanks its own."""

    person: PersonId


class ErasureAwaited(Fact, speaker="registration", name="erasure-awaited"):
    """Someone is to be erased, and is told first: afterwards nobody could. They are erased when that is done.

    They wait for it until `at_latest`, and no longer.
    """

    person: PersonId
    at_latest: AwareDatetime


class PoolClosed(Fact, speaker="registration", name="pool-closed"):
    """The pool is frozen for the lottery.

    The snapshot itself travels as the fact's attachment (an object beside the stream, so that it can be erased, which
    an append-only stream cannot): UTF-8 CSV, columns `person,household,salt` and one per criterion, sorted by
    `person`. `salt` is made of the code that each registrant has for the draw. `digest` is the SHA-256 of those bytes.
    """

    invited: int = Field(ge=0)
    signed_up: int = Field(ge=0)
    digest: Digest


class SeatAnswered(Fact, speaker="registration", name="seat-answered"):
    """A drawn person answers whether they take the seat: by their link, or on the telephone."""

    person: PersonId
    takes: bool


class SignInCodeIssued(Fact, speaker="registration", name="sign-in-code-issued"):
    """A member asked for a code to sign in with, good until `expires_at`. The code itself is in no fact."""

    person: PersonId
    code_id: CodeId
    expires_at: AwareDatetime


class FollowRequested(Fact, speaker="registration", name="follow-requested"):
    """Someone asked to follow the assembly by e-mail: the address's owner is to confirm it by a link.

    `number` counts the confirmations of one follower: the first, the second. The link is good until `expires_at`.
    """

    follower: FollowerId
    number: int = Field(default=1, ge=1)
    expires_at: AwareDatetime


class FollowerJoined(Fact, speaker="registration", name="follower-joined"):
    """The owner of an e-mail address confirmed that they want to follow the assembly.

    `themes` are those they want to read of first; who chose none is told of all of them alike.
    """

    follower: FollowerId
    themes: tuple[Slug, ...] = ()


class ThemesChosen(Fact, speaker="registration", name="themes-chosen"):
    """A member, or somebody who follows, chose anew which themes they want to read of first; none: all alike."""

    person: PersonId | FollowerId
    themes: tuple[Slug, ...]


class FollowerLeft(Fact, speaker="registration", name="follower-left"):
    """Nothing is held about a follower any more: they stopped, never confirmed, or all is over."""

    follower: FollowerId


SAYS = (
    SignUpOpened,
    InvitationIssued,
    InvitationReminded,
    RegistrantSignedUp,
    RegistrantWithdrew,
    ErasureAwaited,
    PersonErased,
    PoolClosed,
    SeatAnswered,
    SignInCodeIssued,
    FollowRequested,
    FollowerJoined,
    ThemesChosen,
    FollowerLeft,
)
