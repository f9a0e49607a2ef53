"""Two toy services, alpha who says and beta who hears, to put the chassis on real servers without any assembly."""

from pathlib import Path

import yaml

from chassis.access import Table
from chassis.service import Service
from chassis.settings import CommonSettings
from contracts.arms_length import OPERATOR, PROCESS, Row, common
from contracts.base import Fact

UPLOAD = "/alpha/files"
ACCESS = Table((*PROCESS, *common("/alpha"), *common("/beta"), Row("POST", UPLOAD, OPERATOR, "form", upload=True)))

TOPOLOGY = {
    "streams": {
        "defaults": {
            "storage": "file",
            "max_age_days": 30,
            "duplicate_window_seconds": 120,
            "max_message_bytes": 65536,
        },
        "speakers": ["alpha", "beta"],
        "dead_letters": {
            "name": "DEAD_LETTERS",
            "subjects": [
                "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",
                "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>",
            ],
            "max_age_days": 30,
        },
        "clock": {"name": "CLOCK", "subjects": ["rehearsal.clock"], "max_messages": 1},
        "sign_ins": {"name": "SIGN_INS", "subjects": ["sign-ins.*.*"], "max_age_days": 1, "writes": ["alpha"]},
    },
    "object_stores": [{"name": "attachments", "max_bytes": 10_000_000, "writes": ["alpha"], "reads": ["beta"]}],
    "durables": {"defaults": {"ack_wait_seconds": 5, "max_deliver": 4, "max_ack_pending": 1000}},
    "hears": {"beta": {"alpha": ["thing-happened", "bulk-happened", "parcel-sent"]}},
    "answers": {"alpha": ["alpha.things.count"]},
    "asks": {"beta": ["alpha.things.count"]},
}


class ThingHappened(Fact, speaker="alpha", name="thing-happened"):
    """A thing happened."""

    number: int
    person: str = ""


class BulkHappened(Fact, speaker="alpha", name="bulk-happened"):
    """One of very many things happened."""

    number: int


class ParcelSent(Fact, speaker="alpha", name="parcel-sent"):
    """Something with an attachment."""


class Unheard(Fact, speaker="gamma", name="unheard"):
    """A fact whose stream does not exist."""


def write_topology(folder: Path) -> Path:
    """Write the toys' topology and return its path."""
    path = folder / "topology.yaml"
    path.write_text(yaml.safe_dump(TOPOLOGY), encoding="utf-8")
    return path


def alpha(settings: CommonSettings) -> Service:
    """The one who says."""
    return Service(
        name="alpha",
        prefix="/alpha",
        settings=settings,
        access=ACCESS,
        says=(ThingHappened, BulkHappened, ParcelSent),
        package="chassis",
    )


def alpha_in_order(settings: CommonSettings) -> Service:
    """The one who says, heard in the order in which it spoke."""
    return Service(
        name="alpha",
        prefix="/alpha",
        settings=settings,
        access=ACCESS,
        says=(ThingHappened, BulkHappened, ParcelSent),
        package="chassis",
        in_order=True,
    )


def beta(settings: CommonSettings) -> Service:
    """The one who hears; a test puts its handlers on it."""
    return Service(name="beta", prefix="/beta", settings=settings, access=ACCESS, says=(), package="chassis")
