"""What the sessions service is told from outside."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from chassis.settings import CommonSettings


def _folders(value: Any) -> Any:
    """Read `["a", "b"]`, or `a:b` as a search path is written."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [folder for folder in value.split(os.pathsep) if folder.strip()]


class Settings(CommonSettings):
    """The common settings and MUNICIPALITIES: the folders whose assemblies this house may announce."""

    municipalities: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)] = Field(
        default=(), description="folders that each hold an assembly.yaml"
    )
