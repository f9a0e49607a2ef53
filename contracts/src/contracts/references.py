"""Who has this reference number? Asked of registration, so that the secretariat finds what was sent to a caller.

Asked over NATS request/reply by notifications alone. The number goes as it was typed: what makes one is registration's
rule. Two people of a large roll may share one; postcode and street tell them apart, and are never stored or logged.
"""

from pydantic import Field

from contracts.base import AssemblyId, Part, PersonId

SUBJECT = "registration.reference.find"
LONGEST = 40
"""Characters of a number as people type it, spaces and dashes among them."""


class FindReference(Part):
    """Ask who has a number in an assembly."""

    assembly: AssemblyId
    typed: str = Field(max_length=LONGEST)


class Holder(Part):
    """Someone who has it. No `street` where the address is protected."""

    person: PersonId
    postcode: str
    street: str | None = None


class Found(Part):
    """The answer: nobody, one, or several; `readable` says whether what was typed can be a number at all."""

    readable: bool
    holders: tuple[Holder, ...] = ()
