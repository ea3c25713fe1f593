"""Which CSV is a workbook that someone handed in? Files are read as CSV alone; a workbook's first sheet becomes one."""

import csv
import io
from datetime import date, datetime
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from casework.errors import unfit

WORKBOOK: Final = b"PK\x03\x04"
ROWS_MAX: Final = 1_048_576  # of a sheet, by Excel itself

Cell = int | float | str | bool | date | datetime | object


def as_csv(data: bytes) -> bytes:
    """Return *data* as CSV: a workbook's first sheet written out, anything else as it is.

    Raises:
        Refused: it begins as a workbook and is none that can be read.
    """
    if not data.startswith(WORKBOOK):
        return data
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=True, nrows=ROWS_MAX)
    except (CalamineError, OSError) as fault:
        raise unfit(
            "workbook-unreadable",
            "The workbook cannot be read",
            "It is damaged, locked by a password, or no Excel workbook.",
            way_out="Open it, save it as CSV or as an unlocked .xlsx, and hand that in.",
        ) from fault
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([_written(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _written(cell: Cell) -> str:
    """Return a cell as a file says it: whole numbers without a point, days in ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
