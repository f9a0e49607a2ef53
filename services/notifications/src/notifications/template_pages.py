"""The secretariat's pages of the texts: which there are, writing one, looking at it, and every version it has had."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from chassis import seals
from chassis.differences import differences
from chassis.errors import NotFound
from chassis.service import Service
from notifications import enclosing_pages, template_words
from notifications.catalogue import KINDS
from notifications.domain.checking import Flaw, check, clean
from notifications.fields import FIELDS, lacked
from notifications.formats import as_text, body_html
from notifications.previews import Previews, channels
from notifications.rendering import Assembly
from notifications.repository.known import ASSEMBLIES
from notifications.repository.templates import TEXTS, Version, by_ids, latest_ids
from notifications.template_desk import ASSEMBLY, LETTER, ROOT, TEXT, VERSION, VERSIONS, Desk, Paths
from notifications.use_cases.wording import Change, Made, Words, back_to_ready, note_refused, save_words
from notifications.words import CHANNEL_WORDS, TEMPLATE_WORDS

PREVIEW, SAVE, READY = "se", "gem", "fabrik"
"""What a button of the form asks for."""


def serve(service: Service, previews: Previews) -> None:
    """Have a service serve the pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    desk = Desk(service, previews)
    pages = TextPages(desk)
    routes.add_api_route(ROOT, pages.assemblies, methods=["GET"])
    routes.add_api_route(ASSEMBLY, pages.texts, methods=["GET"])
    routes.add_api_route(TEXT, pages.write, methods=["GET"])
    routes.add_api_route(TEXT, pages.take, methods=["POST"])
    routes.add_api_route(LETTER, pages.typed_letter, methods=["POST"])
    routes.add_api_route(VERSIONS, pages.versions, methods=["GET"])
    routes.add_api_route(VERSION, pages.version, methods=["GET"])
    routes.add_api_route(f"{VERSION}/brev", pages.letter, methods=["GET"])
    enclosing_pages.add_to(routes, desk)
    service.include(routes)


