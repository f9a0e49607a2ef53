"""What Serviceplatformen answers, and what that means for a message, a letter and a look-up."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from chassis.errors import Permanent, Transient
from notifications.channels import Attachment, Outcome, Outgoing, Person
from notifications.channels.letter import Letterhead, Press
from notifications.channels.sf1601.channel import DigitalPost, Fjernprint
from notifications.channels.sf1601.client import Service
from notifications.channels.sf1601.token import NoToken
from notifications.domain.shipment import Step
from support.notifying import NOW, message, recipient
from support.sf1601 import TRANSMISSION

TAKEN = f"<kombi_response><Result>true</Result><TransmissionID>{TRANSMISSION}</TransmissionID></kombi_response>"
NOT_TAKEN = "<kombi_response><Result>false</Result><FejlKode>memo.invalid</FejlKode></kombi_response>"


class Platform:
    """Stands where the client does, and answers as it is told."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer, self.sent = answer, []  # type: ignore[var-annotated]

    async def call(self, service: Service, method: str, path: str, *args: Any, **more: Any) -> httpx.Response:
        self.sent.append((service, method, path, args, more))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def close(self) -> None: ...


def digital_post(platform: Platform) -> DigitalPost:
    return DigitalPost(platform, "12345678")  # type: ignore[arg-type]


def resident(**changes: str) -> Person:
    known = recipient(1)
    return Person(known.cpr, known.name, known.address.model_copy(update=changes), known.link, "da")


async def one_letter(platform: Platform, out: Outgoing) -> Outcome:
    letters = Fjernprint(platform, Press(Letterhead()), 265)  # type: ignore[arg-type]
    (outcome,) = await letters.send([out], NOW)
    await letters.close()
    return outcome


ANSWERS = [
    (httpx.Response(200, text=TAKEN), Outcome((Step.ACCEPTED,), transmission=TRANSMISSION)),
    (httpx.Response(200, text="<kombi_response><Result>true</Result></kombi_response>"), Outcome((Step.ACCEPTED,))),
    (httpx.Response(200, text=NOT_TAKEN), Outcome((Step.FAILED,), "memo.invalid")),
    (httpx.Response(200, text=""), Outcome((Step.TIMED_OUT,), "no-reply")),
    (httpx.Response(200, text="<html>"), Outcome((Step.TIMED_OUT,), "no-reply")),
    (
        httpx.Response(400, json={"code": "memo.invalid", "message": "6101701234"}),
        Outcome((Step.FAILED,), "memo.invalid"),
    ),
    (httpx.Response(400, text="<Fejl><FejlKode>1034</FejlKode></Fejl>"), Outcome((Step.FAILED,), "code-1034")),
    (httpx.Response(400, text="6101701234"), Outcome((Step.FAILED,), "http-400")),
    (httpx.Response(401), Outcome((Step.NOT_TAKEN,), "http-401")),
    (httpx.Response(403), Outcome((Step.NOT_TAKEN,), "http-403")),
    (httpx.Response(429, headers={"Retry-After": "7"}), Outcome((Step.NOT_TAKEN,), "http-429", 7.0)),
    (httpx.Response(503), Outcome((Step.NOT_TAKEN,), "http-503")),
    (httpx.Response(500, text=NOT_TAKEN), Outcome((Step.TIMED_OUT,), "http-500")),
    (httpx.Response(504), Outcome((Step.TIMED_OUT,), "http-504")),
    (NoToken("credentials refused (401)"), Outcome((Step.NOT_TAKEN,), "no-token")),
    (httpx.ConnectError("refused"), Outcome((Step.NOT_TAKEN,), "unreachable")),
    (httpx.ReadTimeout("slow"), Outcome((Step.TIMED_OUT,), "no-answer")),
    (httpx.RemoteProtocolError("gone"), Outcome((Step.TIMED_OUT,), "no-answer")),
]


@pytest.mark.parametrize(("answer", "expected"), ANSWERS)
async def test_each_answer_means_the_same_for_a_message_and_a_letter(
    answer: httpx.Response | Exception, expected: Outcome
) -> None:
    out = message("invitation", to=resident())
    assert await digital_post(Platform(answer)).send([out, out], NOW) == [expected, expected]
    assert await one_letter(Platform(answer), out) == expected


async def test_a_letter_goes_to_an_address_that_the_printer_takes_or_nowhere() -> None:
    platform = Platform(httpx.Response(200, text=TAKEN))
    outcome = await one_letter(platform, message("invitation", to=resident(house_number="0017")))
    assert (outcome.steps, outcome.reason) == ((Step.FAILED,), "address-house-number-malformed")
    assert platform.sent == []


async def test_a_letter_with_too_much_enclosed_is_not_sent() -> None:
    platform = Platform(httpx.Response(200, text=TAKEN))
    out = replace(message("materials", to=resident()), attachments=(Attachment("a.pdf", "Bilag", b"x" * 7 * 2**20),))
    assert await one_letter(platform, out) == Outcome((Step.FAILED,), "attachment-too-large")
    assert platform.sent == []


async def test_staff_get_no_letter_and_no_digital_post() -> None:
    platform = Platform(httpx.Response(200, text=TAKEN))
    out = message("status-due")
    assert await one_letter(platform, out) == Outcome((Step.FAILED,), "not-a-person")
    assert await digital_post(platform).send([out], NOW) == [Outcome((Step.FAILED,), "not-a-person")]


@pytest.mark.parametrize(("result", "expected"), [(True, "registered"), (False, "not-registered")])
async def test_a_look_up_is_definite_when_it_says_true_or_false(result: bool, expected: str) -> None:
    platform = Platform(httpx.Response(200, json={"result": result}))
    assert await digital_post(platform).look_up("6101701234") == expected


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"result": "true"}),
        httpx.Response(200, json={"result": 1}),
        httpx.Response(200, json={}),
        httpx.Response(200, text="true"),
        httpx.Response(401),
        httpx.Response(404),
        httpx.Response(500),
        NoToken("no-assertion"),
        httpx.ReadTimeout("https://platform/?cprNumber=6101701234"),
    ],
)
async def test_any_other_answer_to_a_look_up_is_no_answer_and_makes_nobody_a_letter(
    answer: httpx.Response | Exception,
) -> None:
    with pytest.raises(Transient) as unclear:
        await digital_post(Platform(answer)).look_up("6101701234")
    assert "6101701234" not in repr(unclear.value)
    assert unclear.value.__cause__ is None


async def test_a_number_that_is_refused_fails_for_good_with_the_code_alone() -> None:
    answer = httpx.Response(400, json={"code": "contact.point.id.format.not.allowed", "message": "6101701234"})
    with pytest.raises(Permanent, match=r"\Acontact\.point\.id\.format\.not\.allowed\Z"):
        await digital_post(Platform(answer)).look_up("6101701234")
