"""The topology file's form, and reading it strictly: a wrong field is named by its path."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=48)]
StreamName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=48)]
Subject = Annotated[str, StringConstraints(pattern=r"^[^\s.]+(\.[^\s.]+)*$", max_length=200)]
Count = Annotated[int, Field(gt=0)]


class TopologyError(ValueError):
    """The file is wrong; every line of the text names the path of a field."""


class Strict(BaseModel):
    """Frozen, and with no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ObjectStore(Strict):
    """Where claim checks lie; `writes` and `reads` name services."""

    name: Name
    max_bytes: Count
    writes: list[Name] = []
    reads: list[Name] = []

    @property
    def stream(self) -> str:
        """The stream behind the store, as JetStream names it."""
        return f"OBJ_{self.name}"


class _StreamDefaults(Strict):
    storage: Literal["file", "memory"] = "file"
    max_age_days: Count
    duplicate_window_seconds: Count
    max_message_bytes: Count


class _DeadLetters(Strict):
    name: StreamName
    subjects: list[Subject]
    max_age_days: Count


class _Clock(Strict):
    name: StreamName
    subjects: list[Subject]
    max_messages: Count


class _SignIns(Strict):
    name: StreamName
    subjects: list[Subject]
    max_age_days: Count
    writes: list[Name]


class _Streams(Strict):
    defaults: _StreamDefaults
    speakers: Annotated[list[Name], Field(min_length=1)]
    dead_letters: _DeadLetters
    clock: _Clock
    sign_ins: _SignIns


class _DurableDefaults(Strict):
    ack_wait_seconds: Count
    max_deliver: Count
    max_ack_pending: Count


class _Durables(Strict):
    defaults: _DurableDefaults


class TopologyFile(Strict):
    """The whole file."""

    stream_settings: _Streams = Field(alias="streams")
    object_stores: list[ObjectStore] = []
    durable_settings: _Durables = Field(alias="durables")
    hears: dict[Name, dict[Name, list[Name]]]
    answers: dict[Name, list[Subject]] = {}
    asks: dict[Name, list[Subject]] = {}

    @property
    def services(self) -> tuple[str, ...]:
        """Every service, in the file's order."""
        return tuple(self.stream_settings.speakers)

    def contradictions(self) -> Iterator[str]:
        """Yield what the fields, each right in itself, say against each other."""
        known = set(self.services)
        if len(known) < len(self.services):
            yield "streams.speakers: names a service twice"
        named = [(f"hears.{service}", service) for service in self.hears]
        named += [(f"hears.{service}.{speaker}", speaker) for service, by in self.hears.items() for speaker in by]
        named += [(f"{key}.{service}", service) for key in ("answers", "asks") for service in getattr(self, key)]
        named += [("streams.sign_ins.writes", service) for service in self.stream_settings.sign_ins.writes]
        for index, store in enumerate(self.object_stores):
            named += [(f"object_stores.{index}.writes", service) for service in store.writes]
            named += [(f"object_stores.{index}.reads", service) for service in store.reads]
        for path, service in named:
            if service not in known:
                yield f"{path}: {service!r} is not one of streams.speakers ({', '.join(self.services)})"
        heard = [
            (f"hears.{s}.{speaker}", fact) for s, by in self.hears.items() for speaker in by for fact in by[speaker]
        ]
        for path, fact in sorted({one for one in heard if heard.count(one) > 1}):
            yield f"{path}: {fact!r} is named twice"
        answered = [subject for subjects in self.answers.values() for subject in subjects]
        for service, subjects in self.asks.items():
            for subject in subjects:
                if answered.count(subject) != 1:
                    yield f"asks.{service}: {subject!r} must be answered by exactly one service"


class _Loader(yaml.SafeLoader):
    """A key twice is an error: YAML would take the last one and drop the rest in silence."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands here twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


T = TypeVar("T", bound=TopologyFile)


def read(path: Path, form: type[T]) -> T:
    """Read the file; TopologyError names the path of every field that is wrong."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TopologyError(f"{path}: {error}") from error
    try:
        topology = form.model_validate(raw)
    except ValidationError as error:
        raise TopologyError("\n".join(f"{path}: {_path(p)}{p['msg']}" for p in error.errors())) from error
    problems = [f"{path}: {problem}" for problem in topology.contradictions()]
    if problems:
        raise TopologyError("\n".join(problems))
    return topology


def _path(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"] if part != "[key]")
    return f"{where}: " if where else ""
