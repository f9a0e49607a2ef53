"""The scripts of deploy/kubernetes, importable; and the overlay they build, once for all tests."""

import copy
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
sys.path.insert(0, str(KUBERNETES))

import check  # noqa: E402 - from the folder above

Objects = list[dict[str, Any]]


@pytest.fixture(scope="session")
def built_overlay() -> Objects:
    return check.build(KUBERNETES / "overlays/dragoer")


@pytest.fixture
def overlay(built_overlay: Objects) -> Objects:
    """A copy of Dragør's objects that a test may spoil."""
    return copy.deepcopy(built_overlay)
