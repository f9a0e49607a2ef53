"""Settings of followup."""

from pydantic import Field

from chassis.settings import CommonSettings


class Settings(CommonSettings):
    """What the chassis needs, how often the deadlines are looked at, and when old documents are written anew."""

    sweep_seconds: float = Field(
        default=60.0, gt=0, description="a deadline is crossed at midnight in Copenhagen; it is said within this time"
    )
    migrate_after_seconds: float = Field(
        default=30.0,
        ge=0,
        description="from the start; a replica of the version before, which a rolling update ends by then, cannot read "
        "what is written in a new schema",
    )
