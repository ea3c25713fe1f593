"""Does the doctor say in plain words what stands in the way of a start?"""

import socket
import sqlite3
from pathlib import Path

import pytest

from cli.doctor import Finding, examine
from cli.settings import Settings, prepare
from models.session import open_database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"data": tmp_path / "data"})


def finding(settings: Settings, about: str) -> Finding:
    return next(found for found in examine(settings) if found.about == about)


def test_an_empty_place_is_well_and_nothing_is_made(settings: Settings) -> None:
    assert [found.about for found in examine(settings) if not found.well] == []
    assert not settings.data.exists()


def test_a_taken_port_is_named(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = finding(settings.model_copy(update={"api_port": port}), "ports")
    assert not found.well
    assert f"API {port}" in found.says


def test_a_key_that_others_can_read_is_trouble_with_the_command_that_mends_it(settings: Settings) -> None:
    prepare(settings)
    (settings.data / "payload.key").chmod(0o644)
    found = finding(settings, "key")
    assert not found.well
    assert "chmod 600" in found.says


def test_a_missing_key_beside_data_is_trouble(settings: Settings) -> None:
    prepare(settings)
    open_database(settings.database).dispose()
    (settings.data / "payload.key").unlink()
    assert not finding(settings, "key").well


def test_a_schema_of_a_newer_version_is_trouble(settings: Settings) -> None:
    prepare(settings)
    open_database(settings.database).dispose()
    with sqlite3.connect(settings.data / "arrears.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    found = finding(settings, "schema")
    assert not found.well
    assert "newer" in found.says


def test_a_pack_that_cannot_be_read_is_trouble(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("pack = 'broken'")
    assert not finding(settings.model_copy(update={"pack": tmp_path / "broken.toml"}), "policy pack").well


def test_the_temporal_server_is_found_and_runs(settings: Settings) -> None:
    found = finding(settings, "binary")
    assert found.well
    assert "Server" in found.says
