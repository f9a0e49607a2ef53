"""What is wrong with a template's text, all of it and with its place, before anybody can be sent it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import Literal

from notifications.domain.message import Block, Template, TemplateError, parse

SUBJECT_LIMIT = 256
"""Characters of a subject with its fields filled in (MeMo 1.2: any text)."""
ADDRESS_LIMIT = 256
"""Characters of a link (MeMo 1.2)."""
BODY_LIMIT = 10_000
"""Characters of a body as it is written: about four pages of a letter."""

_LINK = re.compile(r"\[(?P<label>[^\]]*)\]\((?P<url>[^)]*)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_FIELD = re.compile(r"{(\w+)}")
_BRACED = re.compile(r"{[^{}]*}")
_UNENCRYPTED = re.compile(r"http://\S*", re.IGNORECASE)
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile(
    r"^(?:#{1,6}(?=\s)|[*+]\s|>\s?|```|~~~|\||(?:-{3,}|={3,}|_{3,})$)"  # headings, other lists, quotes, code, tables
    r"|!\[|</?[a-z!][^>]*>|`[^`]+`|~~\S"  # pictures, HTML, code, struck out
    r"|(?<![*\w])\*[^*\s](?:[^*]*[^*\s])?\*(?![*\w])|(?<!\w)_{1,2}[^_\s](?:[^_]*[^_\s])?_{1,2}(?!\w)",  # italics
    re.IGNORECASE,
)


class Rule(StrEnum):
    """The rules a text can break."""

    NO_SUBJECT = "no-subject"
    LONG_SUBJECT = "long-subject"
    NO_BODY = "no-body"
    LONG_BODY = "long-body"
    UNKNOWN_FIELD = "unknown-field"
    NOT_A_FIELD = "not-a-field"
    LONELY_BRACE = "lonely-brace"
    MISSING_FIELD = "missing-field"
    FIELD_SOME_LACK = "field-some-lack"
    LONELY_STARS = "lonely-stars"
    MARKUP = "markup"
    LIST_PLACE = "list-place"
    LINK_PLACE = "link-place"
    LINK_ADDRESS = "link-address"
    LONG_ADDRESS = "long-address"
    BLOCK_PLACE = "block-place"
    UNENCRYPTED = "unencrypted"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a kind of message may and must name.

    `lackable`: fields that not everyone has. A block that names one is left out for who has none.
    `addresses`: fields that are an address a link may lead to.
    `examples`: what a field may be filled with; how long a subject becomes is measured with them.
    `blocks`: fields that are paragraphs and lists of their own.
    """

    allowed: frozenset[str]
    required: frozenset[str] = frozenset()
    lackable: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    examples: Mapping[str, str] = field(default_factory=dict)
    blocks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Flaw:
    """A rule that is broken. `line` counts the body's from 1, and is 0 where it is the whole. `what` is the piece."""

    rule: Rule
    place: Literal["subject", "body"]
    line: int = 0
    what: str = ""


def clean(subject: str, body: str) -> tuple[str, str]:
    """Return a text as it is kept: a subject of one line, a body with plain line ends and nothing around it."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return " ".join(subject.split()), "\n".join(line.rstrip() for line in lines).strip("\n ")


def as_source(subject: str, body: str) -> str:
    """Return the two as one text, as a ready text's file has them."""
    return f"# {subject}\n\n{body}\n"


def check(subject: str, body: str, rules: Rules) -> list[Flaw]:
    """Return everything that is wrong with a cleaned text, in the order of its lines."""
    flaws = [*_of_subject(subject, rules), *_of_body(body, rules)]
    if flaws:
        return flaws
    try:
        template = parse("", as_source(subject, body))
        template.fields()
    except TemplateError:  # the last word is the parser's: a field that bold cuts in two, say
        return [Flaw(Rule.LONELY_BRACE, "body")]
    return [Flaw(Rule.MISSING_FIELD, "body", what=name) for name in _missing(template, rules)]


