"""One of the drawn signs in as a member: the personal link, a code from Digital Post, the members' page."""

import re

from borgersamling.rehearsal.signups import TRIES, Mailboxes, send_form
from borgersamling.rehearsal.town import RehearsalError, Town
from borgersamling.synthetic import Person

HOME = "/samling/medlem"
CODE = re.compile(r"^\d{6}$", re.MULTILINE)


async def sign_in(town: Town, mailboxes: Mailboxes, people: tuple[Person, ...]) -> None:
    """Let the first of these people sign in who is drawn and has Digital Post, and sign out by closing the browser."""
    for person in people:
        link = await mailboxes.link(person)
        if f"{link}/medlem" in (await town.call("GET", link)).text and await mailboxes.messages(person):
            break
    else:
        raise RehearsalError("nobody with Digital Post is drawn")
    for _ in range(TRIES):
        if await send_form(town, f"{link}/medlem") != f"{link}/medlem/kode":
            continue
        await town.settle()
        [*_, code] = [text for message in await mailboxes.messages(person) for text in CODE.findall(message["text"])]
        if await send_form(town, f"{link}/medlem/kode", code=code) == HOME:
            town.http.cookies.clear()
            return
    raise RehearsalError("a member could not sign in")


async def take_seats(town: Town, mailboxes: Mailboxes, people: tuple[Person, ...]) -> None:
    """Let each of these people who is offered a seat, and has not answered, say yes by their link."""
    for person in people:
        link = await mailboxes.link(person)
        answer = f"{link}/plads/ja"
        if answer in (await town.call("GET", link, besides=(410,))).text:  # 410: who has left is shown the door
            await send_form(town, answer)
