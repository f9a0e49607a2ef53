"""A message as HTML and as plain text."""

from html import escape
from itertools import groupby

from notifications.domain.message import Block, Message, Run


def as_html(message: Message, lang: str) -> str:
    """Return a whole HTML document, without styles or pictures: Digital Post shows it in its own."""
    title = escape(message.subject)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{body_html(message)}</body></html>"
    )


def body_html(message: Message) -> str:
    """Return what stands under the subject in the HTML document."""
    parts = []
    for is_item, blocks in groupby(message.blocks, key=lambda block: block.kind == "item"):
        inner = "".join(_block(block) for block in blocks)
        parts.append(f"<ul>{inner}</ul>" if is_item else inner)
    return "".join(parts)


def as_text(message: Message) -> str:
    """Return the body as plain text; a link stands under its label."""
    lines: list[str] = []
    for block in message.blocks:
        if block.kind == "item":
            if lines and lines[-1] == "" and len(lines) > 1 and lines[-2].startswith("- "):
                lines.pop()
            lines += [f"- {block.text}", ""]
        elif block.kind == "link":
            lines += [f"{block.text}:", block.url, ""]
        else:
            lines += [block.text, ""]
    return "\n".join(lines).strip() + "\n"


def _block(block: Block) -> str:
    if block.kind == "item":
        return f"<li>{_runs(block.runs)}</li>"
    if block.kind == "link":
        return f'<p><a href="{escape(block.url)}">{escape(block.text)}</a></p>'
    return f"<p>{_runs(block.runs)}</p>"


def _runs(runs: tuple[Run, ...]) -> str:
    shown = (escape(run.text).replace("\n", "<br>") for run in runs)
    return "".join(f"<strong>{text}</strong>" if run.bold else text for run, text in zip(runs, shown, strict=True))
