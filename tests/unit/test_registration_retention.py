"""How long people are kept."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registration.domain.retention import Course, Group, Retention, due

DRAWN = datetime(2025, 3, 12, 10, tzinfo=UTC)
ENDED = datetime(2025, 6, 17, 19, tzinfo=UTC)
FOLLOWED = datetime(2027, 7, 1, 9, tzinfo=UTC)
moments = st.none() | st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 2000 < moment.year < 2100)
days = st.none() | st.integers(1, 3000)


def test_each_group_is_counted_from_its_own_moment() -> None:
    found = due(Retention(90, 180, 365), Course(DRAWN, ENDED, FOLLOWED))
    assert found == {
        Group.NOT_DRAWN: datetime(2025, 6, 10, 10, tzinfo=UTC),
        Group.ROLL: datetime(2025, 12, 14, 19, tzinfo=UTC),
        Group.MEMBERS: datetime(2028, 6, 30, 9, tzinfo=UTC),
    }


def test_an_assembly_that_promises_no_days_keeps_people_until_somebody_erases_them() -> None:
    assert due(Retention(), Course(DRAWN, ENDED, FOLLOWED)) == {}


@given(st.tuples(days, days, days), st.tuples(moments, moments, moments))
def test_a_group_is_due_exactly_when_its_moment_has_come_and_its_days_have_passed(
    given_days: tuple[int | None, int | None, int | None],
    given_moments: tuple[datetime | None, datetime | None, datetime | None],
) -> None:
    found = due(Retention(*given_days), Course(*given_moments))
    for group, count, moment in zip(Group, given_days, given_moments, strict=True):
        if count is None or moment is None:
            assert group not in found
        else:
            assert found[group] - moment == timedelta(days=count)
