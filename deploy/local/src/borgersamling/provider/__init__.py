"""A stand-in for a municipality's sign-in: a real OpenID Connect provider with one invented account a role.

For the local run, rehearsals and tests. Whoever reaches it may be anyone, so it is no part of a municipality's system.
"""

from chassis.identity import STAFF, Role

ROLES = tuple(str(role) for role in Role if role in STAFF)
"""Every role that signs in with the municipality's account."""

STAFF_PEOPLE = {f"{role}-1": (role,) for role in ROLES}
REFUSED_PEOPLE = {"member-1": ("member",), "two-roles-1": ("secretariat", "officer"), "no-role-1": ()}
"""There to be refused: one is a member by the draw and not by an account, and nobody holds two roles."""

PEOPLE: dict[str, tuple[str, ...]] = {**STAFF_PEOPLE, **REFUSED_PEOPLE}
"""Account -> its roles."""

CLIENT_ID = "borgersamling"
"""The one client it knows."""

BACK = "/log-ind/svar"
"""Where at the one address it sends people back to, and nowhere else."""
