"""What does an installation answer at the command line: why does a case stand where it does?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlmodel import Session

from api.wire import event_wire, next_wire
from casework.context import Desk, Installation
from casework.errors import missing
from casework.story import retold
from cli.extracts import OPERATOR
from cli.installation import AsJson, Data
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, Trouble, chosen
from cli.stack import LOCALHOST
from domain.agenda import agenda
from domain.events import Event
from domain.step import Step, spoken
from gateways.http.systems import http_systems
from models.cases import PAGE, case_row, decode, last_case_of, open_case_of, timeline_of
from models.clock import SqlClock
from models.policies import policy_with
from models.session import open_database
from models.tables import CaseRow

NOWHERE = f"http://{LOCALHOST}:9"  # nothing is asked of the other systems here
SHOWN = 25  # of a long life, the latest events


def why(
    which: Annotated[str, typer.Argument(metavar="ACCOUNT|CASE", help="Number of an account or a case.")],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say where a case stands, what comes next under which rule, and what happened; from the record alone."""
    found = run(_why(chosen(data=data), which))
    if as_json:
        say_json(found)
    else:
        _show(found)


@asynccontextmanager
async def reading_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Yield a desk at which the record can be read, whether or not the installation is running.

    Raises:
        Trouble: there is no such installation.
    """
    if not settings.data.is_dir():
        raise Trouble(f"There is no data directory {settings.data}: name it with --data.")
    engine = open_database(settings.database, master_key=settings.key(), migrate=False)
    try:
        async with http_systems(settings.systems_url or NOWHERE) as systems:
            yield Desk(person=OPERATOR, at=Installation(engine=engine, clock=SqlClock(engine), systems=systems))
    finally:
        engine.dispose()


async def _why(settings: Settings, which: str) -> dict[str, Any]:
    async with reading_desk(settings) as desk:
        return desk.read_now(lambda session: _told(session, desk, which))


def _told(session: Session, desk: Desk, which: str) -> dict[str, Any]:
    row = case_row(session, which) or open_case_of(session, which) or last_case_of(session, which)
    if row is None:
        raise missing("case", which)
    case = retold(session, row)
    if case is None:
        raise Trouble(f"{row.case_id} is being opened; ask again in a moment.")
    coming = agenda(case, policy_with(session, case.known.policy), max(desk.now, case.known.at))
    return {
        "case_id": row.case_id,
        "stage": row.stage,
        "services": {str(state.service): str(state.status) for state in case.services},
        "past_due_cents": row.past_due_cents,
        "balance_cents": row.balance_cents,
        "closed": row.closed,
        "answer": spoken(coming[0]) if coming else row.next_says,
        "next": [next_wire(item) for item in coming],
        "says": [{"at": item.at if isinstance(item, Step) else item.until, "says": item.says} for item in coming],
        "timeline": [event_wire(event) for event in _events(session, row)],
    }


def _events(session: Session, row: CaseRow) -> list[Event]:
    events: list[Event] = []
    while rows := timeline_of(session, row.case_id, after=events[-1].seq if events else 0, limit=PAGE):
        events += [decode(session, each) for each in rows]
    return events


def _show(found: dict[str, Any]) -> None:
    services = ", ".join(f"{service} {status}" for service, status in found["services"].items())
    CONSOLE.print(f"[bold]{found['case_id']}[/]: {found['stage'].replace('_', ' ')}; {services}")
    CONSOLE.print(found["answer"])
    coming = Table("on", "what comes next", box=None)
    for item in found["says"]:
        coming.add_row(f"{item['at']:%Y-%m-%d %H:%M}" if item["at"] else "", item["says"])
    CONSOLE.print(coming)
    past = Table("no.", "on", "what happened", "by", "rules that spoke", box=None)
    for event in found["timeline"][-SHOWN:]:
        outcomes = (event["certificate"] or {}).get("outcomes", ())
        rules = " ".join(outcome["rule"] for outcome in outcomes)
        past.add_row(str(event["seq"]), str(event["on"]), event["type"].replace("_", " "), event["by"], rules)
    CONSOLE.print(past)
