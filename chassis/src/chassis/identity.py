"""Who calls a staff API: a role behind a bearer token.

A municipality's OIDC provider will stand behind the same dependency (docs/architecture/identity.md).
"""

import hmac
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

SHORTEST = 32
"""Characters of the shortest token a service starts with."""


class Role(StrEnum):
    """The roles of an assembly (who may do what is the arm's-length rule: see each service's API)."""

    RESIDENT = "resident"
    MEMBER = "member"
    SECRETARIAT = "secretariat"
    EXPERT = "expert"
    OBSERVER = "observer"
    OFFICER = "officer"
    OPERATOR = "operator"
    PUBLIC = "public"


_bearer = HTTPBearer(auto_error=False, description="One token a role, from the service's settings.")


def require(tokens: Mapping[str, SecretStr], *roles: Role) -> Any:
    """Return a FastAPI dependency (`dependencies=[...]` or a parameter's default) that lets in these roles alone.

    It gives the caller's role; with Role.PUBLIC among `roles` a caller without a token is the public. 401 without a
    token or with an unknown one, 403 for another role. Raises ValueError for tokens no service should start with.
    """
    known = _checked(tokens)
    allowed = frozenset(roles)

    def role_of_caller(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Role:
        if credentials is None:
            if Role.PUBLIC in allowed:
                return Role.PUBLIC
            raise HTTPException(401, "a bearer token is needed", {"WWW-Authenticate": "Bearer"})
        role = _role_of(known, credentials.credentials)
        if role is None:
            raise HTTPException(401, "the token is not known", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        if role not in allowed:
            raise HTTPException(403, f"this is not for the role {role}")
        return role

    return Depends(role_of_caller)


def _checked(tokens: Mapping[str, SecretStr]) -> dict[Role, bytes]:
    known: dict[Role, bytes] = {}
    for name, secret in tokens.items():
        if name not in set(Role) - {Role.PUBLIC}:
            raise ValueError(f"IDENTITY__TOKENS names the role {name!r}, which there is not")
        token = secret.get_secret_value().encode()
        if len(token) < SHORTEST:
            raise ValueError(f"the token of the role {name} is shorter than {SHORTEST} characters")
        if token in known.values():
            raise ValueError(f"the token of the role {name} is another role's too")
        known[Role(name)] = token
    return known


def _role_of(known: Mapping[Role, bytes], given: str) -> Role | None:
    # All are compared, each in constant time: how long it takes says nothing of a token.
    found = None
    for role, token in known.items():
        if hmac.compare_digest(token, given.encode()):
            found = role
    return found
