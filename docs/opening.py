"""Which files and columns does an opening folder have?"""

from collections.abc import Iterator, Mapping
from typing import Any

from formats.opening.cells import says_of
from formats.opening.layout import ACCOUNT, LAYOUTS, PLACES
from formats.opening.ways_out import OF_OPENINGS
from models.registers import REGISTERS

INTRODUCTION = f"""# The opening folder

What a city hands over on the day it goes live: `arrears import opening DIR` takes it in, `arrears export opening DIR`
writes one from a running installation.

* All of it is taken, or nothing and a list of everything that is wrong, with file, line and column.
* An account is known by billing; what it owes is held against billing to the cent.
* A stage without evidence goes back: one before the end of service to the reminder, one after it to the final bill.
* Nothing goes out until a supervisor other than whoever took it in has looked at `arrears held` and called
  `arrears release --by NAME`, or has released it on the console's page *Going live*.
* An installation that observes (`arrears up --observe`) writes none: notices stand in it that were never served. Going
  live begins in a new data directory, with a folder of what the city itself has done.
* The same folder again changes nothing. It goes into an installation that has no cases.
* It names people. Keep it as you keep the database.

Only `opening.toml` and `cases.csv` must be there. Every file is CSV in UTF-8 with a header; a column that is not bold
may be left out, and an empty cell is its default. An unknown column is refused: a name spelled wrong would be a clock
lost. A list stands in one cell, its items between `;`; an item of several parts has them between `=`, as in
`B1/water=4200=2026-05-01`. A `;`, `=` or backslash that is part of a word has a backslash before it. A bill is named by
its number and service, `B1/water`.

```toml
as_of = 2026-10-30T23:00:00Z   # the instant of which the folder is
pack = "rochester-mn"          # the policy pack it goes by

[lines]                        # as many lines as each file has: a folder that lost some is refused
cases = 347
```

Leave that was asked for or given is not handed over, but for that of a crew already on its way: a second person gives
it anew. Nor are users, sessions, attached documents, files handed out, and the history before the opening, which stays
in the record before.

## Cases

Each file has the column `{ACCOUNT}` and, in `letters.csv`, a `place`: {", ".join(f"`{each}`" for each in PLACES)}.
"""
REGISTERS_SAY = """
## Registers

What stands beside the cases. Columns are those of the record itself; a city that comes from another system fills
`facts.csv` and `payments.csv` and leaves the others out.
"""
REFUSED_SAY = """
## What is refused

What is wrong is told with file, line, column and one of these rules; all of it also stands in `DIR.errors.csv` beside
the folder. What is wrong with a fact says itself what to do.

| Rule | What to do |
| --- | --- |
"""


def page() -> str:
    """Return the page."""
    cases = (part for layout in LAYOUTS for part in _file(layout.name, layout.says, layout.columns, layout.must))
    kept = (part for each in REGISTERS for part in _file(each.name, each.says, each.columns, each.must))
    refused = "".join(f"| `{rule}` | {way_out} |\n" for rule, way_out in sorted(OF_OPENINGS.items()))
    return INTRODUCTION + "\n".join(cases) + "\n" + REGISTERS_SAY + "\n".join(kept) + "\n" + REFUSED_SAY + refused


def _file(name: str, says: str, columns: Mapping[str, Any], must: tuple[str, ...]) -> Iterator[str]:
    yield f"\n### {name}.csv\n\n{says}.\n\n| Column | Holds |\n| --- | --- |"
    for column, hint in columns.items():
        shown = f"**`{column}`**" if column in must else f"`{column}`"
        yield f"| {shown} | {says_of(hint)} |"
