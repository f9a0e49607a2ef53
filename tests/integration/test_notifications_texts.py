"""The secretariat writes its own texts: what is refused, what goes out, in which version, and what two do at once."""

from pathlib import Path

import pytest

from notifications.repository.templates import TEXTS
from support.house import House
from support.notifying import ASSEMBLY, StandIn
from support.posting import invite, the_shipment, until
from support.texts import BODY, INVITATION, ROOT, SUBJECT_LINE, Writer, at_the_desk, said

pytestmark = pytest.mark.integration


@pytest.fixture
async def writer(house: House, tmp_path: Path) -> Writer:
    return await at_the_desk(house, None, tmp_path)


async def test_the_list_says_of_every_message_who_gets_it_when_by_what_and_whose_words_it_has(writer: Writer) -> None:
    assert await writer.save(seen=0) == 303
    text = await writer.page(ROOT)
    assert "Invitations Everyone who can take part When they are invited, once a person Digital Post, Letter" in text
    assert "Own text : Invitations, Danish version 1" in text
    assert "Ready text : Invitations, English" in text
    assert "Those the mandate names, the council’s officers for example When a status is late E-mail" in text
    assert "Dragør’s citizens’ assembly" in await writer.page("/post/skabeloner")


async def test_what_is_written_is_seen_first_and_not_saved_by_looking(writer: Writer) -> None:
    answer = await writer.post(
        f"{INVITATION}?sprog=en", subject=SUBJECT_LINE, body=f'{BODY}\n\n<3 & "os"', version="0", act="se"
    )
    assert answer.status_code == 200
    assert "<p><strong>Kom og vær med, Erik Eksempel</strong></p><p>Kære Erik Eksempel</p>" in answer.text
    assert "<p>Vi <strong>glæder</strong> os.</p>" in answer.text
    assert 'href="http://127.0.0.1:8080/tilmelding/l/eksempel">Meld dig til</a>' in answer.text
    assert "&lt;3 &amp;" in answer.text
    assert await writer.running.service.db.collection(TEXTS).count({}) == 0


async def test_a_staff_message_is_seen_as_mail_with_and_without_formatting(writer: Writer) -> None:
    ready = await writer.page(f"{ROOT}/status-due/da")
    assert "E-mail" not in ready
    answer = await writer.post(
        f"{ROOT}/status-due/da?sprog=en", subject="Frist: {title}", body="Senest {due}.\n\n[Gå]({link})", version="0"
    )
    assert "Frist: Det første møde" in answer.text
    assert (
        "<pre>Senest 17. september 2026.\n\nGå:\nhttp://127.0.0.1:8080/opfoelgning/dragoer-2025\n</pre>" in answer.text
    )
    assert "/brev" not in answer.text


async def test_the_letter_is_the_one_that_would_be_printed(writer: Writer) -> None:
    answer = await writer.post(f"{INVITATION}/brev", subject=SUBJECT_LINE, body=BODY)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    held = await writer.staff.get(f"{INVITATION}/versioner/0/brev")
    assert held.content.startswith(b"%PDF-")
    assert held.content != answer.content
    never = await writer.staff.get(f"{ROOT}/sign-in-code/da/versioner/0/brev")
    assert never.status_code == 404


