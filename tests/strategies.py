"""Random money, days, bills and lives for properties."""

from datetime import date

from hypothesis import strategies as st

from domain.account import OpenBill, Service
from domain.money import Money
from tests.builders import a_bill

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
AMOUNTS = st.integers(0, 5_000_000).map(Money)


@st.composite
def bills(draw: st.DrawFn, *, most: int = 5) -> tuple[OpenBill, ...]:
    """Draw open bills, each due on its own day of spring 2026, paid in part or not at all."""
    dues = draw(st.lists(st.dates(date(2026, 3, 1), date(2026, 6, 1)), min_size=1, max_size=most, unique=True))
    found = []
    for due in dues:
        cents = draw(st.integers(1, 50_000))
        service = draw(st.sampled_from((Service.ELECTRIC, Service.WATER)))
        open_cents = draw(st.integers(1, cents))
        found.append(a_bill(due.isoformat(), cents, open_cents=open_cents, service=service))
    return tuple(sorted(found, key=lambda bill: (bill.due_on, bill.service)))
