"""Which bank accounts and cards does a city draw on?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from formats.city.cells import read_records
from formats.city.cis import Autopay
from formats.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRow:
    """One instrument of instruments.csv; bank numbers are private and left out of the repr."""

    instrument_id: str
    account_no: str
    kind: Autopay
    sec: str
    routing: str = field(repr=False)
    bank_account: str = field(repr=False)
    tran_code: str
    card_last4: str
    card_expiry: str
    authorized_on: date


def read_instruments(source: Source) -> Iterator[InstrumentRow]:
    """Yield the rows of instruments.csv; refused (`Malformed`): a missing column, a cell misshapen."""
    columns = "instrument_id account_no kind sec routing bank_account tran_code card_last4 card_expiry authorized_on"
    for row in read_records(source, columns=columns):
        yield InstrumentRow(
            instrument_id=row.text("instrument_id"),
            account_no=row.text("account_no"),
            kind=row.choice("kind", Autopay),
            sec=row.cells["sec"],
            routing=row.cells["routing"],
            bank_account=row.cells["bank_account"],
            tran_code=row.cells["tran_code"],
            card_last4=row.cells["card_last4"],
            card_expiry=row.cells["card_expiry"],
            authorized_on=row.day("authorized_on"),
        )
