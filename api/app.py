"""How do routes, guard, problems and probes become one application?"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from prometheus_client import CollectorRegistry

from activities.codec import decode_app
from api import problems, routes
from api.observed import Observed
from api.probes import probes
from api.routes.router import router
from casework.context import Installation

TITLE = "arrears"
VERSION = "1"
CODEC_PATH = "/codec"

Connect = Callable[[], AbstractAsyncContextManager[Installation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """*callback_secret*: by which field service signs; without it no callback is taken.

    *codec_key* and *codec_origins*: with both, the Temporal Web UI at these origins is shown payloads in clear, under
    ``/codec``. Only for a process that listens on localhost alone.
    """

    callback_secret: str = ""
    codec_key: bytes = b""
    codec_origins: tuple[str, ...] = ()


def create_app(connect: Connect, options: Options | None = None) -> FastAPI:
    """Return the API over the installation that *connect* opens at start and closes at the end."""
    options = options or Options()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with connect() as installation:
            app.state.installation = installation
            yield

    app = FastAPI(title=TITLE, version=VERSION, lifespan=lifespan, docs_url="/docs", redoc_url=None)
    app.state.callback_secret = options.callback_secret
    app.state.registry = CollectorRegistry()
    assert routes.__all__, "importing the room put its routes on the router"
    # Flat, not included: the 405 handler and the log ask each route for its own path and methods.
    app.router.routes.extend([*router.routes, *probes.routes])
    if options.codec_key and options.codec_origins:
        app.mount(CODEC_PATH, decode_app(options.codec_key, options.codec_origins))
    problems.register(app)
    app.add_middleware(Observed, registry=app.state.registry)
    app.openapi = lambda: _schema(app)  # type: ignore[method-assign]  # FastAPI's own way of extending the schema
    return app


def _schema(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI schema with the two ways of saying who calls, and problems as their own media type."""
    if app.openapi_schema is None:
        schema = get_openapi(title=TITLE, version=VERSION, description=str(__doc__), routes=app.routes)
        schema["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "signature": {"type": "apiKey", "in": "header", "name": "webhook-signature"},
        }
        _as_problems(schema["paths"].values())
        app.openapi_schema = schema
    return app.openapi_schema


def _as_problems(paths: Iterable[dict[str, Any]]) -> None:
    """Say of every error that its body is a problem: FastAPI would call it plain JSON."""
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path in paths:
        for operation in path.values():
            for response in operation.get("responses", {}).values():
                if response.get("content", {}).get("application/json", {}) == problem:
                    response["content"] = {problems.MEDIA_TYPE: problem}
