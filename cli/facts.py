"""What is known of an account: listed, recorded and corrected at the command line, with or without a case?"""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from api.wire import wire
from casework import facts as desk_facts
from casework.facts import Entered, Kept
from cli.asking import reading_desk
from cli.installation import AsJson, Data
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, Trouble, chosen
from domain import commands as c
from domain.evidence import SHAPES, Subject
from domain.facts import FactKind
from domain.money import Money

commands = typer.Typer(no_args_is_help=True, help="Facts: what is known of an account, its premises, county and area.")
AccountNo = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Number of the account.")]
Details = Annotated[list[str] | None, typer.Option("--detail", help="key=value; see `arrears fact kinds`.")]
Amount = Annotated[str | None, typer.Option(help="Dollars, such as 84.20.")]
Since = Annotated[datetime | None, typer.Option("--from", help="Since when, in UTC unless it says otherwise.")]
Until = Annotated[datetime | None, typer.Option(help="Until when (not included).")]
Source = Annotated[str, typer.Option(help="Who said so: an office, never a person.")]
Evidence = Annotated[str, typer.Option(help="The document that shows it.")]


@commands.command()
def kinds(*, as_json: AsJson = False) -> None:
    """List the kinds of facts and what each states."""
    if as_json:
        say_json([{"kind": kind, "means": shape.means, "rules": shape.rules} for kind, shape in SHAPES.items()])
        return
    table = Table("kind", "details (needed ones marked *)", "meaning", box=None)
    for kind, shape in SHAPES.items():
        table.add_row(kind, " ".join(f"{d.key}{'*' if d.must else ''}" for d in shape.details), shape.means)
    CONSOLE.print(table)


@commands.command("list")
def list_(
    account_no: AccountNo,
    *,
    history: Annotated[bool, typer.Option(help="Also what was withdrawn or corrected.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List what is on record of an account."""
    found = run(_listed(chosen(data=data), account_no, history=history))
    if as_json:
        say_json([{**wire(kept.fact), "about": kept.about, "corrected_by": kept.corrected_by} for kept in found])
        return
    if not found:
        CONSOLE.print(f"Nothing is on record of {account_no}.")
        return
    table = Table("fact", "kind", "about", "from", "until", "known", "by", box=None)
    for kept in found:
        fact = kept.fact
        gone = " (withdrawn)" if fact.withdrawn_at else ""
        table.add_row(
            fact.fact_id + gone,
            fact.kind,
            kept.about,
            f"{fact.starts:%Y-%m-%d %H:%M}",
            f"{fact.until:%Y-%m-%d %H:%M}" if fact.until else "",
            f"{fact.known_at:%Y-%m-%d %H:%M}",
            fact.entered_by,
        )
    CONSOLE.print(table)


@commands.command()
def record(
    account_no: AccountNo,
    kind: Annotated[FactKind, typer.Argument(help="What kind of fact.")],
    *,
    detail: Details = None,
    amount: Amount = None,
    since: Since = None,
    until: Until = None,
    source: Source = "",
    evidence: Evidence = "",
    premises: Annotated[bool, typer.Option(help="It is about the place, whoever is the customer there.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Record a fact. An open case hears of it, and recalls what it forbids, as soon as a worker runs."""
    command = c.RecordFact(kind=kind, **_stated(detail, amount, since, until, source, evidence))
    about = Subject.PREMISES if premises else Subject.ACCOUNT
    _say(run(_recorded(chosen(data=data), account_no, command, about)), as_json=as_json)


@commands.command()
def correct(
    account_no: AccountNo,
    fact_id: Annotated[str, typer.Argument(help="The fact that is wrong.")],
    *,
    because: Annotated[str, typer.Option(help="What was wrong.")],
    kind: Annotated[FactKind | None, typer.Option(help="The right kind; without it the fact is withdrawn.")] = None,
    detail: Details = None,
    amount: Amount = None,
    since: Since = None,
    until: Until = None,
    source: Source = "",
    evidence: Evidence = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Replace a fact by a corrected one, or withdraw it."""
    stated = _stated(detail, amount, since, until, source, evidence)
    command = c.CorrectFact(fact_id=fact_id, because=because, kind=kind, **stated)
    _say(run(_corrected(chosen(data=data), account_no, command)), as_json=as_json)


async def _listed(settings: Settings, account_no: str, *, history: bool) -> list[Kept]:
    async with reading_desk(settings) as desk:
        return list(desk_facts.facts(desk, account_no, history=history))


async def _recorded(settings: Settings, account_no: str, command: c.RecordFact, about: Subject) -> Entered:
    async with reading_desk(settings) as desk:
        key = f"cli/{command.kind}/{datetime.now(UTC).isoformat()}"
        return await desk_facts.record(desk, account_no, command, about=about, key=key)


async def _corrected(settings: Settings, account_no: str, command: c.CorrectFact) -> Entered:
    async with reading_desk(settings) as desk:
        return await desk_facts.correct(desk, account_no, command, key=f"cli/correct/{command.fact_id}")


def _stated(  # noqa: PLR0917  # the options of one command line
    detail: list[str] | None,
    amount: str | None,
    since: datetime | None,
    until: datetime | None,
    source: str,
    evidence: str,
) -> dict[str, Any]:
    pairs = []
    for each in detail or ():
        key, is_pair, value = each.partition("=")
        if not is_pair:
            raise Trouble(f"--detail {each}: write it as key=value.")
        pairs.append((key.strip(), value.strip()))
    return {
        "starts": _utc(since),
        "until": _utc(until),
        "amount": Money.dollars(amount) if amount else None,
        "source": source,
        "evidence": evidence,
        "details": tuple(pairs),
    }


def _utc(instant: datetime | None) -> datetime | None:
    return instant if instant is None or instant.tzinfo else instant.replace(tzinfo=UTC)


def _say(entered: Entered, *, as_json: bool) -> None:
    if as_json:
        say_json({"fact": wire(entered.fact) if entered.fact else None, "cases": entered.cases})
    elif entered.fact is None:
        CONSOLE.print(f"Withdrawn; {entered.cases} open cases look again.")
    else:
        CONSOLE.print(f"{entered.fact.fact_id} is on record; {entered.cases} open cases look again.")
