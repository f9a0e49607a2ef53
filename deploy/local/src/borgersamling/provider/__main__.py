"""Run the provider: `python -m borgersamling.provider`.

Told HTTP__HOST and HTTP__PORT, PUBLIC_URL (where people are sent back to) and SIGN_IN__CLIENT_SECRET.
"""

import os
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from borgersamling.provider.app import build


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class' name
        """Log no request: the codes of a sign-in under way are in addresses."""


def main() -> None:
    """Serve until SIGTERM; KeyError names a variable that is missing."""
    env = os.environ
    app = build(env["PUBLIC_URL"], env["SIGN_IN__CLIENT_SECRET"])
    host, port = env.get("HTTP__HOST", "127.0.0.1"), int(env.get("HTTP__PORT", "8090"))
    with make_server(host, port, app, _Server, _Quiet) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
