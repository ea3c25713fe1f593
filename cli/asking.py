"""What does an installation answer at the command line: why does a case stand where it does?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlmodel import Session

from api.wire import event_wire, next_wire, wire
from casework.context import Desk, Installation
from casework.reasons import Reasons, reasons, told
from casework.story import retold
from cli.extracts import OPERATOR
from cli.installation import AsJson, Data
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, Trouble, chosen
from cli.stack import LOCALHOST, told_running
from domain.agenda import agenda
from domain.step import spoken
from domain.why import smallest_change
from gateways.http.systems import http_systems
from models.cases import case_row, events_of, open_case_of
from models.clock import SqlClock
from models.policies import policy_with
from models.session import open_database

NOWHERE = f"http://{LOCALHOST}:9"  # where none of the other systems runs
SHOWN = 25  # of a long life, the latest events


def why(
    which: Annotated[str, typer.Argument(metavar="ACCOUNT|CASE", help="Number of an account or a case.")],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say what comes next, what keeps it from coming sooner, the least payment that avoids it, and what happened.

    A case is told of from the record alone. An account without an open case is looked at as the sweep would, which asks
    billing: it says why nobody was written to.
    """
    found = run(_why(chosen(data=data), which))
    if as_json:
        say_json(found)
        return
    if found["case_id"] is None:
        CONSOLE.print(f"[bold]{found['account_no']}[/]: no open case")
    _show_reasons(found)
    if found["timeline"]:
        _show_timeline(found["timeline"])


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
        told = told_running(settings) or {"systems": settings.systems_url or NOWHERE, "stubs_key": settings.stubs_key}
        async with http_systems(told["systems"], api_key=told["stubs_key"]) as systems:
            yield Desk(person=OPERATOR, at=Installation(engine=engine, clock=SqlClock(engine), systems=systems))
    finally:
        engine.dispose()


async def _why(settings: Settings, which: str) -> dict[str, Any]:
    async with reading_desk(settings) as desk:
        found = desk.read_now(lambda session: _told(session, desk, which))
        return found or _without_case(await reasons(desk, which))


def _without_case(found: Reasons) -> dict[str, Any]:
    """Return why an account has no open case and was not written to, or when it will be."""
    return {
        "account_no": found.account_no,
        "case_id": None,
        "answer": found.says,
        "reasons": [wire(reason) for reason in found.reasons],
        "avoid": wire(found.avoidance) if found.avoidance else None,
        "timeline": [],
    }


def _told(session: Session, desk: Desk, which: str) -> dict[str, Any] | None:
    """Return what the record knows of a case, or of an account's open one; none where neither is of that number."""
    row = case_row(session, which) or open_case_of(session, which)
    if row is None:
        return None
    case = retold(session, row)
    if case is None:
        raise Trouble(f"{row.case_id} is being opened; ask again in a moment.")
    policy, now = policy_with(session, case.known.policy), max(desk.now, case.known.at)
    coming, avoidance = agenda(case, policy, now), smallest_change(case, policy, now)
    return {
        "account_no": row.account_no,
        "case_id": row.case_id,
        "stage": row.stage,
        "services": {str(state.service): str(state.status) for state in case.services},
        "past_due_cents": row.past_due_cents,
        "balance_cents": row.balance_cents,
        "closed": row.closed,
        "answer": spoken(coming[0]) if coming else row.next_says,
        "next": [next_wire(item) for item in coming],
        "reasons": [wire(reason) for item in coming for reason in told(item)],
        "avoid": wire(avoidance) if avoidance else None,
        "timeline": [event_wire(event) for event in events_of(session, row.case_id)],
    }


def _show_reasons(found: dict[str, Any]) -> None:
    if found["case_id"] is not None:
        services = ", ".join(f"{service} {status}" for service, status in found["services"].items())
        CONSOLE.print(f"[bold]{found['case_id']}[/]: {found['stage'].replace('_', ' ')}; {services}")
    CONSOLE.print(found["answer"], soft_wrap=True)
    if found["avoid"]:
        CONSOLE.print(found["avoid"]["says"], soft_wrap=True)
        for sum_or_block in found["avoid"]["not_earlier"]:
            CONSOLE.print(f"    not earlier: {sum_or_block}", soft_wrap=True)
    coming = Table("until", "what comes next, or holds it back", "what would end it", "rule", "source", box=None)
    for reason in found["reasons"]:
        until = f"{datetime.fromisoformat(reason['until']):%Y-%m-%d %H:%M}" if reason["until"] else ""
        coming.add_row(until, reason["says"], reason["way_out"], reason["rule"], reason["citation"])
    CONSOLE.print(coming)


def _show_timeline(timeline: list[dict[str, Any]]) -> None:
    past = Table("no.", "on", "what happened", "by", "rules that spoke", box=None)
    for event in timeline[-SHOWN:]:
        outcomes = (event["certificate"] or {}).get("outcomes", ())
        rules = " ".join(outcome["rule"] for outcome in outcomes)
        past.add_row(str(event["seq"]), str(event["on"]), event["type"].replace("_", " "), event["by"], rules)
    CONSOLE.print(past)
