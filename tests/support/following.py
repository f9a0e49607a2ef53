"""People who follow an assembly by e-mail; their links come as notifications gets them."""

import httpx

from contracts.recipients import Follower
from registration.domain.following import follower_token
from support.registering import A, Office
from support.rolls import KEY

FOLLOW = f"/tilmelding/{A}/foelg"
REQUESTED, JOINED, LEFT = (
    f"registration.{name}.v1" for name in ("follow-requested", "follower-joined", "follower-left")
)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def asks(office: Office, email: str = "anna@example.dk", language: str = "da") -> httpx.Response:
    """Fill in the form as anybody may."""
    answer = await office.send(FOLLOW, {"email": email, "language": language})
    await office.house.settle()
    return answer


async def confirmations(office: Office) -> list[dict[str, object]]:
    """The confirmations that were to be sent, oldest first."""
    return await office.house.heard(REQUESTED)


async def address(office: Office, follower: str) -> Follower:
    """What notifications is told of a follower."""
    [found] = (await office.resolve(follower)).followers
    return found


async def says_yes(office: Office, follower: str) -> httpx.Response:
    """Open the link of the confirmation and say yes."""
    answer = await office.send(f"/tilmelding/foelg/l/{follower_token(KEY.encode(), follower)}")
    await office.house.settle()
    return answer


async def follower_of(office: Office, email: str = "anna@example.dk", language: str = "da") -> Follower:
    """Have someone follow, and return what notifications is told of them."""
    await asks(office, email, language)
    follower = str((await confirmations(office))[-1]["follower"])
    await says_yes(office, follower)
    return await address(office, follower)


async def held(office: Office) -> int:
    """How many followers, or people who have asked, registration holds."""
    return await office.running.service.db.collection("followers").count({})
