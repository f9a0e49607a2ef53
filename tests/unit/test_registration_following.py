"""Following by e-mail: how often a confirmation is sent, what an address is, and what is shown and kept of it."""

from datetime import UTC, datetime, timedelta

import pytest

from registration.domain.emails import as_sent, email_rule
from registration.domain.following import Confirmations, address_digest, follower_token, masked, token_digest

NOW = datetime(2025, 9, 1, 9, tzinfo=UTC)
KEY, OTHER = b"k" * 32, b"o" * 32


def after(*minutes: int) -> Confirmations:
    sent = Confirmations()
    for minute in minutes:
        sent = sent.after_one(NOW + timedelta(minutes=minute))
    return sent


@pytest.mark.parametrize(
    ("sent", "minute", "may"),
    [
        ((), 0, True),
        ((0,), 59, False),
        ((0,), 60, True),
        ((0, 60), 121, True),
        ((0, 60, 121), 2 * 24 * 60 - 1, False),
        ((0, 60, 121), 2 * 24 * 60, True),
    ],
)
def test_a_confirmation_is_sent_once_an_hour_and_three_times_in_two_days(
    sent: tuple[int, ...], minute: int, may: bool
) -> None:
    assert after(*sent).may_send(NOW + timedelta(minutes=minute)) is may


def test_each_confirmation_has_a_number_of_its_own_and_old_moments_are_forgotten() -> None:
    later = after(0, 60, 3 * 24 * 60)
    assert (later.number, len(later.sent)) == (3, 1)


@pytest.mark.parametrize("email", ["a@b.dk", "o'neil+news@mail.example.co", "åse@købstad.dk", f"{'x' * 248}@ab.dk"])
def test_an_address_is_taken(email: str) -> None:
    assert email_rule(email) == ""


@pytest.mark.parametrize(
    "email", ["", "@b.dk", "a@b", "a@b..dk", "a@b.dk, c@d.dk", "a@b.dk;c", "A <a@b.dk>", "a@@b.dk"]
)
def test_what_is_none_or_more_than_one_is_not(email: str) -> None:
    assert email_rule(email) == "no e-mail"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a@købstad.dk", "a@xn--kbstad-bya.dk"),
        ("A@Example.dk", "A@Example.dk"),
        ("anna", "anna"),
        ("a@b..dk", "a@b..dk"),
    ],
)
def test_an_address_is_sent_to_as_every_mail_server_takes_it(typed: str, sent: str) -> None:
    assert as_sent(typed) == sent


def test_an_address_longer_than_mail_servers_take_is_said_to_be() -> None:
    assert email_rule(f"{'x' * 249}@ab.dk") == "e-mail too long"


def test_an_address_is_found_however_it_is_typed_in_its_assembly_alone_and_with_the_key_alone() -> None:
    digest = address_digest(KEY, "dragoer-2025", "Anna@Example.dk ")
    assert digest == address_digest(KEY, "dragoer-2025", "anna@example.DK")
    assert (
        len(
            {
                digest,
                address_digest(KEY, "greve-2025", "anna@example.dk"),
                address_digest(OTHER, "dragoer-2025", "anna@example.dk"),
            }
        )
        == 3
    )


def test_a_link_follows_from_id_and_key_and_what_is_stored_tells_neither() -> None:
    token = follower_token(KEY, "0" * 32)
    assert (len(token), token == follower_token(KEY, "0" * 32), token.isalnum()) == (26, True, True)
    assert len({token, follower_token(KEY, "1" * 32), follower_token(OTHER, "0" * 32), token_digest(KEY, token)}) == 4
    assert token_digest(KEY, token.upper()) == token_digest(KEY, token) != token_digest(OTHER, token)


@pytest.mark.parametrize(("email", "shown"), [("anna@example.dk", "a…@example.dk"), ("a@b.dk", "a…@b.dk")])
def test_behind_a_link_an_address_is_not_shown_whole(email: str, shown: str) -> None:
    assert masked(email) == shown
