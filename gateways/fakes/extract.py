"""How does billing write the delinquency extract of a day? Layout: cis/aging_*.csv of the hand-over notes."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from domain.account import OpenBill, Service, aging, balance, past_due, past_due_bills
from domain.money import total

_BUCKETS = ("current", "d1_30", "d31_60", "d61_90", "d91_120", "d121_up")


def write_extract(
    accounts: Iterable[tuple[str, Sequence[OpenBill]]], *, services: Sequence[Service], as_of: date
) -> bytes:
    """Return the extract at the close of *as_of*: a row for each account with something past due, in the order given.

    *accounts* are account numbers with what is open of them; *services* are the city's, in its order.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            *("account_no", "as_of", "oldest_due"),
            *(f"{name}_cents" for name in (*_BUCKETS, "past_due", *services, "total")),
        ]
    )
    for account_no, bills in accounts:
        late = past_due_bills(bills, as_of)
        if not late:
            continue
        buckets = aging(bills, as_of)
        amounts = (
            *(buckets[name] for name in _BUCKETS),
            past_due(bills, as_of),
            *(total(bill.open for bill in bills if bill.service is service) for service in services),
            balance(bills),
        )
        writer.writerow([account_no, as_of, late[0].due_on, *(amount.cents for amount in amounts)])
    return out.getvalue().encode()
