"""What an API's own description says besides the framework's: how it refuses, and who may ask.

Written from the access table and `errorpages`, so that no route has to repeat it, nor can forget it.
"""

from typing import Any

from fastapi import FastAPI
from pydantic import ConfigDict

from chassis.access import Row, Table
from chassis.identity import Role

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why nothing was done (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": {
            "type": "array",
            "description": "each rule that is broken; what was sent is never repeated",
            "items": {
                "type": "object",
                "required": ["where", "field", "rule", "message"],
                "additionalProperties": False,
                "properties": {
                    "where": {"type": "string"},
                    "field": {"type": "string"},
                    "rule": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": False,
}
_BROKEN = {"where": "recommendation 3", "field": "reason", "rule": "compulsory", "message": "give the reason"}
REFUSALS: dict[str, tuple[str, dict[str, Any]]] = {
    "401": ("A bearer token is needed", {"title": "Unauthorized", "detail": "a bearer token is needed"}),
    "403": ("The token's role may not", {"title": "Forbidden", "detail": "this is not for the role secretariat"}),
    "404": ("There is no such thing", {"title": "Not Found", "detail": "no assembly dragoer-2026 is announced"}),
    "409": ("Someone was first, or its time has not come", {"title": "Conflict", "detail": "saved by someone else"}),
    "422": ("Rules are broken; all of them are listed", {"title": "Unprocessable Content", "problems": [_BROKEN]}),
}
"""What each refusal means, with an example."""


def describe(app: FastAPI, table: Table) -> None:
    """Have the application's description say it too."""
    framework = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(framework(), table)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(document: dict[str, Any], table: Table) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    # What the framework would answer to a request that is badly formed: here all errors have one shape.
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            row = table.row(method.upper(), path)
            for status in _refusals(method, path, operation, row):
                operation["responses"][status] = _refusal(status, operation["responses"].get(status, {}))
            if row is not None and Role.PUBLIC not in row.roles:
                operation["security"] = [{"token": []}]
    return document


def _refusals(method: str, path: str, operation: dict[str, Any], row: Row | None) -> list[str]:
    found = []
    if row is not None and Role.PUBLIC not in row.roles:
        found += ["401", "403"]
    if "{" in path:
        found.append("404")
    if operation["responses"].get("422", {}).get("description") == "Validation Error":
        del operation["responses"]["422"]
    asks = any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
    if method != "get":
        found += ["409", "422"]
    elif asks:
        found.append("422")
    return found


def _refusal(status: str, said: dict[str, Any]) -> dict[str, Any]:
    """Return a refusal, with the route's own words for it where it has some."""
    meaning, example = REFUSALS[status]
    whole = {"type": "about:blank", "status": int(status)} | example
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": whole}
    return {"description": said.get("description", meaning), "content": {"application/problem+json": content}}


def example(**values: Any) -> ConfigDict:
    """Return the configuration of a model that shows in the description what is sent, say."""
    return ConfigDict(json_schema_extra={"example": values})
