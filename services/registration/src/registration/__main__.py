"""`python -m registration`: serve."""

from chassis.process import run
from registration.bootstrap import build
from registration.settings import Settings

run(build, Settings)
