"""Run lottery: `python -m lottery`."""

from chassis.process import run
from lottery.bootstrap import build
from lottery.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