async def test_an_unknown_field_is_refused_by_line_listed_as_a_problem_and_nothing_is_sent_in_it(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    writer = await at_the_desk(house, standin, tmp_path)
    body = "Kære {fornavn}\n\n[Meld dig til]({link})"
    answer = await writer.post(f"{INVITATION}?sprog=en", subject="Kom", body=body, version="0", act="gem")
    assert answer.status_code == 422
    assert "Nothing is saved" in said(answer)
    assert "Line 1: There is no field {fornavn} in this message. You can use: {name}, {purpose}" in said(answer)
    assert f">{body}</textarea>" in answer.text
    assert await writer.save("", body, seen=0) == 422
    (first, second) = await writer.problems()
    assert {one["about"]["rules"] for one in (first, second)} == {"unknown-field", "no-subject,unknown-field"}
    assert {(one["about"]["template"], one["about"]["language"]) for one in (first, second)} == {("invitation", "da")}
    assert (first["assembly"], first["times"], first["solved_at"]) == (ASSEMBLY, 1, None)
    (shipment,) = await writer.invite(1)
    assert (shipment["state"], shipment["template_version"]) == ("delivered", 0)
    assert await writer.save(seen=0) == 303
    assert [(one["solved_at"] is None, one["solved_by"]) for one in await writer.problems()] == [
        (False, "secretariat-1"),
        (False, "secretariat-1"),
    ]


async def test_a_running_job_takes_up_a_new_version_and_each_shipment_remembers_its_own(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    writer = await at_the_desk(house, standin, tmp_path)
    (ready,) = await writer.invite(1)
    assert await writer.save(seen=0) == 303
    (first,) = await writer.invite(2)
    assert await writer.save("Nyt emne", seen=1) == 303
    (second,) = await writer.invite(3)
    back = await writer.post(INVITATION, version="2", act="fabrik")
    (third,) = await writer.invite(4)
    assert back.headers["location"] == f"{INVITATION}?sprog=da&gjort=gemt"
    assert [one["template_version"] for one in (ready, first, second, third)] == [0, 1, 2, 3]
    assert len({one["job"] for one in (ready, first, second, third)}) == 1
    subjects = [(await standin.inbox(number))[0]["subject"] for number in (1, 2, 3, 4)]
    invited = "Du er inviteret til Dragørs borgersamling"
    assert subjects == [invited, "Kom og vær med, Åse Prøve Nr2", "Nyt emne", invited]
    assert "Kom og vær med, {name}" in await writer.page(f"{INVITATION}/versioner/1")


async def test_what_may_have_been_taken_is_sent_again_in_the_words_it_was_first_sent_in(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    standin.options.silent_share, standin.options.silent_seconds, standin.options.receipt_seconds = 1.0, 2.0, 6.0
    post = {"url": standin.url, "timeout_seconds": 0.5, "connections": 8}
    writer = await at_the_desk(house, standin, tmp_path, digital_post=post)
    assert await writer.save(seen=0) == 303
    await invite(house, [1])
    await until(writer.running, 1, state="unknown")
    assert await writer.save("Nyt emne", seen=1) == 303
    standin.options.silent_share = 0.0
    await house.settle()
    shipment = await the_shipment(writer.running)
    assert (shipment["state"], shipment["template_version"], shipment["attempts"] > 1) == ("delivered", 1, True)
    assert [message["subject"] for message in await standin.inbox(1)] == ["Kom og vær med, Åse Prøve Nr1"]


async def test_a_text_of_danish_leaves_the_english_one_as_it_is(house: House, standin: StandIn, tmp_path: Path) -> None:
    writer = await at_the_desk(house, standin, tmp_path)
    assert await writer.save("Only in English", seen=0, path=f"{ROOT}/invitation/en") == 303
    (shipment,) = await writer.invite(1)
    assert shipment["template_version"] == 0


async def test_a_text_that_breaks_a_rule_by_now_waits_for_its_mending_and_nothing_goes_out_wrong(
    house: House, standin: StandIn, tmp_path: Path
) -> None:
    writer = await at_the_desk(house, standin, tmp_path)
    assert await writer.save(seen=0) == 303
    texts = writer.running.service.db.collection(TEXTS)
    await texts.update({"number": 1}, {"$set": {"body": "{no_longer}\n\n[x]({link})"}})
    await invite(house, [1])
    await until(writer.running, 1, reason="template-refused")
    assert await standin.inbox(1) == []
    (problem,) = await writer.problems()
    assert (problem["kind"], problem["about"]["rules"]) == ("template-refused", "changed")
    assert await writer.save(seen=1) == 303
    await house.settle()
    assert [message["subject"] for message in await standin.inbox(1)] == ["Kom og vær med, Åse Prøve Nr1"]
    assert [one["solved_by"] for one in await writer.problems()] == ["secretariat-1"]


async def test_of_two_who_write_at_once_the_second_sees_the_firsts_beside_their_own_and_chooses(writer: Writer) -> None:
    assert await writer.save("Først", "Kære {name}, kom mandag.\n\n{link}", seen=0) == 303
    mine = "Kære {name}, kom tirsdag.\n\n{link}"
    answer = await writer.post(f"{INVITATION}?sprog=en", subject="Også", body=mine, version="0", act="gem")
    assert answer.status_code == 409
    text = said(answer)
    assert "Somebody else has saved this text in the meantime" in text
    assert "they differ from version 1, which holds now" in text
    assert "Their subject: Først" in text
    assert "kom [− mandag. −][+ tirsdag. +]" in text
    assert f">{mine}</textarea>" in answer.text
    assert 'name="version" value="1"' in answer.text
    assert await writer.running.service.db.collection(TEXTS).count({}) == 1
    assert await writer.save("Også", mine, seen=1) == 303


async def test_every_version_is_kept_with_when_and_who_and_what_was_changed_is_shown(writer: Writer) -> None:
    assert await writer.save("Et", "Vi ses mandag.\n\n{link}", seen=0) == 303
    assert await writer.save("Et", "Vi ses på tirsdag.\n\n{link}", seen=1) == 303
    assert await writer.save("Et", "Vi ses på tirsdag.\n\n{link}", seen=2) == 303  # nothing new: no version
    back = await writer.post(INVITATION, version="2", act="fabrik")
    assert back.status_code == 303
    text = await writer.page(f"{INVITATION}/versioner")
    assert "Version 3 Holds now Back to the ready text Du er inviteret til {assembly}" in text
    assert "Version 2 New words Et" in text
    assert "secretariat-1" in text
    assert "Version 0 The ready text" in text
    assert "Version 4" not in text
    text = await writer.page(f"{INVITATION}/versioner/2")
    assert "From version 1 to version 2" in text
    assert "Vi ses [− mandag. −][+ på tirsdag. +]" in text
    assert "From version 2 to version 3" in await writer.page(f"{INVITATION}/versioner/2?med=3")
    assert "The words are the same." in await writer.page(f"{INVITATION}/versioner/3?med=0")
    await writer.page(f"{INVITATION}/versioner/4", status=404)


@pytest.mark.parametrize("path", ["nowhere/invitation/da", "dragoer-2025/nothing/da", "dragoer-2025/invitation/sv"])
async def test_a_text_there_is_not_is_not_found(writer: Writer, path: str) -> None:
    for page in ("", "/versioner", "/versioner/0", "/bilag"):
        await writer.page(f"/post/skabeloner/{path}{page}", status=404)


async def test_each_flaw_of_a_text_stands_on_a_line_of_its_own_at_its_field(writer: Writer) -> None:
    answer = await writer.post(
        f"{INVITATION}?sprog=en", subject="{a}", body="{b}\n\n# <script>\n\n{link}", version="0", act="gem"
    )
    at_body = answer.text[answer.text.index('id="body-error"') : answer.text.index('id="body"')]
    assert at_body.count("<br>Line 3: “# &lt;script&gt;” would be shown as it stands.") == 1
    assert "<script>" not in at_body
