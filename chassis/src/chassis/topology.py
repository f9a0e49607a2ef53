"""Streams, durables and permissions, read from the one file that says them (`deploy/nats/topology.yaml`).

Services declare nothing of their own. The local run and the tests provision from a `Topology`,
`deploy/kubernetes/render.py` renders it to NACK resources, and every service compares it with the server at its start.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Literal

from chassis.topology_file import ObjectStore, Strict, TopologyError, TopologyFile, read

__all__ = [
    "ADMIN",
    "Durable",
    "ObjectStore",
    "Permissions",
    "Stream",
    "Topology",
    "TopologyError",
    "inbox_prefix",
    "load",
    "nats_users",
]

SECONDS_A_DAY = 24 * 60 * 60
ADMIN = "admin"
"""The user that provisions and repairs; no service runs as it."""


class Stream(Strict):
    """A stream as the server should have it; durations in seconds, 0 = without end."""

    name: str
    subjects: tuple[str, ...]
    storage: Literal["file", "memory"] = "file"
    max_age_seconds: int = 0
    max_messages: int = -1
    max_messages_per_subject: int = -1
    max_message_bytes: int = -1
    duplicate_window_seconds: int = 120


class Durable(Strict):
    """A consumer's place in a stream: who hears which fact, and how often it is tried.

    `shared` says that the service hears a fact of this name from another speaker too; the name then holds the speaker.
    """

    service: str
    speaker: str
    fact: str
    shared: bool = False
    ack_wait_seconds: int
    max_deliver: int
    max_ack_pending: int

    @property
    def name(self) -> str:
        return f"{self.service}-{self.speaker}-{self.fact}" if self.shared else f"{self.service}-{self.fact}"

    @property
    def stream(self) -> str:
        return self.speaker.upper()

    @property
    def subject(self) -> str:
        """The filter: this fact of every assembly."""
        return f"{self.speaker}.*.{self.fact}.v1"


class Permissions(Strict):
    """What one NATS user may do. `responds`: may answer, once each, the requests it is sent."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    responds: bool = False


class Topology(TopologyFile):
    """The file, with what follows from it."""

    @cached_property
    def speaker_streams(self) -> tuple[Stream, ...]:
        """The facts' own streams, one a service."""
        defaults = self.stream_settings.defaults
        return tuple(
            Stream(
                name=speaker.upper(),
                subjects=(f"{speaker}.*.*.v1",),
                storage=defaults.storage,
                max_age_seconds=defaults.max_age_days * SECONDS_A_DAY,
                max_message_bytes=defaults.max_message_bytes,
                duplicate_window_seconds=defaults.duplicate_window_seconds,
            )
            for speaker in self.services
        )

    @cached_property
    def dead_letters(self) -> Stream:
        """The server's advisories of facts it gave up, or was told to give up, delivering."""
        settings = self.stream_settings.dead_letters
        return Stream(
            name=settings.name,
            subjects=tuple(settings.subjects),
            max_age_seconds=settings.max_age_days * SECONDS_A_DAY,
        )

    @cached_property
    def clock(self) -> Stream:
        """The rehearsal clock's position. Rehearsals and tests alone have it."""
        settings = self.stream_settings.clock
        return Stream(name=settings.name, subjects=tuple(settings.subjects), max_messages=settings.max_messages)

    @cached_property
    def sign_ins(self) -> Stream:
        """Who is signed in: one message a sign-in, gone when it ends."""
        settings = self.stream_settings.sign_ins
        return Stream(
            name=settings.name,
            subjects=tuple(settings.subjects),
            max_age_seconds=settings.max_age_days * SECONDS_A_DAY,
            max_messages_per_subject=1,
        )

    @property
    def stores_by_writer(self) -> dict[str, str]:
        """Return the name of the store each service lays its attachments in."""
        return {service: store.name for store in self.object_stores for service in store.writes}

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Every stream: the speakers', the dead letters, the sign-ins, the clock."""
        return (*self.speaker_streams, self.dead_letters, self.sign_ins, self.clock)

    @cached_property
    def durables(self) -> tuple[Durable, ...]:
        """Who hears what, flat, in the file's order."""
        defaults = self.durable_settings.defaults.model_dump()
        heard = Counter((service, fact) for service, by in self.hears.items() for fact in chain(*by.values()))
        return tuple(
            Durable(service=service, speaker=speaker, fact=fact, shared=heard[service, fact] > 1, **defaults)
            for service, by in self.hears.items()
            for speaker, facts in by.items()
            for fact in facts
        )

    def durables_of(self, service: str) -> tuple[Durable, ...]:
        """Return what one service hears."""
        return tuple(durable for durable in self.durables if durable.service == service)

    def permissions(self, service: str, *, rehearsal: bool = True) -> Permissions:
        """Return what a service's NATS user may do, and nothing it does not need; KeyError for an unknown service.

        Creating, changing and deleting streams and durables is the admin's. `rehearsal` adds the clock.
        """
        if service not in self.services:
            raise KeyError(service)
        durables = self.durables_of(service)
        shared = (self.dead_letters.name, self.sign_ins.name)
        streams = {service.upper(), *shared, *(durable.stream for durable in durables)}
        subscribe = [f"{inbox_prefix(service)}.>", *self.answers.get(service, [])]
        if rehearsal:
            streams.add(self.clock.name)
            subscribe += self.clock.subjects
        publish = [f"{service}.*.*.v1", *self.asks.get(service, [])]
        for stream in sorted(streams):
            publish += _reading(stream)
        # A replayed dead letter leaves the list.
        publish.append(f"$JS.API.STREAM.MSG.DELETE.{self.dead_letters.name}")
        if service in self.stream_settings.sign_ins.writes:
            publish += [*self.sign_ins.subjects, f"$JS.API.STREAM.PURGE.{self.sign_ins.name}"]
        for durable in durables:
            publish += _hearing(durable)
        for store in self.object_stores:
            if service in store.writes or service in store.reads:
                publish += _fetching(store)
            if service in store.writes:
                publish += [f"$O.{store.name}.>", f"$JS.API.STREAM.PURGE.{store.stream}"]
        return Permissions(publish=tuple(publish), subscribe=tuple(subscribe), responds=bool(self.answers.get(service)))


