"""Where things are at the one address."""

PREFIX = "/opfoelgning"
API = f"{PREFIX}/api/assemblies"
DUTIES = f"{PREFIX}/opgaver"
COUNCIL = f"{PREFIX}/raadet"
RECOMMENDATION = f"{PREFIX}/{{assembly}}/anbefalinger/{{recommendation}}"
TOGETHER = f"{DUTIES}/samlet"
ASSEMBLY_DUTIES = f"{PREFIX}/{{assembly}}/opgaver"
ANSWER = f"{PREFIX}/{{assembly}}/anbefalinger/{{recommendation}}/svar"
APPROVE = f"{ANSWER}/godkend"
PUBLISH_ANSWER = f"{ANSWER}/offentliggoer"
LAY_ASIDE = f"{ANSWER}/laeg-til-side"
VERSIONS = f"{ANSWER}/versioner"
WORK = f"{PREFIX}/{{assembly}}/anbefalinger/{{recommendation}}/arbejde"
TAKE = f"{WORK}/ansvar"
CLOSE = f"{WORK}/afslut"
STEP = f"{WORK}/trin/{{step}}"
PUBLISH = f"{PREFIX}/{{assembly}}/status/{{milestone}}/udgiv"
EXTEND = f"{PREFIX}/{{assembly}}/status/{{milestone}}/udskyd"
EVENT = f"{PREFIX}/{{assembly}}/haendelser/{{event}}"
EVALUATION = f"{PREFIX}/{{assembly}}/evaluering"
EVALUATE = f"{PREFIX}/{{assembly}}/evaluering/udgiv"
WHAT_IF = f"{PREFIX}/hvad-nu-hvis"
FEED = f"{PREFIX}/{{assembly}}/nyt.atom"
FEED_OF_ALL = f"{PREFIX}/nyt.atom"
CALENDAR = f"{PREFIX}/{{assembly}}/frister.ics"
CALENDAR_OF_ALL = f"{PREFIX}/frister.ics"
TABLE = f"{PREFIX}/{{assembly}}/anbefalinger.csv"
AGENDA = f"{PREFIX}/{{assembly}}/dagsorden.pdf"
WIDGET = f"{PREFIX}/{{assembly}}/widget"
EMBED = f"{PREFIX}/{{assembly}}/indlejr"
SHEET = f"{PREFIX}/{{assembly}}/regneark"
SHEET_FILE = f"{SHEET}/fil/{{file}}"
SHEET_CHECKED = f"{SHEET}/{{sheet}}"


def dashboard_path(assembly: str) -> str:
    """Return the path of an assembly's public dashboard."""
    return f"{PREFIX}/{assembly}"


def recommendation_path(assembly: str, recommendation: str) -> str:
    """Return the path of a recommendation: its answer, and all that has become of it."""
    return RECOMMENDATION.format(assembly=assembly, recommendation=recommendation)


def status_path(assembly: str, milestone: str) -> str:
    """Return the path of a published status."""
    return f"{dashboard_path(assembly)}/status/{milestone}"


def answer_path(assembly: str, recommendation: str) -> str:
    """Return the path of the form for the council's answer."""
    return ANSWER.format(assembly=assembly, recommendation=recommendation)


def assembly_duties_path(assembly: str) -> str:
    """Return the path of what the council owes one assembly."""
    return ASSEMBLY_DUTIES.format(assembly=assembly)


def work_path(assembly: str, recommendation: str) -> str:
    """Return the path of the officer's page of one recommendation."""
    return WORK.format(assembly=assembly, recommendation=recommendation)


def step_path(assembly: str, recommendation: str, step: int | str) -> str:
    """Return the path of the form for a treatment in a committee, by its place among them or `nyt`."""
    return STEP.format(assembly=assembly, recommendation=recommendation, step=step)


def publish_path(assembly: str, milestone: str) -> str:
    """Return the path of the form that publishes a status."""
    return PUBLISH.format(assembly=assembly, milestone=milestone)


def extend_path(assembly: str, milestone: str) -> str:
    """Return the path of the form that moves a due day."""
    return EXTEND.format(assembly=assembly, milestone=milestone)


def event_path(assembly: str, event: str) -> str:
    """Return the path of the form that records an event's day."""
    return EVENT.format(assembly=assembly, event=event)


def sheet_path(assembly: str) -> str:
    """Return the path of an assembly's spreadsheet."""
    return SHEET.format(assembly=assembly)


def sheet_file_path(assembly: str, file: str) -> str:
    """Return the path of a form of the spreadsheet, as a file."""
    return SHEET_FILE.format(assembly=assembly, file=file)


def sheet_checked_path(assembly: str, sheet: str) -> str:
    """Return the path of a sheet that is handed in and waits to be confirmed."""
    return SHEET_CHECKED.format(assembly=assembly, sheet=sheet)


def evaluation_path(assembly: str) -> str:
    """Return the path of the evaluation of an assembly's follow-up."""
    return EVALUATION.format(assembly=assembly)


def evaluate_path(assembly: str) -> str:
    """Return the path of the form that publishes it."""
    return EVALUATE.format(assembly=assembly)


def widget_path(assembly: str) -> str:
    """Return the path of what another site shows in a frame."""
    return WIDGET.format(assembly=assembly)
