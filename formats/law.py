"""What does a state's file of floors ask for: which value of a pack may not be undercut, from which day on?"""

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any, Final

from domain.check import Floor, Law, Measure
from domain.parameters import PARAMETERS
from domain.policy import Source, Standing
from formats.errors import Malformed
from formats.pack import typed

_ROW: Final = {"key", "measure", "value", "from", "status", "source"}


def parse_law(text: str, *, file: str = "") -> Law:
    """Return the floors that *text* states.

    Raises:
        Malformed: it is no TOML, or a floor lacks a part or is of another type than its parameter. Names file and key.
    """
    try:
        return Law(floors=tuple(_floor(row) for row in _rows(tomllib.loads(text, parse_float=Decimal))))
    except tomllib.TOMLDecodeError as fault:
        raise Malformed("toml", str(fault), file=file) from None
    except Malformed as fault:
        raise fault.within(file) from None


def _rows(tables: dict[str, Any]) -> list[Any]:
    rows = tables.get("floors")
    if tables.keys() != {"floors"} or not isinstance(rows, list):
        raise Malformed("missing_key", "a list of floors was expected", field="floors")
    return rows


def _floor(row: Any) -> Floor:  # noqa: ANN401  # whatever stands in the file
    if not isinstance(row, dict) or row.keys() != _ROW:
        raise Malformed("wrong_type", f"a floor has {', '.join(sorted(_ROW))}", field="floors")
    key = row["key"]
    if key not in PARAMETERS:
        raise Malformed("unknown_key", "no parameter has this name", field=str(key))
    if row["measure"] not in set(Measure) or row["status"] not in set(Standing) or type(row["from"]) is not date:
        raise Malformed("wrong_type", "a measure, a status and a date were expected", field=key)
    if not isinstance(row["source"], str) or not row["source"].strip():
        raise Malformed("wrong_type", "a source was expected", field=key)
    return Floor(
        key=key,
        measure=Measure(row["measure"]),
        value=typed(PARAMETERS[key], row["value"]),
        since=row["from"],
        source=Source(row["source"], Standing(row["status"])),
    )
