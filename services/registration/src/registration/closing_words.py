"""What the checklist before closing a pool says."""

from typing import NamedTuple

from chassis.language import N_, Words
from registration.domain.closing import LONGEST, SHORTEST, Item, Refusal


class ItemWords(NamedTuple):
    """An item's title, what it says when all is well, and what to do when it is not."""

    title: str
    fine: str
    todo: str


ITEM_WORDS = {
    Item.BLANKS: ItemWords(
        N_("Answers that are missing"),
        N_("Everyone in the pool has an answer to every criterion."),
        N_("These people lack an answer that the lottery needs. Call them and fill it in with them, or withdraw them."),
    ),
    Item.TRIALS: ItemWords(
        N_("Trial registrations"),
        N_("No trial registration is in the pool."),
        N_("These are trial registrations, and would be drawn as people. Withdraw them."),
    ),
    Item.DUPLICATES: ItemWords(
        N_("Signed up twice"),
        N_("No two people in the pool have the same name together with the same birth date, e-mail or telephone."),
        N_(
            "These are probably one person under two ids. Look each up; withdraw one, or write how you know that they "
            "are two."
        ),
    ),
    Item.EXCLUDED: ItemWords(
        N_("Politicians and others who leave their place"),
        N_("Nobody in the pool is among those who are asked to leave their place to others."),
        N_("These people are among those who are asked to leave their place to others."),
    ),
    Item.GONE: ItemWords(
        N_("Gone from the roll"),
        N_("Nobody in the pool has left the roll, as of the latest roll."),
        N_("These people have signed up, and could not be invited any more: they have moved, died or left the roll."),
    ),
    Item.FEASIBILITY: ItemWords(
        N_("Can a panel be drawn?"),
        N_("The lottery can fill every quota from this pool."),
        N_("Whoever closes now knows that the lottery may find no panel, or that nobody could say whether it does."),
    ),
    Item.EARLY: ItemWords(
        N_("The sign-up’s closing time"),
        N_("The closing time has passed."),
        N_("The closing time has not passed. Closing now takes the chance from those who still mean to answer."),
    ),
}

_REFUSALS = {
    Refusal.STOPS: N_("%(item)s: this must be put right before the pool can be closed"),
    Refusal.TICK: N_("%(item)s: tick that you have judged it"),
    Refusal.COMMENT: N_("%(item)s: write in %(shortest)s to %(longest)s characters how you judged it"),
    Refusal.NEW: N_("%(item)s: something has come up since you looked; judge it anew"),
}


def refusal_words(words: Words, wrong: list[tuple[Item, Refusal]]) -> list[tuple[str, str]]:
    """Return what is wrong as an error summary shows it: the field, and the message."""
    return [(_field(item, refusal), _message(words, item, refusal)) for item, refusal in wrong]


def _field(item: Item, refusal: Refusal) -> str:
    return {Refusal.STOPS: f"{item}-title", Refusal.COMMENT: f"{item}-comment"}.get(refusal, item.value)


def _message(words: Words, item: Item, refusal: Refusal) -> str:
    title = words.gettext(ITEM_WORDS[item].title)
    if refusal is Refusal.COMMENT:
        return words.gettext(_REFUSALS[refusal], item=title, shortest=SHORTEST, longest=LONGEST)
    return words.gettext(_REFUSALS[refusal], item=title)
