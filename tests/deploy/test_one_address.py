"""The ingress and the local gateway: one address, one table."""

from typing import Any

import rules

from borgersamling.gateway import ROUTES, service_for
from contracts import access

Objects = list[dict[str, Any]]


def paths(overlay: Objects) -> dict[tuple[str, str], str]:
    (rule,) = rules.named(overlay, "Ingress")["borgersamling"]["spec"]["rules"]
    return {(p["path"], p["pathType"]): p["backend"]["service"]["name"] for p in rule["http"]["paths"]}


def test_the_ingress_sends_every_path_where_the_gateway_sends_it(overlay: Objects) -> None:
    assert {path: service for (path, _), service in paths(overlay).items()} == {
        path: service_for(path) for path, _ in paths(overlay)
    }


def test_every_prefix_of_the_gateway_is_a_path_of_the_ingress(overlay: Objects) -> None:
    there = {path: service for (path, _), service in paths(overlay).items()}
    assert {prefix: there.get(prefix) for prefix, _ in ROUTES} == dict(ROUTES)


def test_every_page_and_api_is_reached_through_the_ingress_at_the_service_that_has_it(overlay: Objects) -> None:
    there = paths(overlay)
    lost = [
        row.path
        for service, rows in access.SERVICES.items()
        for row in rows
        if {name for (path, kind), name in there.items() if leads(row.path, path, kind)} != {service}
    ]
    assert lost == []


def leads(path: str, to: str, kind: str) -> bool:
    """Whether the ingress' path `to` is one for `path`; a prefix is of whole segments."""
    return path == to or (kind == "Prefix" and path.startswith(to + "/"))


def test_the_root_is_exact_so_that_metrics_and_health_stay_inside(overlay: Objects) -> None:
    prefixes = [path for path, kind in paths(overlay) if kind == "Prefix"]
    assert ("/", "Exact") in paths(overlay)
    assert not [path for path in prefixes if path == "/" or "/metrics".startswith(path) or "/health".startswith(path)]
