"""However people go through the form and back: one registrant, the last state, one fact each."""

import asyncio
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registration.domain.form import CONSENT
from support.forms import sealed
from support.house import House
from support.registering import Office, ids, invited, whole

pytestmark = pytest.mark.integration

SIGNED_UP = "registration.registrant-signed-up.v1"
WITHDREW = "registration.registrant-withdrew.v1"
LAST = {"consent": "yes", "consent_text": CONSENT}
OTHER = {"female": "male", "male": "female"}


class Course:
    """What one resident does, and what it should have come to."""

    def __init__(self, office: Office, link: str) -> None:
        self._office, self._link = office, link
        self.status, self.genders = "invitee", {""}
        self.signed_up = self.withdrew = 0

    async def sign_up(self, *genders: str) -> None:
        """Sign up, in a tab each at the same moment."""
        await asyncio.gather(*(self._office.sign_up(self._link, gender=gender) for gender in genders))
        self.signed_up += self.status != "pool"
        self.status, self.genders = "pool", set(genders)

    async def two_tabs(self, gender: str) -> None:
        await self.sign_up(gender, OTHER[gender])

    async def send_twice(self, gender: str) -> None:
        await self.sign_up(gender)
        await self.sign_up(gender, gender, gender)

    async def same_form_again(self, _: str) -> None:
        path = f"{self._link}/trin/tjek"
        form = sealed(self._office.running, path, LAST)
        await asyncio.gather(*(self._office.public.post(path, data=form) for _ in range(2)))

    async def stop_halfway(self, _: str) -> None:
        await self._office.send(f"{self._link}/trin/behov", {"telephone": "12345678"})

    async def withdraw(self, _: str) -> None:
        await asyncio.gather(*(self._office.send(f"{self._link}/frameld") for _ in range(2)))
        if self.status == "pool":
            self._out("withdrawn")

    async def say_no(self, _: str) -> None:
        await self._office.send(f"{self._link}/nej-tak", {"no_reason": "time"})
        if self.status != "pool":
            self._out("declined")

    async def leave_place(self, _: str) -> None:
        await self._office.send(f"{self._link}/trin/plads", {"excluded_politician": "yes"})
        self._out("declined")

    def _out(self, status: str) -> None:
        self.withdrew += self.status == "pool"
        self.status, self.genders = status, {""}


DEEDS = (Course.sign_up, Course.two_tabs, Course.send_twice, Course.same_form_again, Course.stop_halfway)
DEEDS += (Course.withdraw, Course.say_no, Course.leave_place)
deeds = st.tuples(st.sampled_from(DEEDS), st.sampled_from(sorted(OTHER)))
numbers = itertools.count()


@pytest.fixture
async def office(house: House) -> Office:
    return await whole(house)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(course=st.lists(deeds, min_size=1, max_size=6))
async def test_any_course_leaves_one_registrant_with_the_last_state_and_one_fact_each(
    office: Office, course: list[tuple[object, str]]
) -> None:
    number = next(numbers)  # each course is another resident's; the first of all invites them
    if not await office.running.service.db.collection("people").count({}):
        await invited(office, 200)
    [link] = await office.links(*ids(number))
    resident = Course(office, link)
    for deed, gender in course:
        await deed(resident, gender)  # type: ignore[operator]
    await office.house.settle()
    held = await office.running.service.db.collection("people").get(ids(number)[0])
    assert held is not None
    assert held["status"] == resident.status
    assert held["answers"].get("gender", "") in resident.genders
    assert held["sign_ups"] == resident.signed_up
    for fact, times in ((SIGNED_UP, resident.signed_up), (WITHDREW, resident.withdrew)):
        assert [f["person"] for f in await office.house.heard(fact)].count(held["_id"]) == times
