"""The rehearsal: an assembly of invented people plays its whole course on the real system, its clock moved on."""

import asyncio
import hashlib
import signal
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from borgersamling import table
from borgersamling.rehearsal.course import Course
from borgersamling.rehearsal.outcome import outcome, show, write
from borgersamling.rehearsal.town import RehearsalError, Town
from borgersamling.supervisor import System
from borgersamling.synthetic import populate
from sessions.domain.assembly_file import AssemblyFile, AssemblyFileError, load

FAILED = 1
REFUSED = 2


def run(
    municipality: Path,
    *,
    data: Path,
    residents: int = 11_752,
    seed: int = 1,
    leave: bool = False,
    json: Path | None = None,
    port: int | None = None,
    until: str | None = None,
) -> int:
    """Play the course on a fresh system in `data`, which is emptied first; return the exit status.

    `residents` are those old enough to be invited. `until` names the last stage to play (`course.STAGES`). Without
    `leave` the system stays up until Ctrl-C.
    """
    console = Console(stderr=False)
    try:
        plan = load(municipality)
    except AssemblyFileError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    system = System(
        data,
        port=port,
        clock="rehearsal",
        fresh=True,
        municipalities=[municipality],
        person_key=hashlib.sha256(f"rehearsal {seed}".encode()).hexdigest(),
        say=lambda part, line: console.print(f"  {part:<16} {line}", highlight=False),
    )
    # In the middle of a course too, SIGTERM stops every part in order, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with system:
        try:
            asyncio.run(_play(system, plan, console, residents=residents, seed=seed, json=json, until=until))
        except RehearsalError as error:
            console.print(f"[red]the rehearsal stopped:[/red] {error}")
            return FAILED
        if not leave:
            console.print(f"open {system.url} — the system stays up; stop it with Ctrl-C")
            _wait_for_the_end()
    return 0


async def _play(
    system: System,
    plan: AssemblyFile,
    console: Console,
    *,
    residents: int,
    seed: int,
    json: Path | None,
    until: str | None,
) -> None:
    population = populate(residents=residents, seed=seed, assembly=plan)
    seconds: dict[str, float] = {}
    async with Town.visit(system) as town:
        course = Course(town, plan, population, seed, system.address("digital-post"), system.data / "letters")
        columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Bars(*columns, console=console) as bars:
            for name, stage in course.stages():
                task = bars.add_task(name, total=None)
                began = time.monotonic()
                await stage(lambda done, total, task=task: bars.update(task, completed=done, total=total))
                bars.update(task, completed=bars.tasks[task].total or 1, total=bars.tasks[task].total or 1)
                seconds[name] = time.monotonic() - began
                if not console.is_terminal:
                    console.print(f"  {name:<16} done in {seconds[name]:.1f} s", highlight=False)
                if name == until:
                    break
        result = await outcome(course, seconds)
    if json is not None:
        write(result, json)
    addresses = {
        "the front page": system.url,
        "the draw": f"{system.url}/lodtraekning/{plan.id}",
        "the council's answers": f"{system.url}/opfoelgning/{plan.id}",
        "what was sent": f"{system.url}/post",
        "residents' mailboxes": system.address("digital-post"),
        "sign in": f"{system.url}/log-ind {table.who_signs_in()}",
    }
    show(result, addresses, console)


def _wait_for_the_end() -> None:
    stop = signal.sigwait
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    stop({signal.SIGINT, signal.SIGTERM})
