"""`python -m sessions` serves; `python -m sessions check DIR ...` says what is wrong with a municipality's folder."""

import sys

from chassis.process import run
from sessions.bootstrap import MunicipalitiesRefused, build
from sessions.domain.assembly_file import check
from sessions.settings import Settings

REFUSED = 2


def check_folders(folders: list[str]) -> int:
    """Print every problem with its field's path; return the exit status."""
    if not folders:
        sys.stderr.write("usage: python -m sessions check DIR ...\n")
        return REFUSED
    problems = [f"{folder}: {problem}" for folder in folders for problem in check(folder)]
    sys.stdout.write("".join(f"{problem}\n" for problem in problems) or "in order\n")
    return 1 if problems else 0


def main() -> None:
    if sys.argv[1:2] == ["check"]:
        raise SystemExit(check_folders(sys.argv[2:]))
    try:
        run(build, Settings)
    except MunicipalitiesRefused as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(REFUSED) from None


if __name__ == "__main__":
    main()
