"""One of the drawn signs in as a member: the personal link, a code from Digital Post, the members' page."""

import asyncio
import re

from borgersamling.rehearsal.signups import READING_SECONDS, TRIES, Mailboxes, seal_of
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
        if await _send(town, f"{link}/medlem") != f"{link}/medlem/kode":
            continue
        await town.settle()
        [*_, code] = [text for message in await mailboxes.messages(person) for text in CODE.findall(message["text"])]
        if await _send(town, f"{link}/medlem/kode", code=code) == HOME:
            town.http.cookies.clear()
            return
    raise RehearsalError("a member could not sign in")


async def take_seats(town: Town, mailboxes: Mailboxes, people: tuple[Person, ...]) -> None:
    """Let each of these people who is offered a seat, and has not answered, say yes by their link."""
    for person in people:
        link = await mailboxes.link(person)
        answer = f"{link}/plads/ja"
        if answer in (await town.call("GET", link, besides=(410,))).text:  # 410: who has left is shown the door
            await _send(town, answer)


async def _send(town: Town, path: str, **fields: str) -> str:
    """Open a page, send its form as a person would, and return the path one ends at."""
    page = await town.call("GET", path)
    await asyncio.sleep(READING_SECONDS)
    form = fields | {"seal": seal_of(page.text, path)}
    # 409: the form was taken, and the service killed before it answered.
    answer = await town.call("POST", path, data=form, follow_redirects=True, besides=(409,))
    return str(answer.url.path)
