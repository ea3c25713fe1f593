"""What stands in the way of a start: a port, the key, the schema, a binary, the pack, another process?"""

import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from cli.settings import KEY_FILE, Settings, Trouble, holds_data
from cli.stack import port_is_free, temporal_binary, told_running
from formats.errors import Malformed
from models.session import SchemaMismatch, open_database

VERSION_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. *says* is a sentence that tells what to do when it is not well."""

    about: str
    well: bool
    says: str


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at everything that a start needs; nothing is changed."""
    running = told_running(settings)
    looks: list[tuple[str, Callable[[Settings], str]]] = [
        ("binary", _binary),
        ("data directory", _data),
        ("key", _key),
        ("schema", _schema),
        ("policy pack", _pack),
        ("senders", _senders),
    ]
    findings = [_found(about, look, settings) for about, look in looks]
    if running:
        findings.append(
            Finding("process", True, f"arrears is running (process {running['pid']}), API {running['api']}.")
        )
    else:
        findings.append(_found("ports", _ports, settings))
    return tuple(findings)


def _found(about: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(about, True, look(settings))
    except (Trouble, SchemaMismatch, Malformed, SQLAlchemyError, OSError) as trouble:
        return Finding(about, False, str(trouble))


def _senders(settings: Settings) -> str:
    known = settings.senders().known
    names = ", ".join(f"{each.name} ({each.kind})" for each in known)
    return f"Files are read by the layouts of: {names}." if known else "No sender has a layout of its own."


def _binary(_: Settings) -> str:
    binary = temporal_binary()
    ran = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=VERSION_SECONDS, check=False)  # noqa: S603
    if ran.returncode:
        raise Trouble(f"{binary} does not run: {ran.stderr.strip()}")
    return ran.stdout.strip()


def _data(settings: Settings) -> str:
    if not settings.data.exists():
        return f"{settings.data} does not exist yet; the first start makes it."
    if not settings.data.is_dir():
        raise Trouble(f"{settings.data} is not a directory: name another with --data.")
    return f"{settings.data} is there."


def _key(settings: Settings) -> str:
    path = settings.data / KEY_FILE
    if not path.exists() and not holds_data(settings):
        return "There is none yet; the first start makes it."
    settings.key()
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise Trouble(f"{path} can be read by others (mode {mode:o}): run `chmod 600 {path}`.")
    return f"{path} is there and readable by its owner alone."


def _schema(settings: Settings) -> str:
    if not holds_data(settings):
        return "There is no database yet; the first start makes it."
    open_database(settings.database, migrate=False).dispose()
    return "The database is at this version's schema."


def _pack(settings: Settings) -> str:
    if settings.city is None and settings.pack is None:
        return "No city and no pack was named; nothing to look at."
    policy = settings.policy()
    return f"{policy.title}, {policy.pack} {policy.version} ({policy.digest})."


def _ports(settings: Settings) -> str:
    named = {
        "API": settings.api_port,
        "Temporal": settings.temporal_port,
        "Temporal UI": settings.ui_port,
        "stubs": settings.stubs_port,
    }
    taken = [f"{name} {port}" for name, port in named.items() if port and not port_is_free(port)]
    if taken:
        raise Trouble(f"Taken by another process: {', '.join(taken)}. Stop that one, or name another port.")
    given = [f"{name} {port}" for name, port in named.items() if port]
    return f"Free: {', '.join(given)}." if given else "None is asked for; free ones are picked."
