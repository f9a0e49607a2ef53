"""Who calls: a role, behind a bearer token (machines, staff APIs) or behind a sign-in (people at pages).

Which role may open what stands in one table (`chassis.access`); the doors that read it are in `chassis.doors`.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import SecretStr
from starlette.requests import Request

SHORTEST = 32
"""Characters of the shortest token or key a service starts with."""


class Role(StrEnum):
    """The roles of an assembly. A person signs in with exactly one: arm's length is a lock, not a promise."""

    RESIDENT = "resident"
    MEMBER = "member"
    SECRETARIAT = "secretariat"
    EXPERT = "expert"
    OBSERVER = "observer"
    OFFICER = "officer"
    OPERATOR = "operator"
    DPO = "data-protection-officer"
    PUBLIC = "public"


STAFF = frozenset(Role) - {Role.PUBLIC, Role.RESIDENT, Role.MEMBER}
"""Roles a municipality gives its accounts. A member is one by the draw; a resident has the personal link."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request. `subject` is opaque: the provider's `sub`, a member's person id, or how a machine came."""

    role: Role
    subject: str = ""
    assembly: str | None = None
    """The one assembly a member belongs to; staff see all of their municipality's."""
    sign_in: str = ""
    """What forms are bound to; empty without a sign-in."""
    expires_at: datetime | None = None


PUBLIC = Caller(Role.PUBLIC)


def caller(request: Request) -> Caller:
    """Return who makes the request, as the doors found out; the public where no door stands."""
    found = request.scope.get("state", {}).get("caller", PUBLIC)
    assert isinstance(found, Caller)  # noqa: S101 - for the type alone: the doors put nothing else there
    return found


class Tokens:
    """Bearer tokens by role. Raises ValueError for tokens no service should start with."""

    def __init__(self, tokens: Mapping[str, SecretStr]) -> None:
        self._known: dict[Role, bytes] = {}
        for name, secret in tokens.items():
            if name not in set(Role) - {Role.PUBLIC}:
                raise ValueError(f"IDENTITY__TOKENS names the role {name!r}, which there is not")
            token = secret.get_secret_value().encode()
            if len(token) < SHORTEST:
                raise ValueError(f"the token of the role {name} is shorter than {SHORTEST} characters")
            if token in self._known.values():
                raise ValueError(f"the token of the role {name} is another role's too")
            self._known[Role(name)] = token

    def role_of(self, given: str) -> Role | None:
        """Return the role a token belongs to."""
        # All are compared, each in constant time: how long it takes says nothing of a token.
        found = None
        for role, token in self._known.items():
            if hmac.compare_digest(token, given.encode()):
                found = role
        return found
