"""Every word on a page is there in Danish, and no catalogue keeps words that no page says."""

import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "chassis": ROOT / "chassis/src/chassis",
    **{path.name: path for path in sorted(ROOT.glob("services/*/src/*")) if (path / "__init__.py").exists()},
}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@cache
def said(package: str) -> frozenset[str]:
    """The messages a package's code and templates say; of a plural, its singular."""
    found = extract_from_dir(
        PACKAGES[package],
        METHODS,
        options_map={"templates/**.html": {"silent": "false", "trimmed": "false"}},
        keywords=KEYWORDS,
    )
    return frozenset(message if isinstance(message, str) else message[0] for _file, _line, message, *_ in found)


@cache
def catalogue(package: str) -> dict[str, Message]:
    file = PACKAGES[package] / "locales" / "da.po"
    if not file.exists():
        return {}
    read = read_po(StringIO(file.read_text(encoding="utf-8")), locale="da", abort_invalid=True)
    return {m.id if isinstance(m.id, str) else m.id[0]: m for m in read if m.id}


def texts(message: Message) -> Iterator[tuple[str, str]]:
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    strings = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    yield from zip(ids, strings, strict=True)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_is_there_in_danish(package: str) -> None:
    assert sorted(said(package) - catalogue(package).keys() - catalogue("chassis").keys()) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_catalogue_keeps_what_nobody_says(package: str) -> None:
    assert sorted(catalogue(package).keys() - said(package)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_translation_is_filled_in_with_the_same_values(package: str) -> None:
    for message in catalogue(package).values():
        assert not message.fuzzy, message.id
        for english, danish in texts(message):
            assert danish, english
            if message.pluralizable:
                assert set(PLACEHOLDER.findall(danish)) <= set(PLACEHOLDER.findall("".join(message.id))), english
            else:
                assert set(PLACEHOLDER.findall(danish)) == set(PLACEHOLDER.findall(english)), english


def test_the_extraction_sees_both_templates_and_code() -> None:
    # Without this the tests above could pass by finding nothing.
    assert {"Skip to the content", "%(title)s as a table", "The page was not found", "Follow-up"} <= said("chassis")
