"""What came to be known in a night may have been committed in any order: the days after are the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.account import Service
from domain.calendar import DAY
from domain.facts import FactKind
from domain.money import Money
from simulator.life import Billed, Learned, Life, Paid
from simulator.run import live
from simulator.trace import trace
from tests.builders import POLICY, a_fact, an_account, at, day

Known = Learned | Paid | Billed
OPENED = at("2026-06-02 06:00")
RUNS_ON = timedelta(days=120)
APART = timedelta(minutes=7)  # between two commits of the night
FACTS = (
    FactKind.HOLD,
    FactKind.HEAT_PRODUCT,
    FactKind.MEDICAL_CERTIFICATE,
    FactKind.LIFE_SUPPORT,
    FactKind.PLEDGE,
    FactKind.REFERRAL_GIVEN,
    FactKind.CLAIMED_PAYMENT,
)


@st.composite
def nights(draw: st.DrawFn) -> tuple[str, list[Known], list[int]]:
    """Draw the night between two days of a case, what came to be known in it, and another order of the same."""
    night = (day("2026-06-03") + draw(st.integers(0, 75)) * DAY).isoformat()
    known: list[Known] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=3, unique=True))):
        until = (day(night) + draw(st.integers(1, 40)) * DAY).isoformat()
        cents = 3_000 if kind in {FactKind.PLEDGE, FactKind.CLAIMED_PAYMENT} else None
        fact = replace(a_fact(kind, night, until, cents=cents), fact_id=f"n{number}")
        known.append(Learned(at=at(night), fact=fact))
    amounts = draw(st.lists(st.integers(500, 9_000), max_size=2))
    known += [Paid(at=at(night), ref=f"p{number}", amount=Money(cents)) for number, cents in enumerate(amounts)]
    if draw(st.booleans()):
        bill = Billed(
            at=at(night), bill_no="N1", service=Service.WATER, due_on=day(night) + 21 * DAY, amount=Money(4_000)
        )
        known.append(bill)
    return night, known, draw(st.permutations(range(len(known))))


def lived(night: str, known: Sequence[Known], order: Sequence[int]) -> list[tuple[object, ...]]:
    """Return what is done in the case when *known* is committed in *order* in the small hours of *night*.

    Not compared is what the case noted of each commit, one by one, in that same order.
    """
    owed = Billed(
        at=at("2026-05-11 09:00"),
        bill_no="B0",
        service=Service.ELECTRIC,
        due_on=day("2026-06-01"),
        amount=Money(24_000),
    )
    first = at(night) + timedelta(hours=1)
    committed = [_at(known[which], first + place * APART) for place, which in enumerate(order)]
    life = Life(
        account=an_account(meter_remote=True, income_band="gt50smi"),
        opened_at=OPENED,
        ends_at=at(night) + RUNS_ON,
        inputs=(owed, *committed),
    )
    told = live(life, POLICY)
    lines = zip(told, trace(told), strict=True)
    return [(event.at, *line[1:]) for event, line in lines if event.body.type != "account_read"]


def _at(what: Known, instant: datetime) -> Known:
    if isinstance(what, Learned):
        return replace(what, at=instant, fact=replace(what.fact, known_at=instant))
    return replace(what, at=instant)


@settings(max_examples=150, deadline=None)
@given(nights())
def test_the_order_of_commits_before_a_days_step_does_not_change_the_schedule(
    drawn: tuple[str, list[Known], list[int]],
) -> None:
    night, known, order = drawn
    done = lived(night, known, order)
    assert done == lived(night, known, range(len(known)))
    assert done, "something is done in every case"
