"""Who the mandate says is told of a deadline: an audience, and the role of the staff behind it."""

OFFICERS = ("officers",)
"""Who is told by a fact of before mandates named anybody."""

_ROLES = {"officers": "officer"}


def role_of(audience: str) -> str:
    """Return the role whose functional address an audience's mails go to. Shipments have always named the officers'."""
    return _ROLES.get(audience, audience)
