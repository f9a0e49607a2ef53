"""The public draw's rules: two people agree on a number, and groups are told what they can expect."""

from datetime import UTC, datetime

import pytest

from lottery.domain.ceremony import Entry, NoSecretariatError, Typed, typed
from lottery.domain.figures import figures
from lottery.domain.pool import Registrant
from lottery.domain.quotas import Quota, Quotas

NOW = datetime(2025, 4, 1, 17, tzinfo=UTC)


def entry(digits: str, role: str = "secretariat", subject: str = "s-1") -> Entry:
    return Entry(role, subject, digits, NOW)


WITNESS = entry("417", "observer", "o-1")


def test_one_person_alone_draws_nothing_however_often_they_type() -> None:
    assert typed((), entry("417"), "secretariat") == (Typed.FIRST, (entry("417"),))
    assert typed((entry("417"),), entry("418"), "secretariat") == (Typed.FIRST, (entry("418"),))


def test_two_who_typed_the_same_agree() -> None:
    assert typed((entry("417"),), WITNESS, "secretariat") == (Typed.AGREED, (entry("417"), WITNESS))
    second = entry("417", subject="s-2")
    assert typed((entry("417"),), second, "secretariat")[0] is Typed.AGREED


def test_when_the_two_differ_both_are_forgotten() -> None:
    assert typed((entry("471"),), WITNESS, "secretariat") == (Typed.DIFFERENT, ())


def test_two_observers_are_not_enough() -> None:
    with pytest.raises(NoSecretariatError):
        typed((WITNESS,), entry("417", "observer", "o-2"), "secretariat")


def test_the_same_account_in_another_role_is_another_person() -> None:
    assert typed((entry("417", subject="one"),), entry("417", "observer", "one"), "secretariat")[0] is Typed.AGREED


def test_a_group_can_expect_the_seats_that_its_chances_add_up_to() -> None:
    pool = [Registrant(str(n), "", {"tenure": "owner" if n < 3 else "tenant"}, f"salt {n}") for n in range(4)]
    quotas = Quotas(2, (Quota("tenure", "owner", 1, 1), Quota("tenure", "tenant", 1, 1)))
    found = figures(pool, quotas, {"0": 0.5, "1": 0.5, "2": 0.0, "3": 1.0}, 0.4, 0.9)
    owners, tenants = found.groups
    assert (owners.people, owners.expected, owners.smallest, owners.largest) == (3, 1.0, 0.0, 0.5)
    assert (tenants.people, tenants.expected, tenants.mean) == (1, 1.0, 1.0)
    assert (found.smallest, found.largest, found.without, found.deviation) == (0.0, 1.0, 1, 0.4)
