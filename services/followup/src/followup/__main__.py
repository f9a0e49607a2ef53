"""Run followup: `python -m followup`; or rebuild its database from the streams: `python -m followup replay`."""

import sys

from chassis.process import run
from followup.bootstrap import build
from followup.settings import Settings

if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            run(build, Settings)
        case ["replay"]:
            from followup.replay import command

            command.run()
        case _:
            sys.stderr.write("python -m followup [replay]\n")
            raise SystemExit(2)
