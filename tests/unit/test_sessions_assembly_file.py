"""A municipality's file is refused with the path of each field that is wrong, all of them at once."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from re import fullmatch
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from contracts.access import TABLE
from sessions.__main__ import check_folders
from sessions.domain.assembly_file import AssemblyFileError, check, load, read
from sessions.domain.assembly_file.reading import examine
from sessions.domain.assembly_file.rules import RESERVED
from sessions.domain.assembly_file.yaml_core import CoreLoader
from sessions.use_cases.announcing import as_fact

MUNICIPALITIES = Path(__file__).parents[2] / "municipalities"
TEXT = (MUNICIPALITIES / "dragoer" / "assembly.yaml").read_text(encoding="utf-8")
RAW: dict[str, Any] = yaml.load(TEXT, Loader=CoreLoader)  # noqa: S506 - a SafeLoader

Change = Callable[[dict[str, Any]], object]


def problems(change: Change) -> list[str]:
    raw = copy.deepcopy(RAW)
    change(raw)
    return [str(problem) for problem in examine(raw)[1]]


def problems_of(text: str) -> list[str]:
    try:
        read(text)
    except AssemblyFileError as error:
        return [str(problem) for problem in error.problems]
    return []


def put(path: str, value: Any) -> Change:
    """Return a change that sets the field at `criteria.1.values.2.maximum`; `...` takes it away."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(raw: dict[str, Any]) -> None:
        part: Any = raw
        for step in way:
            part = part[step]
        if value is ...:
            del part[last]
        else:
            part[last] = value

    return change


@pytest.mark.parametrize("name", ["dragoer", "greve"])
def test_the_files_of_both_municipalities_are_in_order(name: str) -> None:
    assert check(MUNICIPALITIES / name) == []


def test_dragoer_is_as_the_source_documents_tell() -> None:
    plan = load(MUNICIPALITIES / "dragoer")
    assert plan.id == "dragoer-2025"
    assert (plan.panel.size, plan.eligibility.minimum_age) == (36, 15)
    assert [criterion.id for criterion in plan.criteria] == ["gender", "age", "education", "district", "tenure"]
    assert [session.starts for session in plan.sessions] == [
        datetime(2025, 4, 9, 15, tzinfo=UTC),
        datetime(2025, 4, 26, 8, tzinfo=UTC),
        datetime(2025, 5, 13, 15, tzinfo=UTC),
        datetime(2025, 5, 24, 8, tzinfo=UTC),
        datetime(2025, 6, 17, 15, tzinfo=UTC),
    ]
    assert [(m.id, m.wording, m.months) for m in plan.milestones] == [
        ("status-3", "within", 3),
        ("status-10", "after", 10),
        ("status-24", "within", 24),
    ]
    assert (len(plan.themes), len(plan.committees)) == (5, 4)


def test_greve_owes_two_statuses_by_months_and_two_by_events() -> None:
    plan = load(MUNICIPALITIES / "greve")
    assert [(m.months, m.event) for m in plan.milestones] == [
        (3, None),
        (12, None),
        (None, "closing"),
        (None, "evaluation"),
    ]


def test_a_milestone_may_be_counted_in_months_from_an_event_and_say_otherwise_than_all() -> None:
    def change(raw: dict[str, Any]) -> None:
        put("milestones.1.event", "closing")(raw)
        put("milestones.1.tell", ["management", "council"])(raw)
        put("milestones.1.escalation", [])(raw)
        put("milestones.1.reminder_days", [])(raw)
        put("milestones.1.window_days", 14)(raw)

    raw = copy.deepcopy(RAW)
    change(raw)
    plan, found = examine(raw)
    assert (plan is not None, found) == (True, [])


