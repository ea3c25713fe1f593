"""A desk to look at: an installation on paper behind a real server, and one browser for all that is looked at."""

import os
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from casework.context import Installation
from console.app import create_console, mounted
from models.session import transaction
from tests import ready
from tests.casework.paper import USERS, Paper, on_paper
from tests.ready import PASSWORD
from tests.workflows.world import World

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
REQUIRED = "browser" in os.environ.get("ARREARS_REQUIRE", "")


def console_over(at: Installation) -> FastAPI:
    """The API and the console as one process serves them."""

    @asynccontextmanager
    async def connect() -> AsyncIterator[Installation]:
        yield at

    app = create_app(connect)
    app.router.routes[:0] = mounted(create_console(lambda: app.state.installation))
    app.state.installation = at
    return app


def hire(installed: Paper | World) -> None:
    """Let everyone of `USERS` sign in."""
    with transaction(installed.engine) as session:
        ready.hire(session, USERS)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        yield paper


class Browser:
    """The console as a plain HTTP client asks it, with the cookies of one person."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def sign_in(self, who: str, **more: str) -> Response:
        return self.client.post("/desk/login", data={"username": who, "password": PASSWORD, **more})

    def get(self, path: str, **params: str) -> Response:
        return self.client.get(f"/desk{path}", params=params)

    def post(self, path: str, **typed: object) -> Response:
        return self.client.post(f"/desk{path}", data={"form_token": self.token, **typed})

    @property
    def token(self) -> str:
        from console.guard import COOKIE  # noqa: PLC0415
        from console.view import form_token  # noqa: PLC0415

        return form_token(self.client.cookies[COOKIE])


@pytest.fixture
def desk(paper: Paper) -> Iterator[Browser]:
    with TestClient(console_over(paper.at)) as client:
        yield Browser(client)


def serve(app: FastAPI) -> Iterator[str]:
    """Yield the address at which *app* is served until the caller is done."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started, "the server came up"
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)
