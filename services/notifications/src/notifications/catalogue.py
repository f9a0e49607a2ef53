"""The messages there are, read from `messages/<language>/<template>.md` and checked before the service starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from chassis.language import LANGUAGES, Lang
from contracts.notifications import ERASED, SIGN_IN_CODE
from notifications.domain.message import Template, TemplateError, parse

ActionCode = Literal["TILMELDING", "SELVBETJENING", "INFORMATION", "AFTALE"]
COMMON = frozenset({"assembly", "municipality", "contact", "assembly_link"})
PERSONAL = frozenset({"name"})
SESSION = frozenset({"title", "starts", "ends", "place"})
STATUS = frozenset({"title", "reported", "followed", "partly", "not_followed", "link"})


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

    @property
    def resident(self) -> bool:
        """To someone of the roll, who has a name, and Digital Post or an address."""
        return not self.staff and not self.follower

    @property
    def allowed(self) -> frozenset[str]:
        """Every field it may name."""
        return COMMON | self.fields | (PERSONAL if self.resident else frozenset())


KINDS: Mapping[str, Kind] = {
    "invitation": Kind(frozenset({"link", "deadline", "panel_size", "purpose", "reference"}), "TILMELDING", bulk=True),
    "reminder": Kind(
        frozenset({"link", "deadline", "panel_size", "reference"}), "TILMELDING", bulk=True, unanswered=True
    ),
    "receipt": Kind(frozenset({"link", "draw_code"}), "SELVBETJENING", steady=True),
    "drawn": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING"),
    "alternate": Kind(frozenset({"link"}), "SELVBETJENING"),
    "not-drawn": Kind(frozenset({"draw_link", "draw_code"})),
    SIGN_IN_CODE: Kind(
        frozenset({"code", "expires", "link"}), "SELVBETJENING", paper=False, under="/medlem/kode", steady=True
    ),
    "seat-taken-over": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING", steady=True),
    "seat-reminder": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING", steady=True),
    "seat-returned": Kind(frozenset({"link", "answer_by"}), "SELVBETJENING", steady=True),
    "seat-not-free": Kind(frozenset({"link"}), "SELVBETJENING", steady=True),
    "session-call": Kind(SESSION, "AFTALE"),
    "session-changed": Kind(SESSION, "AFTALE"),
    "session-call-staff": Kind(SESSION, "AFTALE", staff=True),
    "session-changed-staff": Kind(SESSION, "AFTALE", staff=True),
    "materials": Kind(frozenset({"title", "link"})),
    "minutes": Kind(frozenset({"title", "link"})),
    "evaluation": Kind(frozenset({"link"})),
    "delivery": Kind(frozenset({"link"})),
    ERASED: Kind(frozenset({"link"}), steady=True),
    "job-stopped": Kind(frozenset({"title", "failed", "ended", "link"}), staff=True, steady=True),
    "status-due-soon": Kind(frozenset({"title", "due", "days", "link"}), staff=True, steady=True),
    "status-due": Kind(frozenset({"title", "due", "link"}), staff=True, steady=True),
    "status-overdue": Kind(frozenset({"title", "due", "days", "link"}), staff=True, steady=True),
    "status-published": Kind(STATUS),
    "follow-confirm": Kind(frozenset({"link", "stop", "expires"}), follower=True, steady=True),
    "status-published-follower": Kind(STATUS | {"stop"}, follower=True, bulk=True),
}


class Catalogue:
    """All templates in both languages."""

    def __init__(self, sources: Mapping[tuple[str, str], str] | None = None) -> None:
        """Read and check. TemplateError names the template and the rule, so that a wrong one stops the start.

        `sources`: (language, template) -> text, instead of the package's own files.
        """
        self._templates: dict[tuple[str, str], Template] = {}
        for lang in LANGUAGES:
            for name, kind in KINDS.items():
                where = f"messages/{lang}/{name}.md"
                source = _packaged(where) if sources is None else sources.get((lang, name))
                if source is None:
                    raise TemplateError(f"{where}: the template is missing")
                template = parse(where, source)
                if unknown := template.fields() - kind.allowed:
                    raise TemplateError(f"{where}: unknown field {', '.join(sorted(unknown))}")
                self._templates[lang, name] = template

    def get(self, lang: Lang, name: str) -> Template:
        """Return a template; KeyError for an unknown one."""
        return self._templates[lang, name]


def _packaged(where: str) -> str | None:
    resource = files("notifications") / where
    return resource.read_text(encoding="utf-8") if resource.is_file() else None