def _of_subject(subject: str, rules: Rules) -> Iterator[Flaw]:
    if not subject:
        yield Flaw(Rule.NO_SUBJECT, "subject")
        return
    for rule, what in _of_text(subject, rules):
        yield Flaw(rule, "subject", 0, what)
    if marks := _MARKUP.search(_BRACED.sub("", subject)) or _LINK.search(subject) or re.search(r"\*\*", subject):
        yield Flaw(Rule.MARKUP, "subject", 0, marks[0])
    names = _FIELD.findall(subject)
    for name in names:
        if name in rules.lackable:
            yield Flaw(Rule.FIELD_SOME_LACK, "subject", 0, name)
    filled = _FIELD.sub(lambda found: rules.examples.get(found[1], found[0]), subject)
    if len(filled) > SUBJECT_LIMIT:
        yield Flaw(Rule.LONG_SUBJECT, "subject", 0, str(len(filled)))


def _of_body(body: str, rules: Rules) -> Iterator[Flaw]:
    if not body.strip():
        yield Flaw(Rule.NO_BODY, "body")
        return
    if len(body) > BODY_LIMIT:
        yield Flaw(Rule.LONG_BODY, "body", 0, str(len(body)))
        return
    for first, lines in _parts(body):
        for number, line in enumerate(lines, first):
            for rule, what in _of_text(line, rules):
                yield Flaw(rule, "body", number, what)
        yield from _of_part(first, lines, rules)


def _of_part(first: int, lines: list[str], rules: Rules) -> Iterator[Flaw]:
    """Judge the markup of what stands between two empty lines."""
    whole = " ".join(lines)
    yield from _of_blocks(first, lines, rules)
    link = _LINK.fullmatch(whole)
    if link:
        if not link["label"].strip() or "**" in link["label"]:
            yield Flaw(Rule.LINK_PLACE, "body", first, whole)
        yield from _of_address(first, link["url"], rules)
        return
    is_list = lines[0].startswith("- ")
    for number, line in enumerate(lines, first):
        if found := _LINK.search(line):
            yield Flaw(Rule.LINK_PLACE, "body", number, found[0])
        elif not is_list and line.startswith("- "):
            yield Flaw(Rule.LIST_PLACE, "body", number, line)
        elif marks := _MARKUP.search(_BRACED.sub("", line)):
            yield Flaw(Rule.MARKUP, "body", number, marks[0] if len(marks[0]) > 2 else line)
        elif "**" in _BOLD.sub("", line):
            yield Flaw(Rule.LONELY_STARS, "body", number, line)


def _of_blocks(first: int, lines: list[str], rules: Rules) -> Iterator[Flaw]:
    """Judge the place of fields that are paragraphs of their own."""
    for number, line in enumerate(lines, first):
        for name in _FIELD.findall(line):
            if name in rules.blocks and lines != [f"{{{name}}}"]:
                yield Flaw(Rule.BLOCK_PLACE, "body", number, name)


def _of_address(line: int, url: str, rules: Rules) -> Iterator[Flaw]:
    named = _FIELD.fullmatch(url)
    if named:
        if named[1] in rules.allowed - rules.addresses:
            yield Flaw(Rule.LINK_ADDRESS, "body", line, url)
    elif len(url) > ADDRESS_LIMIT:
        yield Flaw(Rule.LONG_ADDRESS, "body", line, str(len(url)))
    elif not re.fullmatch(r"https://[^\s/{}]+\.[^\s{}]+", url) and not _UNENCRYPTED.search(url):
        yield Flaw(Rule.LINK_ADDRESS, "body", line, url)


def _of_text(text: str, rules: Rules) -> Iterator[tuple[Rule, str]]:
    if found := _NO_XML.search(text):
        yield Rule.CHARACTER, f"U+{ord(found[0]):04X}"
    if found := _UNENCRYPTED.search(text):
        yield Rule.UNENCRYPTED, found[0].rstrip(").,")
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        yield Rule.LONELY_BRACE, text
        return
    for _, name, specification, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or specification or conversion:
            yield Rule.NOT_A_FIELD, name
        elif name not in rules.allowed:
            yield Rule.UNKNOWN_FIELD, name


def _parts(body: str) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between empty lines, each with the number of its first line."""
    lines: list[str] = []
    for number, line in enumerate([*body.split("\n"), ""], 1):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield number - len(lines), lines
            lines = []


def _missing(template: Template, rules: Rules) -> list[str]:
    """Return the required fields that someone would be sent the message without."""
    there: set[str] = set()
    for block in template.blocks:
        named = _named(block)
        if not named & rules.lackable:
            there |= named
    return sorted(rules.required - there)


def _named(block: Block) -> set[str]:
    return set(_FIELD.findall(block.text)) | set(_FIELD.findall(block.url))
