"""What would another policy pack have changed in the cases on record?"""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from casework.backtest import cases_on_record, parted
from cli.asking import reading_desk
from cli.installation import AsJson, Data
from cli.rules import pack_of
from cli.screen import CONSOLE, bar, run, say_json
from cli.settings import Settings, chosen
from domain.policy import Policy
from simulator.backtest import Difference

SHOWN = 20


def backtest(
    pack: Annotated[str, typer.Argument(metavar="PACK|FILE", help="The changed pack: its name, or its file.")],
    *,
    data: Data = None,
    limit: Annotated[int, typer.Option(min=0, help="How many cases to list.")] = SHOWN,
    as_json: AsJson = False,
) -> None:
    """Ask a changed pack along every case on record, and list where it first parts from what was done, and why.

    The same core that lived the cases is asked at each of their steps, letters, agreements and gates. People and
    customers are taken as they acted. Nothing is stored; the installation may be running.
    """
    looked_at, found = run(_compare(chosen(data=data), pack))
    if as_json:
        say_json({"cases": looked_at, "differ": len(found), "differences": [asdict(each) for each in found]})
        return
    CONSOLE.print(f"Cases on record: {looked_at}; {len(found)} would have gone another way.")
    if found:
        CONSOLE.print(_counted(found))
        CONSOLE.print(_listed(found[:limit]))


async def _compare(settings: Settings, pack: str) -> tuple[int, list[Difference]]:
    changed: Policy = pack_of(pack)
    async with reading_desk(settings) as desk:
        cases = cases_on_record(desk)
        with bar() as progress:
            told = [parted(desk, case_id, changed) for case_id in progress.track(cases, description="cases")]
    return len(cases), sorted((each for each in told if each), key=lambda each: (each.on, each.case_id))


def _counted(found: list[Difference]) -> Table:
    table = Table("first difference", "rules", "cases", "earliest", title="Where they part first")
    counts = Counter((each.act, " ".join(each.rules)) for each in found)
    for (act, rules), count in counts.most_common():
        earliest = next(each.on for each in found if (each.act, " ".join(each.rules)) == (act, rules))
        table.add_row(act.replace("_", " "), rules, str(count), str(earliest))
    return table


def _listed(found: list[Difference]) -> Table:
    table = Table("case", "on", "what", "as it was", "under the changed pack", title="The earliest")
    for each in found:
        table.add_row(each.case_id, str(each.on), each.act.replace("_", " "), each.then, each.changed)
    return table
