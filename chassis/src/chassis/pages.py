"""Pages: Jinja templates in two languages, on the common public design system (docs/architecture/pages.md).

A template is looked for in the service's package first, then here. Two environments, one a language, so that macros
know the words without being handed them.
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
)
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.datastructures import QueryParams

from chassis import htmx
from chassis.access import Table
from chassis.clock import Clock
from chassis.identity import Role, caller
from chassis.language import DEFAULT, LANGUAGES, LOCAL, N_, Lang, Words, danish_sort_key
from chassis.seals import Seals
from chassis.settings import Site

__all__ = ["NAVIGATION", "N_", "Link", "Pages", "Site", "danish_sort_key", "static_files"]

COOKIE = "sprog"  # the only cookie a visitor gets: functionally necessary, so no consent banner
COOKIE_SECONDS = 365 * 24 * 3600
CHASSIS = Path(__file__).parent


class Link(NamedTuple):
    """A link of the navigation: where, the English message for it, and which paths count as being there."""

    href: str
    label: str
    under: str = ""


NAVIGATION = (
    Link("/", N_("Front page"), "/samling"),
    Link("/tilmelding", N_("Sign-up")),
    Link("/lodtraekning", N_("Lottery")),
    Link("/opfoelgning", N_("Follow-up")),
    Link("/post", N_("Post")),
    # Below: shown to the roles that may open them, so to nobody who has not signed in.
    Link("/samling/medlem", N_("For members")),
    Link("/tilmelding/tilmeldte", N_("Registrants")),
    Link("/post/job", N_("Mailings")),
    Link("/opfoelgning/opgaver", N_("The council’s answers")),
    Link("/samling/drift", N_("Operations")),
    Link("/tilmelding/indsigt", N_("Who saw what")),
)
ROLES: dict[str, str] = {
    Role.RESIDENT: N_("Resident"),
    Role.MEMBER: N_("Member"),
    Role.SECRETARIAT: N_("Secretariat"),
    Role.EXPERT: N_("Expert adviser"),
    Role.OBSERVER: N_("Observer"),
    Role.OFFICER: N_("Council officer"),
    Role.OPERATOR: N_("Operator"),
    Role.DPO: N_("Data protection officer"),
    Role.PUBLIC: N_("Everyone"),
}
"""What people call the roles."""


class _Compiled(BytecodeCache):
    """The compiled templates of this process, by file and content.

    Words are looked up while a page is rendered, not while its template is compiled, so that both languages use one.
    A filter whose result depends on the language would break that: give such a thing as a global.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Pages:
    """Renders the pages of one service.

    `package` is the service's import name; `clock` says today; `access` decides which links of the menu someone sees;
    `seals` makes what every form carries.
    """

    def __init__(self, package: str, clock: Clock, access: Table, seals: Seals, site: Site | None = None) -> None:
        self._clock, self._access, self._seals = clock, access, seals
        self._site = site or Site()
        self._words: dict[Lang, Words] = {lang: Words(lang, package) for lang in LANGUAGES}
        self._environments = {lang: self._environment(package, words) for lang, words in self._words.items()}
        self._seal_fields: dict[Lang, Any] = {
            lang: getattr(environment.get_template("seal.html").module, "fields")  # noqa: B009 - a macro's name
            for lang, environment in self._environments.items()
        }

    def _environment(self, package: str, words: Words) -> Environment:
        folders = [Path(str(files(name) / "templates")) for name in dict.fromkeys((package, "chassis"))]
        loaders: list[BaseLoader] = [FileSystemLoader(folder) for folder in folders if folder.is_dir()]
        environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            auto_reload=False,  # a deployed template does not change; looking costs a file system call each
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
        )
        environment.globals.update(
            _=words.gettext,
            gettext=words.gettext,
            ngettext=words.ngettext,
            lang=words.lang,
            format_date=words.format_date,
            format_datetime=words.format_datetime,
            format_number=words.format_number,
            text=words.text,
            site=self._site,
            role_titles=ROLES,
            htmx_settings=htmx.SETTINGS,
        )
        environment.globals["ui"] = environment.get_template("ui.html").module
        environment.filters["danish_sort"] = _danish_sort
        return environment

    def compile(self) -> None:
        """Compile every template now, so that nobody's request waits for it: half a second for all of a service's."""
        for environment in self._environments.values():
            for name in environment.list_templates(extensions=["html"]):
                environment.get_template(name)

    def language(self, request: Request) -> Lang:
        """Return the request's language: `?sprog=` before the cookie before Danish."""
        for wish in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
            for lang in LANGUAGES:
                if wish == lang:
                    return lang
        return DEFAULT

    def words(self, request: Request) -> Words:
        """Return the words of the request's language, for messages composed in Python."""
        return self._words[self.language(request)]

    def template(self, request: Request, source: str) -> Template:
        """Return a template of these words in the request's language, for `include` in another."""
        return self._environments[self.language(request)].from_string(source)

    def go_on(self, request: Request, path: str) -> RedirectResponse:
        """Send the browser on to a page after a form, in the language it is in."""
        return RedirectResponse(f"{path}?{COOKIE}={self.language(request)}", 303)

    def part(self, request: Request, template: str, **context: Any) -> str:
        """Render a template that is a part of a page, for what follows along (`chassis.live`). It holds no forms."""
        return self._environments[self.language(request)].get_template(template).render(**context)

    def render(
        self, request: Request, template: str, status: int = 200, *, here: str | None = None, **context: Any
    ) -> HTMLResponse:
        """Render a template in the request's language.

        `here` is the address of the page in the other language, where it is not the request's own.
        Raises jinja2.UndefinedError for a name the template uses and the context lacks.
        """
        lang = self.language(request)
        path = here or request.url.path
        query = QueryParams() if here else request.query_params
        who = caller(request)
        menu = [link for link in NAVIGATION if self._access.may_open(who.role, link.href)]

        def seal(action: str, *, trap: bool = False) -> Markup:
            """Return what a form holds that is sent to the path `action`; `trap` for forms the public sends."""
            # A personal link is the holder: the path it is in is sealed.
            value = self._seals.make(action, who.sign_in)
            fields: Markup = self._seal_fields[lang](value, trap)
            return fields

        html = (
            self._environments[lang]
            .get_template(template)
            .render(
                path=path,
                today=self._clock.now().astimezone(LOCAL).date(),
                url_for_language=lambda wish: f"{path}?{urlencode({**query, COOKIE: wish})}",
                navigation=[
                    (link.href, self._words[lang].gettext(link.label), _place(path, link, menu)) for link in menu
                ],
                caller=who,
                signed_in=bool(who.sign_in),
                seal=seal,
                may_open=lambda href: self._access.may_open(who.role, href),
                **context,
            )
        )
        response = HTMLResponse(html, status, headers={"Content-Language": lang, "Vary": "Cookie"})
        if request.query_params.get(COOKIE) == lang:
            response.set_cookie(
                COOKIE, lang, COOKIE_SECONDS, httponly=True, samesite="lax", secure=request.url.scheme == "https"
            )
        return response


def static_files() -> StaticFiles:
    """Return the app to mount at `/static`: the design system and the house's own small files."""
    return StaticFiles(directory=CHASSIS / "static")


def _place(path: str, link: Link, menu: list[Link]) -> str:
    # The value of aria-current: the very page, somewhere under it, or empty. The longest link that fits is where one
    # is: /samling/medlem is not also somewhere under the front page's /samling.
    here = path.rstrip("/") or "/"
    if here == link.href or (link.under and here == link.under):
        return "page"
    nearest = max(menu, key=lambda other: _fit(here, other))
    return "true" if nearest is link and _fit(here, link) else ""


def _fit(here: str, link: Link) -> int:
    roots = [root for root in (link.href, link.under) if root not in {"", "/"}]
    return max((len(root) for root in roots if here == root or here.startswith(f"{root}/")), default=0)


def _danish_sort(items: Iterable[Any], attribute: str | None = None) -> list[Any]:
    def key(item: Any) -> tuple[str, str]:
        if attribute is not None:
            item = item[attribute] if isinstance(item, dict) else getattr(item, attribute)
        return danish_sort_key(str(item))

    return sorted(items, key=key)
