"""The provider as a WSGI application: `oidc-provider-mock` with our accounts, our one client and pages of our own.

It is a real provider in what it signs and serves, and stricter here than by itself: another client, another way back
or another client secret is refused, as Keycloak refuses them. It does not look at PKCE.
"""

import os
import warnings
from typing import Any

from authlib.deprecate import AuthlibDeprecationWarning
from jinja2 import ChoiceLoader, PackageLoader

from borgersamling.provider import BACK, CLIENT_ID, PEOPLE


def build(public_url: str, client_secret: str) -> Any:
    """Return the application (Flask) for the system at `public_url`."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP: both ends are on this machine
    # The mock stands on what Authlib is leaving, and says so at each request. Its version is locked.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    import oidc_provider_mock as mock  # noqa: PLC0415 - after the filter
    from oidc_provider_mock._app import OpenIDCode  # noqa: PLC0415
    from oidc_provider_mock._storage import Client, storage  # noqa: PLC0415

    plain = OpenIDCode.get_encode_header

    def with_key_id(grant: Any, client: Any) -> dict[str, str]:
        # Each start makes a new key. By its name in the token the services see that theirs is old, and fetch the new.
        # Later versions of the mock, on a later Python, name it themselves.
        name = storage.jwk.as_dict().get("kid")
        return {**plain(grant, client), **({"kid": name} if name else {})}

    OpenIDCode.get_encode_header = with_key_id
    people = [mock.User(sub=sub, claims={"roles": list(roles)}) for sub, roles in PEOPLE.items()]
    app = mock.app(require_client_registration=True, user_claims=people)
    # It comes with Werkzeug's debugger around it, which would show sources and secrets with every fault.
    app.debug = False
    del app.wsgi_app
    # Its own pages fetch their style from another host; who signs in locally is nobody's business.
    app.jinja_loader = ChoiceLoader([PackageLoader("borgersamling.provider"), app.jinja_loader])
    with app.test_request_context():
        app.preprocess_request()  # the mock opens its storage for a request
        storage.store_client(
            Client(
                id=CLIENT_ID,
                secret=client_secret,
                redirect_uris=[public_url.rstrip("/") + BACK],
                allowed_scopes=["openid"],
                token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a method's name
            )
        )

    app.add_url_rule("/health/ready", view_func=lambda: {"status": "ready"})
    return app
