"""What every fact has in common.

A fact is something that has happened, said once by the service that owns it. It carries ids and public data only: no
name, CPR number, address, e-mail or telephone number (rule: an append-only stream and the right to erasure can only
live together when the stream holds no personal data, GDPR art. 17).

Facts are versioned. A published version only ever gains optional fields; anything else is the next version beside it.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

AssemblyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,47}$")]
"""An assembly's id, which is also a token of a NATS subject: `dragoer-2025`."""

PersonId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""One person in one assembly, from invitation to follow-up: 128 opaque bits (docs/adr/0004)."""

FollowerId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""One e-mail address that follows one assembly, until it stops: 128 random bits. No person of the roll is behind it."""

CodeId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""Which one-time code, never the code itself: without registration's key nothing follows from it."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.+-]{0,63}$", to_lower=False)]
"""The id of a thing that an assembly's own data names: a criterion, a session, a committee, a milestone."""

Language = Literal["da", "en"]


class Part(BaseModel):
    """A part of a fact: frozen, and deaf to fields of later versions."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Text(Part):
    """A text for people, in the two languages of the pages."""

    da: str
    en: str


class Fact(Part):
    """Base of every fact; a subclass names its speaker, its name on the wire and its version."""

    speaker: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[int]

    assembly: AssemblyId

    def __init_subclass__(cls, *, speaker: str, name: str, version: int = 1, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.speaker, cls.name, cls.version = speaker, name, version

    @classmethod
    def fact_type(cls) -> str:
        """Return the CloudEvents type: `registration.registrant-signed-up.v1`."""
        return f"{cls.speaker}.{cls.name}.v{cls.version}"

    @classmethod
    def subject_for(cls, assembly: str = "*") -> str:
        """Return the NATS subject for one assembly, or the filter for all of them."""
        return f"{cls.speaker}.{assembly}.{cls.name}.v{cls.version}"
