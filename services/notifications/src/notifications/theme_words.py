"""A status, theme by theme, as paragraphs of a message: the recipient's own first, with all that is new in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.language import N_, Words
from notifications.domain.message import Block, Run

VERDICT_WORDS = {
    "followed": N_("followed"),
    "partly": N_("partly followed"),
    "not-followed": N_("not followed"),
}
STANDS = N_("%(followed)s followed, %(partly)s partly followed, %(not_followed)s not followed")

# Filled in with Python's own `%`: gettext's own way is for pages, and would write an ampersand as `&amp;` in a letter.


def theme_blocks(themes: Sequence[Mapping[str, Any]], words: Words) -> tuple[Block, ...]:
    """Return the blocks; `themes` are what `telling.theme_fields` made of the status."""
    say = words.gettext
    mine, others = ([one for one in themes if one["mine"] is own] for own in (True, False))
    blocks = [block for one in mine for block in _own(one, words)]
    if others:
        blocks.append(_bold(say(N_("The other themes")) if mine else say(N_("Theme by theme"))))
        blocks += [
            _item(f"{words.text(one['title'])}: {_stands(one, words)}{_how_much_is_new(one, words)}") for one in others
        ]
    return tuple(blocks)


def as_example(blocks: Sequence[Block]) -> str:
    """Return blocks on one line, as a table of fields shows them."""
    return " · ".join(block.text for block in blocks)


def _own(theme: Mapping[str, Any], words: Words) -> list[Block]:
    say = words.gettext
    heading = Run(say(N_("Your theme: %(theme)s")) % {"theme": words.text(theme["title"])}, bold=True)
    blocks = [Block("paragraph", (heading, Run(f"\n{_stands(theme, words)}")))]
    if not theme["news"]:
        return [*blocks, _paragraph(say(N_("Nothing is new in it since the last status.")))]
    blocks.append(_paragraph(say(N_("The answers:")) if theme["first"] else say(N_("New since the last status:"))))
    return [*blocks, *(_item(_news(one, words)) for one in theme["news"])]


def _news(one: Mapping[str, Any], words: Words) -> str:
    say, now, was = words.gettext, one["answer"], one["was"]
    answer = say(VERDICT_WORDS[now])
    if was is not None and was != now:
        answer = say(N_("%(answer)s (before: %(was)s)")) % {"answer": answer, "was": say(VERDICT_WORDS[was])}
    elif was is not None and one["progress"] == one["was_progress"]:
        answer = say(N_("%(answer)s, the answer has new words")) % {"answer": answer}
    parts = [answer]
    if was is not None and one["progress"] != one["was_progress"]:
        carried_out = say(N_("%(progress)s %% carried out (before: %(was)s %%)"))
        parts.append(carried_out % {"progress": one["progress"], "was": one["was_progress"]})
    elif was is None and one["progress"]:
        parts.append(say(N_("%(progress)s %% carried out")) % {"progress": one["progress"]})
    which = say(N_("Recommendation %(number)s, %(title)s")) % {"number": one["number"], "title": one["title"]}
    return f"{which}: {', '.join(parts)}"


def _stands(theme: Mapping[str, Any], words: Words) -> str:
    stands = words.gettext(STANDS) % {name: theme[name] for name in ("followed", "partly", "not_followed")}
    if not theme["completed"]:
        return stands
    closed = words.ngettext("%(num)s is closed", "%(num)s are closed", theme["completed"])
    return f"{stands}; {closed}"


def _how_much_is_new(theme: Mapping[str, Any], words: Words) -> str:
    if theme["first"]:
        return ""
    new = words.gettext(N_("nothing is new"))
    if number := theme["changed"]:
        new = words.ngettext("%(num)s is new since the last status", "%(num)s are new since the last status", number)
    return f"; {new}"


def _paragraph(text: str) -> Block:
    return Block("paragraph", (Run(text),))


def _bold(text: str) -> Block:
    return Block("paragraph", (Run(text, bold=True),))


def _item(text: str) -> Block:
    return Block("item", (Run(text),))
