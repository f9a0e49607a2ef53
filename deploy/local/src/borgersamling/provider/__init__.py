"""A stand-in for a municipality's sign-in: a real OpenID Connect provider with one invented account a role.

For the local run, rehearsals and tests. Whoever reaches it may be anyone, so it is no part of a municipality's system.
"""

ROLES = ("secretariat", "expert", "observer", "officer", "operator", "data-protection-officer", "member")
"""Every role that has a sign-in."""

PEOPLE: dict[str, tuple[str, ...]] = {
    **{f"{role}-1": (role,) for role in ROLES},
    "two-roles-1": ("secretariat", "officer"),
    "no-role-1": (),
}
"""Account -> its roles. The last two are there to be refused."""

CLIENT_ID = "borgersamling"
"""The one client it knows."""

BACK = "/log-ind/svar"
"""Where at the one address it sends people back to, and nowhere else."""
