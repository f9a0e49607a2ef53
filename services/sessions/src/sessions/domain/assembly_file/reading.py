"""From a folder to a checked assembly, or to the list of everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sessions.domain.assembly_file import rules
from sessions.domain.assembly_file.draft import Draft, Problem
from sessions.domain.assembly_file.model import AssemblyFile
from sessions.domain.assembly_file.yaml_core import CoreLoader, duplicate_keys

FILE_NAME = "assembly.yaml"
WHOLE_FILE = "(the file)"


class AssemblyFileError(ValueError):
    """The file is refused. `problems` is every problem found, in the order of their paths."""

    def __init__(self, problems: list[Problem], source: str = FILE_NAME) -> None:
        self.problems = problems
        self.source = source
        super().__init__("\n".join([f"{source} is refused:", *(f"  {problem}" for problem in problems)]))


def load(folder: Path) -> AssemblyFile:
    """Return the assembly of a municipality's folder. Raises AssemblyFileError, also when the file is missing."""
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AssemblyFileError([Problem(WHOLE_FILE, "is missing")], str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise AssemblyFileError([Problem(WHOLE_FILE, f"cannot be read as UTF-8 text: {error}")], str(path)) from None
    return read(text, str(path))


def read(text: str, source: str = FILE_NAME) -> AssemblyFile:
    """Return the assembly written in `text`. Raises AssemblyFileError with all problems at once."""
    try:
        problems = [Problem(path, "stands twice") for path in duplicate_keys(text)]
        raw = yaml.load(text, Loader=CoreLoader)  # noqa: S506 - CoreLoader is a SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        raise AssemblyFileError([Problem(WHOLE_FILE, f"is not YAML: {_one_line(error)}")], source) from None
    if not isinstance(raw, Mapping):
        raise AssemblyFileError([Problem(WHOLE_FILE, "must be a list of named fields")], source)
    assembly, found = examine(raw)
    problems += found
    if problems or assembly is None:
        raise AssemblyFileError(sorted(set(problems), key=_in_file_order(raw)), source)
    return assembly


def examine(raw: Mapping[str, Any]) -> tuple[AssemblyFile | None, list[Problem]]:
    """Return the assembly of a file's content if it has its shape, and every problem: of shape, and of the rules."""
    assembly: AssemblyFile | None = None
    problems: list[Problem] = []
    try:
        assembly = AssemblyFile.model_validate(raw)
    except ValidationError as error:
        problems += [_problem(detail) for detail in error.errors()]
    draft = Draft(raw)
    problems += [problem for rule in rules.ALL for problem in rule(draft)]
    return assembly, sorted(set(problems), key=_in_file_order(raw))


def check(folder: Path | str) -> list[str]:
    """Return what is wrong with a municipality's folder, a line each (`path.of.field: what`); empty when it is fit."""
    try:
        load(Path(folder))
    except AssemblyFileError as error:
        return [str(problem) for problem in error.problems]
    return []


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _in_file_order(raw: Mapping[str, Any]) -> Any:
    """Sort by the field's place at the top of the file, then by path with numbers as numbers."""
    order = [*AssemblyFile.model_fields, *map(str, raw)]

    def key(problem: Problem) -> tuple[int, list[tuple[int, str]], str]:
        steps = list(_steps(problem.path))
        top = order.index(steps[0][1]) if steps and steps[0][1] in order else -1
        return top, steps, problem.message

    return key


def _steps(path: str) -> Iterator[tuple[int, str]]:
    for step in path.replace("[", ".").replace("]", "").split("."):
        yield (int(step), "") if step.isdigit() else (-1, step)


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of an assembly file",
    "string_type": "must be text",
    "model_type": "must be named fields",
    "model_attributes_type": "must be named fields",
    "tuple_type": "must be a list",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
}


def _problem(detail: ErrorDetails) -> Problem:
    path = ""
    for step in detail["loc"]:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    context = detail.get("ctx", {})
    match detail["type"]:
        case "string_too_short":
            message = "is empty"
        case "value_error":
            message = str(context["error"])
        case "string_pattern_mismatch":
            message = f"`{detail['input']}` does not have the form {context['pattern']}"
        case "literal_error":
            message = f"must be {context['expected']}"
        case "greater_than_equal":
            message = f"must be at least {context['ge']:g}"
        case "less_than_equal":
            message = f"must be at most {context['le']:g}"
        case other:
            message = _WORDS.get(other, detail["msg"])
    return Problem(path or WHOLE_FILE, message)
