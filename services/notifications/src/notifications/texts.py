"""The assemblies' own texts as a sender needs them: asked for once a batch, taken apart once a version."""

from collections import OrderedDict
from collections.abc import Sequence

import structlog

from chassis.language import LANGUAGES
from chassis.mongo import Document
from chassis.service import Service
from notifications.catalogue import KINDS
from notifications.channels import Attachment
from notifications.domain.checking import as_source, check
from notifications.domain.enclosing import MIB
from notifications.domain.message import parse
from notifications.rendering import Wording, Wordings, doubtful, version_id
from notifications.repository.problems import Problem, note
from notifications.repository.templates import TEXTS, Version, by_ids, latest_ids, load_file

MOST_WORDINGS = 200
MOST_BYTES = 32 * MIB
"""Of enclosed files that are kept in memory between batches."""

log = structlog.get_logger()


class Texts:
    """What is known of them. A version never changes, so what was loaded once holds; which one holds is asked anew."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._wordings: OrderedDict[str, Wording] = OrderedDict()
        self._files: OrderedDict[str, bytes] = OrderedDict()

    async def load(self, shipments: Sequence[Document]) -> Wordings:
        """Return the assemblies' own texts for these shipments, in both languages; none where the ready ones hold."""
        assemblies, templates = ({document[name] for document in shipments} for name in ("assembly", "template"))
        texts = self._service.db.collection(TEXTS)
        ids = await latest_ids(texts, list(assemblies), list(templates))
        earlier = {
            version_id((document["assembly"], document["template"], lang), document["template_version"])
            for document in shipments
            if doubtful(document)
            for lang in LANGUAGES
        }
        unread = [one for one in {*ids.values(), *earlier} if one not in self._wordings]
        fresh = {version.id: await self._wording(version) for version in await by_ids(texts, unread)} if unread else {}
        known = self._wordings | fresh
        found = Wordings({key: known[one] for key, one in ids.items()}, {one: known[one] for one in earlier & {*known}})
        # Those with files are taken apart anew: files are kept by themselves, within a limit of their own.
        self._wordings |= {one: wording for one, wording in fresh.items() if not wording.attachments}
        while len(self._wordings) > MOST_WORDINGS:
            self._wordings.popitem(last=False)
        return found

    async def wording(self, version: Version) -> Wording:
        """Return a version taken apart, its files loaded."""
        attachments = tuple([Attachment(e.filename, e.title, await self._file(e.id)) for e in version.enclosed])
        return Wording(parse(version.id, as_source(version.subject, version.body)), version.number, attachments)

    async def _wording(self, version: Version) -> Wording:
        if check(version.subject, version.body, KINDS[version.key[1]].rules()):
            # It was in order when it was saved: a field it names is there no more. Better late than wrong.
            assembly, template, language = version.key
            log.error("a text cannot be used any more", assembly=assembly, template=template, language=language)
            about = {"template": template, "language": language, "rules": "changed"}
            await self._service.transaction(lambda tx: note(tx, Problem("template-refused", assembly, about)))
            return Wording(None, version.number)
        return await self.wording(version)

    async def _file(self, file: str) -> bytes:
        if file not in self._files:
            content = await load_file(self._service.db, file)
            if content is None:
                raise LookupError(f"the enclosed file {file} is gone")
            self._files[file] = content
            while len(self._files) > 1 and sum(map(len, self._files.values())) > MOST_BYTES:
                self._files.popitem(last=False)
        self._files.move_to_end(file)
        return self._files[file]
