"""Somebody of the public follows the assembly by e-mail: asks, finds the link in the mail, and says yes."""

import re

import httpx

from borgersamling.rehearsal.signups import send_form
from borgersamling.rehearsal.town import Town

PUBLIC = (("anna@eksempel.dk", "da"), ("bo@eksempel.dk", "en"))
"""Who follows, and in which language."""
LINK = re.compile(r"/tilmelding/foelg/l/[a-z2-7]{20,}")


async def follow(town: Town, stand_in: str, assembly: str) -> None:
    """Let each of them follow the assembly; done when all have said yes."""
    for email, language in PUBLIC:
        await send_form(town, f"/tilmelding/{assembly}/foelg", email=email, language=language)
    await town.settle()
    async with httpx.AsyncClient(base_url=stand_in, timeout=30) as http:
        mails = (await http.get("/standin/mails")).json()
    for email, _ in PUBLIC:
        links = [link for mail in mails if mail["to"] == email for link in LINK.findall(mail["text"])]
        await send_form(town, links[0])
    await town.settle()
