"""Watches how jobs end, and stops one of which too many fail: what is wrong would be wrong for the rest too.

It is done beside the transactions that move the shipments, so that lanes do not collide over one job: a process that
dies between forgets a batch of ends, which the next ones make up for.
"""

from collections.abc import Sequence
from functools import partial

import structlog

from chassis.language import LANGUAGES, Words
from chassis.service import Service
from notifications.domain.threshold import Threshold
from notifications.repository.jobs import JOBS
from notifications.use_cases.jobs import stop
from notifications.use_cases.recording import Ended
from notifications.words import TEMPLATE_WORDS

log = structlog.get_logger()


class Watch:
    """Keeps the latest ends of each job, and looks at them when there are more."""

    def __init__(self, service: Service, threshold: Threshold) -> None:
        self._service = service
        self._threshold = threshold
        self._words = {lang: Words(lang, "notifications") for lang in LANGUAGES}

    async def see(self, ended: Sequence[Ended]) -> None:
        """Take note of what has ended; stop the jobs of which too many failed."""
        by_job: dict[str, list[bool]] = {}
        for one in ended:
            by_job.setdefault(one.job, []).append(one.failed)
        for job, failed in by_job.items():
            await self._see(job, failed)

    async def _see(self, job: str, failed: Sequence[bool]) -> None:
        window = self._threshold.window
        more = {"$push": {"ended": {"$each": list(failed[-window:]), "$slice": -window}}}
        known = await self._service.db.collection(JOBS).claim({"_id": job}, more)
        if known is None or known["state"] != "running" or not self._threshold.is_passed(known["ended"]):
            return
        said = TEMPLATE_WORDS[known["template"]]
        title: dict[str, str] = {lang: words.gettext(said) for lang, words in self._words.items()}
        if await self._service.transaction(partial(stop, job=job, threshold=self._threshold, title=title)):
            log.error("a job has stopped: too many of it fail", job=job, template=known["template"])
            self._service.poke("dispatch")
