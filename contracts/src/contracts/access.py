"""Who may open what: every page and API of the five services, one row each. The arm's-length principle as a lock.

The chassis reads it at every request (`chassis.doorkeeper`), services refuse to start with a route that has no row, the
menu shows what it lets one open, and docs/architecture/identity.md prints it. `AT_ARMS_LENGTH` says what no row may
ever allow (the mandate; OECD's principle of integrity): a row that breaks it stops everything at once.
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


class ArmsLengthBroken(ValueError):  # noqa: N818
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


def _page(path: str, roles: frozenset[RoleName] = EVERYONE, *reads: Thing, link: bool = False) -> Row:
    return Row("GET", path, roles, "page", frozenset(reads), link=link)


def _form(
    path: str, roles: frozenset[RoleName], *writes: Thing, reads: tuple[Thing, ...] = (), link: bool = False
) -> Row:
    return Row("POST", path, roles, "form", frozenset(reads), frozenset(writes), link)


def _upload(path: str, roles: frozenset[RoleName], *writes: Thing, reads: tuple[Thing, ...] = ()) -> Row:
    return _form(path, roles, *writes, reads=reads)._replace(upload=True)


def _read(path: str, roles: frozenset[RoleName] = EVERYONE, *reads: Thing) -> Row:
    return Row("GET", path, roles, "api", frozenset(reads))


def _do(method: str, path: str, roles: frozenset[RoleName], *writes: Thing) -> Row:
    return Row(method, path, roles, "api", writes=frozenset(writes))


def common(prefix: str) -> tuple[Row, ...]:
    """Return the rows every service has; `prefix` is its path at the one address."""
    ops = f"{prefix}/ops"
    return (
        _page(f"{prefix}/drift", OPERATOR),
        _form(f"{prefix}/drift/dead-letters/{{number}}", OPERATOR),
        _read(f"{ops}/backlog", OPERATOR),
        _read(f"{ops}/facts", OPERATOR),
        _read(f"{ops}/clock", OPERATOR),
        _read(f"{ops}/dead-letters", OPERATOR),
        _read(f"{ops}/dead-letters/{{number}}", OPERATOR),
        _do("POST", f"{ops}/dead-letters/{{number}}/replay", OPERATOR),
        _page(f"{prefix}/indsigt", DPO, "who saw what"),
        _read(f"{prefix}/asyncapi.json"),
        _read(f"{prefix}/openapi.json"),
    )


PROCESS = tuple(Row("GET", path, EVERYONE, "file") for path in ("/health/live", "/health/ready", "/metrics", "/static"))
"""Each process's own, without a secret; the gateway passes on `/static` alone."""

_LINK = "/tilmelding/l/{token}"
_CASE = "/tilmelding/sag/{case}"
_LOOK_UP = "/tilmelding/{assembly}/sag"
_ROLL = "/tilmelding/api/assemblies/{assembly}"
_LIST = "/tilmelding/{assembly}/borgerliste"
_DRAW = "/lodtraekning/api/assemblies/{assembly}"
_SEATS = "/lodtraekning/{assembly}/pladser"
_LOT = "/lodtraekning/{assembly}/lod/{draw}"
_DESK = "/tilmelding/{assembly}"
_COURSE = "/samling/api/assemblies/{assembly}"
_DUTY = "/opfoelgning/api/assemblies/{assembly}"

