"""People who follow a course under way by e-mail: their links, out of the mails that the stand-in keeps."""

import itertools
import re
import time

import httpx

from borgersamling.rehearsal.signups import READING_SECONDS
from borgersamling.run_folder import read_run
from support.forms import seals_in
from support.pages import DESK, FOLLOWING
from support.rehearsals import Rehearsal

SECONDS = 60.0
_TOKEN = re.compile(r"/tilmelding/foelg/l/([a-z2-7]{26})")
_NUMBERS = itertools.count(1)


class Mailboxes:
    """Everybody's, at a mail server that delivers to nobody."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._url = rehearsal.url
        self._mails = f"http://127.0.0.1:{read_run(rehearsal.data)['parts']['digital-post']['port']}/standin/mails"

    def asked(self) -> str:
        """Have someone new ask to follow, and return the token of the link they are sent."""
        email = f"anna{next(_NUMBERS)}@eksempel.dk"
        self._send(f"{DESK}/foelg", {"email": email, "language": "da"})
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            mails = httpx.get(self._mails, trust_env=False).json()
            if found := [mail for mail in mails if mail["to"] == email]:
                return _TOKEN.findall(found[0]["text"])[0]
            time.sleep(0.2)
        raise AssertionError("no confirmation came")

    def joined(self) -> str:
        """Have someone new follow, and return the token of their link."""
        token = self.asked()
        self._send(f"{FOLLOWING}/{token}", {})
        return token

    def _send(self, path: str, fields: dict[str, str]) -> None:
        with httpx.Client(base_url=self._url, trust_env=False, headers={"accept": "text/html"}) as http:
            seal = seals_in(http.get(path).text)[0]
            time.sleep(READING_SECONDS)  # faster than a person, a form is not taken
            answer = http.post(path, data=fields | {"seal": seal})
        assert answer.status_code == 303, answer.text
