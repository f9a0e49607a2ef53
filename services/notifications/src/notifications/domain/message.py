"""Templates: a subject and a body in a small Markdown, with named fields.

    # Subject with {fields}

    A paragraph, with **bold** words. A new line is a new line.

    - a list

    [Label of the link]({link})

Fields are filled in after the text is taken apart, so that nothing in a name or a title is ever read as markup. A block
that names a field which is None is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal

Kind = Literal["paragraph", "item", "link"]
_LINK = re.compile(r"\[(?P<label>[^\]]+)\]\((?P<url>[^)]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


class TemplateError(Exception):
    """A template that cannot be used; the message names it and the rule."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list, or a link on a line of its own (`url`)."""

    kind: Kind
    runs: tuple[Run, ...]
    url: str = ""

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Message:
    """What a recipient reads, in any channel's form."""

    subject: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template."""

    name: str
    subject: str
    blocks: tuple[Block, ...]

    def fields(self) -> set[str]:
        """Return the names of the fields it uses; TemplateError for a field that is more than a name."""
        found: set[str] = set()
        for text in self._texts():
            try:
                parts = list(Formatter().parse(text))
            except ValueError as error:
                raise TemplateError(f"{self.name}: a brace without its other half in {text[:40]!r}") from error
            for _, name, specification, conversion in parts:
                if name is None:
                    continue
                if not name.isidentifier() or specification or conversion:
                    raise TemplateError(f"{self.name}: {{{name}}} is not a plain field name")
                found.add(name)
        return found

    def fill(self, values: Mapping[str, str | tuple[Block, ...] | None]) -> Message:
        """Fill in the fields, without the blocks that name one which is None; KeyError names one that is not there.

        A field whose value is blocks is these blocks, in the place of the paragraph that holds its name alone.
        """
        lacking = [f"{{{name}}}" for name, value in values.items() if value is None]
        made = {f"{{{name}}}": value for name, value in values.items() if isinstance(value, tuple)}
        blocks: list[Block] = []
        for b in self.blocks:
            text = b.text
            if text in made:
                blocks += made[text]
            elif not any(field in text for field in lacking):
                runs = tuple(Run(r.text.format_map(values), r.bold) for r in b.runs)
                blocks.append(Block(b.kind, runs, b.url.format_map(values)))
        return Message(self.subject.format_map(values), tuple(blocks))

    def _texts(self) -> Iterator[str]:
        yield self.subject
        for block in self.blocks:
            yield block.url
            for run in block.runs:
                yield run.text


def parse(name: str, source: str) -> Template:
    """Take a template apart; TemplateError when it has no subject or no body."""
    first, _, rest = source.strip().partition("\n")
    if not first.startswith("# "):
        raise TemplateError(f"{name}: the first line must be the subject, `# ...`")
    blocks = [block for part in re.split(r"\n\s*\n", rest.strip()) if part.strip() for block in _blocks(part)]
    if not blocks:
        raise TemplateError(f"{name}: there is no body")
    return Template(name, first[2:].strip(), tuple(blocks))


def _blocks(part: str) -> Iterator[Block]:
    lines = [line.strip() for line in part.strip().splitlines()]
    if lines[0].startswith("- "):
        for item in _items(lines):
            yield Block("item", _runs(item))
    elif link := _LINK.fullmatch(" ".join(lines)):
        yield Block("link", (Run(link["label"]),), link["url"])
    else:
        yield Block("paragraph", _runs("\n".join(lines)))


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f" {line}"
    return items


def _runs(text: str) -> tuple[Run, ...]:
    # re.split with one group: plain, bold, plain, bold, ...
    return tuple(Run(part, bool(i % 2)) for i, part in enumerate(_BOLD.split(text)) if part)
