"""What must fit between the fields of an assembly file. Each rule takes a draft and yields the problems it finds."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import pairwise

from sessions.domain.assembly_file import schedule
from sessions.domain.assembly_file.draft import Draft, Problem
from sessions.domain.assembly_file.local_time import COPENHAGEN
from sessions.domain.assembly_file.model import Criterion, Eligibility, Panel, Session, SignUp, Value

Rule = Callable[[Draft], Iterator[Problem]]

SHARES_SLACK = 0.02
"""Published shares are rounded to whole per cents; five of them may be this far from 1 together."""


RESERVED = frozenset(
    {
        "api",
        "drift",
        "foelg",
        "hvad-nu-hvis",
        "indsigt",
        "live",
        "medlem",
        "opgaver",
        "ops",
        "raadet",
        "sag",
        "tilmeldte",
    }
)
"""Words that stand where an address has the assembly's id: an assembly called so would have no pages."""


def the_id_is_no_page(draft: Draft) -> Iterator[Problem]:
    """An assembly's id is part of addresses beside the services' own."""
    if draft.raw.get("id") in RESERVED:
        yield Problem("id", f"`{draft.raw['id']}` is a page of ours: choose another, such as the town and the year")


def ids_are_unique(draft: Draft) -> Iterator[Problem]:
    """Within each list; the values of a criterion within that criterion."""
    lists = [draft.ids(name) for name in ("criteria", "sessions", "themes", "committees", "milestones")]
    by_criterion: dict[str, list[tuple[str, str]]] = {}
    for path, value in draft.ids("criteria", within="values"):
        by_criterion.setdefault(path.split(".", 1)[0], []).append((path, value))
    for ids in [*lists, *by_criterion.values()]:
        first: dict[str, str] = {}
        for path, value in ids:
            if value in first:
                yield Problem(path, f"the id `{value}` stands already at {first[value]}")
            first.setdefault(value, path)


def quotas_fit_the_panel(draft: Draft) -> Iterator[Problem]:
    """Per criterion: min_flex <= minimum <= maximum <= max_flex; sum of minimums <= panel size <= sum of maximums."""
    panel = draft.part("panel", Panel)
    for path, criterion in draft.items("criteria", Criterion):
        for place, value in enumerate(criterion.values):
            at = f"{path}.values[{place}]"
            if value.minimum > value.maximum:
                yield Problem(f"{at}.minimum", f"{value.minimum} is more than the maximum {value.maximum}")
            if value.min_flex is not None and value.min_flex > value.minimum:
                yield Problem(f"{at}.min_flex", f"{value.min_flex} is more than the minimum {value.minimum}")
            if value.max_flex is not None and value.max_flex < value.maximum:
                yield Problem(f"{at}.max_flex", f"{value.max_flex} is less than the maximum {value.maximum}")
            if panel and value.maximum > panel.size:
                yield Problem(f"{at}.maximum", f"{value.maximum} is more than the panel's {panel.size} seats")
        least = sum(value.minimum for value in criterion.values)
        most = sum(value.maximum for value in criterion.values)
        if panel and least > panel.size:
            yield Problem(f"{path}.values", f"the minimums add up to {least}, the panel has {panel.size} seats")
        if panel and most < panel.size:
            yield Problem(f"{path}.values", f"the maximums add up to {most}, the panel has {panel.size} seats")


def shares_add_up(draft: Draft) -> Iterator[Problem]:
    """Where every value with a seat kept for it has a share of the population, the shares make up the whole."""
    for path, criterion in draft.items("criteria", Criterion):
        shares = [value.population_share for value in criterion.values if value.population_share is not None]
        missing = [value for value in criterion.values if value.population_share is None and value.minimum > 0]
        total = sum(shares)
        if shares and (total > 1 + SHARES_SLACK or (not missing and total < 1 - SHARES_SLACK)):
            yield Problem(f"{path}.values", f"the population shares add up to {total:.2f}, not 1")


def age_bands_cover_every_age(draft: Draft) -> Iterator[Problem]:
    """Bands follow each other from the minimum age, without overlap or gap, and the last one has no end."""
    eligibility = draft.part("eligibility", Eligibility)
    for path, criterion in draft.items("criteria", Criterion):
        banded = [value.age_from is not None or value.age_to is not None for value in criterion.values]
        if not any(banded):
            if criterion.source == "roll" and criterion.id == "age":
                yield Problem(f"{path}.values", "the roll tells an age in years: each value needs `age_from`")
            continue
        if criterion.source != "roll":
            yield Problem(f"{path}.source", "age bands are counted from the roll: must be `roll`")
        if eligibility:
            yield from _bands(path, criterion, eligibility.minimum_age)


def _bands(path: str, criterion: Criterion, minimum_age: int) -> Iterator[Problem]:
    places = [(f"{path}.values[{place}]", value) for place, value in enumerate(criterion.values)]
    for at, value in places:
        if value.age_from is None:
            yield Problem(f"{at}.age_from", "is missing: all values of an age criterion are bands")
        elif value.age_to is not None and value.age_to < value.age_from:
            yield Problem(f"{at}.age_to", f"{value.age_to} is younger than the band's start {value.age_from}")
    if any(value.age_from is None for _, value in places):
        return
    at, first = places[0]
    if first.age_from != minimum_age:
        yield Problem(f"{at}.age_from", f"the first band must start at the minimum age {minimum_age}")
    for (before_at, before), (next_at, following) in pairwise(places):
        yield from _joint(before_at, before, next_at, following)
    at, last = places[-1]
    if last.age_to is not None:
        yield Problem(f"{at}.age_to", f"nobody older than {last.age_to} has a band: leave the last one open")


