"""Settings of followup."""

from pydantic import Field

from chassis.settings import CommonSettings


class Settings(CommonSettings):
    """What the chassis needs, and how often the deadlines are looked at."""

    sweep_seconds: float = Field(
        default=60.0, gt=0, description="a deadline is crossed at midnight in Copenhagen; it is said within this time"
    )
