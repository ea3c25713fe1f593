"""Which bills has Demo City issued, what of them is open at the opening, and which follow in the period?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from data.fiction import between, chance
from data.people import OPENING, Household

DUE_DAYS = 21
LAST_DAY = date(2026, 12, 29)
BUCKETS = ((30, "d1_30_cents"), (60, "d31_60_cents"), (90, "d61_90_cents"), (120, "d91_120_cents"))
OLDEST_BUCKET = "d121_up_cents"

HOLIDAYS = (
    ("2026-09-07", "Labor Day", "1", "1"),
    ("2026-10-12", "Columbus Day / Indigenous Peoples' Day", "1", "1"),
    ("2026-11-11", "Veterans Day", "1", "1"),
    ("2026-11-26", "Thanksgiving Day", "1", "1"),
    ("2026-11-27", "Day after Thanksgiving", "0", "1"),
    ("2026-12-24", "Christmas Eve", "0", "1"),
    ("2026-12-25", "Christmas Day", "1", "1"),
    ("2027-01-01", "New Year's Day", "1", "1"),
)
_CLOSED = {date.fromisoformat(on) for on, _, _, city_closed in HOLIDAYS if city_closed == "1"}

# Percent of an average month, January to December.
_SEASON = {
    "electric": (108, 100, 94, 88, 90, 108, 126, 124, 106, 92, 95, 104),
    "water": (88, 86, 88, 92, 102, 118, 126, 122, 108, 96, 90, 88),
}


@dataclass(slots=True, kw_only=True)
class Bill:
    """One bill; the number is given when all bills are known, in the order of their dates."""

    account_no: str
    bill_date: date
    cents: dict[str, int]
    remaining: dict[str, int]
    bill_no: str = ""

    @property
    def due_date(self) -> date:
        return self.bill_date + timedelta(days=DUE_DAYS)


def bill_day(year: int, month: int, cycle: int) -> date:
    """Return the day on which a cycle is billed: cycle 1 on the month's first open day, 2 on the next, and so on."""
    day = date(year, month, 1)
    open_days = 0
    while True:
        open_days += day.weekday() < 5 and day not in _CLOSED
        if open_days == cycle:
            return day
        day += timedelta(days=1)


def opening_bills(rng: Random, city: Sequence[Household]) -> list[Bill]:
    """Return every bill with something left to pay at the close of the opening day, by date."""
    bills = [bill for home in city for bill in _open_at_opening(rng, home) if any(bill.remaining.values())]
    return _numbered(bills, first=9_000_001)


def period_bills(rng: Random, city: Sequence[Household]) -> list[Bill]:
    """Return the bills of the active accounts from the day after the opening through the last day, by date."""
    active = [home for home in city if home.left_on is None]
    bills = []
    for month in range(9, 13):
        for home in active:
            on = bill_day(2026, month, home.cycle)
            if on <= LAST_DAY:
                bills.append(_bill(rng, home, on))
    return _numbered(bills, first=9_010_001)


def aging_row(bills: Sequence[Bill]) -> dict[str, str] | None:
    """Return the extract's row of one account from its open bills, none when nothing of them is past due."""
    past = [bill for bill in bills if bill.due_date < OPENING]
    if not past:
        return None
    cents = dict.fromkeys(("current_cents", *(name for _, name in BUCKETS), OLDEST_BUCKET), 0)
    for bill in bills:
        cents[_bucket((OPENING - bill.due_date).days)] += sum(bill.remaining.values())
    total = sum(cents.values())
    return {
        "account_no": bills[0].account_no,
        "as_of": OPENING.isoformat(),
        "oldest_due": min(bill.due_date for bill in past).isoformat(),
        **{name: str(amount) for name, amount in cents.items()},
        "past_due_cents": str(total - cents["current_cents"]),
        "electric_cents": str(sum(bill.remaining.get("electric", 0) for bill in bills)),
        "water_cents": str(sum(bill.remaining.get("water", 0) for bill in bills)),
        "total_cents": str(total),
    }


def _bucket(days_past_due: int) -> str:
    if days_past_due <= 0:
        return "current_cents"
    return next((name for last, name in BUCKETS if days_past_due <= last), OLDEST_BUCKET)


def _numbered(bills: list[Bill], *, first: int) -> list[Bill]:
    in_order = sorted(bills, key=lambda bill: bill.bill_date)
    for number, bill in enumerate(in_order, start=first):
        bill.bill_no = str(number)
    return in_order


def _bill(rng: Random, home: Household, on: date) -> Bill:
    bases = {"electric": home.electric_base, "water": home.water_base}
    cents = {
        service: bases[service] * _SEASON[service][on.month - 1] * between(rng, 82, 118) // 10_000
        for service in home.services
    }
    return Bill(account_no=home.account_no, bill_date=on, cents=cents, remaining=dict(cents))


def _open_at_opening(rng: Random, home: Household) -> Iterator[Bill]:
    if home.group == "past_due":
        yield from _arrears(rng, home)
    elif home.group == "final":
        yield from _final(rng, home)
    elif home.group == "current" and home.cells["opening_credit_cents"] == "0":
        latest = _bill(rng, home, bill_day(2026, 8, home.cycle))
        # Due on the opening day is not past due; three in five have paid already.
        if latest.due_date >= OPENING and not chance(rng, 60):
            yield latest


def _arrears(rng: Random, home: Household) -> Iterator[Bill]:
    """Yield the last bill and, before it, as many past due ones as the household is behind."""
    behind = _months_behind(rng)
    days = [bill_day(2026, month, home.cycle) for month in range(1, 9)]
    past = [day for day in days if day + timedelta(days=DUE_DAYS) < OPENING][-behind:]
    not_yet_due = [day for day in days if day + timedelta(days=DUE_DAYS) >= OPENING]
    oldest, *later = [_bill(rng, home, day) for day in past]
    if chance(rng, 35):
        _pay_part(oldest, percent=between(rng, 15, 70))
    yield oldest
    yield from later
    yield from (_bill(rng, home, day) for day in not_yet_due)


def _months_behind(rng: Random) -> int:
    draw = between(rng, 1, 100)
    return 1 if draw <= 34 else 2 if draw <= 66 else 3 if draw <= 84 else between(rng, 4, 6)


def _pay_part(bill: Bill, *, percent: int) -> None:
    """Take a payment off the bill as the allocation rule does: electric first, then water."""
    paid = sum(bill.cents.values()) * percent // 100
    for service, cents in bill.cents.items():
        taken = min(paid, cents)
        bill.remaining[service] = cents - taken
        paid -= taken


def _final(rng: Random, home: Household) -> Iterator[Bill]:
    """Yield up to three unpaid monthly bills before the customer left, then the final bill, five days after."""
    assert home.left_on is not None
    final_on = _weekday(home.left_on + timedelta(days=5))
    # A claim is worth its costs only with some bills behind it.
    unpaid = 3 if home.remedy == "court" else between(rng, 0, 3)
    for back in range(unpaid, 0, -1):
        yield _bill(rng, home, _weekday(final_on - timedelta(days=30 * back)))
    yield _bill(rng, home, final_on)


def _weekday(day: date) -> date:
    """Return *day*, or the Monday after it when it falls on a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