def _joint(before_at: str, before: Value, next_at: str, following: Value) -> Iterator[Problem]:
    if before.age_to is None:
        yield Problem(f"{before_at}.age_to", "is missing: only the last band has no end")
    elif following.age_from is not None and following.age_from <= before.age_to:
        yield Problem(f"{next_at}.age_from", f"overlaps the band before, which ends at {before.age_to}")
    elif following.age_from != before.age_to + 1:
        yield Problem(f"{next_at}.age_from", f"leaves a gap: the band before ends at {before.age_to}")


def the_roll_knows_its_criteria(draft: Draft) -> Iterator[Problem]:
    """Only age and district: a roll of residents holds nothing else of these, so anything else has to be asked."""
    for path, criterion in draft.items("criteria", Criterion):
        banded = any(value.age_from is not None for value in criterion.values)
        if criterion.source == "roll" and not banded and criterion.id not in {"age", "district"}:
            yield Problem(f"{path}.source", "the roll tells age and district alone: ask in the form (`form`)")


def sign_up_comes_before_the_sessions(draft: Draft) -> Iterator[Problem]:
    """Sign-up opens, closes, and then the first session begins; ages are counted on a day not before the opening."""
    window = draft.part("sign_up", SignUp)
    if window is None:
        return
    if window.closes <= window.opens:
        yield Problem("sign_up.closes", "is not later than the opening")
    for path, session in draft.items("sessions", Session)[:1]:
        if session.starts <= window.closes:
            yield Problem(f"{path}.starts", "the first session is not later than the closing of sign-up")


def sessions_are_in_order(draft: Draft) -> Iterator[Problem]:
    """Numbered 1, 2, 3 ... in the order of their days, none beginning before the one before it has ended."""
    listed = draft.items("sessions", Session)
    for path, session in listed:
        place = int(path.removeprefix("sessions[").removesuffix("]"))
        if session.number != place + 1:
            yield Problem(f"{path}.number", f"must be {place + 1}: sessions are numbered in their order")
        if session.ends <= session.starts:
            yield Problem(f"{path}.ends", "is not later than the start")
        else:
            yield from _parts_in_order(path, session)
    for (before_path, before), (path, session) in pairwise(listed):
        if session.starts < before.ends:
            yield Problem(f"{path}.starts", f"is earlier than the end of {before_path}")


def _parts_in_order(path: str, session: Session) -> Iterator[Problem]:
    day: date = session.starts.astimezone(COPENHAGEN).date()
    earliest = session.starts
    for place, part in enumerate(session.parts):
        at = datetime.combine(day, time.fromisoformat(part.starts), COPENHAGEN)
        if at < session.starts or at >= session.ends:
            yield Problem(f"{path}.parts[{place}].starts", "is outside the session")
        elif at < earliest:
            yield Problem(f"{path}.parts[{place}].starts", "is earlier than the part before")
        earliest = max(earliest, at)


def streets_lead_to_one_value(draft: Draft) -> Iterator[Problem]:
    """A street, or a part of it, gives one value; the bands of an age criterion come from births alone."""
    for path, criterion in draft.items("criteria", Criterion):
        first: dict[str, str] = {}
        for place, value in enumerate(criterion.values):
            for row, street in enumerate(value.streets):
                at = f"{path}.values[{place}].streets[{row}]"
                if criterion.source != "roll" or value.age_from is not None:
                    yield Problem(at, "streets tell a criterion of the roll that is not age (`source: roll`)")
                elif (earlier := first.setdefault(" ".join(street.casefold().split()), at)) != at:
                    yield Problem(at, f"`{street}` stands already at {earlier}")


def waves_favour_what_the_roll_knows(draft: Draft) -> Iterator[Problem]:
    """Who is invited first can hang only on what is known before anyone has answered."""
    window = draft.part("sign_up", SignUp)
    known = {
        criterion.id: {value.id for value in criterion.values}
        for _, criterion in draft.items("criteria", Criterion)
        if criterion.source == "roll"
    }
    for place, wave in enumerate(window.waves if window else ()):
        for row, favour in enumerate(wave.favours):
            at = f"sign_up.waves[{place}].favours[{row}]"
            if favour.criterion not in known:
                yield Problem(f"{at}.criterion", f"`{favour.criterion}` is no criterion that the roll knows")
            elif favour.value not in known[favour.criterion]:
                yield Problem(f"{at}.value", f"`{favour.value}` is no value of {favour.criterion}")


def ids_inside_sections_are_unique(draft: Draft) -> Iterator[Problem]:
    """The lists inside `sign_up` and `eligibility`, each for itself."""
    for name, inner in (
        ("sign_up", "waves"),
        ("sign_up", "conditions"),
        ("sign_up", "needs"),
        ("eligibility", "exclusions"),
    ):
        section = draft.raw.get(name)
        first: dict[str, str] = {}
        for path, value in Draft(section).ids(inner) if isinstance(section, Mapping) else []:
            if value in first:
                yield Problem(f"{name}.{path}", f"the id `{value}` stands already at {name}.{first[value]}")
            first.setdefault(value, path)


ALL: tuple[Rule, ...] = (
    the_id_is_no_page,
    ids_are_unique,
    quotas_fit_the_panel,
    shares_add_up,
    age_bands_cover_every_age,
    the_roll_knows_its_criteria,
    sign_up_comes_before_the_sessions,
    sessions_are_in_order,
    streets_lead_to_one_value,
    waves_favour_what_the_roll_knows,
    ids_inside_sections_are_unique,
    *schedule.ALL,
)
