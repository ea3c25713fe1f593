"""With what is the API started in a process of its own: database, clock, Temporal, the other systems?"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI
from starlette.routing import BaseRoute
from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from activities.codec import data_converter
from api import logs
from api.app import Options, create_app
from casework.context import Installation
from formats.layouts import NO_SENDERS, Senders
from gateways.http.systems import http_systems
from gateways.observing import observing
from models.clock import SqlClock
from models.session import open_database

KEPT_SECONDS = 60  # longer than our own callers keep a connection: one that closes first loses what is just being asked

Beside = Callable[[Callable[[], Installation]], Sequence[BaseRoute]]
"""Routes of another room that this process serves too, over the installation that it connects to at its start."""


def nothing(_: Callable[[], Installation]) -> Sequence[BaseRoute]:
    """Return no routes: an API by itself."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """What the API is told from outside; Temporal's TLS and API key come from its own environment (``TEMPORAL_*``).

    *key* (32 bytes) opens payloads and personal notes. *ui_origins*: from where the Temporal Web UI may have payloads
    decoded; only where the process listens on localhost alone. *observe_in*: the city's zone, where the installation
    only observes; *observe_posts*: payments are posted all the same. *senders*: how the city's own write their files.
    """

    database_url: str
    systems_url: str
    key: bytes = field(repr=False)
    systems_key: str = field(default="", repr=False)
    temporal_address: str = "localhost:7233"
    temporal_namespace: str = "default"
    callback_secret: str = field(default="", repr=False)
    ui_origins: tuple[str, ...] = ()
    log_level: str = "INFO"
    observe_in: str = ""
    observe_posts: bool = False
    senders: Senders = NO_SENDERS


@asynccontextmanager
async def connected(settings: ApiSettings) -> AsyncIterator[Installation]:
    """Yield the installation of *settings*; everything opened is closed behind it."""
    engine = open_database(settings.database_url, master_key=settings.key, migrate=False)
    try:
        environment = ClientConfig.load_client_connect_config()  # TLS and API key, where there are any
        environment["target_host"] = settings.temporal_address
        environment["namespace"] = settings.temporal_namespace
        temporal = await Client.connect(
            **environment,
            data_converter=data_converter(settings.key),
            lazy=True,  # cases can be looked at while Temporal is away; /readyz says so
        )
        async with http_systems(settings.systems_url, api_key=settings.systems_key) as real:
            zone, posts = settings.observe_in, settings.observe_posts
            systems = observing(real, engine=engine, zone=zone, posts=posts) if zone else real
            yield Installation(
                engine=engine,
                clock=SqlClock(engine),
                systems=systems,
                temporal=temporal,
                senders=settings.senders,
            )
    finally:
        engine.dispose()


def build(settings: ApiSettings, *, beside: Beside = nothing) -> FastAPI:
    """Return the application of *settings*, logging JSON lines; *beside* gives what else it serves: the console."""
    logs.configure(settings.log_level)
    options = Options(
        callback_secret=settings.callback_secret, codec_key=settings.key, codec_origins=settings.ui_origins
    )
    app = create_app(lambda: connected(settings), options)
    # First, for people wait for pages, and a list of routes is gone through from the front.
    app.router.routes[:0] = beside(lambda: app.state.installation)
    return app


def serve(settings: ApiSettings, *, beside: Beside = nothing, host: str = "127.0.0.1", port: int) -> None:
    """Run the application until told to stop. Its own log lines replace uvicorn's, which hold query strings."""
    uvicorn.run(
        build(settings, beside=beside),
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEPT_SECONDS,
    )
