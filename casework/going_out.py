"""Which corrections and refunds wait, which money is on its way out, and what was decided lately?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from casework.context import Desk
from casework.permissions import Permission
from casework.second_person import Barred, Said, barred, said
from domain import parameters as p
from domain.adjustments import AdjustmentReason, AdjustmentState, waivers_most
from domain.arrangement import add_months
from domain.policy import Policy
from domain.refunds import RefundState, stale_on
from models.adjustments import waived
from models.money_out import (
    adjustments_decided,
    adjustments_of,
    effects_of,
    refunds_of,
    refunds_over,
    taken_by,
    waiting,
)
from models.tables import AdjustmentRow, BillingEffectRow, RefundRow

PAGE, SHOWN = 50, 100  # what waits has forms beside it; what is over is only read
ASKED, DONE, REFUSED = "asked", "done", "refused"
"""How far billing has got with what it was asked: nothing yet, done, or it never will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction of a balance. *barred*: why the one who looks does not decide on it, none if they may.

    *billing*: blank as long as billing was not asked. *waived*: how many fees of the account were waived in twelve
    months, where another waits.
    """

    row: AdjustmentRow
    said: Said
    barred: Barred | None = None
    billing: str = ""
    waived: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """A refund. *stale*: nobody cashed it in time; *barred* and *billing* as of `Correction`."""

    row: RefundRow
    said: Said
    barred: Barred | None = None
    billing: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A page of what waits for a second person, those asked for first at the top, and how many there are in all.

    *waivers_most*: how many fees of an account may be waived in twelve months; none without a limit. *after*,
    *refunds_after*: behind which the next page begins, blank where it was the last.
    """

    corrections: Sequence[Correction]
    refunds: Sequence[Payout]
    in_all: tuple[int, int]
    waivers_most: int | None = None
    after: str = ""
    refunds_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Refunds that were approved: those not handed out yet, and those handed out whose end nobody has told."""

    approved: Sequence[Payout]
    handed_out: Sequence[Payout]
    approved_after: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What was decided, or has ended: the latest first, at most `SHOWN` of each."""

    corrections: Sequence[Correction]
    refunds: Sequence[Payout]


def waits(desk: Desk, *, account_no: str | None = None, after: str = "", refunds_after: str = "") -> Waiting:
    """Return what waits for a second person."""
    desk.need(Permission.SEE_REPORTS)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    today = policy.calendar.day(now)
    since = add_months(today, -policy.at(p.ADJUSTMENT_MONTHS_BACK, today))

    def ask(session: Session) -> Waiting:
        state = AdjustmentState.PROPOSED
        asked = adjustments_of(session, state=state, account_no=account_no, after=after, limit=PAGE + 1)
        paid = refunds_of(
            session, state=RefundState.PROPOSED, account_no=account_no, after=refunds_after, limit=PAGE + 1
        )
        took = taken_by(session, [row.account_no for row in asked], who, since=since)
        return Waiting(
            corrections=[
                Correction(
                    row=row,
                    said=said(desk, session, row),
                    barred=barred(desk, row, took=row.account_no in took),
                    waived=_waived(session, row, on=today, at=now),
                )
                for row in asked[:PAGE]
            ],
            refunds=_payouts(desk, session, paid[:PAGE], policy),
            in_all=waiting(session, account_no),
            waivers_most=waivers_most(policy, today),
            after=asked[PAGE - 1].adjustment_id if len(asked) > PAGE else "",
            refunds_after=_more(paid),
        )

    return desk.read_now(ask)


def under_way(desk: Desk, *, account_no: str | None = None, after: str = "", approved_after: str = "") -> UnderWay:
    """Return the refunds that were approved and are not over."""
    desk.need(Permission.SEE_REPORTS)
    policy = desk.policy()

    def ask(session: Session) -> UnderWay:
        approved, out = (
            refunds_of(session, state=state, account_no=account_no, after=behind, limit=PAGE + 1)
            for state, behind in ((RefundState.APPROVED, approved_after), (RefundState.EXPORTED, after))
        )
        return UnderWay(
            approved=_payouts(desk, session, approved[:PAGE], policy),
            handed_out=_payouts(desk, session, out[:PAGE], policy),
            approved_after=_more(approved),
            after=_more(out),
        )

    return desk.read_now(ask)


def lately(desk: Desk, *, account_no: str | None = None) -> Lately:
    """Return what was decided and what has ended, the latest first."""
    desk.need(Permission.SEE_REPORTS)
    policy = desk.policy()

    def ask(session: Session) -> Lately:
        rows = adjustments_decided(session, account_no=account_no, limit=SHOWN)
        ended = refunds_over(session, account_no=account_no, limit=SHOWN)
        asked = effects_of(session, [f"adjustment/{row.adjustment_id}" for row in rows])
        return Lately(
            corrections=[
                Correction(
                    row=row,
                    said=said(desk, session, row),
                    billing=_progress(asked.get(f"adjustment/{row.adjustment_id}")),
                )
                for row in rows
            ],
            refunds=_payouts(desk, session, ended, policy),
        )

    return desk.read_now(ask)


def how_many_wait(desk: Desk) -> int:
    """Return how many corrections and refunds wait for a second person, for a page that leads to them."""
    return desk.read_now(lambda session: sum(waiting(session)))


def _waived(session: Session, row: AdjustmentRow, *, on: date, at: datetime) -> int | None:
    return waived(session, row.account_no, on=on, at=at) if row.reason == AdjustmentReason.FEE_WAIVER else None


def _payouts(desk: Desk, session: Session, rows: Sequence[RefundRow], policy: Policy) -> Sequence[Payout]:
    today = policy.calendar.day(desk.now)
    asked = effects_of(session, [f"refund/{row.refund_id}" for row in rows])
    return [
        Payout(
            row=row,
            said=said(desk, session, row),
            barred=barred(desk, row),
            billing=_progress(asked.get(f"refund/{row.refund_id}")),
            stale=is_stale(row, policy, today),
        )
        for row in rows
    ]


def is_stale(row: RefundRow, policy: Policy, today: date) -> bool:
    """Say whether a refund was handed out so long ago that a bank need not pay it any more."""
    handed_out = row.state == RefundState.EXPORTED
    return handed_out and row.exported_on is not None and stale_on(row.exported_on, policy) <= today


def _progress(effect: BillingEffectRow | None) -> str:
    if effect is None:
        return ""
    if effect.rejected:
        return REFUSED
    return DONE if effect.done_at is not None else ASKED


def _more(rows: Sequence[RefundRow]) -> str:
    return rows[PAGE - 1].refund_id if len(rows) > PAGE else ""
