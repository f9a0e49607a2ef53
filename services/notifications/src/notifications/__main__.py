"""Run notifications: `python -m notifications`."""

from chassis.process import run
from notifications.bootstrap import build
from notifications.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
