"""How does a table leave the desk as a file that a spreadsheet opens: CSV or XLSX?"""

import csv
import io
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from xlsxwriter import Workbook

from casework.summaries import Line
from domain.money import CENTS_PER_DOLLAR

SHEET_NAME_MAX: Final = 31  # Excel's own
CENTS: Final = "_cents"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MONEY: Final = "#,##0.00"
_WIDTH: Final = 18


class Written(StrEnum):
    """The forms in which a table is handed out as a file, by the ending of its name."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        if self is Written.CSV:
            return "text/csv"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def written(lines: Sequence[Line], name: str, form: Written, *, heads: Sequence[str] = ()) -> bytes:
    """Return *lines* as a file; a text that a spreadsheet would take for a formula stays a text.

    *heads*: the columns, where they are known though there be no line.
    """
    heads = heads or list(lines[0] if lines else ())
    return _csv(lines, heads) if form is Written.CSV else _xlsx(lines, name, heads)


def _csv(lines: Sequence[Line], heads: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if heads:
        writer.writerow(heads)
        writer.writerows([_text(value) for value in line.values()] for line in lines)
    return out.getvalue().encode()


def _text(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _xlsx(lines: Sequence[Line], name: str, heads: Sequence[str]) -> bytes:
    """Return a workbook; cents are written as dollars, in cells that can be reckoned with."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(name[:SHEET_NAME_MAX])
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": _MONEY})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head.removesuffix(CENTS), bold)
            sheet.set_column(column, column, _WIDTH)
        for row, line in enumerate(lines, start=1):
            for column, (head, value) in enumerate(line.items()):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif head.endswith(CENTS):
                    sheet.write_number(row, column, value / CENTS_PER_DOLLAR, money)
                else:
                    sheet.write_number(row, column, value)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
