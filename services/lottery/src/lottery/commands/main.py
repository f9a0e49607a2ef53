"""The command: `lottery draw`, `verify`, `explain`, `feasibility` and `quotas`."""

import argparse
import sys
from collections.abc import Sequence

from lottery.commands.draw import add_draw
from lottery.commands.explain import add_explain
from lottery.commands.feasibility import INFEASIBLE, add_feasibility, advice_of, in_words
from lottery.commands.inputs import told
from lottery.commands.quotas import add_quotas
from lottery.domain.errors import FlawedInputError
from lottery.domain.feasibility import InfeasibleQuotasError
from lottery.verifying import verify

BAD_INPUT = 2
ABOUT = "Draw a citizens' assembly so that anyone can check it. Exit codes: 0 done, 2 bad input, 3 no panel possible."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["verify"]:  # the stand-alone file has the same arguments
        return verify.main(given[1:], "lottery verify")
    parser = argparse.ArgumentParser(prog="lottery", description=ABOUT)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, add, about in (
        ("draw", add_draw, "seal a draw, and draw it with three digits"),
        ("quotas", add_quotas, "make a file of quotas from the population's shares"),
        ("explain", add_explain, "everyone's chance by group, and what the quotas force"),
        ("feasibility", add_feasibility, "whether a panel can be drawn, and what to loosen if not"),
    ):
        add(commands.add_parser(name, help=about, description=about))
    commands.add_parser("verify", help="check a draw: lottery verify RECORD|DIR")
    chosen = parser.parse_args(given)
    try:
        code: int = chosen.run(chosen)
    except FlawedInputError as error:
        print(told(error.flaws), file=sys.stderr)
        return BAD_INPUT
    except InfeasibleQuotasError:
        print(in_words(advice_of(chosen)), file=sys.stderr)
        return INFEASIBLE
    return code


if __name__ == "__main__":
    raise SystemExit(main())
