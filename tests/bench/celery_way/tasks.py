"""The same job as a user of Celery and Redis would build it: one task a message, which looks up and posts.

Runs in an environment of its own and imports nothing of ours. `WAY` is how careful the user is:

    docs      as the retries in Celery's user guide: five at most, back-off with jitter, acknowledged when begun,
              a UUID in the task's body, where most people write it: a new one at every attempt
    uuid      the same with one UUID a task, given by who calls it
    careful   besides: acknowledged when done, given back when a worker is lost, one task fetched at a time,
              tried for ever

It is spared much that ours does: who they are lies in memory, a letter is a line in a file, and nobody waits for
receipts. Redis writes nothing to disk.
"""

import csv
import json
import os
import uuid
from functools import cache
from pathlib import Path

import requests
from celery import Celery
from celery.signals import worker_ready

URL = os.environ.get("STAND_IN", "")
FOLDER = Path(os.environ.get("FOLDER", "."))
WAY = os.environ.get("WAY", "docs")
CAREFUL = WAY == "careful"
TIMEOUT = float(os.environ.get("TIMEOUT", "10"))
HEADERS = {"Authorization": "Bearer local-system"}

app = Celery("invitations", broker=os.environ.get("BROKER"))
app.conf.update(
    task_ignore_result=True,
    task_acks_late=CAREFUL,
    task_reject_on_worker_lost=CAREFUL,
    worker_prefetch_multiplier=1 if CAREFUL else 4,
    broker_transport_options=json.loads(os.environ.get("TRANSPORT", "{}")),
    broker_connection_retry_on_startup=True,
)
RETRIES = {"max_retries": None if CAREFUL else 5}


@worker_ready.connect
def ready(**_: object) -> None:
    """Say so; Celery's own word for it is lost among a line for every message."""
    print("the worker is ready", flush=True)


@cache
def people() -> list[str]:
    """Return everyone's CPR number."""
    with (FOLDER / "people.csv").open(newline="") as file:
        return [row[0] for row in csv.reader(file)]


@cache
def template() -> str:
    """Return the message, without its UUID and its recipient."""
    return (FOLDER / "memo.xml").read_text()


@cache
def connections(_process: int) -> requests.Session:
    """Return connections that are kept, of this process alone."""
    return requests.Session()


@app.task(autoretry_for=(requests.RequestException,), retry_backoff=True, retry_backoff_max=30, retry_kwargs=RETRIES)
def invite(number: int, message_uuid: str = "") -> None:
    """Look someone up and post their invitation, or write a letter."""
    message_uuid = message_uuid or str(uuid.uuid4())
    cpr = people()[number]
    http = connections(os.getpid())
    found = http.get(f"{URL}/contacts/", params={"cprNumber": cpr}, headers=HEADERS, timeout=TIMEOUT)
    found.raise_for_status()
    [contact] = found.json()["contacts"]
    if contact["mailboxSubscription"]["publicRegistrationStatus"] != "REGISTERED":
        with (FOLDER / "letters.txt").open("a") as letters:
            letters.write(f"{cpr}\n")
        return
    memo = template().replace("{uuid}", message_uuid).replace("{cpr}", cpr)
    http.post(
        f"{URL}/memos/",
        params={"memo-message-uuid": message_uuid},
        data=memo.encode(),
        headers=HEADERS | {"Content-Type": "application/xml"},
        timeout=TIMEOUT,
    ).raise_for_status()
