"""The secretariat's files on a system that runs: one refused, one that waits to be confirmed, one that is written."""

import csv
import io
import re
import time
from collections.abc import Mapping

import httpx

from support.pages import CHECKED, REFUSED, ROLL, WRITTEN

SECONDS = 60.0
_IMPORT = re.compile(rf"{ROLL}/([0-9a-f]{{32}})")
_FORM = re.compile(r'<form[^>]*id="roll-form".*?name="seal" value="([^"]+)"', re.DOTALL)


class Files:
    """Handed in when they are first asked for; `roll` is the one the course was played with."""

    def __init__(self, url: str, cookies: Mapping[str, str], roll: bytes) -> None:
        self._roll = roll
        self._found: dict[str, str] = {}
        self._http = {"base_url": url, "cookies": dict(cookies), "headers": {"accept": "text/html"}}

    def job(self, which: str) -> str:
        """Return the id of a file's import."""
        if which == CHECKED:
            self.job(REFUSED)  # first: while one waits to be confirmed, no other is taken
        if which not in self._found:
            with httpx.Client(**self._http, trust_env=False) as http:  # type: ignore[arg-type]
                if which == WRITTEN:
                    self._found[which] = _IMPORT.findall(http.get(ROLL).text)[0]
                else:
                    self._found[which] = self._hand_in(http, self._broken() if which == REFUSED else self._later())
        return self._found[which]

    def _hand_in(self, http: httpx.Client, body: bytes) -> str:
        form = _FORM.search(http.get(ROLL).text)
        assert form, "another file is under way"
        answer = http.post(ROLL, data={"seal": form[1]}, files={"roll": ("roll.csv", body, "text/csv")})
        assert answer.status_code == 303, answer.text
        where = answer.headers["location"].partition("?")[0]
        deadline = time.monotonic() + SECONDS
        while "data-hx-sse-connect" in http.get(where).text:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return str(where.rpartition("/")[2])

    def _broken(self) -> bytes:
        rows = self._rows()
        rows[1]["postcode"], rows[2]["house_number"], rows[4]["cpr"] = "279", "12-14", rows[3]["cpr"]
        return _written(rows)

    def _later(self) -> bytes:
        rows = self._rows()[5:]
        rows[0]["street"] = rows[1]["street"] = "Ny Vej"
        return _written(rows)

    def _rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self._roll.decode("utf-8-sig")), delimiter=";"))


def _written(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


FILES = (REFUSED, CHECKED, WRITTEN)
