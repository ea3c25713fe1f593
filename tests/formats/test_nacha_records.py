"""The records themselves: their columns, and what an entry says of itself."""

import re
from dataclasses import replace

import pytest

from formats import nacha
from formats.columns import Record
from tests.formats.samples import RECORDS, ach, draft, put


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_the_columns_of_every_record_fill_94_without_gap_or_overlap(record: type[Record]) -> None:
    at = 1
    for column in record.columns():
        assert column.first == at
        assert column.meaning
        at = column.last + 1
    assert at == 95


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_a_pattern_captures_only_what_was_asked_for(record: type[Record]) -> None:
    columns = record.columns()
    assert record.shape().groups == 0
    assert record.shape(columns[0].name, columns[-1].name).groups == 2
    assert re.fullmatch(record.shape(), "\x00" * 94) is None


def test_terminal_addenda_read() -> None:
    terminal = nacha.AddendaTerminal.build(terminal="T1", serial="000001", month_day="1009", city="ROCHESTER", trace=1)
    batch = ach(draft(1)).batches[0]
    header = nacha.BatchHeader(put([batch.header.line], 1, 51, "POS")[0])
    entry = nacha.Entry(put([batch.entries[0].line], 1, 79, "1")[0], 0, (terminal,))
    file = nacha.compose_file(ach().header, [nacha.compose_batch(header, [entry])])
    ((_, read),) = file.entries()
    assert isinstance(read.addenda[0], nacha.AddendaTerminal)
    assert (read.addenda[0].city, read.returned, read.change, read.remittance) == ("ROCHESTER", None, None, "")


def test_entries_are_made_when_asked_for_and_behave_as_a_sequence() -> None:
    first, second = ach().batches[0].entries
    entries = ach().batches[0].entries
    assert (entries[0], entries[-1], entries[:1]) == (first, second, (first,))
    assert entries == (first, second)
    assert entries != [second, first]
    assert entries != 2
    assert hash(ach()) == hash(ach())
    with pytest.raises(IndexError):
        entries[2]


def test_records_are_equal_by_their_characters_not_by_their_place() -> None:
    entry = next(ach().entries())[1]
    assert replace(entry, line_no=99) == entry
