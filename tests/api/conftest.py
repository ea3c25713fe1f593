from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import Options, create_app
from casework.context import Installation
from tests.casework.paper import Paper, on_paper

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        yield paper


@pytest.fixture
def app(paper: Paper) -> FastAPI:
    return app_over(paper.at)


def app_over(at: Installation) -> FastAPI:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Installation]:
        yield at

    return create_app(connect, Options(callback_secret=SECRET))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def tokens(paper: Paper) -> dict[str, dict[str, str]]:
    """The headers by which each user names itself."""
    return {name: {"Authorization": f"Bearer {token}"} for name, token in paper.tokens().items()}
