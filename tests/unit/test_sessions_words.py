"""The pages of the sessions service speak Danish as well as English."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import sessions

PACKAGE = Path(sessions.__file__).parent
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def said() -> set[str]:
    rows = extract_from_dir(PACKAGE, [("templates/**.html", "jinja2"), ("**.py", "python")], keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in rows}


def test_every_message_has_its_danish_words_and_no_danish_is_left_over() -> None:
    with (PACKAGE / "locales" / "da.po").open(encoding="utf-8") as file:
        catalogue = read_po(file, locale="da")
    danish = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not message.fuzzy and message.string and all(message.string)
    }
    assert len(said()) > 80
    assert said() == danish
