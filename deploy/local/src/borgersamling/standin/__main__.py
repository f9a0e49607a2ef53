"""Run the stand-in: `python -m borgersamling.standin`."""

import os

import uvicorn

from borgersamling.standin.app import build
from borgersamling.standin.options import Options


def main() -> None:
    """Serve until SIGTERM. HTTP__HOST and HTTP__PORT, which every local process is told, go before STANDIN__...'s."""
    options = Options()
    uvicorn.run(
        build(options),
        host=os.environ.get("HTTP__HOST", options.host),
        port=int(os.environ.get("HTTP__PORT", options.port)),
        access_log=False,  # the protocol has CPR numbers in its URLs
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
