"""Whatever moves the oldest unpaid bill moves every step with it, and moves it back when it is undone.

The arithmetic of Kill Bill issue 2297: thresholds of 5, 7 and 11 days; the bill of 05-31 is paid on day 2, the next one
fell due on 06-02. What is due follows that one: 06-07, 06-09, 06-13, and no step is skipped.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.account import Service
from domain.agenda import instant_of, next_step
from domain.calendar import DAY, CityCalendar
from domain.case import Case
from domain.step import Step, StepKind, Wait
from gateways.fakes.ledger import AccountLedger, Credit, Debit
from tests.builders import ZONE, a_case, a_policy, at, day, done, knowing

CENTS = 10_000
MAY, JUNE = day("2023-05-31"), day("2023-06-02")
DAY_TWO, UNDONE = day("2023-06-02"), day("2023-06-04")
EVERY_DAY = CityCalendar(zone="America/Chicago")
KB = a_policy(
    calendar=EVERY_DAY,
    reminder_days=5,
    notice_days=7,
    notice_gap_days=0,
    notice_min_days_mailed=4,
    dnp_min_days=10,
)
STEPS = ("send_reminder", "serve_notice", "recommend")
PATH_OF_MAY = [*zip(STEPS, ("2023-06-05", "2023-06-07", "2023-06-11"), strict=True)]
PATH_OF_JUNE = [*zip(STEPS, ("2023-06-07", "2023-06-09", "2023-06-13"), strict=True)]


@dataclass
class Books:
    """The account in billing, and another one of the same customer from which money may be moved."""

    dues: tuple[date, ...] = (MAY, JUNE)
    here: AccountLedger = field(default_factory=AccountLedger)
    there: AccountLedger = field(default_factory=AccountLedger)

    def __post_init__(self) -> None:
        for due_on in self.dues:
            self.owe(due_on, CENTS, since=date.min)

    def owe(self, due_on: date, cents: int, *, since: date) -> None:
        self.here.owe(
            Debit(
                bill_no=f"B{due_on:%m%d}",
                service=Service.ELECTRIC,
                bill_on=due_on - timedelta(days=21),
                due_on=due_on,
                original_cents=CENTS,
                parts=[(since, cents)],
            )
        )


Undo = Callable[[date], None]


def _credit(books: Books, on: date) -> Undo:
    money = Credit(cents=CENTS, since=on)
    books.here.credit(money)
    return lambda undone_on: books.here.void(money, since=undone_on)


def _written_down(books: Books, on: date) -> Undo:
    books.owe(MAY, -CENTS, since=on)
    return lambda undone_on: books.owe(MAY, CENTS, since=undone_on)


def _moved_here(books: Books, on: date) -> Undo:
    first = Credit(cents=CENTS, since=on - DAY)
    books.there.credit(first)
    books.there.void(first, since=on)
    return _credit(books, on)


def _in_parts(books: Books, on: date) -> Undo:
    parts = [Credit(cents=cents, since=on) for cents in (CENTS - 1, 1)]
    for part in parts:
        books.here.credit(part)

    def undo(undone_on: date) -> None:
        for part in parts:
            books.here.void(part, since=undone_on)

    return undo


CAUSES: dict[str, Callable[[Books, date], Undo]] = {
    "payment": _credit,
    "payment in two parts": _in_parts,
    "credit": _credit,
    "adjustment": _credit,
    "write-down": _written_down,
    "transfer": _moved_here,
}


def path(books: Books, first: date) -> list[tuple[str, str]]:
    """Return on which days the steps come when the case looks at the books each morning and at each step's instant."""
    case, now, found = _opened(books, first), at(f"{first} 07:00"), []
    for _ in range(200):
        today = EVERY_DAY.day(now)
        case = knowing(case, now.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"), *books.here.open(today).bills)
        item = next_step(case, KB, now)
        if isinstance(item, Wait) and item.task == "recommend_disconnection":
            return [*found, (STEPS[2], str(today))]
        if isinstance(item, Step) and item.at <= now:
            if item.kind is StepKind.CLOSE_CASE:  # nothing is past due: the sweep opens the next case when it is again
                case, now = _opened(books, today + DAY), at(f"{today + DAY} 07:00")
                continue
            if item.kind.value in STEPS:
                found.append((item.kind.value, str(today)))
            case = done(case, item, now.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"), policy=KB)
            continue
        now = min(instant_of(item), at(f"{today + DAY} 07:00"))
    raise AssertionError(found)


def _opened(books: Books, on: date) -> Case:
    return a_case(*books.here.open(on).bills, now=f"{on} 07:00", opened_on=on)


def test_steps_follow_the_oldest_bill() -> None:
    assert path(Books(), day("2023-06-01")) == PATH_OF_MAY


@pytest.mark.parametrize("cause", CAUSES)
def test_paid_on_day_two_by_whatever_cause_every_step_follows_the_next_bill_and_none_is_skipped(cause: str) -> None:
    books = Books()
    CAUSES[cause](books, DAY_TWO)
    assert path(books, day("2023-06-01")) == PATH_OF_JUNE


@pytest.mark.parametrize("cause", CAUSES)
def test_undone_before_the_first_step_every_step_is_back_at_the_first_bill(cause: str) -> None:
    books = Books()
    CAUSES[cause](books, DAY_TWO)(UNDONE)
    assert path(books, day("2023-06-01")) == PATH_OF_MAY


@pytest.mark.parametrize("cause", CAUSES)
def test_undone_on_the_day_itself_it_is_as_if_it_had_never_been(cause: str) -> None:
    books = Books()
    CAUSES[cause](books, DAY_TWO)(DAY_TWO)
    assert path(books, day("2023-06-01")) == PATH_OF_MAY


def test_a_cent_less_moves_nothing() -> None:
    books = Books()
    books.here.credit(Credit(cents=CENTS - 1, since=DAY_TWO))
    assert path(books, day("2023-06-01")) == PATH_OF_MAY


@settings(max_examples=60, deadline=None)
@given(
    offsets=st.lists(st.integers(0, 30), min_size=2, max_size=5, unique=True).map(sorted),
    cause=st.sampled_from(sorted(CAUSES)),
)
def test_once_the_oldest_bill_is_settled_the_path_is_that_of_an_account_that_never_had_it(
    offsets: list[int], cause: str
) -> None:
    oldest, *rest = (MAY + timedelta(days=each) for each in offsets)
    settled = Books(dues=(oldest, *rest))
    if cause == "write-down":
        settled.owe(oldest, -CENTS, since=oldest + 2 * DAY)
    else:
        CAUSES[cause](settled, oldest + 2 * DAY)
    assert path(settled, oldest + DAY) == path(Books(dues=tuple(rest)), oldest + DAY)
