"""What every test of an installation needs, and what is slow to make: made once a process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pwdlib import PasswordHash
from sqlalchemy import Engine, make_url
from sqlmodel import Session

from models.session import open_database
from models.tables import UserRow
from models.users import Role

PASSWORD = "long enough for a test"


def open_ready(url: str, *, master_key: bytes | None = None) -> Engine:
    """Return the database at *url*; a new SQLite one is a copy of one that has the code's schema."""
    path = Path(make_url(url).database or "")
    if url.startswith("sqlite") and not path.exists():
        path.write_bytes(_empty_database())
    return open_database(url, master_key=master_key)


def hire(session: Session, people: Mapping[str, Role]) -> None:
    """Let *people* work at the desk; each signs in with `PASSWORD`."""
    for name, role in people.items():
        shown = name.capitalize()
        session.add(UserRow(username=name, display_name=shown, role=role.value, password_hash=_password_hash()))
    session.flush()


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        open_database(f"sqlite:///{path}").dispose()
        return path.read_bytes()


@cache
def _password_hash() -> str:
    return PasswordHash.recommended().hash(PASSWORD)