def test_what_is_announced_holds_what_each_milestone_says_and_else_what_all_say() -> None:
    plan = read(
        TEXT.replace("after, months: 10}", "after, months: 10, window_days: 14, tell: [council], escalation: []}")
    )
    first, second, _ = as_fact(plan).milestones
    assert (first.reminder_days, first.overdue_every_days, first.tell) == ((30, 14, 7, 1), 7, ("officers",))
    assert [(step.days_overdue, step.tell) for step in first.escalation] == [(8, ("management",)), (29, ("council",))]
    assert (first.window_days, first.working_day) == (0, False)
    assert (second.window_days, second.tell, second.escalation) == (14, ("council",), ())
    greve = as_fact(load(MUNICIPALITIES / "greve")).milestones
    assert [(m.window_days, m.working_day, m.months) for m in greve] == [
        (0, True, 3),
        (0, True, 12),
        (28, True, None),
        (28, True, None),
    ]


def test_a_file_without_the_schedules_finer_points_reads_as_ever() -> None:
    plain = TEXT.replace("overdue_every_days: 7\n", "").replace("tell: [officers]", "#")
    plain = plain.replace("escalation:\n", "#\n").replace("  - {days_overdue", "# - {days_overdue")
    milestones = as_fact(read(plain)).milestones
    assert {(m.overdue_every_days, m.tell, m.escalation) for m in milestones} == {(7, ("officers",), ())}


def test_no_page_of_ours_stands_where_an_assembly_could() -> None:
    paths = [row.path.split("/") for row in TABLE]
    with_assembly = {path[1] for path in paths if path[2:3] == ["{assembly}"]}
    words = {path[2] for path in paths if len(path) > 2 and path[1] in with_assembly and path[2][:1] not in {"", "{"}}
    assert with_assembly == {"samling", "tilmelding", "lodtraekning", "opfoelgning"}
    assert {word for word in words if fullmatch(r"[a-z0-9][a-z0-9-]{2,47}", word)} <= RESERVED, "add them to RESERVED"


