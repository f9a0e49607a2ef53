"""The page of the post: what each assembly has sent, told apart from the others' and read out sparingly."""

import re
from datetime import UTC, datetime

from fastapi import Request

from notifications.catalogue import KINDS
from notifications.counts import AssemblyCounts, Counts, TemplateCounts
from notifications.words import CHANNEL_WORDS, TEMPLATE_WORDS
from support.forms import pages_of

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


class AtNoon:
    def now(self) -> datetime:
        return NOON

    machine_now = now


PAGES = pages_of("notifications", AtNoon())


def post(*delivered: int, total: int = 200) -> str:
    """Render the page of as many assemblies, each with so many of its invitations delivered."""

    def counts(done: int) -> AssemblyCounts:
        numbers = {"total": total, "delivered": done, "waiting": total - done}
        return AssemblyCounts(shipments=Counts(**numbers), by_template={"invitation": TemplateCounts(**numbers)})

    request = Request({"type": "http", "method": "GET", "path": "/post", "headers": [], "query_string": b"sprog=en"})
    towns = [{"da": f"By {number}", "en": f"Town {number}"} for number in range(len(delivered))]
    return PAGES.part(
        request,
        "post-live.html",
        assemblies=[(town, counts(done)) for town, done in zip(towns, delivered, strict=True)],
        order=list(KINDS),
        template_words=TEMPLATE_WORDS,
        channel_words=CHANNEL_WORDS,
        now=NOON,
        following=True,
    )


def read_out(page: str) -> list[str]:
    return re.findall(r'role="status">([^<]*)<', page)


def test_what_is_read_out_changes_at_each_tenth_and_never_says_more_than_has_been_sent() -> None:
    assert read_out(post(0)) == read_out(post(19)) == ["At least 0 % has been sent."]
    assert read_out(post(20)) == read_out(post(39)) == ["At least 10 % has been sent."]
    assert read_out(post(199)) == ["At least 90 % has been sent."]
    assert read_out(post(200)) == ["Everything has been sent."]
    assert read_out(post(0, total=0)) == [""]


def test_two_assemblies_are_told_apart_by_sight_and_by_ear() -> None:
    page = post(10, 200)
    ids = re.findall(r' id="([^"]+)"', page)
    tables = re.findall(r"<caption[^>]*>([^<]+)<", page)
    assert len(ids) == len(set(ids)) == 2
    assert tables == ["Town 0: shipments by kind and channel", "Town 1: shipments by kind and channel"]
    assert read_out(page) == ["At least 0 % has been sent.", "Everything has been sent."]
