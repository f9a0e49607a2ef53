"""The arm's-length principle as a lock: the roles, what no row of the access table may ever allow, and what a row is.

`AT_ARMS_LENGTH` is the mandate and OECD's principle of integrity; the rows are in `contracts.access`.
"""

from typing import Literal, NamedTuple, get_args

RoleName = Literal[
    "resident",
    "member",
    "secretariat",
    "expert",
    "observer",
    "officer",
    "operator",
    "data-protection-officer",
    "public",
]
Thing = Literal[
    "the pool", "members’ identities", "drafts", "votes", "the council’s answers", "who saw what", "the drawn number"
]
"""What a route lays open (`reads`) or changes (`writes`); what is public needs no name."""

ROLES: tuple[RoleName, ...] = get_args(RoleName)
EVERYONE = frozenset(ROLES)
SECRETARIAT: frozenset[RoleName] = frozenset({"secretariat"})
OFFICER: frozenset[RoleName] = frozenset({"officer"})
OPERATOR: frozenset[RoleName] = frozenset({"operator"})
MEMBER: frozenset[RoleName] = frozenset({"member"})
DPO: frozenset[RoleName] = frozenset({"data-protection-officer"})
HOLDER: frozenset[RoleName] = frozenset({"resident", "member"})
WITNESSES: frozenset[RoleName] = frozenset({"secretariat", "observer"})
"""Who is at the public draw: the digits are typed by two of them, one of the secretariat."""

CLOSED: frozenset[Thing] = frozenset({"the pool", "members’ identities", "drafts", "votes"})
NUMBER: frozenset[Thing] = frozenset({"the drawn number"})
AT_ARMS_LENGTH: dict[RoleName, tuple[frozenset[Thing], frozenset[Thing]]] = {
    # role: what it never reads, what it never writes
    "officer": (CLOSED, CLOSED | NUMBER),
    "operator": (CLOSED, CLOSED | NUMBER),
    "data-protection-officer": (CLOSED, CLOSED | NUMBER),
    "secretariat": (frozenset(), frozenset({"the council’s answers"})),
    "expert": (frozenset({"the pool", "members’ identities", "votes"}), frozenset({"the council’s answers", *NUMBER})),
    "observer": (CLOSED, frozenset({*CLOSED, "the council’s answers"})),
    "member": (frozenset({"the pool"}), frozenset({"the pool", "the council’s answers", *NUMBER})),
    "resident": (CLOSED, frozenset({"drafts", "votes", "the council’s answers", *NUMBER})),
    "public": (CLOSED, frozenset({*CLOSED, "the council’s answers", *NUMBER})),
}


class Row(NamedTuple):
    """A route. `link`: the personal link in the path is the credential, and shows its holder's own data alone.

    `upload`: the form holds a file, which is taken as it comes.
    `in_steps`: a form of several pages. Sent at once it is taken, for there may be nothing to fill in; sent twice too,
    for many people double-click: its route must come to the same however often it is asked.
    `unsealed`: a form that is taken from anywhere, without a seal and unread, as a mail program sends it (RFC 8058).
    Its route must do one harmless thing, which whoever has the link may do anyway.
    """

    method: str
    path: str
    roles: frozenset[RoleName]
    kind: Literal["page", "form", "api", "file"]
    reads: frozenset[Thing] = frozenset()
    writes: frozenset[Thing] = frozenset()
    link: bool = False
    upload: bool = False
    in_steps: bool = False
    unsealed: bool = False


class ArmsLengthBroken(ValueError):  # noqa: N818  # read as what happened
    """A row gives a role what it must never have."""


def kept_apart(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the rows; ArmsLengthBroken names each role and thing that a row brings together against the rule."""
    broken = [
        f"{row.method} {row.path}: {role} never {verb} {thing}"
        for row in rows
        for role in sorted(row.roles)
        if not row.link
        for verb, given, never in zip(("reads", "writes"), (row.reads, row.writes), AT_ARMS_LENGTH[role], strict=True)
        for thing in sorted(given & never)
    ]
    if broken:
        raise ArmsLengthBroken("; ".join(broken))
    return rows


def page(path: str, roles: frozenset[RoleName] = EVERYONE, *reads: Thing, link: bool = False) -> Row:
    return Row("GET", path, roles, "page", frozenset(reads), link=link)


def form(
    path: str, roles: frozenset[RoleName], *writes: Thing, reads: tuple[Thing, ...] = (), link: bool = False
) -> Row:
    return Row("POST", path, roles, "form", frozenset(reads), frozenset(writes), link)


def upload(path: str, roles: frozenset[RoleName], *writes: Thing, reads: tuple[Thing, ...] = ()) -> Row:
    return form(path, roles, *writes, reads=reads)._replace(upload=True)


def read(path: str, roles: frozenset[RoleName] = EVERYONE, *reads: Thing) -> Row:
    return Row("GET", path, roles, "api", frozenset(reads))


def do(method: str, path: str, roles: frozenset[RoleName], *writes: Thing) -> Row:
    return Row(method, path, roles, "api", writes=frozenset(writes))


def common(prefix: str) -> tuple[Row, ...]:
    """Return the rows every service has; `prefix` is its path at the one address."""
    ops = f"{prefix}/ops"
    return (
        page(f"{prefix}/drift", OPERATOR),
        form(f"{prefix}/drift/dead-letters/{{number}}", OPERATOR),
        read(f"{ops}/backlog", OPERATOR),
        read(f"{ops}/facts", OPERATOR),
        read(f"{ops}/clock", OPERATOR),
        read(f"{ops}/dead-letters", OPERATOR),
        read(f"{ops}/dead-letters/{{number}}", OPERATOR),
        do("POST", f"{ops}/dead-letters/{{number}}/replay", OPERATOR),
        page(f"{prefix}/indsigt", DPO, "who saw what"),
        read(f"{prefix}/asyncapi.json"),
        read(f"{prefix}/openapi.json"),
    )


PROCESS = tuple(Row("GET", path, EVERYONE, "file") for path in ("/health/live", "/health/ready", "/metrics", "/static"))
"""Each process's own, without a secret; the gateway passes on `/static` alone."""
