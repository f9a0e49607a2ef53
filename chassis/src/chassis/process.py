"""The process a service runs in: settings from the environment, logs, the server, how it ends."""

import gc
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import uvicorn
from pydantic import ValidationError

from chassis import logs
from chassis.service import Service
from chassis.settings import CommonSettings

S = TypeVar("S", bound=CommonSettings)


def settings_for(name: str, settings_type: type[S]) -> S:
    """Read a service's settings and have it log as they say. Exits with 2 when they are wrong."""
    logs.configure(name, "INFO")
    try:
        settings = settings_type()
    except ValidationError as error:
        # Field and rule alone: pydantic's own text repeats the input, which may be a token.
        lines = [f"{'__'.join(map(str, problem['loc'])).upper()}: {problem['msg']}" for problem in error.errors()]
        sys.stderr.write("the settings are not in order:\n  " + "\n  ".join(lines) + "\n")
        raise SystemExit(2) from None
    logs.configure(name, settings.log.level)
    return settings


def run(build: Callable[[Any], Service], settings_type: type[CommonSettings]) -> None:
    """Serve until SIGTERM. Exits with 1 when it ended itself or could not start, with 2 when its settings are wrong."""
    settings = settings_for(build.__module__.split(".")[0], settings_type)
    service = build(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            service.app(),
            host=settings.http.host,
            port=settings.http.port,
            log_config=None,
            access_log=False,  # paths hold personal links
            server_header=False,
            forwarded_allow_ips=settings.http.proxies,
            timeout_graceful_shutdown=3,  # whatever a request is waiting for, the stop does not hang on it
        )
    )
    service.live.stopping = lambda: server.should_exit

    def stop() -> None:
        server.should_exit = True

    service.on_fatal = stop
    service.pages.compile()
    # What has been built stays until the end: a full collection that looks through all of it takes a tenth of a second
    # and more, in the midst of someone's request.
    gc.collect()
    gc.freeze()
    server.run()
    if service.fatal or not server.started:
        raise SystemExit(1)
