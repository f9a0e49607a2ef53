"""`/health/live` (the process answers) and `/health/ready` (it can do its work now)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse

Check = Callable[[], Awaitable[object]]


def router(checks: Mapping[str, Check], timeout: float = 2.0) -> APIRouter:
    """Return the two routes. A check is well when it returns within `timeout` seconds without raising."""
    routes = APIRouter(prefix="/health", include_in_schema=False)

    @routes.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @routes.get("/ready")
    async def ready() -> JSONResponse:
        results = await asyncio.gather(*(_result(check, timeout) for check in checks.values()))
        well = all(result == "ok" for result in results)
        body = {"status": "ready" if well else "not ready", "checks": dict(zip(checks, results, strict=True))}
        return JSONResponse(body, 200 if well else 503, headers={"Cache-Control": "no-store"})

    return routes


async def _result(check: Check, seconds: float) -> str:
    try:
        await asyncio.wait_for(check(), seconds)
    except TimeoutError:
        return "timed out"
    except Exception as error:  # noqa: BLE001 - whatever it is, the service is not ready
        return type(error).__name__  # never its text: connection strings hold passwords
    return "ok"
