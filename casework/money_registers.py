"""What went back, what went out, what was corrected and pledged, as lines of a report?"""

from collections.abc import Sequence

from casework.adjustments import adjustments
from casework.context import Desk
from casework.deposits import deposits
from casework.pledges import pledges
from casework.refunds import refunds
from casework.returned import return_rates, returned
from casework.summaries import Line


def returned_lines(desk: Desk) -> Sequence[Line]:
    """Return what went back, latest first, with what followed."""
    return [
        {
            "day": str(row.returned_on),
            "account_no": row.account_no,
            "source": row.source,
            "code": row.code,
            "cents": row.cents,
            "presentment": row.presentment,
            "fee": row.fee_cents,
            "instrument": row.instrument,
            "again_on": str(row.retry_on or ""),
            "state": row.retry_state,
        }
        for row in returned(desk)
    ]


def rate_lines(desk: Desk) -> Sequence[Line]:
    """Return how the drafts returned stand against the bank network's limits."""
    return [
        {
            "rate": line.rate,
            "returned": line.returned,
            "sent": line.sent,
            "limit_pct": line.limit_pct,
            "says": "over" if line.over else "near" if line.warn else "",
        }
        for line in return_rates(desk)
    ]


def refund_lines(desk: Desk) -> Sequence[Line]:
    """Return the register of refunds: who asked, who let it, what became of it."""
    return [
        {
            "refund": seen.row.refund_id,
            "account_no": seen.row.account_no,
            "cents": seen.row.amount_cents,
            "payee": seen.row.payee,
            "state": "stale" if seen.stale else seen.row.state,
            "asked_by": seen.row.asked_by,
            "approved_by": seen.row.approved_by,
            "exported_on": str(seen.row.exported_on or ""),
            "escheats_on": str(seen.row.escheats_on or ""),
        }
        for seen in refunds(desk)
    ]


def adjustment_lines(desk: Desk) -> Sequence[Line]:
    """Return the register of adjustments: what, why, out of which fund, who asked and who let it."""
    return [
        {
            "adjustment": seen.row.adjustment_id,
            "account_no": seen.row.account_no,
            "service": seen.row.service,
            "cents": seen.row.amount_cents,
            "reason": seen.row.reason,
            "fund": seen.row.fund,
            "state": seen.row.state,
            "asked_by": seen.row.asked_by,
            "approved_by": seen.row.approved_by,
        }
        for seen in adjustments(desk)
    ]


def deposit_lines(desk: Desk) -> Sequence[Line]:
    """Return the deposits applied, with the day by which what is left is given back."""
    return [
        {
            "account_no": row.account_no,
            "final_on": str(row.final_on),
            "cents": row.amount_cents,
            "interest": row.interest_cents,
            "refund_by": str(row.refund_by),
        }
        for row in deposits(desk)
    ]


def pledge_lines(desk: Desk) -> Sequence[Line]:
    """Return the pledges, the latest first: what was promised, through when it holds, what came of it."""
    return [
        {
            "pledge": row.pledge_id,
            "account_no": row.account_no,
            "agency": row.agency,
            "cents": row.amount_cents,
            "paid": row.paid_cents,
            "holds_until": str(row.holds_until),
            "status": row.status,
            "confirmed": "yes" if row.confirmed_at else "no",
        }
        for row in pledges(desk)
    ]
