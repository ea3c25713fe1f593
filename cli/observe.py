"""What would an installation that only observes have done, beside what the city did?"""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from casework.observed import BOTH, CITY, OF_THE_CITY, OURS, Comparison, compared, first_day
from cli.asking import reading_desk
from cli.installation import AsJson, Data
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, Trouble, chosen

COLUMNS = ("account_no", "what", "service", "amount_cents", "ours_on", "city_on", "who", "ref")


def observed(
    *,
    since: Annotated[datetime | None, typer.Option("--from", help="First day.", formats=["%Y-%m-%d"])] = None,
    to: Annotated[datetime | None, typer.Option(help="Last day; by default today.", formats=["%Y-%m-%d"])] = None,
    out: Annotated[Path | None, typer.Option(help="Write every act into this CSV file.", dir_okay=False)] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List what would have been done beside what the city did: both, only here, only the city."""
    found = run(_observed(chosen(data=data), since.date() if since else None, to.date() if to else None))
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(_lines(found))
    if as_json:
        say_json({"from": str(found.since), "to": str(found.through), "counts": found.counts, "acts": _lines(found)})
        return
    tell_compared(found, out)


def tell_compared(found: Comparison, out: Path | None = None) -> None:
    """Print how often each act was both's, only ours and only the city's, and where each one can be read."""
    if not found.acts:
        CONSOLE.print(f"From {found.since} to {found.through} nothing would have been done, and the city did nothing.")
        return
    table = Table("what", "both", "only here", "only the city", title=f"{found.since} to {found.through}")
    for what, counts in found.counts.items():
        both, ours, city = (str(counts.get(who, 0)) for who in (BOTH, OURS, CITY))
        table.add_row(what, *((both, ours, city) if what in OF_THE_CITY else ("", ours, "")))
    CONSOLE.print(table)
    if not OF_THE_CITY.issuperset(found.counts):
        CONSOLE.print(
            "Where nothing stands beside ours, the city's files do not tell of it: it may have done the same."
        )
    each = f"stand in {out}" if out else "are written by `--out FILE`, a line each, and by `--json`"
    CONSOLE.print(f"The {len(found.acts)} acts {each}.")


def _lines(found: Comparison) -> list[dict[str, Any]]:
    return [
        {
            "account_no": act.account_no,
            "what": act.what,
            "service": act.service,
            "amount_cents": act.amount.cents,
            "ours_on": str(act.ours_on or ""),
            "city_on": str(act.city_on or ""),
            "who": act.who,
            "ref": act.ref,
        }
        for act in found.acts
    ]


async def _observed(settings: Settings, since: date | None, to: date | None) -> Comparison:
    if not settings.observe:
        raise Trouble(f"{settings.data} does not observe: `arrears up --observe` or `arrears play --observe` begin it.")
    async with reading_desk(settings) as desk:
        through = to or desk.today()
        return compared(desk, since or first_day(desk.now, desk.policy().calendar), through)
