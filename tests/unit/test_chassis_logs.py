"""Logs and what is taken out of them."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from uuid import UUID

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from chassis import logs
from chassis.scrub import names_people, scrub, scrub_text
from chassis.telemetry import Telemetry


class Lines(StringIO):
    def read_all(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root, crash = logging.getLogger(), sys.excepthook
    before, level = root.handlers[:], root.level
    written = Lines()
    logs.configure("registration", "INFO", written)
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    logging.raiseExceptions = True
    structlog.reset_defaults()
    sys.excepthook = crash


def test_a_line_is_one_object_with_time_level_and_service(lines: Lines) -> None:
    structlog.get_logger("here").info("ready", hears=3)
    (line,) = lines.read_all()
    assert {"event": "ready", "level": "info", "service": "registration", "hears": 3}.items() <= line.items()
    assert datetime.fromisoformat(line["time"]).tzinfo == UTC


def test_below_the_level_nothing_is_written(lines: Lines) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("faststream").debug("detail")
    assert lines.read_all() == []


def test_a_librarys_line_goes_the_same_way(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").warning("slow for %s", "jens@example.dk")
    (line,) = lines.read_all()
    assert line["event"] == "slow for [email]"
    assert line["logger"] == "uvicorn.error"
    assert line["service"] == "registration"


def test_the_access_log_is_silent(lines: Lines) -> None:
    logging.getLogger("uvicorn.access").info("GET /tilmelding/l/secret")
    logging.getLogger("httpx").info("GET http://x/contacts/?cprNumber=0101901234")
    assert lines.read_all() == []


def fail(message: str) -> None:
    raise ValueError(message)


def test_a_traceback_is_scrubbed(lines: Lines) -> None:
    try:
        fail("resident 010190-1234, tlf. 22 34 56 78")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = lines.read_all()
    assert "ValueError" in line["exception"]
    assert line["exception"].endswith("ValueError: resident [cpr], tlf. [phone]")
    assert "010190" not in line["exception"]  # nor in the source lines that a traceback shows


def test_a_librarys_traceback_is_scrubbed(lines: Lines) -> None:
    try:
        fail("GET /tilmelding/l/abcdef234567 for jens@example.dk")
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
    (line,) = lines.read_all()
    assert line["exception"].endswith("ValueError: GET /tilmelding/l/[link] for [email]")


def test_what_a_library_repeats_of_its_input_is_left_out() -> None:
    class Row(BaseModel):
        age: int

    with pytest.raises(ValidationError) as raised:
        Row.model_validate({"age": "Jens Hansen"})
    assert "Jens Hansen" in str(raised.value)
    assert "Jens" not in scrub_text(str(raised.value))
    duplicate = 'E11000 duplicate key error index: people dup key: { name: "Jens", street: "Vej" }'
    assert scrub_text(duplicate) == "E11000 duplicate key error index: people dup key: [redacted]"
    assert "Jens" not in scrub_text("full error: {'code': 11000, 'keyValue': {'name': 'Jens'}}")


def test_a_line_inside_a_trace_names_it(lines: Lines) -> None:
    with Telemetry("registration").span("work") as span:
        structlog.get_logger().info("done")
    (line,) = lines.read_all()
    assert line["trace_id"] == f"{span.get_span_context().trace_id:032x}"


def test_people_under_keys_are_redacted_at_any_depth() -> None:
    event = {"rows": [{"name": "Jens", "cprNumber": "x", "home": {"street": "Vej", "count": 3}}], "fact": "a"}
    assert scrub(event) == {
        "rows": [{"name": "[redacted]", "cprNumber": "[redacted]", "home": {"street": "[redacted]", "count": 3}}],
        "fact": "a",
    }
    assert scrub({"data": b"Jens"}) == {"data": "[4 bytes]"}
    assert scrub({"0101901234": 1, "n": 101901234}) == {"[cpr]": 1, "n": "[cpr]"}


@pytest.mark.parametrize(
    "key", ["Name", "recipient_email", "http.request.body", "phoneNumber", "Authorization", "TOKEN"]
)
def test_a_key_that_names_people_is_known_however_it_is_written(key: str) -> None:
    assert names_people(key)


@pytest.mark.parametrize("key", ["fact", "durable", "event", "loop", "names", "thread_name", "nobody", "service"])
def test_an_ordinary_key_is_left_alone(key: str) -> None:
    assert not names_people(key)


DAYS = st.one_of(st.integers(1, 31), st.integers(61, 91))


BIRTHS = st.builds("{:02}{:02}{:02}".format, DAYS, st.integers(1, 12), st.integers(0, 99))


@given(
    BIRTHS,
    st.integers(0, 9999),
    st.sampled_from(["", "-", " ", "–"]),
    st.sampled_from(["", "cpr=", "row 3: ", "12:", "(", '"', "/", "dragoer-2025:", "æ "]),
    st.sampled_from(["", ".", ", ", '"', ")", "\n", ":"]),
)
@example("610190", 1234, "", "", "")
def test_no_cpr_number_gets_through(birth: str, serial: int, hyphen: str, before: str, after: str) -> None:
    assert scrub_text(f"{before}{birth}{hyphen}{serial:04}{after}") == f"{before}[cpr]{after}"


@given(
    st.integers(20000000, 99999999),
    st.sampled_from([(2, 2, 2, 2), (4, 4), (8,), (2, 3, 3)]),
    st.sampled_from(["", "+45", "+45 ", "0045 "]),
    st.sampled_from(["", "tlf. ", "phone:", "("]),
)
def test_no_danish_telephone_number_gets_through(
    number: int, groups: tuple[int, ...], prefix: str, before: str
) -> None:
    if prefix and groups == (2, 3, 3):
        return  # nobody writes it so
    digits, parts = str(number), []
    for size in groups:
        parts.append(digits[:size])
        digits = digits[size:]
    scrubbed = scrub_text(f"{before}{prefix}{' '.join(parts)}.")
    assert not re.search(r"\d{2}", scrubbed), scrubbed


@given(st.emails())
def test_no_plain_email_gets_through(email: str) -> None:
    local, _, domain = email.partition("@")
    if not re.fullmatch(r"[\w.+%-]+", local):
        return  # quoted and exotic local parts: nobody's address in a municipality's roll
    assert scrub_text(f"to {email}") == "to [email]" or domain.startswith("[")


@given(
    st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=40), st.sampled_from(["", "/kvittering", "?a=1"])
)
def test_no_personal_link_gets_through(token: str, rest: str) -> None:
    assert scrub_text(f"GET /tilmelding/l/{token}{rest} 200") == f"GET /tilmelding/l/[link]{rest} 200"


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=8, max_size=8), st.binary(min_size=32, max_size=32))
@example(bytes.fromhex("01019012340101901234010190123401"), bytes.fromhex("0101901234010190"), bytes(32))
def test_ids_and_digests_are_left_as_they_are(trace: bytes, span: bytes, digest: bytes) -> None:
    for identifier in (
        trace.hex(),
        span.hex(),
        digest.hex(),
        f"00-{trace.hex()}-{span.hex()}-01",
        str(UUID(bytes=trace)),
        f"registration-assembly-announced:{UUID(bytes=trace)}",
        f"invitation:{trace.hex()}",
    ):
        assert scrub_text(identifier) == identifier


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone comes below
    st.integers(-12 * 60, 14 * 60),
)
def test_times_are_left_as_they_are(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for text in (
        moment.isoformat(),
        moment.isoformat(" "),
        moment.date().isoformat(),
        moment.strftime("%Y%m%dT%H%M%SZ"),
    ):
        assert scrub_text(text) == text


@given(st.integers(1, 65535), st.ip_addresses(v=4), st.floats(allow_nan=False), st.integers(0, 10**8))
def test_addresses_of_machines_and_counts_are_left_as_they_are(
    port: int, host: object, seconds: float, count: int
) -> None:
    address = f"nats://{host}:{port}"
    assert scrub_text(address) == address
    assert scrub({"seconds": seconds, "rows": count, "ok": True}) == {"seconds": seconds, "rows": count, "ok": True}


def test_a_scrubbed_text_stays_as_it_is() -> None:
    once = scrub_text("010190-1234 +45 12345678 a@b.dk /l/abc")
    assert once == "[cpr] [phone] [email] /l/[link]"
    assert scrub_text(once) == once