def inbox_prefix(service: str) -> str:
    """Return where replies to a service arrive; its own, so that no service can read another's replies."""
    return f"_INBOX_{service}"


def _reading(stream: str) -> list[str]:
    # With and without a subject behind the name: two forms of the same direct get.
    direct = [f"$JS.API.DIRECT.GET.{stream}", f"$JS.API.DIRECT.GET.{stream}.>"]
    return [f"$JS.API.STREAM.INFO.{stream}", f"$JS.API.STREAM.MSG.GET.{stream}", *direct]


def _hearing(durable: Durable) -> list[str]:
    place = f"{durable.stream}.{durable.name}"
    # The second form of the acknowledgement carries the server's domain and account in front (nats-server's v2 form).
    acks = [f"$JS.ACK.{place}.>", f"$JS.ACK.*.*.{place}.>"]
    return [f"$JS.API.CONSUMER.INFO.{place}", f"$JS.API.CONSUMER.MSG.NEXT.{place}", *acks]


def _fetching(store: ObjectStore) -> list[str]:
    # An object is read through a short-lived ordered consumer, with flow control; nats-py asks for the stream's name.
    consumers = [f"$JS.API.CONSUMER.{verb}.{store.stream}{rest}" for verb, rest in _EPHEMERAL]
    return [
        "$JS.API.STREAM.NAMES",
        *_reading(store.stream),
        *consumers,
        f"$JS.FC.{store.stream}.>",
        f"$JS.FC.*.*.{store.stream}.>",
    ]


_EPHEMERAL = (("CREATE", ""), ("CREATE", ".>"), ("INFO", ".*"), ("DELETE", ".*"))


def nats_users(topology: Topology, passwords: Mapping[str, str] | None = None, *, rehearsal: bool = True) -> str:
    """Return the `authorization` block of a nats-server configuration: a user a service, and the admin.

    `passwords` by user, the admin's too (a bcrypt hash will do). Without them each is read by the server from its
    environment as NATS_PASSWORD_<USER>, so that the text can be committed.
    """
    lines = ["authorization {", "  users = ["]
    for user in (ADMIN, *topology.services):
        password = f"$NATS_PASSWORD_{user.upper().replace('-', '_')}" if passwords is None else _quoted(passwords[user])
        if user == ADMIN:
            lines.append(
                f'    {{ user: {user}, password: {password}, permissions: {{ publish: ">", subscribe: ">" }} }}'
            )
            continue
        allowed = topology.permissions(user, rehearsal=rehearsal)
        lines += [f"    {{ user: {user}, password: {password}, permissions: {{", "      publish: { allow: ["]
        lines += [f"        {_quoted(subject)}" for subject in allowed.publish]
        lines += ["      ] }", "      subscribe: { allow: ["]
        lines += [f"        {_quoted(subject)}" for subject in allowed.subscribe]
        lines += ["      ] }"]
        lines += ['      allow_responses: { max: 1, expires: "1m" }'] if allowed.responds else []
        lines += ["    } }"]
    return "\n".join([*lines, "  ]", "}", ""])


def _quoted(text: str) -> str:
    if not re.fullmatch(r"[\x20-\x7e]+", text) or '"' in text or "\\" in text:
        raise ValueError("a NATS user's password must be printable ASCII without quotes and backslashes")
    return f'"{text}"'


def load(path: Path) -> Topology:
    """Read the file; TopologyError names the path of every field that is wrong."""
    return read(path, Topology)