@pytest.mark.parametrize("name", ["dragoer", "greve"])
def test_the_stored_form_of_an_announced_file_reads_back_as_the_same_assembly(name: str) -> None:
    plan = load(MUNICIPALITIES / name)
    assert type(plan).model_validate(plan.model_dump(mode="json")) == plan


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # A field is missing, empty, misspelt or of another kind.
        (put("panel", ...), "panel: is missing"),
        (put("criteria.1.values.2.maximum", ...), "criteria[1].values[2].maximum: is missing"),
        (put("title.en", ...), "title.en: is missing"),
        (put("title.da", " "), "title.da: is empty"),
        (put("sessions.2.parts.1.title.da", ...), "sessions[2].parts[1].title.da: is missing"),
        (put("mandate.promises.0", {"da": "Vi lytter"}), "mandate.promises[0].en: is missing"),
        (put("purpose", "Velfærd"), "purpose: must be named fields"),
        (put("id", "medlem"), "id: `medlem` is a page of ours: choose another, such as the town and the year"),
        (put("panle", {"size": 36}), "panle: is not a field of an assembly file"),
        (put("panel.size", "36"), "panel.size: must be a whole number"),
        (put("panel.size", 0), "panel.size: must be at least 1"),
        (put("sessions.0.open", "nej"), "sessions[0].open: must be true or false"),
        (put("themes", {}), "themes: must be a list"),
        (put("committees", []), "committees: must have at least 1, has 0"),
        (put("committees", [{"id": "x", "title": {"da": "x"}}]), "committees[0].title.en: is missing"),
        (put("criteria.0.source", "phone"), "criteria[0].source: must be 'roll' or 'form'"),
        (put("milestones.0.wording", "before"), "milestones[0].wording: must be 'within' or 'after'"),
        (put("criteria.0.values.0.population_share", 1.5), "criteria[0].values[0].population_share: must be at most 1"),
        (put("reminder_days", [30, 0]), "reminder_days[1]: must be at least 1"),
        # Times and days.
        (put("sign_up.opens", "10. februar"), "sign_up.opens: must be a Danish time, `YYYY-MM-DD HH:MM`"),
        (
            put("sign_up.opens", "2024-10-27 02:30"),
            "sign_up.opens: comes twice in Denmark: the clocks are put back that night",
        ),
        (
            put("sign_up.opens", "2024-03-31 02:30"),
            "sign_up.opens: does not exist in Denmark: the clocks are put forward that night",
        ),
        (put("eligibility.age_on", "9/4 2025"), "eligibility.age_on: must be a day, `YYYY-MM-DD`"),
        (put("sessions.0.parts.0.starts", "kl. 17"), "sessions[0].parts[0].starts: must be a time of day, `HH:MM`"),
        # Quotas.
        (put("criteria.1.values.0.minimum", 6), "criteria[1].values[0].minimum: 6 is more than the maximum 5"),
        (put("criteria.1.values.0.min_flex", 4), "criteria[1].values[0].min_flex: 4 is more than the minimum 3"),
        (put("criteria.1.values.0.max_flex", 4), "criteria[1].values[0].max_flex: 4 is less than the maximum 5"),
        (
            put("criteria.1.values.3", RAW["criteria"][1]["values"][3] | {"minimum": 18, "maximum": 18}),
            "criteria[1].values: the minimums add up to 37, the panel has 36 seats",
        ),
        (
            put("criteria.0.values.0.maximum", 37),
            "criteria[0].values[0].maximum: 37 is more than the panel's 36 seats",
        ),
        (
            put("criteria.3.values.0", RAW["criteria"][3]["values"][0] | {"minimum": 0, "maximum": 3}),
            "criteria[3].values: the maximums add up to 35, the panel has 36 seats",
        ),
        (
            put("criteria.4.values.0.population_share", 0.28),
            "criteria[4].values: the population shares add up to 0.60, not 1",
        ),
        (
            put("criteria.0.values.0.population_share", 0.72),
            "criteria[0].values: the population shares add up to 1.20, not 1",
        ),
        # Ages.
        (
            put("criteria.1.values.1.age_from", 24),
            "criteria[1].values[1].age_from: overlaps the band before, which ends at 24",
        ),
        (
            put("criteria.1.values.2.age_from", 50),
            "criteria[1].values[2].age_from: leaves a gap: the band before ends at 44",
        ),
        (
            put("criteria.1.values.0.age_from", 18),
            "criteria[1].values[0].age_from: the first band must start at the minimum age 15",
        ),
        (
            put("eligibility.minimum_age", 16),
            "criteria[1].values[0].age_from: the first band must start at the minimum age 16",
        ),
        (
            put("criteria.1.values.3.age_to", 99),
            "criteria[1].values[3].age_to: nobody older than 99 has a band: leave the last one open",
        ),
        (
            put("criteria.1.values.1.age_to", ...),
            "criteria[1].values[1].age_to: is missing: only the last band has no end",
        ),
        (
            put("criteria.1.values.2.age_from", ...),
            "criteria[1].values[2].age_from: is missing: all values of an age criterion are bands",
        ),
        (put("criteria.1.source", "form"), "criteria[1].source: age bands are counted from the roll: must be `roll`"),
        (
            put("criteria.4.source", "roll"),
            "criteria[4].source: the roll tells age and district alone: ask in the form (`form`)",
        ),
        # The order of things.
        (put("sign_up.closes", "2025-02-10 09:00"), "sign_up.closes: is not later than the opening"),
        (
            put("sign_up.closes", "2025-04-09 17:00"),
            "sessions[0].starts: the first session is not later than the closing of sign-up",
        ),
        (
            put("sessions.1", RAW["sessions"][1] | {"starts": "2025-04-09 20:00", "parts": []}),
            "sessions[1].starts: is earlier than the end of sessions[0]",
        ),
        (put("sessions.2.ends", "2025-05-13 16:00"), "sessions[2].ends: is not later than the start"),
        (put("sessions.3.number", 3), "sessions[3].number: must be 4: sessions are numbered in their order"),
        (put("sessions.0.parts.2.starts", "17:05"), "sessions[0].parts[2].starts: is earlier than the part before"),
        (put("sessions.0.parts.8.starts", "21:00"), "sessions[0].parts[8].starts: is outside the session"),
        # Milestones.
        (put("milestones.1.months", ...), "milestones[1]: needs `months` (from the day of delivery) or `event`"),
        (put("milestones.1.months", -1), "milestones[1].months: must be at least 0"),
        (put("milestones.1.months", 121), "milestones[1].months: must be at most 120"),
        (put("milestones.1.window_days", "14"), "milestones[1].window_days: must be a whole number"),
        (put("milestones.1.window_days", 400), "milestones[1].window_days: must be at most 366"),
        (
            put("milestones.0.window_days", 14),
            "milestones[0].window_days: a status `within` a period has no window: only one `after` has",
        ),
        (put("milestones.0.working_day", "ja"), "milestones[0].working_day: must be true or false"),
        (
            put("milestones.0.reminder_days", [14, 30, 14]),
            "milestones[0].reminder_days[2]: `14` stands already at milestones[0].reminder_days[0]",
        ),
        (put("reminder_days", [7, 7]), "reminder_days[1]: `7` stands already at reminder_days[0]"),
        (put("overdue_every_days", -7), "overdue_every_days: must be at least 0"),
        # Who is told.
        (
            put("tell", ["mayor"]),
            "tell[0]: must be 'officers', 'management', 'council' or 'secretariat'",
        ),
        (put("tell", []), "tell: must have at least 1, has 0"),
        (put("tell", ["officers", "officers"]), "tell[1]: `officers` stands already at tell[0]"),
        (put("milestones.2.tell", []), "milestones[2].tell: must have at least 1, has 0"),
        (put("escalation.0.days_overdue", 0), "escalation[0].days_overdue: must be at least 1"),
        (put("escalation.1.days_overdue", 8), "escalation[1].days_overdue: 8 is not later than the step before, 8"),
        (put("escalation.1.tell", ["management"]), "escalation[1].tell: tells nobody who is not told already"),
        (
            put("escalation.1.tell", ["council", "council"]),
            "escalation[1].tell[1]: `council` stands already at escalation[1].tell[0]",
        ),
        (
            put("milestones.0.escalation", [{"days_overdue": 3, "tell": ["officers"]}]),
            "milestones[0].escalation[0].tell: tells nobody who is not told already",
        ),
        # Ids.
        (put("themes.4.id", "economy"), "themes[4].id: the id `economy` stands already at themes[0].id"),
        (put("sessions.4.id", "open"), "sessions[4].id: the id `open` stands already at sessions[2].id"),
        (
            put("criteria.2.values.1.id", "primary"),
            "criteria[2].values[1].id: the id `primary` stands already at criteria[2].values[0].id",
        ),
        (put("id", "Dragør 2025"), "id: `Dragør 2025` does not have the form ^[a-z0-9][a-z0-9-]{2,47}$"),
        # What registration needs to know.
        (put("retention.not_drawn_days", 0), "retention.not_drawn_days: must be at least 1"),
        (put("eligibility.postcodes", ["279"]), "eligibility.postcodes[0]: `279` does not have the form ^[0-9]{4}$"),
        (put("sign_up.waves.0.share", 1.5), "sign_up.waves[0].share: must be at most 1"),
        (
            put("sign_up.needs.1.id", "wheelchair"),
            "sign_up.needs[1].id: the id `wheelchair` stands already at sign_up.needs[0].id",
        ),
        (
            put("sign_up.waves.0.favours", [{"criterion": "tenure", "value": "owner", "factor": 2}]),
            "sign_up.waves[0].favours[0].criterion: `tenure` is no criterion that the roll knows",
        ),
        (
            put("sign_up.waves.0.favours", [{"criterion": "age", "value": "7-9", "factor": 2}]),
            "sign_up.waves[0].favours[0].value: `7-9` is no value of age",
        ),
        (
            put("criteria.4.values.0.streets", ["Strandlinien"]),
            "criteria[4].values[0].streets[0]: streets tell a criterion of the roll that is not age (`source: roll`)",
        ),
    ],
)
def test_a_wrong_field_is_named_by_its_path(change: Change, expected: str) -> None:
    assert problems(change) == [expected]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    def change(raw: dict[str, Any]) -> None:
        put("milestones.2.months", ...)(raw)
        put("criteria.1.values.2.maximum", ...)(raw)
        put("criteria.0.values.0.minimum", 30)(raw)
        put("title.en", ...)(raw)
        put("themes.1.id", "economy")(raw)

    assert problems(change) == [
        "title.en: is missing",
        "criteria[0].values: the minimums add up to 47, the panel has 36 seats",
        "criteria[0].values[0].minimum: 30 is more than the maximum 19",
        "criteria[1].values[2].maximum: is missing",
        "themes[1].id: the id `economy` stands already at themes[0].id",
        "milestones[2]: needs `months` (from the day of delivery) or `event`",
    ]


