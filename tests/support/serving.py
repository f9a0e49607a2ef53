"""An application behind a real port, for what the wire does: bodies that come in pieces, connections that break."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from borgersamling.processes import HOST, free_port


@asynccontextmanager
async def served(app: Any, **options: Any) -> AsyncIterator[str]:
    """Serve an application on a port of its own; `options` are more of the server's."""
    port = free_port()
    quiet = {"log_level": "critical", "log_config": None, "access_log": False, "proxy_headers": False}
    server = uvicorn.Server(uvicorn.Config(app, host=HOST, port=port, **quiet | options))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = True
        await task