class TextPages:
    """The pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._service, self._previews = desk, desk.service, desk.previews

    async def assemblies(self, request: Request) -> HTMLResponse:
        """List the assemblies."""
        known = await self._service.db.collection(ASSEMBLIES).find({}, sort=[("_id", 1)], fields=["title"])
        return self._service.pages.render(request, "texts-assemblies.html", assemblies=known, root=ROOT)

    async def texts(self, request: Request, assembly: str) -> HTMLResponse:
        """List an assembly's texts: who gets them, when, by what, and whose words they are."""
        known = await self._desk.assembly(assembly)
        texts = self._service.db.collection(TEXTS)
        held = {
            one.key: one for one in await by_ids(texts, (await latest_ids(texts, [assembly], list(KINDS))).values())
        }

        def standing(template: str, language: str) -> dict[str, Any]:
            key = (assembly, template, language)
            ready, version = self._previews.ready(key), held.get(key)
            return {
                "href": Paths(key).text,
                "number": version.number if version else 0,
                "own": version is not None and not _same_words(version, ready),
                "enclosed": len(version.enclosed) if version else 0,
            }

        return self._service.pages.render(
            request,
            "texts.html",
            assembly=known,
            root=ROOT,
            rows=[
                {
                    "title": TEMPLATE_WORDS[name],
                    "occasion": template_words.OCCASIONS[name],
                    "channels": [CHANNEL_WORDS[channel] for channel in channels(kind)],
                    "texts": [(language, standing(name, language)) for language in template_words.LANGUAGE_WORDS],
                }
                for name, kind in KINDS.items()
            ],
            language_words=template_words.LANGUAGE_WORDS,
        )

    async def write(self, request: Request, assembly: str, template: str, language: str) -> HTMLResponse:
        """Show the text that holds, to be changed."""
        known, version = await self._desk.text((assembly, template, language))
        done = request.query_params.get("gjort", "")
        return await self._form(request, known, version, Words(version.subject, version.body), done=done)

    async def take(self, request: Request, assembly: str, template: str, language: str) -> Response:
        """Show what was written as its recipients would see it, save it, or go back to the ready text."""
        key = (assembly, template, language)
        known, version = await self._desk.text(key)
        typed = seals.fields(request)
        change, act = self._desk.change(request, key, typed.get("version", "")), typed.get("act", PREVIEW)
        if act == READY:
            made = await self._service.transaction(lambda tx: back_to_ready(tx, change))
            return await self._saved(request, known, made, change.ready)
        words = Words(*clean(typed.get("subject", ""), typed.get("body", "")))
        if flaws := self._flaws(known, change, words):
            if act == SAVE:
                await self._service.transaction(lambda tx: note_refused(tx, key, flaws))
            return await self._form(request, known, version, words, status=422, flaws=flaws, seen=change.seen)
        if act != SAVE:
            return await self._form(request, known, version, words, preview=True, seen=change.seen)
        made = await self._service.transaction(lambda tx: save_words(tx, change, words))
        return await self._saved(request, known, made, words)

    async def typed_letter(self, request: Request, assembly: str, template: str, language: str) -> Response:
        """Return what was written as a letter, before it is saved."""
        key = (assembly, template, language)
        known, version = await self._desk.text(key)
        typed = seals.fields(request)
        words = Words(*clean(typed.get("subject", ""), typed.get("body", "")))
        if flaws := self._flaws(known, self._desk.change(request, key, str(version.number)), words):
            return await self._form(request, known, version, words, status=422, flaws=flaws)
        return await self._pdf(known, Version(key, version.number, words.subject, words.body))

    async def versions(self, request: Request, assembly: str, template: str, language: str) -> HTMLResponse:
        """List every version, the latest first."""
        known, all_of_them = await self._desk.versions((assembly, template, language))
        return self._desk.render(request, "text-versions.html", known, all_of_them[0], versions=all_of_them)

    async def version(self, request: Request, assembly: str, template: str, language: str, version: int) -> Response:
        """Show the words of a version and what differs from another; from the one before unless `med` says."""
        known, all_of_them = await self._desk.versions((assembly, template, language))
        shown = _numbered(all_of_them, version)
        with_ = request.query_params.get("med", "")
        other = _numbered(all_of_them, int(with_) if with_.isdecimal() and len(with_) < 8 else max(version - 1, 0))
        older, newer = sorted((other, shown), key=lambda one: one.number)
        return self._desk.render(
            request,
            "text-version.html",
            known,
            shown,
            held=all_of_them[0],
            others=[one.number for one in all_of_them if one.number != version],
            older=older,
            newer=newer,
            in_subject=differences(older.subject, newer.subject),
            in_body=differences(older.body, newer.body),
        )

    async def letter(self, assembly: str, template: str, language: str, version: int) -> Response:
        """Return a version as a letter."""
        known, all_of_them = await self._desk.versions((assembly, template, language))
        return await self._pdf(known, _numbered(all_of_them, version))

    async def _pdf(self, assembly: Assembly, version: Version) -> Response:
        pdf = await self._previews.letter(assembly, version, self._service.clock.now())
        if pdf is None:
            raise NotFound("this message is never a letter")
        name = f"{version.key[1]}-{version.key[2]}-eksempel.pdf"
        return Response(
            pdf, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
        )

    def _flaws(self, assembly: Assembly, change: Change, words: Words) -> list[Flaw]:
        examples = self._previews.examples(assembly, change.key, self._service.clock.now())
        return check(words.subject, words.body, KINDS[change.key[1]].rules(examples))

    async def _saved(self, request: Request, assembly: Assembly, made: Made, words: Words) -> Response:
        if made.overtaken:
            return await self._form(request, assembly, made.version, words, status=409, overtaken=True)
        return self._desk.to(request, Paths(made.version.key).text, "gemt")

    async def _form(
        self,
        request: Request,
        assembly: Assembly,
        version: Version,
        words: Words,
        *,
        status: int = 200,
        flaws: list[Flaw] | None = None,
        preview: bool = False,
        overtaken: bool = False,
        done: str = "",
        seen: int | None = None,
    ) -> HTMLResponse:
        """Show the form with these words in it. `seen` is the version they were made from, when it holds no more."""
        key, now = version.key, self._service.clock.now()
        kind, say = KINDS[key[1]], self._service.pages.words(request)
        message = None
        if preview:
            typed = Version(key, version.number, words.subject, words.body)
            message = (await self._previews.outgoing(assembly, typed, now)).message
        examples = self._previews.examples(assembly, key, now)
        return self._desk.render(
            request,
            "text.html",
            assembly,
            version,
            status,
            words=words,
            seen=version.number if seen is None else seen,
            errors=[template_words.flaw_words(say, kind, flaw) for flaw in flaws or []],
            message=message,
            as_html=Markup(body_html(message)) if message else "",  # noqa: S704 - made of escaped words
            as_text=as_text(message) if message else "",
            by_mail=not kind.resident,
            overtaken=overtaken,
            in_theirs=differences(version.body, words.body) if overtaken else [],
            done=done == "gemt",
            own=not _same_words(version, self._previews.ready(key)),
            acts={"preview": PREVIEW, "save": SAVE, "ready": READY},
            fields=[(name, FIELDS[name].meaning, value) for name, value in examples.items()],
            required=kind.required,
            lacked=lacked(key[1]),
        )


def _numbered(versions: list[Version], number: int) -> Version:
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise NotFound("there is no such version")
    return found


def _same_words(one: Version, other: Version) -> bool:
    return (one.subject, one.body) == (other.subject, other.body)