REGISTRATION = (
    *common("/tilmelding"),
    _page("/tilmelding"),
    _page(_LINK, HOLDER, link=True),
    _page("/tilmelding/{assembly}/samlinger.ics"),
    _page(f"{_LINK}/trin/{{step}}", HOLDER, link=True),
    _form(f"{_LINK}/trin/{{step}}", HOLDER, "the pool", link=True)._replace(in_steps=True),
    _page(f"{_LINK}/nej-tak", HOLDER, link=True),
    _form(f"{_LINK}/nej-tak", HOLDER, "the pool", link=True),
    _page(f"{_LINK}/kvittering", HOLDER, link=True),
    _page(f"{_LINK}/frameld", HOLDER, link=True),
    _form(f"{_LINK}/frameld", HOLDER, "the pool", link=True),
    _page(f"{_LINK}/plads/{{answer}}", HOLDER, link=True),
    _form(f"{_LINK}/plads/{{answer}}", HOLDER, "the pool", link=True),
    _page("/tilmelding/tilmeldte", SECRETARIAT),
    _page("/tilmelding/{assembly}/tilmeldte", SECRETARIAT),
    _form("/tilmelding/{assembly}/tilmeldte", SECRETARIAT, reads=("the pool", "members’ identities")),
    _page("/tilmelding/{assembly}/sletning", SECRETARIAT),
    _page("/tilmelding/{assembly}/invitationer", SECRETARIAT),
    _page("/tilmelding/{assembly}/invitationer/live", SECRETARIAT),
    _page("/tilmelding/{assembly}/invitationer/paamindelse", SECRETARIAT),
    _form("/tilmelding/{assembly}/invitationer/paamindelse", SECRETARIAT),
    _page("/tilmelding/{assembly}/invitationer/{wave}/{act}", SECRETARIAT),
    _form("/tilmelding/{assembly}/invitationer/{wave}/{act}", SECRETARIAT),
    _page(_LIST, SECRETARIAT),
    _upload(_LIST, SECRETARIAT, "the pool"),
    _page(f"{_LIST}/eksempel.csv", SECRETARIAT),
    _upload(f"{_LIST}/fritagelse/{{exclusion}}", SECRETARIAT, "the pool"),
    _page(f"{_LIST}/{{job}}", SECRETARIAT, "the pool"),
    _page(f"{_LIST}/{{job}}/live", SECRETARIAT, "the pool"),
    _page(f"{_LIST}/{{job}}/bekraeft", SECRETARIAT, "the pool"),
    _form(f"{_LIST}/{{job}}/bekraeft", SECRETARIAT, "the pool"),
    _page(f"{_LIST}/{{job}}/kasser", SECRETARIAT, "the pool"),
    _form(f"{_LIST}/{{job}}/kasser", SECRETARIAT, "the pool"),
    _page(f"{_DESK}/overblik", SECRETARIAT),
    _page(f"{_DESK}/overblik/live", SECRETARIAT),
    _page(f"{_DESK}/udtraek", SECRETARIAT),
    _form(f"{_DESK}/udtraek", SECRETARIAT, reads=("the pool",)),
    _page(f"{_DESK}/luk", SECRETARIAT, "the pool"),
    _form(f"{_DESK}/luk", SECRETARIAT, "the pool", reads=("the pool",)),
    _page(f"{_LINK}/mine-data", HOLDER, link=True),
    _form(f"{_LINK}/mine-data", HOLDER, link=True),
    _page(_LOOK_UP, SECRETARIAT),
    _form(_LOOK_UP, SECRETARIAT, reads=("members’ identities",)),
    _form(f"{_LOOK_UP}/proever", SECRETARIAT),
    _form(f"{_LOOK_UP}/proever/slet", SECRETARIAT),
    _page(_CASE, SECRETARIAT, "the pool", "members’ identities"),
    _page(f"{_CASE}/oplysninger", SECRETARIAT),
    _form(f"{_CASE}/oplysninger", SECRETARIAT, reads=("the pool", "members’ identities")),
    _page(f"{_CASE}/tilmeld", SECRETARIAT),
    _page(f"{_CASE}/tilmeld/trin/{{step}}", SECRETARIAT, "the pool"),
    _form(f"{_CASE}/tilmeld/trin/{{step}}", SECRETARIAT, "the pool"),
    _page(f"{_CASE}/tilmeld/nej-tak", SECRETARIAT),
    _form(f"{_CASE}/tilmeld/nej-tak", SECRETARIAT, "the pool"),
    _page(f"{_CASE}/tilmeld/kvittering", SECRETARIAT, "the pool"),
    _page(f"{_CASE}/{{action}}", SECRETARIAT, "the pool", "members’ identities"),
    _form(f"{_CASE}/{{action}}", SECRETARIAT, "the pool", reads=("members’ identities",)),
    _page(f"{_LINK}/medlem", HOLDER, link=True),
    _form(f"{_LINK}/medlem", HOLDER, link=True),
    _page(f"{_LINK}/medlem/kode", HOLDER, link=True),
    _form(f"{_LINK}/medlem/kode", HOLDER, link=True),
    _page("/tilmelding/medlem"),
    _page("/tilmelding/medlem/svar"),
    _do("PUT", f"{_ROLL}/roll", SECRETARIAT, "the pool"),
    _do("PUT", f"{_ROLL}/exclusions/{{exclusion}}", SECRETARIAT, "the pool"),
    _read(f"{_ROLL}/imports/{{job}}", SECRETARIAT, "the pool"),
    _do("POST", f"{_ROLL}/open", SECRETARIAT),
    _do("POST", f"{_ROLL}/invitations", SECRETARIAT),
    _do("POST", f"{_ROLL}/close-pool", SECRETARIAT, "the pool"),
    _read(f"{_ROLL}/counts", SECRETARIAT),
    _do("POST", f"{_ROLL}/people/{{person}}/erase", SECRETARIAT, "the pool"),
)
LOTTERY = (
    *common("/lodtraekning"),
    _page("/lodtraekning"),
    _page("/lodtraekning/"),
    _page("/lodtraekning/{assembly}"),
    _page("/lodtraekning/{assembly}/live"),
    _page("/lodtraekning/{assembly}/record.json"),
    _page(_SEATS, SECRETARIAT, "members’ identities"),
    _page(f"{_SEATS}/live", SECRETARIAT, "members’ identities"),
    _page(f"{_SEATS}/{{line}}/{{act}}", SECRETARIAT, "members’ identities"),
    _form(f"{_SEATS}/{{line}}/{{act}}", SECRETARIAT, "members’ identities"),
    _page("/lodtraekning/lottery_verify.py"),
    _page("/lodtraekning/{assembly}/historik"),
    _page("/lodtraekning/{assembly}/historik/{draw}/record.json"),
    _page("/lodtraekning/{assembly}/skaerm"),
    _page("/lodtraekning/{assembly}/skaerm/live"),
    _page("/lodtraekning/{assembly}/min-linje"),
    _form("/lodtraekning/{assembly}/min-linje", EVERYONE),
    _page("/lodtraekning/{assembly}/klargoer", SECRETARIAT),
    _form("/lodtraekning/{assembly}/klargoer", SECRETARIAT, "the pool"),
    _page(_LOT, WITNESSES),
    _page(f"{_LOT}/live", WITNESSES),
    _page(f"{_LOT}/skaerm", WITNESSES),
    _page(f"{_LOT}/skaerm/live", WITNESSES),
    _page(f"{_LOT}/record.json", WITNESSES),
    _page(f"{_LOT}/kontrol", WITNESSES),
    _page(f"{_LOT}/traek", WITNESSES),
    # What is written is the number everyone saw; whom it picks was sealed before.
    _form(f"{_LOT}/traek", WITNESSES, "the drawn number"),
    _page(f"{_LOT}/traek/live", WITNESSES),
    _page(f"{_LOT}/annuller", SECRETARIAT),
    _form(f"{_LOT}/annuller", SECRETARIAT),
    _page(f"{_LOT}/annoncer", SECRETARIAT),
    _form(f"{_LOT}/annoncer", SECRETARIAT),
    _page(f"{_LOT}/ugyldig", SECRETARIAT),
    _form(f"{_LOT}/ugyldig", SECRETARIAT),
    _page(f"{_LOT}/aabninger", SECRETARIAT),
    _form(f"{_LOT}/aabninger", SECRETARIAT, reads=("the pool",)),
    _do("POST", f"{_DRAW}/draws", SECRETARIAT, "the pool"),
    _read(f"{_DRAW}/draws/{{draw}}", WITNESSES),
    _do("POST", f"{_DRAW}/draws/{{draw}}/cancel", SECRETARIAT),
    _do("POST", f"{_DRAW}/draws/{{draw}}/announce", SECRETARIAT),
    _do("POST", f"{_DRAW}/draws/{{draw}}/digits", WITNESSES, "the drawn number"),
    _do("POST", f"{_DRAW}/draws/{{draw}}/beacon", WITNESSES, "the drawn number"),
    _do("POST", f"{_DRAW}/draws/{{draw}}/void", SECRETARIAT),
    _do("POST", f"{_DRAW}/members/{{person}}/confirm", SECRETARIAT, "members’ identities"),
    _do("POST", f"{_DRAW}/members/{{person}}/decline", SECRETARIAT, "members’ identities"),
    _do("POST", f"{_DRAW}/members/{{person}}/give-back", SECRETARIAT, "members’ identities"),
    _read(f"{_DRAW}/members", SECRETARIAT, "members’ identities"),
    _read(f"{_DRAW}/counts"),
)
SESSIONS = (
    *common("/samling"),
    _page("/"),
    _page("/samling"),
    _page("/samling/"),
    _page("/was"),
    _page("/stil"),
    _page("/log-ind"),
    _page("/log-ind/start"),
    _page("/log-ind/svar"),
    _form("/log-ud", EVERYONE),
    _page("/samling/medlem", MEMBER),
    _page("/samling/{assembly}"),
    _page("/samling/{assembly}/anbefalinger/{recommendation}"),
    _page("/samling/{assembly}/publikationer/{publication}"),
    _read("/samling/api/assemblies"),
    _read(_COURSE),
    _read(f"{_COURSE}/counts"),
    _do("POST", f"{_COURSE}/announce", SECRETARIAT),
    _do("POST", f"{_COURSE}/deliver", SECRETARIAT, "drafts"),
    _do("POST", f"{_COURSE}/sessions/{{session}}/schedule", SECRETARIAT),
    _do("POST", f"{_COURSE}/sessions/{{session}}/hold", SECRETARIAT),
    _do("PUT", f"{_COURSE}/publications/{{publication}}", SECRETARIAT),
    _read(f"{_COURSE}/recommendations", SECRETARIAT, "drafts"),
    _do("PUT", f"{_COURSE}/recommendations/{{recommendation}}", SECRETARIAT, "drafts"),
)
FOLLOWUP = (
    *common("/opfoelgning"),
    _page("/opfoelgning"),
    _page("/opfoelgning/"),
    _page("/opfoelgning/{assembly}"),
    _page("/opfoelgning/{assembly}/status/{milestone}"),
    _page("/opfoelgning/opgaver", OFFICER),
    _page("/opfoelgning/{assembly}/anbefalinger/{recommendation}/svar", OFFICER),
    _form("/opfoelgning/{assembly}/anbefalinger/{recommendation}/svar", OFFICER, "the council’s answers"),
    _page("/opfoelgning/{assembly}/status/{milestone}/udgiv", OFFICER),
    _form("/opfoelgning/{assembly}/status/{milestone}/udgiv", OFFICER, "the council’s answers"),
    _read("/opfoelgning/api/assemblies"),
    _read(_DUTY),
    _read(f"{_DUTY}/counts"),
    _do("PUT", f"{_DUTY}/recommendations/{{recommendation}}/answer", OFFICER, "the council’s answers"),
    _do("POST", f"{_DUTY}/milestones/{{milestone}}/status", OFFICER, "the council’s answers"),
    _do("POST", f"{_DUTY}/events/{{event}}", OFFICER),
)
NOTIFICATIONS = (
    *common("/post"),
    _page("/post"),
    _page("/post/"),
    _page("/post/live"),
    _read("/post/api/assemblies/{assembly}/counts"),
)
SERVICES = {
    "registration": REGISTRATION,
    "lottery": LOTTERY,
    "sessions": SESSIONS,
    "followup": FOLLOWUP,
    "notifications": NOTIFICATIONS,
}
"""The rows of each service, in the order of a course."""

TABLE = kept_apart((*PROCESS, *(row for rows in SERVICES.values() for row in rows)))
