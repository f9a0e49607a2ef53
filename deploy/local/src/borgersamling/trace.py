"""Traces of a local system, put together from the files of its services: which request caused which messages."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Span = dict[str, Any]


@dataclass(slots=True)
class Trace:
    """One trace: all its spans, in the order they began."""

    id: str
    spans: list[Span] = field(default_factory=list)

    @property
    def root(self) -> Span:
        """The span that has no parent among these."""
        known = {span["span_id"] for span in self.spans}
        return next((span for span in self.spans if span["parent_id"] not in known), self.spans[0])

    def has(self, name: str) -> bool:
        """Return whether one of its spans is called so, or begins so when `name` ends in `*`."""
        if name.endswith("*"):
            return any(span["name"].startswith(name[:-1]) for span in self.spans)
        return any(span["name"] == name for span in self.spans)

    def tree(self) -> Iterator[tuple[int, Span]]:
        """Yield each span with its depth, causes before effects."""
        children: dict[str | None, list[Span]] = defaultdict(list)
        known = {span["span_id"] for span in self.spans}
        for span in self.spans:
            children[span["parent_id"] if span["parent_id"] in known else None].append(span)

        def below(parent: str | None, depth: int) -> Iterator[tuple[int, Span]]:
            for span in children[parent]:
                yield depth, span
                yield from below(span["span_id"], depth + 1)

        yield from below(None, 0)


def read(data: Path) -> list[Trace]:
    """Read all traces under a system's data folder, oldest first."""
    traces: dict[str, Trace] = {}
    for path in sorted((data / "traces").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                span = json.loads(line)
                traces.setdefault(span["trace_id"], Trace(span["trace_id"])).spans.append(span)
    for trace in traces.values():
        trace.spans.sort(key=lambda span: span["start_ns"])
    return sorted(traces.values(), key=lambda trace: trace.spans[0]["start_ns"])


def find(traces: Iterable[Trace], begins: str, holds: str) -> Trace | None:
    """Return the first trace whose first span is called `begins` and which has one called `holds`."""
    return next((trace for trace in traces if trace.root["name"] == begins and trace.has(holds)), None)


def draw(trace: Trace) -> str:
    """Return the trace as an indented list: service, span, milliseconds."""
    lines = [f"trace {trace.id}"]
    lines += [
        f"{'  ' * depth}{span['service']:<14} {span['name']}  {span['duration_ms']:.1f} ms"
        for depth, span in trace.tree()
    ]
    return "\n".join(lines)


def export(trace: Trace, path: Path) -> None:
    """Write one trace to a file, a span a line."""
    path.write_text("".join(json.dumps(span, ensure_ascii=False) + "\n" for span in trace.spans), encoding="utf-8")
