"""The JSON API: what the secretariat does, and what anyone may read."""

from sessions.api.public import router as public_router
from sessions.api.secretariat import router as secretariat_router

__all__ = ["public_router", "secretariat_router"]
