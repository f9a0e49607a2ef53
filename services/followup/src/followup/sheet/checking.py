"""What a file that comes back would change, old beside new, or all that is wrong with it. It changes nothing itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chassis.language import Words
from followup.domain.answers import LONGEST, SHORT, TOO_LONG, TOO_LONG_NAME, Content, DraftState, too_much
from followup.domain.assembly import Mandate
from followup.domain.recommendation import Recommendation
from followup.domain.rules import Broken
from followup.domain.work import Step, Work, flaws
from followup.pages import VERDICT_WORDS
from followup.sheet.cells import Cell, day_in, is_empty, required, text_in, tidy, version_in, whole_in
from followup.sheet.columns import BOTH, SHEETS, Kind, verdicts
from followup.sheet.exporting import answer_row, committees_of, content_of, id_of, shown
from followup.sheet.faults import Fault, Rule, Unreadable
from followup.sheet.reading import Faults, Line, read
from followup.sheet.steps import as_text, steps_in

_DOMAIN = {
    TOO_LONG: (Rule.LONG, LONGEST),
    TOO_LONG_NAME: (Rule.LONG, SHORT),
    "whole kroner": (Rule.MONEY, 0),
    "per cent": (Rule.PROGRESS, 0),
}
"""Which rule of the sheet a rule of the domain is, and the longest text it allows."""
_PER_CENT = required(lambda cell: whole_in(cell, Rule.PROGRESS, "%"), Rule.PROGRESS)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that gets another content; `column` is its heading."""

    column: str
    old: str
    new: str


