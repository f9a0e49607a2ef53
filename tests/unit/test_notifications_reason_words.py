"""Whatever a shipment failed for, the secretariat reads what happened and what to do about it."""

import re
from pathlib import Path
from typing import get_args

import pytest

import notifications
from chassis.language import Words
from contracts.notifications import OUTDATED, Channel
from notifications.channels.addresses import REFUSALS
from notifications.reason_words import REASONS, UNKNOWN, reason_words

SOURCES = Path(next(iter(notifications.__path__)))
ATTEMPT = re.compile(r"(?:Outcome|Happened|_failed)\(.*")
CODE = re.compile(r'(?<!cause=)(?<!\[)(?<!get\()"([a-z][a-z.-]+)"')


def made_here() -> set[str]:
    """The reason codes that stand in the code of the service, where something happens to a shipment."""
    attempts = (line for path in SOURCES.rglob("*.py") for line in ATTEMPT.findall(path.read_text()))
    found = {code for line in attempts for code in CODE.findall(line)} - set(get_args(Channel))
    assert {"not-made", "look-up-failed", "no-address", "erased"} <= found, "the pattern finds none any more"
    return found


@pytest.mark.parametrize("code", sorted(made_here() | set(REFUSALS)))
def test_every_reason_that_the_service_gives_is_in_words(code: str) -> None:
    assert reason_words(code) is REASONS.get(code)


@pytest.mark.parametrize("code", ["http-400", "http-503", "smtp-550", "smtp-451", "address-other", "attachment-other"])
def test_a_reason_of_a_known_family_is_in_its_words(code: str) -> None:
    assert reason_words(code) is not UNKNOWN


@pytest.mark.parametrize("code", ["", "some.new.code", "http-", "x" * 64])
def test_a_reason_that_nobody_knows_is_in_words_too(code: str) -> None:
    assert reason_words(code) is UNKNOWN


def test_what_waits_is_not_for_anyone_to_send_again_but_what_was_refused_is() -> None:
    assert not reason_words("http-503").again
    assert not reason_words("http-401").again
    assert reason_words("http-400").again
    assert not reason_words("smtp-451").again
    assert reason_words("smtp-550").again


@pytest.mark.parametrize("code", ["erased", OUTDATED, "cancelled", "memo.duplicate"])
def test_nobody_is_told_to_send_again_what_must_not_be(code: str) -> None:
    assert not reason_words(code).again


def test_a_wrong_address_is_corrected_where_addresses_come_from() -> None:
    words = Words("da", "notifications")
    reason = reason_words("address-street-too-long")
    assert words.gettext(reason.happened) == "Vejnavnet er længere end de 40 tegn, trykkeriet tager imod."
    assert words.gettext(reason.to_do) == "Ret adressen i borgerlisten, indlæs listen, og send igen."
