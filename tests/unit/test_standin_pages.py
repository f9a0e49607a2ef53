"""Whoever rehearses an assembly sees what each person received, and never whose number it is."""

import asyncio
import re
import smtplib
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifications.channels import Attachment
from notifications.channels.memo import memo
from support.notifying import NOW, cpr, standing_in
from support.post_office import Office, body, office, out_to
from support.ways import WAYS


async def seen(post: Office, path: str) -> str:
    answer = await post.client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def handles(page: str) -> list[str]:
    return re.findall(r'href="/people/([0-9a-f]{12})"', page)


async def test_a_person_is_found_by_a_handle_with_all_they_got_and_what_became_of_it(tmp_path: Path) -> None:
    async with office(tmp_path, doubled_receipt_share=1.0, late_receipt_share=0.0) as post:
        await post.send(*body(1))
        await post.acknowledge((await post.receipts())[0]["id"])
        (handle,) = handles(await seen(post, "/people"))
        page = await seen(post, f"/people/{handle}")
    for text in (
        "Du er inviteret til Dragørs borgersamling",
        "invitation",
        "COMPLETED, acknowledged",
        "COMPLETED, waiting",
    ):
        assert text in page
    assert '<a href="http://127.0.0.1:8080/tilmelding/l/token00000001">' in page
    assert 'lang="da"' in page


async def test_no_page_and_no_address_has_anybodys_number(tmp_path: Path) -> None:
    async with office(tmp_path) as post:
        await post.send_all(body(number)[1] for number in range(3))
        pages = [await seen(post, path) for path in ("/", "/people", "/mails", "/letters")]
        pages += [await seen(post, f"/people/{handle}") for handle in handles(pages[1])]
    assert len(pages) == 7
    assert not any(cpr(number) in page for page in pages for number in range(3))


async def test_recipients_are_listed_latest_first_in_pages_and_by_kind(tmp_path: Path) -> None:
    async with office(tmp_path) as post:
        await post.send_all(body(number)[1] for number in range(60))
        first, second = await seen(post, "/people"), await seen(post, "/people?page=1")
        none = await seen(post, "/people?kind=drawn")
        some = await seen(post, "/people?kind=invitation")
    assert (len(handles(first)), len(handles(second))) == (50, 10)
    assert "60 recipients" in first
    assert "Nobody has got anything of this kind yet." in none
    assert handles(some) == handles(first)
    assert 'href="?page=1&amp;kind=invitation"' in some


async def test_a_handle_is_the_same_for_the_same_person_and_says_nothing_without_the_seed(tmp_path: Path) -> None:
    found = []
    for seed, folder in (("1", "a"), ("1", "b"), ("2", "c")):
        async with office(tmp_path / folder, seed=seed) as post:
            await post.send(*body(1))
            found += handles(await seen(post, "/people"))
    assert found[0] == found[1] != found[2]


async def test_what_hangs_on_a_message_is_named(tmp_path: Path) -> None:
    out, person = out_to(1)
    out = replace(out, attachments=(Attachment("bilag.pdf", "Bilag", b"%PDF-1.7 x"),))
    async with office(tmp_path) as post:
        await post.send(out.message_uuid, memo(out, person, "12345678", NOW))
        (handle,) = handles(await seen(post, "/people"))
        assert "bilag.pdf (10 bytes)" in await seen(post, f"/people/{handle}")


async def test_the_faults_in_force_are_told_with_what_they_mean(tmp_path: Path) -> None:
    async with office(tmp_path, exempt_share=0.07, receipt_seconds=0.2) as post:
        assert "None: it behaves." in await seen(post, "/")
        post.options.unavailable_share = 0.3
        page = await seen(post, "/")
    assert "STANDIN__UNAVAILABLE_SHARE" in page
    assert "sendings answered with 503" in page


async def test_a_mail_is_shown_with_its_headers_and_its_appointment_can_be_opened(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@eksempel.dk", "b@eksempel.dk", "Indkaldelse <1>"
    mail["List-Unsubscribe"] = "<https://eksempel.dk/stop>"
    mail.set_content("Kære alle")
    mail.add_attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="moede.ics")
    async with standing_in(tmp_path) as running:
        await _hand_over(mail, running.smtp_port)
    async with office(tmp_path) as post:
        listed = await seen(post, "/mails")
        page = await seen(post, "/mails/1")
        file = await post.client.get("/mails/1/0")
        missing = [
            (await post.client.get(path)).status_code for path in ("/mails/2", "/mails/1/1", "/people/" + "0" * 12)
        ]
    assert "Indkaldelse &lt;1&gt;" in listed
    assert "moede.ics" in listed
    assert "List-Unsubscribe" in page
    assert "Kære alle" in page
    assert (file.headers["content-type"].split(";")[0], "BEGIN:VCALENDAR" in file.text) == ("text/calendar", True)
    assert missing == [404] * 3


async def _hand_over(mail: EmailMessage, port: int) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(mail)

    await asyncio.to_thread(send)


async def test_letters_are_listed_from_the_print_offices_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "abc.pdf").write_bytes(b"%PDF-1.7")
    (folder / "half.part").write_bytes(b"%PDF")
    (tmp_path / "secret.pdf").write_bytes(b"no letter")
    async with office(tmp_path / "standin", letters=folder) as post:
        page = await seen(post, "/letters")
        letter = await post.client.get("/letters/abc.pdf")
        outside = await post.client.get("/letters/..%2Fsecret.pdf")
    assert "abc.pdf" in page
    assert "half.part" not in page
    assert (letter.content, letter.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert outside.status_code == 404


async def test_a_letter_that_the_printers_service_took_can_be_read(tmp_path: Path) -> None:
    async with WAYS["Fjernprint"].open(tmp_path, True) as way:
        await way.channel.send([way.make(1)], NOW)
    async with office(tmp_path) as post:
        listed, letter = await seen(post, "/letters"), await seen(post, "/letters/printed/0")
        missing = await post.client.get("/letters/printed/1")
    assert "1 letter taken by the printer’s service (Fjernprint)" in listed
    assert "Meld dig til lodtrækningen" in letter
    assert missing.status_code == 404


@pytest.mark.parametrize("path", ["/", "/people", "/mails", "/letters"])
async def test_a_page_is_there_before_anything_has_come(tmp_path: Path, path: str) -> None:
    async with office(tmp_path) as post:
        assert "yet" in await seen(post, path) or path == "/letters"
