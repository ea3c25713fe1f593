"""With which settings does a process of this installation run, and where does it find its key?"""

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from domain.policy import Policy
from formats.layouts import Senders, read_senders
from gateways.packs import load_policy
from models.session import make_engine

ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "policies"
KEY_FILE = "payload.key"
SENDERS = "senders"
REMEMBERED_FILE = "installation.json"
KEY_BYTES = 32  # AES-256
OWNER_ONLY = 0o600

Clock = Literal["wall", "stepped", "paced"]


class Trouble(Exception):
    """Something stands in the way that a person can put right; the message says what, in plain words."""


class KeyMissing(Trouble):
    """The data directory holds data but not the key they are kept under."""


class Settings(BaseSettings):
    """Everything a process is told from outside: `ARREARS_*`, and Temporal's own `TEMPORAL_*` (`temporalio.envconfig`).

    A port of 0 is picked free at the start.
    """

    model_config = SettingsConfigDict(env_prefix="ARREARS_", extra="ignore", frozen=True, use_attribute_docstrings=True)

    data: Path = Path("arrears-data")
    """The data directory: key, logs and, embedded, both databases."""
    database_url: str = ""
    """The database; SQLite in the data directory if not given."""
    city: Path | None = None
    """The city's folder: what the embedded stubs serve; its list of closed days goes before the pack's."""
    pack: Path | None = None
    """The policy pack; the one named after the city's folder if not given."""
    clock: Clock = "wall"
    """How business time moves; a data directory keeps the clock it began with."""
    at: datetime | None = None
    """Business instant at which a stepped or paced clock begins."""
    api_port: int = 0
    """Port of the API; a free one if not given."""
    temporal_port: int = 0
    """Port of the embedded Temporal server; a free one if not given."""
    ui_port: int = 0
    """Port of Temporal's Web UI; a free one if not given."""
    stubs_port: int = 0
    """Port of the embedded stubs; a free one if not given."""
    systems_url: str = ""
    """Where billing, field service, mail house, agency and court answer; the embedded stubs if not given."""
    stubs_key: str = Field(default="", repr=False)
    """Bearer key shown to those systems."""
    callback_secret: str = Field(default="", repr=False)
    """Standard Webhooks secret under which field service signs what it calls back with."""
    observe: bool = False
    """Whether the installation only observes: it reads, asks nothing of other systems and lists what it would have."""
    sandbox: bool = True
    """Whether workflows run in the SDK's sandbox; `demo` and `play` do without, for speed."""
    log_level: str = "INFO"
    """The least grave log lines that are written."""

    @property
    def database(self) -> str:
        """Return the database's address: the one given, else SQLite in the data directory."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'arrears.db'}"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def codec_url(self) -> str:
        """Return where Temporal's Web UI has payloads decoded, on this machine alone."""
        return f"http://localhost:{self.api_port}/codec"

    @property
    def posts(self) -> bool:
        """Return whether payments are posted though the installation observes: no one else posts them to the stubs."""
        return self.city is not None

    @property
    def pack_file(self) -> Path:
        """Return the pack's file: the one given, else the one named after the city's folder.

        Raises:
            Trouble: neither tells.
        """
        if self.pack is not None:
            return self.pack
        if self.city is not None:
            named = sorted(PACKS.glob(f"{self.city.resolve().name}*.toml"))
            if len(named) == 1:
                return named[0]
        raise Trouble("Which city's rules apply is not known: name a policy pack (--policy, ARREARS_PACK).")

    def senders(self) -> Senders:
        """Return how the city's own senders write their files: the folder `senders` of the data directory says so.

        Raises:
            formats.errors.Malformed: one of its files cannot be read.
        """
        return read_senders(self.data / SENDERS)

    def policy(self) -> Policy:
        """Return the pack in force, with the city folder's own list of closed days where there is one.

        Raises:
            formats.errors.Malformed: the pack cannot be read.
        """
        holidays = self.city / "weather" / "holidays.csv" if self.city else None
        return load_policy(self.pack_file, holidays_csv=holidays if holidays and holidays.is_file() else None)

    def key(self) -> bytes:
        """Return the installation's key, under which payloads and personal notes are kept.

        Raises:
            KeyMissing: there is none, or it is not a key.
        """
        path = self.data / KEY_FILE
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            raise KeyMissing(
                f"The key {path} is missing: without it, what this data directory holds cannot be read. "
                "Put it back from your backup; arrears never makes another one for existing data."
            ) from None
        if len(key) != KEY_BYTES:
            raise KeyMissing(f"{path} is not a key of {KEY_BYTES} bytes. Put it back from your backup.")
        return key

    def environment(self) -> dict[str, str]:
        """Return these settings as a child process reads them, the rest of the environment with it."""
        told = {
            f"ARREARS_{name.upper()}": _told(value)
            for name, value in self.model_dump(mode="json").items()
            if value not in (None, "")
        }
        return {**os.environ, **told, "ARREARS_DATA": str(self.data.resolve()), "ARREARS_DATABASE_URL": self.database}


def _told(value: object) -> str:
    return str(value)


def chosen(**given: object) -> Settings:
    """Return the settings: what was given, else what the environment says, else what this data directory lives by."""
    told = {name: value for name, value in given.items() if value is not None}
    settings = Settings.model_validate(told)
    return settings.model_copy(
        update={
            name: Path(value) if name in {"city", "pack"} else value
            for name, value in remembered(settings).items()
            if name not in settings.model_fields_set
        }
    )


def remembered(settings: Settings) -> dict[str, Any]:
    """Return what this data directory lives by; nothing before its first start."""
    path = settings.data / REMEMBERED_FILE
    return {name: value for name, value in json.loads(path.read_text()).items() if value} if path.is_file() else {}


def remember(settings: Settings) -> None:
    """Write down which city, pack and clock this data directory lives by, so that later commands need not be told."""
    told = {
        "city": str(settings.city.resolve()) if settings.city else "",
        "pack": str(settings.pack_file.resolve()),
        "clock": settings.clock,
        "observe": settings.observe,
    }
    (settings.data / REMEMBERED_FILE).write_text(json.dumps(told))


def prepare(settings: Settings) -> None:
    """Make the data directory ready for a start: on the very first one a key is made, mode 0600.

    Raises:
        KeyMissing: there is data but no key.
    """
    settings.logs.mkdir(parents=True, exist_ok=True)
    path = settings.data / KEY_FILE
    if path.exists() or holds_data(settings):
        settings.key()
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))


def holds_data(settings: Settings) -> bool:
    """Say whether the database or the Temporal server's file of this installation exists already."""
    if (settings.data / "temporal.db").exists():
        return True
    if not settings.database_url:
        return (settings.data / "arrears.db").exists()
    engine = make_engine(settings.database)
    try:
        return inspect(engine).has_table("alembic_version")
    except SQLAlchemyError as exc:
        raise Trouble(f"The database does not answer: {type(exc).__name__}. Look at ARREARS_DATABASE_URL.") from exc
    finally:
        engine.dispose()
