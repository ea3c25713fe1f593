"""A worker that is killed at each step around an effect, once at each, and is started again every time.

``python -m tests.workflows.dying PLAN``: a parent that forks a worker anew whenever the one before was killed. PLAN is
a file of JSON, `Plan`. At a step of the plan the worker writes down that it is there, and ends without another word, or
its connections to the database do, or Temporal's server, or PostgreSQL's. A step is named ``what key stage``:

* ``call``: our own database has what goes before, and nothing was asked of the other system;
* ``answer``: the other system has done it, and nobody reads its answer;
* ``done``: the activity is over, and Temporal was not told;
* ``record`` and ``recorded``: before and after the commit that puts the event on record;
* ``commit``: the database has committed, and could tell nobody.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, make_url
from temporalio import activity
from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities.messages import EffectRequest, RecordRequest
from activities.outbox import Relay
from gateways.http.systems import http_systems
from gateways.names import effect_name
from gateways.systems import Systems
from models.clock import SqlClock
from models.policies import active_digest, all_policies, policy_with
from models.session import open_database, reading
from tests.workflows.world import CONVERTER, KEY
from workflows import collections_case
from workflows.policies import hold
from workflows.wiring import make_worker

GIVEN_UP = timedelta(seconds=2)  # a call whose worker died is made again after two minutes; a test cannot wait so long
NAME = "arrears-worker"  # by which the database tells the worker's connections from the test's
SYSTEMS = ("billing", "field", "mail", "agency", "court")
EFFECTS = frozenset({"do", "create_order", "dispatch", "cancel", "remind", "send", "charge", "adjust", "final_bill"})
_about: ContextVar[str] = ContextVar("_about", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """*at*: patterns of the steps. *deaths*: the file that names those reached.

    *who* dies: ``worker``, ``connections`` to the database, or a server whose process number begins the file *server*:
    ``temporal`` or ``postgresql``.
    """

    temporal: str
    database: str
    systems: str
    deaths: str
    at: tuple[str, ...]
    who: str = "worker"
    server: str = ""


@dataclass(frozen=True)
class Fuse:
    """Strikes once at each step of its plan, whoever has died since."""

    plan: Plan

    def burn(self, step: str) -> bool:
        """Strike if it is the first time at *step*; say so, if we live."""
        deaths = Path(self.plan.deaths)
        died = deaths.read_text().splitlines() if deaths.exists() else []
        if step in died or not any(fnmatchcase(step, pattern) for pattern in self.plan.at):
            return False
        with deaths.open("a") as file:
            file.write(f"{step}\n")
        match self.plan.who:
            case "worker":
                os.kill(os.getpid(), signal.SIGKILL)
            case "temporal":
                os.kill(_process(self.plan.server), signal.SIGKILL)
            case "postgresql":
                os.kill(_process(self.plan.server), signal.SIGQUIT)  # it and all its children, without another write
            case _:
                _cut_connections(self.plan.database)
        return True


def _process(path: str) -> int:
    return int(Path(path).read_text().split()[0])


class DyingSystem:
    """A system of the city's, with a step before each effect that is asked of it and one before its answer is read."""

    def __init__(self, system: Any, name: str, fuse: Fuse) -> None:
        self._system, self._name, self._fuse = system, name, fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._system, name)
        return self._around(name, method) if name in EFFECTS else method

    def _around(self, name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def ask(key: str, *effect: Any, **terms: Any) -> Any:
            asked = effect_name(type(effect[0])) if name == "do" else name
            self._fuse.burn(f"{self._name}/{asked} {key} call")
            answer = await method(key, *effect, **terms)
            self._fuse.burn(f"{self._name}/{asked} {key} answer")
            return answer

        return ask


class Dying(ClientInterceptor, Interceptor):
    """Steps around whole activities: given to the client, it works in the client's workers."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Around(next, self._fuse)


class _Around(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, fuse: Fuse) -> None:
        super().__init__(following)
        self._fuse = fuse

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        about = _what_for(input.args[0]) if input.args else ""
        _about.set(about)
        local = activity.info().is_local
        if about and local:
            self._fuse.burn(f"{about} record")
        done = await self.next.execute_activity(input)
        if about:
            self._fuse.burn(f"{about} {'recorded' if local else 'done'}")
        return done


def _what_for(request: object) -> str:
    """Return what an activity is for, and its key: an effect's, or the number of the first event that it records."""
    match request:
        case EffectRequest():
            return f"{request.effect.type} {request.effect.key}"
        case RecordRequest(events=(first, *_)):
            return f"{first.body.type} {request.view.case_id}/{first.seq}"
        case _:
            return ""


def _lose_commits(engine: Engine, fuse: Fuse) -> None:
    """Let the database end the connection right after a commit of the plan, as one that is restarted does."""
    commit = engine.dialect.do_commit

    def and_say_nothing(connection: Any) -> None:
        commit(connection)
        if _about.get() and fuse.burn(f"{_about.get()} commit"):
            connection.execute("SELECT 1")  # fails as the driver fails of whom the server is gone

    engine.dialect.do_commit = and_say_nothing  # type: ignore[method-assign]


def _cut_connections(database: str) -> None:
    url = make_url(database).difference_update_query(["application_name"]).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = %s",
            (NAME,),
        )


async def work(plan: Plan) -> None:
    """Be a worker as `worker.py` is one, relay and all, until killed or told to stop."""
    fuse = Fuse(plan)
    engine = open_database(plan.database, master_key=KEY, migrate=False)
    _lose_commits(engine, fuse)
    client = await Client.connect(plan.temporal, data_converter=CONVERTER, interceptors=[Dying(fuse)])
    async with http_systems(plan.systems, timeout_seconds=2.0) as real:
        city: Systems = replace(real, **{name: DyingSystem(getattr(real, name), name, fuse) for name in SYSTEMS})
        with reading(engine) as session:
            hold(*all_policies(session))
            policy = policy_with(session, active_digest(session))
        worker = make_worker(
            client, engine=engine, clock=SqlClock(engine), city=city, policy=policy, cached=0, sandboxed=False
        )
        async with worker:
            await Relay(engine, client, city.billing).run()


def fork(plan: Plan) -> int:
    child = os.fork()
    if child:
        return child
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(work(plan))
    os._exit(1)


def main() -> None:
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text()))
    collections_case.EFFECT = GIVEN_UP
    child = 0

    def stop(*_: object) -> None:
        os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        child = fork(plan)
        _, status = os.waitpid(child, 0)
        # One that loses its database ends loudly, and whoever keeps it starts it again: so it is done here.
        if not os.WIFSIGNALED(status) and plan.who == "worker":
            raise SystemExit("the worker ended by itself")


def write_plan(plan: Plan, path: Path) -> None:
    path.write_text(json.dumps(asdict(plan)))


if __name__ == "__main__":
    main()
