"""The NACHA page says what the code does: every column, code, relaxation and class."""

from dataclasses import fields
from pathlib import Path

import pytest

from formats.columns import Record
from formats.nacha import CHANGES, RETURNS, SECS, Reason, Relaxations
from tests.formats.samples import RECORDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "formats" / "nacha.md").read_text()


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_every_record_stands_on_the_page_as_one_table(record: type[Record]) -> None:
    rows = []
    for column in record.columns():
        span = str(column.first) if column.width == 1 else f"{column.first}-{column.last}"
        rows.append(f"| {span} | `{column.name}` | {column.meaning} |")
    assert "\n".join(rows) in PAGE


@pytest.mark.parametrize("row", [*RETURNS.values(), *CHANGES.values()], ids=lambda row: row.code)
def test_every_code_stands_on_the_page(row: Reason) -> None:
    assert f"| {row.code} | {row.meaning} | {row.window} | `{row.action}` | `{row.retry}` |" in PAGE


@pytest.mark.parametrize("name", [*(each.name for each in fields(Relaxations)), *SECS])
def test_every_relaxation_and_class_is_named(name: str) -> None:
    assert name in PAGE
