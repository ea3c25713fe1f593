"""Are corrections and refunds listed page by page, the latest decided first, and counted, on either database?"""

from datetime import date, timedelta

from sqlalchemy import Engine

from domain.adjustments import AdjustmentState
from domain.refunds import RefundState
from models.money_out import (
    adjustments_decided,
    adjustments_of,
    refunds_of,
    refunds_over,
    taken_by,
    waiting,
)
from models.session import reading, transaction
from models.tables import AccountRow, AdjustmentRow, PaymentRow, RefundRow
from tests.models.lives import NOON

MINE, OTHER = "9900000001", "9900000002"
DAY = timedelta(days=1)


def correction(number: int, *, account_no: str = MINE, **more: object) -> AdjustmentRow:
    """Every second one was asked for at the very instant of the one before it."""
    values: dict[str, object] = {
        "adjustment_id": f"j{number:03}",
        "account_no": account_no,
        "service": "water",
        "amount_cents": -100,
        "reason": "leak",
        "about_on": date(2026, 9, 1),
        "state": AdjustmentState.PROPOSED,
        "asked_by": "senta",
        "asked_at": NOON + DAY * (number // 2),
    }
    return AdjustmentRow(**(values | more))  # type: ignore[arg-type]


def refund(number: int, *, account_no: str = MINE, **more: object) -> RefundRow:
    values: dict[str, object] = {
        "refund_id": f"r{number:03}",
        "account_no": account_no,
        "amount_cents": 100,
        "payee": "payer",
        "state": RefundState.PROPOSED,
        "asked_by": "senta",
        "asked_at": NOON + DAY * (number // 2),
    }
    return RefundRow(**(values | more))  # type: ignore[arg-type]


def keep(engine: Engine, *rows: AdjustmentRow | RefundRow | PaymentRow) -> None:
    with transaction(engine) as session:
        for account_no in (MINE, OTHER):
            session.merge(AccountRow(account_no=account_no, customer_class="residential", status="active", services=""))
        session.flush()
        session.add_all(rows)


def test_pages_follow_one_another_without_a_gap_though_some_were_asked_for_at_the_same_instant(engine: Engine) -> None:
    keep(engine, *(correction(number) for number in range(9)), *(refund(number) for number in range(9)))
    with reading(engine) as session:
        corrections, refunds, after, behind = [], [], "", ""
        for _ in range(3):
            corrections += [row.adjustment_id for row in adjustments_of(session, after=after, limit=3)]
            refunds += [row.refund_id for row in refunds_of(session, after=behind, limit=3)]
            after, behind = corrections[-1], refunds[-1]
        assert corrections == [f"j{number:03}" for number in range(9)]
        assert refunds == [f"r{number:03}" for number in range(9)]
        assert adjustments_of(session, after=after, limit=3) == []
        assert len(adjustments_of(session, after="no-such", limit=100)) == 9


def test_what_was_decided_or_ended_last_is_at_the_top_and_what_waits_is_not_among_it(engine: Engine) -> None:
    approved, rejected = AdjustmentState.APPROVED, AdjustmentState.REJECTED
    keep(
        engine,
        correction(1, state=approved, decided_at=NOON),
        correction(2, state=rejected, decided_at=NOON + DAY),
        correction(3, account_no=OTHER, state=approved, decided_at=NOON + 2 * DAY),
        correction(4),
        refund(1, state=RefundState.PAID, ended_on=date(2026, 9, 1)),
        refund(2, state=RefundState.REJECTED),  # from before there was a day of it
        refund(3, account_no=OTHER, state=RefundState.RESTORED, ended_on=date(2026, 9, 3)),
        *(refund(4 + place, state=state) for place, state in enumerate(("proposed", "approved", "exported"))),
    )
    with reading(engine) as session:
        assert [row.adjustment_id for row in adjustments_decided(session, limit=9)] == ["j003", "j002", "j001"]
        assert [row.adjustment_id for row in adjustments_decided(session, account_no=MINE, limit=1)] == ["j002"]
        assert [row.refund_id for row in refunds_over(session, limit=9)] == ["r003", "r001", "r002"]
        assert (waiting(session), waiting(session, OTHER)) == ((1, 1), (0, 0))


def test_who_took_money_is_known_of_each_account_since_a_day(engine: Engine) -> None:
    def paid(number: int, account_no: str, who: str, on: date) -> PaymentRow:
        return PaymentRow(
            payment_id=f"counter-{number}",
            source="counter",
            trace=f"{number}",
            account_no=account_no,
            amount_cents=100,
            tender="cash",
            state="posted",
            received_at=NOON,
            effective_on=on,
            taken_by=who,
        )

    keep(
        engine,
        paid(1, MINE, "sven", date(2026, 9, 1)),
        paid(2, MINE, "sven", date(2026, 9, 2)),
        paid(3, OTHER, "sven", date(2026, 8, 31)),
        paid(4, OTHER, "rosa", date(2026, 9, 2)),
    )
    with reading(engine) as session:
        assert taken_by(session, [MINE, OTHER], "sven", since=date(2026, 9, 1)) == {MINE}
        assert taken_by(session, [], "sven", since=date(2026, 9, 1)) == frozenset()
