"""`python -m contracts write` writes JSON Schemas and access table; `check` says whether the committed ones hold."""

import sys
from pathlib import Path

from contracts import ALL_FACTS, access_table
from contracts.compatibility import breaks
from contracts.published import SCHEMAS, read, render


def main(command: str) -> int:
    """Write or check; return the exit code."""
    problems: list[str] = []
    for fact in ALL_FACTS:
        path = SCHEMAS / f"{fact.fact_type()}.json"
        published = read(path) if path.exists() else None
        if published is not None:
            problems += [f"{path.name}: {line}" for line in breaks(published, fact.model_json_schema())]
        if command == "write" and not problems:
            Path(path).write_text(render(fact), encoding="utf-8")
    document = access_table.DOCUMENT.read_text(encoding="utf-8")
    table = access_table.in_document(document)
    if command == "write":
        access_table.DOCUMENT.write_text(table, encoding="utf-8")
    elif table != document:
        problems.append(f"{access_table.DOCUMENT.name}: its table is not contracts/access.py's: write it again")
    for line in problems:
        sys.stderr.write(f"{line}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
