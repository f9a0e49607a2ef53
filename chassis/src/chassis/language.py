"""The two languages of the pages: catalogues, dates, numbers and Danish alphabetical order.

Messages are English in the code; `locales/da.po` of the service and of the chassis hold the Danish. Catalogues are read
at run time (no compiled .mo to forget), once.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

Lang = Literal["da", "en"]
LANGUAGES: tuple[Lang, ...] = ("da", "en")
DEFAULT: Lang = "da"
LOCAL = ZoneInfo("Europe/Copenhagen")

# After z: Æ Ø Å are the last three letters of the Danish alphabet, and Aa is an old Å. Private code points, so that
# nothing anyone writes sorts between them.
_DANISH = str.maketrans({"æ": "\ue000", "ä": "\ue000", "ø": "\ue001", "ö": "\ue001", "å": "\ue002", "ü": "y"})


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark for translation, translate later"
    """Mark a message that is translated where it is shown."""
    return message


def danish_sort_key(text: str) -> tuple[str, str]:
    """Return a key that sorts as a Danish reader expects: Æ, Ø, Å last, Aa as Å, accents and case ignored."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("aa", "å").translate(_DANISH)
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return plain, text


@cache
def _catalogue(package: str) -> Catalog | None:
    resource = files(package) / "locales" / "da.po"
    if not resource.is_file():
        return None
    return read_po(StringIO(resource.read_text(encoding="utf-8")), locale="da")


class Words:
    """One language's words and formats for one service; the service's catalogue goes before the chassis'."""

    def __init__(self, lang: Lang, package: str) -> None:
        self.lang = lang
        read = (_catalogue(name) for name in dict.fromkeys((package, "chassis")))
        self._catalogues = [c for c in read if c is not None] if lang == "da" else []

    def gettext(self, message: str, /, **values: Any) -> str:
        """Translate; with values, fill in `%(name)s` safely for HTML."""
        return _fill(self._find(message) or message, values)

    def ngettext(self, singular: str, plural: str, count: int, /, **values: Any) -> str:
        """Translate by number; `%(num)s` is the number as people write it."""
        # Danish and English have the same rule: one is singular, all else plural.
        translated = self._find(singular, 0 if count == 1 else 1)
        template = translated or (singular if count == 1 else plural)
        return _fill(template, {"num": self.format_number(count), **values})

    def _find(self, message: str, form: int = 0) -> str | None:
        for catalogue in self._catalogues:
            found = catalogue.get(message)
            if found is None or found.fuzzy:
                continue
            texts = (found.string,) if isinstance(found.string, str) else tuple(found.string or ())
            if form < len(texts) and texts[form]:
                return texts[form]
        return None

    def format_date(self, day: date) -> str:
        """Write a day, `1. marts 2027` or `1 March 2027`; a moment becomes the day it is in Copenhagen."""
        if isinstance(day, datetime):
            day = day.astimezone(LOCAL).date()
        return babel_date(day, "d. MMMM y" if self.lang == "da" else "d MMMM y", locale=self.lang)

    def format_datetime(self, moment: datetime) -> str:
        """Write a moment in Copenhagen's time, 24-hour clock."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone cannot be shown as local time")
        local = moment.astimezone(LOCAL)
        return f"{self.format_date(local)} {'kl.' if self.lang == 'da' else 'at'} {local:%H:%M}"

    def format_number(self, number: float) -> str:
        """Write a number with the language's separators: 11.752 in Danish, 11,752 in English."""
        return str(format_decimal(number, locale=self.lang))

    def text(self, both: object) -> str:
        """Choose from a bilingual text: an object or a mapping with `da` and `en`. A plain string is itself."""
        if isinstance(both, str):
            return both
        if isinstance(both, Mapping):
            return str(both[self.lang])
        return str(getattr(both, self.lang))


def _fill(template: str, values: Mapping[str, Any]) -> str:
    # Without values the message is left as it is, so a lone per cent sign is not a trap. With values both the message
    # and what is filled in are escaped, so the result can be shown as it is.
    return Markup(escape(template)) % values if values and "%(" in template else template  # noqa: S704
