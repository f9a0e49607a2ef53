"""Bilingual texts between the facts, where they are models, and the domain, where they are plain mappings."""

from contracts.base import Text
from followup.domain.mandate import Words


def as_words(text: Text) -> Words:
    """Return a fact's text as the domain keeps it."""
    return {"da": text.da, "en": text.en}


def as_text(words: Words) -> Text:
    """Return the domain's words as facts carry them."""
    return Text(da=words["da"], en=words["en"])
