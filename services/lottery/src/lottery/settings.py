"""Settings of lottery."""

from pydantic import Field

from chassis.settings import CommonSettings


class Settings(CommonSettings):
    """How draws are prepared in the background; all a draw depends on comes as facts and is sealed in its record."""

    prepare_seconds: float = Field(default=2.0, gt=0, description="how often draws to prepare are looked for")
    prepare_lease_seconds: float = Field(
        default=30.0, gt=0, description="how long a draw is a process's that gives no sign of life"
    )
    beacon_url: str | None = Field(
        default=None, description="an HTTP relay of the beacon drand, to fetch a round from; none: it is pasted"
    )
    prepare_sign_seconds: float = Field(default=0.5, gt=0, description="how often a process gives a sign of life")
    remind_seconds: float = Field(default=60.0, gt=0, description="how often to look for members to remind")
