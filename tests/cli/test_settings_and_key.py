"""Where does an installation find its key and its settings, and what does it say when they are not there?"""

import stat
from pathlib import Path

import pytest

from cli.settings import KeyMissing, Settings, Trouble, chosen, prepare, remember
from models.session import open_database

PACKS = Path(__file__).resolve().parents[2] / "policies"


def settings(tmp_path: Path, **given: object) -> Settings:
    return Settings.model_validate({"data": tmp_path / "data", **given})


def test_the_first_start_makes_a_key_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    prepare(settings(tmp_path))
    key = tmp_path / "data" / "payload.key"
    assert len(key.read_bytes()) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_second_start_keeps_the_key(tmp_path: Path) -> None:
    prepare(settings(tmp_path))
    before = settings(tmp_path).key()
    prepare(settings(tmp_path))
    assert settings(tmp_path).key() == before


def test_data_without_its_key_stops_the_start_and_no_new_key_is_made(tmp_path: Path) -> None:
    prepare(settings(tmp_path))
    open_database(settings(tmp_path).database).dispose()
    (tmp_path / "data" / "payload.key").unlink()
    with pytest.raises(KeyMissing, match="Put it back from your backup"):
        prepare(settings(tmp_path))
    assert not (tmp_path / "data" / "payload.key").exists()


def test_data_elsewhere_without_the_key_stops_the_start_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    open_database(url).dispose()
    with pytest.raises(KeyMissing):
        prepare(settings(tmp_path, database_url=url))


def test_a_key_cut_short_is_no_key(tmp_path: Path) -> None:
    prepare(settings(tmp_path))
    (tmp_path / "data" / "payload.key").write_bytes(b"short")
    with pytest.raises(KeyMissing, match="32 bytes"):
        prepare(settings(tmp_path))


def test_the_pack_is_the_one_named_after_the_citys_folder(tmp_path: Path) -> None:
    (tmp_path / "rochester").mkdir()
    assert settings(tmp_path, city=tmp_path / "rochester").pack_file == PACKS / "rochester-mn.toml"


def test_a_folder_that_names_no_pack_asks_for_one(tmp_path: Path) -> None:
    (tmp_path / "springfield").mkdir()
    with pytest.raises(Trouble, match="--policy"):
        _ = settings(tmp_path, city=tmp_path / "springfield").pack_file


def test_a_later_command_need_not_be_told_city_and_clock_again(tmp_path: Path) -> None:
    first = settings(tmp_path, city=tmp_path, pack=PACKS / "demo-city.toml", clock="stepped")
    prepare(first)
    remember(first)
    later = chosen(data=tmp_path / "data")
    assert (later.city, later.pack, later.clock) == (tmp_path, PACKS / "demo-city.toml", "stepped")


def test_what_the_command_line_says_wins_over_what_is_remembered(tmp_path: Path) -> None:
    first = settings(tmp_path, city=tmp_path, pack=PACKS / "demo-city.toml", clock="stepped")
    prepare(first)
    remember(first)
    assert chosen(data=tmp_path / "data", clock="wall").clock == "wall"


def test_secrets_are_in_no_representation(tmp_path: Path) -> None:
    told = settings(tmp_path, stubs_key="very-secret", callback_secret="whsec_very-secret")
    assert "very-secret" not in repr(told)
