"""`python -m contracts write` writes the JSON Schemas; `check` says whether the committed ones still hold."""

import sys
from pathlib import Path

from contracts import ALL_FACTS
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
    for line in problems:
        sys.stderr.write(f"{line}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
