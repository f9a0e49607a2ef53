"""Settings of lottery."""

from chassis.settings import CommonSettings


class Settings(CommonSettings):
    """What the chassis needs, and nothing more: all a draw depends on comes as facts and is sealed in its record."""