def test_a_time_without_quotes_stays_a_time_and_no_stays_a_word() -> None:
    text = "{a: 17:00, b: no, c: 2025-04-09, d: 12}"
    read = yaml.load(text, Loader=CoreLoader)  # noqa: S506 - a SafeLoader
    assert read == {"a": "17:00", "b": "no", "c": "2025-04-09", "d": 12}


def test_a_key_that_stands_twice_is_refused_where_yaml_would_take_the_last() -> None:
    assert problems_of(TEXT.replace("  size: 36\n", "  size: 36\n  size: 36\n")) == ["panel.size: stands twice"]


@pytest.mark.parametrize("text", ["a: [", "a: {b: c", "\t", "- &a [*a]", "", "just words", "- one\n- two", "{[a]: b}"])
def test_a_file_that_is_no_assembly_at_all_is_refused_whole(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.startswith("(the file): ")


def test_a_missing_file_and_one_in_another_encoding_are_refused(tmp_path: Path) -> None:
    assert check(tmp_path) == ["(the file): is missing"]
    (tmp_path / "assembly.yaml").write_bytes("title: Dragør".encode("latin-1"))
    (problem,) = check(tmp_path)
    assert problem.startswith("(the file): cannot be read as UTF-8 text")


def test_the_check_command_prints_each_problem_and_its_status_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_folders([str(MUNICIPALITIES / "dragoer")]) == 0
    assert capsys.readouterr().out == "in order\n"
    (tmp_path / "assembly.yaml").write_text(TEXT.replace("  size: 36\n", "  size: 30\n"), encoding="utf-8")
    assert check_folders([str(tmp_path)]) == 1
    assert (
        f"{tmp_path}: criteria[0].values: the minimums add up to 34, the panel has 30 seats" in capsys.readouterr().out
    )
    assert check_folders([]) == 2


bands = st.lists(st.integers(16, 100), min_size=1, max_size=6, unique=True).map(sorted)


def with_bands(starts: list[int], ends: list[int | None]) -> Change:
    def change(raw: dict[str, Any]) -> None:
        raw["criteria"][1]["values"] = [
            {"id": f"b{i}", "title": {"da": "x", "en": "x"}, "minimum": 0, "maximum": 36, "age_from": start}
            | ({} if end is None else {"age_to": end})
            for i, (start, end) in enumerate(zip(starts, ends, strict=True))
        ]

    return change


@given(bands)
def test_any_bands_that_meet_edge_to_edge_from_the_minimum_age_are_in_order(cuts: list[int]) -> None:
    assert problems(with_bands([15, *cuts], [*(cut - 1 for cut in cuts), None])) == []


@given(bands, st.data())
def test_any_band_moved_by_a_year_or_more_is_an_overlap_or_a_gap(cuts: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(cuts) - 1))
    shift = data.draw(st.integers(-10, 10).filter(bool))
    starts = [15, *cuts]
    starts[place + 1] += shift
    found = problems(with_bands(starts, [*(cut - 1 for cut in cuts), None]))
    word = "overlaps" if shift < 0 else "leaves a gap"
    assert any(p.startswith(f"criteria[1].values[{place + 1}].age_from: {word}") for p in found)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=6))
def test_quotas_are_refused_exactly_when_no_panel_can_hold_them(quotas: list[tuple[int, int]]) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["criteria"][4]["values"] = [
            {"id": f"v{i}", "title": {"da": "x", "en": "x"}, "minimum": least, "maximum": most}
            for i, (least, most) in enumerate(quotas)
        ]

    each_fits = all(least <= most <= 36 for least, most in quotas)
    together = sum(least for least, _ in quotas) <= 36 <= sum(most for _, most in quotas)
    assert (problems(change) == []) == (each_fits and together)
