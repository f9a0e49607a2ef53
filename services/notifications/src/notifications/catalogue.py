"""The messages there are, read from `messages/<language>/<template>.md` and checked before the service starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from chassis.language import LANGUAGES, Lang
from contracts.notifications import ERASED, SIGN_IN_CODE
from notifications.domain.checking import Rules, check, clean
from notifications.domain.message import Template, TemplateError, parse

ActionCode = Literal["TILMELDING", "SELVBETJENING", "INFORMATION", "AFTALE"]
COMMON = frozenset({"assembly", "municipality", "contact", "assembly_link"})
PERSONAL = frozenset({"name"})
SESSION = frozenset({"title", "starts", "ends", "place"})
STATUS = frozenset({"title", "reported", "followed", "partly", "not_followed", "themes", "choose", "link"})
BLOCKS = frozenset({"themes"})
"""Fields that are paragraphs and lists of their own: each stands alone between two empty lines."""
LACKABLE = frozenset({"reference", "draw_code", "answer_by"}) | BLOCKS
"""Fields that not everyone has: a block of a text that names one is left out for who has none."""
ADDRESSES = frozenset({"link", "assembly_link", "draw_link", "stop", "choose"})
"""Fields that a link of a text may lead to."""
EXTENDED = frozenset({"title", "previous", "due", "reason", "link"})
LINK, STOP, REASON = frozenset({"link"}), frozenset({"stop"}), frozenset({"reason"})
WHEN_AND_WHERE = frozenset({"starts", "place"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What a template may name besides COMMON, and what Digital Post offers to do about its link."""

    fields: frozenset[str]
    action: ActionCode = "INFORMATION"
    staff: bool = False
    follower: bool = False
    """To who follows by e-mail: nobody knows their name."""
    bulk: bool = False
    """Sent by the thousand: it waits behind the single ones, and is traced by the batch."""
    paper: bool = True
    """Whether who has no Digital Post gets it as a letter."""
    under: str = ""
    """The page under the personal link that `link` leads to; the first one when empty."""
    unanswered: bool = False
    """Only to who has answered neither yes nor no."""
    steady: bool = False
    """Sent day by day, to one at a time: all of an assembly's are one job."""
    required: frozenset[str] = frozenset()
    """The fields without which the message would be of no use: a text that lacks one is refused."""

    @property
    def resident(self) -> bool:
        """To someone of the roll, who has a name, and Digital Post or an address."""
        return not self.staff and not self.follower

    @property
    def allowed(self) -> frozenset[str]:
        """Every field it may name."""
        return COMMON | self.fields | (PERSONAL if self.resident else frozenset())

    def rules(self, examples: Mapping[str, str] | None = None) -> Rules:
        """Return what its texts are checked by; `examples` are what fields may be filled with."""
        return Rules(self.allowed, self.required, LACKABLE, ADDRESSES, examples or {}, BLOCKS)


KINDS: Mapping[str, Kind] = {
    "invitation": Kind(
        frozenset({"link", "deadline", "panel_size", "purpose", "reference"}), "TILMELDING", bulk=True, required=LINK
    ),
    "reminder": Kind(
        frozenset({"link", "deadline", "panel_size", "reference"}),
        "TILMELDING",
        bulk=True,
        unanswered=True,
        required=LINK,
    ),
    "receipt": Kind(frozenset({"link", "draw_code"}), "SELVBETJENING", steady=True, required=LINK),
    "drawn": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING", required=LINK),
    "alternate": Kind(frozenset({"link"}), "SELVBETJENING", required=LINK),
    "not-drawn": Kind(frozenset({"draw_link", "draw_code"})),
    SIGN_IN_CODE: Kind(
        frozenset({"code", "expires", "link"}),
        "SELVBETJENING",
        paper=False,
        under="/medlem/kode",
        steady=True,
        required=frozenset({"code"}),
    ),
    "seat-taken-over": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING", steady=True, required=LINK),
    "seat-reminder": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING", steady=True, required=LINK),
    "seat-returned": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING", steady=True, required=LINK),
    "seat-not-free": Kind(frozenset({"link"}), "SELVBETJENING", steady=True),
    "session-call": Kind(SESSION, "AFTALE", required=WHEN_AND_WHERE),
    "session-changed": Kind(SESSION, "AFTALE", required=WHEN_AND_WHERE),
    "session-call-staff": Kind(SESSION, "AFTALE", staff=True, required=WHEN_AND_WHERE),
    "session-changed-staff": Kind(SESSION, "AFTALE", staff=True, required=WHEN_AND_WHERE),
    "materials": Kind(frozenset({"title", "link"}), required=LINK),
    "minutes": Kind(frozenset({"title", "link"}), required=LINK),
    "evaluation": Kind(frozenset({"link"}), required=LINK),
    "delivery": Kind(frozenset({"link"}), required=LINK),
    ERASED: Kind(frozenset({"link"}), steady=True),
    "job-stopped": Kind(frozenset({"title", "failed", "ended", "link"}), staff=True, steady=True, required=LINK),
    "status-due-soon": Kind(frozenset({"title", "due", "days", "link"}), staff=True, steady=True, required=LINK),
    "status-due": Kind(frozenset({"title", "due", "link"}), staff=True, steady=True, required=LINK),
    "status-overdue": Kind(frozenset({"title", "due", "days", "link"}), staff=True, steady=True, required=LINK),
    "status-published": Kind(STATUS, required=LINK),
    "status-extended": Kind(EXTENDED, required=LINK | REASON),
    "status-extended-follower": Kind(EXTENDED | STOP, follower=True, bulk=True, required=LINK | REASON | STOP),
    "status-extended-staff": Kind(EXTENDED, staff=True, steady=True, required=LINK | REASON),
    "follow-confirm": Kind(frozenset({"link", "stop", "expires"}), follower=True, steady=True, required=LINK | STOP),
    "status-published-follower": Kind(STATUS | STOP, follower=True, bulk=True, required=LINK | STOP),
}


class Catalogue:
    """All ready texts in both languages: version 0 of each, until the secretariat saves one of its own."""

    def __init__(self, sources: Mapping[tuple[str, str], str] | None = None) -> None:
        """Read and check. TemplateError names the template and the rule, so that a wrong one stops the start.

        `sources`: (language, template) -> text, instead of the package's own files.
        """
        self._templates: dict[tuple[str, str], Template] = {}
        self._words: dict[tuple[str, str], tuple[str, str]] = {}
        for lang in LANGUAGES:
            for name, kind in KINDS.items():
                where = f"messages/{lang}/{name}.md"
                source = _packaged(where) if sources is None else sources.get((lang, name))
                if source is None:
                    raise TemplateError(f"{where}: the template is missing")
                self._templates[lang, name] = parse(where, source)
                subject, _, body = source.strip().partition("\n")
                words = clean(subject.removeprefix("# "), body)
                if flaws := check(*words, kind.rules()):
                    one = flaws[0]
                    raise TemplateError(f"{where}: {one.rule.replace('-', ' ')} {one.what} ({one.place}, {one.line})")
                self._words[lang, name] = words

    def get(self, lang: Lang, name: str) -> Template:
        """Return a template; KeyError for an unknown one."""
        return self._templates[lang, name]

    def words(self, lang: Lang, name: str) -> tuple[str, str]:
        """Return subject and body of a template as they are written; KeyError for an unknown one."""
        return self._words[lang, name]


def _packaged(where: str) -> str | None:
    resource = files("notifications") / where
    return resource.read_text(encoding="utf-8") if resource.is_file() else None
