"""Run followup: `python -m followup`."""

from chassis.process import run
from followup.bootstrap import build
from followup.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
