"""The access table as people read it: Markdown, between two marks of docs/architecture/identity.md."""

from pathlib import Path

from contracts.access import SERVICES
from contracts.arms_length import AT_ARMS_LENGTH, PROCESS, ROLES, RoleName, Row

DOCUMENT = Path(__file__).parents[3] / "docs/architecture/identity.md"
BEGIN, END = "<!-- the access table: written by `python -m contracts write` -->", "<!-- end of the access table -->"
SHORT: dict[RoleName, str] = {
    "resident": "resident",
    "member": "member",
    "secretariat": "secretariat",
    "expert": "expert",
    "observer": "observer",
    "officer": "officer",
    "operator": "operator",
    "data-protection-officer": "DPO",
    "public": "public",
}


def markdown() -> str:
    """Return the arm's-length rules and the table of every service."""
    parts = [_rules()]
    for name, rows in (("Every process", PROCESS), *SERVICES.items()):
        parts.append(f"### {name}\n\n{_rows(rows)}")
    return "\n\n".join(parts)


def in_document(text: str) -> str:
    """Return the document with the table of today between its marks. ValueError when a mark is missing."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{DOCUMENT.name} has lost the marks of its access table")
    return f"{head}{BEGIN}\n\n{markdown()}\n\n{END}{tail}"


def _rules() -> str:
    lines = ["| role | never reads | never writes |", "|---|---|---|"]
    for role, (reads, writes) in AT_ARMS_LENGTH.items():
        lines.append(f"| {SHORT[role]} | {_things(reads)} | {_things(writes)} |")
    return "\n".join(lines)


def _rows(rows: tuple[Row, ...]) -> str:
    lines = [f"| route | {' | '.join(SHORT[role] for role in ROLES)} | holds |", "|---|" + ":-:|" * len(ROLES) + "---|"]
    for row in rows:
        mark = "link" if row.link else "●"
        cells = [mark if role in row.roles else "" for role in ROLES]
        holds = "; ".join(
            f"{verb} {_things(things)}" for verb, things in (("reads", row.reads), ("writes", row.writes)) if things
        )
        kind = f"{row.kind} with a file" if row.upload else f"{row.kind} without a seal" if row.unsealed else row.kind
        lines.append(f"| `{row.method} {row.path}` ({kind}) | {' | '.join(cells)} | {holds} |")
    return "\n".join(lines)


def _things(things: frozenset[str]) -> str:
    return ", ".join(sorted(things)) or "–"