@dataclass(slots=True)
class Wanted:
    """What a recommendation would hold. `content` and `work` are None where nothing of theirs changes.

    `edit` is the edit of the answer the sheet was taken out at, as `work.number` is the work's. `unapproves`: the
    draft is approved, and would have to be approved again.
    """

    one: Recommendation
    content: Content | None = None
    edit: int = 0
    work: Work | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def unapproves(self) -> bool:
        """Whether an approval lapses."""
        draft = self.one.draft
        return self.content is not None and draft is not None and draft.state is DraftState.APPROVED


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file: `wanted` are the recommendations it changes, unless there are faults.

    `left_out` are the recommendations the file does not name, which stay as they are.
    """

    faults: tuple[Fault, ...]
    wanted: tuple[Wanted, ...]
    left_out: tuple[Recommendation, ...]


def check(
    content: bytes,
    mandate: Mandate,
    recommendations: Sequence[Recommendation],
    words: Words,
    public: Sequence[Mapping[str, str]] = (),
) -> Checked:
    """Check a file against what is there now; `public` are the rows everyone can fetch (`reuse.decidim.rows`)."""
    faults = Faults(words)
    tables = read(content, faults)
    checker = Checker(mandate, recommendations, words, {row["id"]: row for row in public})
    for kind in Kind:
        if kind in tables:
            checker.take(kind, tables[kind].lines())
    if faults.found:
        return Checked(tuple(faults.found), (), ())
    wanted = [one for one in checker.wanted.values() if one.changes]
    left_out = [one for one in recommendations if one.id not in checker.wanted]
    return Checked((), tuple(wanted), tuple(left_out))


class Checker:
    """Goes through the rows; each fault is noted at its row."""

    def __init__(
        self,
        mandate: Mandate,
        recommendations: Sequence[Recommendation],
        words: Words,
        public: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._words, self._mandate, self._public = words, mandate, public
        self._by_id = {id_of(one): one for one in recommendations}
        self._assembly = recommendations[0].assembly if recommendations else ""
        self._committees = committees_of(mandate, recommendations)
        self._verdicts = verdicts()
        self._work_read: dict[str, int] = {}
        self.wanted: dict[str, Wanted] = {}

    def take(self, kind: Kind, lines: Iterable[Line]) -> None:
        """Take a table in."""
        about: dict[str, list[Line]] = {}
        for line in lines:
            if one := self._which(line):
                about.setdefault(one.id, []).append(line)
        for id_, rows in about.items():
            wanted = self.wanted.setdefault(id_, Wanted(self._of(id_)))
            if kind is Kind.STEPS:
                self._take_steps(wanted, rows)
                continue
            for again in rows[1:]:
                again.fault(Rule.TWICE, "id")
            if kind is Kind.DECIDIM:
                self._take_public(wanted, rows[0])
            else:
                self._take_answer(wanted, rows[0])

    def _of(self, id_: str) -> Recommendation:
        return self._by_id[f"{self._assembly}:{id_}"]

    def _which(self, line: Line) -> Recommendation | None:
        name = line.read("id", text_in, "")
        if not name:
            if not line.faulty:
                line.fault(Rule.WHICH, "id")
            return None
        one = self._by_id.get(name)
        if one is None:
            ours = name.partition(":")[0] == self._assembly or ":" not in name
            line.fault(Rule.UNKNOWN if ours else Rule.OTHER_ASSEMBLY, "id")
        return one

    def _take_answer(self, wanted: Wanted, line: Line) -> None:
        one, held = wanted.one, content_of(wanted.one)
        edit, number = line.read("edit", version_in, None), line.read("work", version_in, None)
        reason, action, unit = (self._text(line, key, getattr(held, key)) for key in ("reason", "action", "unit"))
        content = Content(
            verdict=line.read("answer", self._verdict, held.verdict),
            reason=reason,
            action=action,
            done_by=line.read("done_by", day_in, held.done_by),
            unit=unit,
            money=line.read("money", lambda cell: whole_in(cell, Rule.MONEY), held.money),
        )
        committees = line.read("committees", self._named, one.referred)
        progress = line.read("progress", _PER_CENT, one.work.progress)
        same = committees == one.referred
        work = replace(one.work, committees=one.work.committees if same else committees, progress=progress)
        for broken in (*too_much(content, ""), *flaws(replace(work, steps=()), "")):
            self._broken(line, broken)
        if content != held:
            wanted.content, wanted.edit = content, edit or 0
            if edit is not None and edit != one.edits:
                line.fault(Rule.ANSWER_CHANGED)
        if number is not None:
            self._work_read[one.id] = number
            self._want_work(wanted, line, replace(work, number=number))
        self._was_left(line, one)
        if not line.faulty:
            wanted.changes += self._changes(line, one, content, work)

    def _take_public(self, wanted: Wanted, line: Line) -> None:
        """Take the progress; the rest is what it was. Days that are counted anew each morning are not looked at."""
        one, shown_to_all = wanted.one, self._public.get(id_of(wanted.one), {})
        progress = line.read("progress", _PER_CENT, one.work.progress)
        for broken in flaws(replace(one.work, steps=(), progress=progress), ""):
            self._broken(line, broken)
        for key in ("title", "description", "status", "url"):
            if key in line.cells and line.read(key, text_in, "") != tidy(shown_to_all.get(key, "")):
                line.fault(Rule.READ_ONLY, key)
        for key in ("start_date", "end_date"):
            day = line.read(key, day_in, None) if key in line.cells else None
            if key in line.cells and (day.isoformat() if day else "") != shown_to_all.get(key, ""):
                line.fault(Rule.READ_ONLY, key)
        if progress != one.work.progress and not line.faulty:
            wanted.work = replace(one.work, progress=progress)
            before, after = (self._words.format_number(number) for number in (one.work.progress, progress))
            wanted.changes.append(Change(line.table.heading("progress"), before, after))

    def _take_steps(self, wanted: Wanted, lines: list[Line]) -> None:
        one = wanted.one
        # A row that was added may leave it out: the one it was added to has it.
        versioned = [line for line in lines if not is_empty(line.cells.get("work"))]
        numbers = {line.read("work", version_in, None) for line in versioned or lines}
        number = numbers.pop()
        if number is None:
            return
        if numbers or self._work_read.get(one.id, number) != number:
            lines[0].fault(Rule.VERSIONS_DIFFER, "work")
            return
        before = wanted.work or one.work
        steps = steps_in(lines, self._committees, self._words)
        if sorted(map(_known, steps), key=repr) != sorted(map(_known, before.steps), key=repr):
            self._want_work(wanted, lines[0], replace(before, steps=steps, number=number))
            old, new = (as_text(work, self._committees, self._words) for work in (before, replace(before, steps=steps)))
            wanted.changes.append(Change(self._words.gettext(SHEETS[Kind.STEPS]), old, new))
        for line in lines:
            self._was_left(line, one)

    def _want_work(self, wanted: Wanted, line: Line, work: Work) -> None:
        if replace(work, number=wanted.one.work.number) == wanted.one.work:
            return
        wanted.work = work
        if work.number != wanted.one.work.number:
            line.fault(Rule.WORK_CHANGED)

    def _changes(self, line: Line, one: Recommendation, content: Content, work: Work) -> list[Change]:
        after = replace(one, work=replace(work, steps=one.work.steps, number=one.work.number))
        before_row = answer_row(one, self._mandate, self._committees, self._words)
        after_row = answer_row(after, self._mandate, self._committees, self._words, content)
        return [
            Change(line.table.heading(key), shown(before_row[key], self._words), shown(after_row[key], self._words))
            for key in before_row
            if before_row[key] != after_row[key]
        ]

    def _was_left(self, line: Line, one: Recommendation) -> None:
        """Note what was changed that is shown only; not beside a version that is another, which explains it."""
        if line.faulty:
            return
        rows = [answer_row(one, self._mandate, self._committees, words) for words in BOTH]
        for key in ("number", "title", "theme", "status"):
            if key not in line.cells:
                continue
            written = line.read(key, text_in, "")
            blank_in_new_step = not written and line.table.kind is Kind.STEPS
            if not blank_in_new_step and written not in {tidy(str(row[key])) for row in rows}:
                line.fault(Rule.READ_ONLY, key)

    def _text(self, line: Line, key: str, held: str) -> str:
        written = line.read(key, text_in, held)
        return held if written == tidy(held) else written

    def _verdict(self, cell: Cell) -> str:
        text = text_in(cell)
        if not text:
            return ""
        if (found := self._verdicts.get(text.casefold())) is None:
            raise Unreadable(Rule.VERDICT, choices=", ".join(self._words.gettext(v) for v in VERDICT_WORDS.values()))
        return found

    def _named(self, cell: Cell) -> tuple[str, ...]:
        names = [name.strip() for name in text_in(cell).split(";") if name.strip()]
        found = [self._committees.find(name) for name in names]
        if None in found:
            raise Unreadable(Rule.COMMITTEE, choices=self._committees.choices(self._words))
        if len(set(found)) < len(found):
            raise Unreadable(Rule.COMMITTEE_TWICE)
        return tuple(id_ for id_ in found if id_ is not None)

    def _broken(self, line: Line, broken: Broken) -> None:
        rule, longest = _DOMAIN.get(broken.rule, (Rule.OTHER, 0))
        line.fault(rule, broken.field, longest=longest)


def _known(step: Step) -> Step:
    """Return a step as it is compared: a spreadsheet program changes the ends of lines."""
    return replace(step, item=tidy(step.item), link=tidy(step.link), decision=tidy(step.decision))
