"""Mails on their way, to a real mail server with TLS and a certificate of our own making."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from notifications.channels import Outcome, Outgoing, StaffMember
from notifications.channels.email import Email
from notifications.domain.shipment import Step
from notifications.settings import SmtpSettings
from support.mailing import Certificate, MailServer, certificate, mail_server
from support.notifying import NOW, message


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificates"))


async def send(server: MailServer | int, *messages: Outgoing, **settings: object) -> list[Outcome]:
    port = server if isinstance(server, int) else server.port
    chosen = SmtpSettings.model_validate(
        {"port": port, "sender": "samling@eksempel.dk", "timeout_seconds": 3} | settings
    )
    return list(await Email(chosen).send(messages or [message("status-due")], NOW))


async def sent(server: MailServer | int, *messages: Outgoing, **settings: object) -> list[tuple[Step, str | None]]:
    return [(one.steps[-1], one.reason) for one in await send(server, *messages, **settings)]


TAKEN = [(Step.DELIVERED, None)]


@pytest.mark.parametrize("mode", ["auto", "always"])
async def test_a_mail_goes_encrypted_to_a_server_that_can(own: Certificate, mode: str) -> None:
    async with mail_server(own.context) as server:
        assert await sent(server, start_tls=mode, ca_file=own.signed_by) == TAKEN
    assert server.encrypted == [True]
    assert server.recipients == ["officer@eksempel.dk"]


async def test_a_mail_that_must_be_encrypted_is_not_sent_to_a_server_that_cannot(own: Certificate) -> None:
    async with mail_server() as server:
        assert await sent(server, start_tls="always") == [(Step.NOT_TAKEN, "no-starttls")]
    assert server.taken == []


async def test_a_password_is_not_said_in_the_clear() -> None:
    async with mail_server(login=True) as server:
        login = {"username": "samling", "password": SecretStr("right")}
        assert await sent(server, start_tls="auto", **login) == [(Step.NOT_TAKEN, "no-starttls")]
    assert server.logins == []


@pytest.mark.parametrize("mode", ["auto", "always"])
async def test_nothing_is_sent_to_a_server_whose_certificate_nobody_we_trust_has_signed(
    own: Certificate, mode: str
) -> None:
    async with mail_server(own.context) as server:
        assert await sent(server, start_tls=mode) == [(Step.NOT_TAKEN, "certificate-refused")]
    assert server.taken == []


async def test_nothing_is_sent_to_a_server_whose_certificate_is_anothers(tmp_path: Path) -> None:
    others = certificate(tmp_path, "mail.eksempel.dk")
    async with mail_server(others.context) as server:
        refused = await sent(server, start_tls="always", ca_file=others.signed_by)
    assert refused == [(Step.NOT_TAKEN, "certificate-refused")]
    assert server.taken == []


async def test_on_one_machine_a_mail_may_go_in_the_clear() -> None:
    async with mail_server() as server:
        assert await sent(server, start_tls="never") == TAKEN
    assert server.encrypted == [False]


@pytest.mark.parametrize(
    ("password", "outcome"), [("right", TAKEN), ("wrong", [(Step.NOT_TAKEN, "credentials-refused")])]
)
async def test_a_server_that_wants_a_password_gets_it_encrypted(
    own: Certificate, password: str, outcome: list[tuple[Step, str | None]]
) -> None:
    async with mail_server(own.context, login=True) as server:
        login = {"username": "samling", "password": SecretStr(password)}
        assert await sent(server, start_tls="always", ca_file=own.signed_by, **login) == outcome
    assert set(server.logins) == {password.encode()}


@pytest.mark.parametrize(
    ("recipient", "mail", "outcome"),
    [
        ("550 nobody here", "", (Step.FAILED, "recipient-refused")),
        ("450 come back", "", (Step.NOT_TAKEN, "recipient-refused")),
        ("250 fine", "554 no", (Step.FAILED, "smtp-554")),
        ("250 fine", "451 later", (Step.NOT_TAKEN, "smtp-451")),
    ],
)
async def test_what_the_mail_server_answers_is_what_happened(
    recipient: str, mail: str, outcome: tuple[Step, str]
) -> None:
    async with mail_server() as server:
        server.answer_to_recipient, server.answer_to_mail = recipient, mail
        assert await sent(server) == [outcome]


async def test_nobody_knows_of_a_mail_whose_server_hung_up_after_it() -> None:
    async with mail_server() as server:
        server.hang_up_after_mail = True
        assert await sent(server) == [(Step.TIMED_OUT, "no-answer")]
    assert len(server.taken) == 1


async def test_without_a_mail_server_a_mail_has_not_been_taken() -> None:
    async with mail_server() as server:
        port = server.port
    assert await sent(port) == [(Step.NOT_TAKEN, "unreachable")]


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@eksempel.dk, b@eksempel.dk", "a@eksempel.dk\r\nBcc: b@eksempel.dk", "<a@eksempel.dk>"]
)
async def test_what_is_not_one_address_gets_no_mail_and_keeps_no_other_back(address: str) -> None:
    wrong = replace(message("status-due"), to=StaffMember(address))
    async with mail_server() as server:
        outcomes = await sent(server, wrong, message("status-overdue"))
    assert outcomes == [(Step.FAILED, "recipient-malformed"), *TAKEN]
    assert server.recipients == ["officer@eksempel.dk"]


async def test_a_resident_is_not_written_to_by_mail() -> None:
    async with mail_server() as server:
        assert await sent(server, message("receipt")) == [(Step.FAILED, "not-for-email")]
    assert server.taken == []
