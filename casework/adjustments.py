"""Who corrects a balance or adds an ad hoc charge, why, out of which fund, and who lets it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from casework.context import Desk
from casework.errors import Refused, missing, unfit
from casework.permissions import Permission, is_senior
from casework.second_person import (
    barred,
    how_decided,
    need_another,
    need_reason,
    said,
    sealed_because,
    tell_who_asked,
)
from domain import parameters as p
from domain.adjustments import (
    Adjusting,
    AdjustmentReason,
    AdjustmentState,
    alone,
    may_adjust,
    may_waive,
    waivers_alone,
    waivers_most,
)
from domain.arrangement import add_months
from domain.policy import Policy
from models.accounts import AccountUnknown, account_of, lock_account
from models.adjustments import let_adjustment, waived
from models.money_out import adjustments_of, took_money
from models.tables import AdjustmentRow

LISTED_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentSeen:
    """An adjustment; *mine_to_decide*: it waits for a second person, and the one who looks may be that person.

    *ended_because*: why it was not let; blank for who may not read that.
    """

    row: AdjustmentRow
    mine_to_decide: bool = False
    ended_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waivers:
    """Of an account's fees: *waived* in twelve months, *alone* by who looks, *most* at all; none without a limit."""

    waived: int
    alone: int | None
    most: int | None


def adjustments(desk: Desk, *, state: str | None = None, account_no: str | None = None) -> Sequence[AdjustmentSeen]:
    """Return adjustments, those asked for first at the top."""
    desk.need(Permission.SEE_REPORTS)

    def ask(session: Session) -> Sequence[AdjustmentSeen]:
        rows = adjustments_of(session, state=state, account_no=account_no, limit=LISTED_MAX)
        return [_seen(desk, row, why=_why(desk, session, row)) for row in rows]

    return desk.read_now(ask)


def waivers(desk: Desk, account_no: str) -> Waivers:
    """Return how many fees of the account were waived this year, and how many may be, alone and at all."""
    policy, now = desk.policy(), desk.now
    today = policy.calendar.day(now)
    return Waivers(
        waived=desk.read_now(lambda session: waived(session, account_no, on=today, at=now)),
        alone=waivers_alone(senior=is_senior(desk.person.role), policy=policy, on=today),
        most=waivers_most(policy, today),
    )


def propose_adjustment(desk: Desk, account_no: str, asked: Adjusting, *, because: str, key: str) -> AdjustmentSeen:
    """Ask for a correction; up to the pack's limits one person's word is enough. The same key changes nothing.

    Raises:
        Refused: by the rules of `domain.adjustments`, or there is no such account.
    """
    desk.need(Permission.PROPOSE_ADJUSTMENT)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    today = policy.calendar.day(now)
    adjustment_id = f"{account_no}-j{sha256(f'{who}/{key}'.encode()).hexdigest()[:12]}"
    since = add_months(today, -policy.at(p.ADJUSTMENT_MONTHS_BACK, today))

    def write(session: Session) -> AdjustmentRow:
        try:
            lock_account(session, account_no)
        except AccountUnknown:
            raise missing("account", account_no) from None
        found = session.get(AdjustmentRow, adjustment_id, populate_existing=True)
        if found is not None:
            return found
        services = account_of(session, account_no).services
        mine = took_money(session, account_no, who, since=since)
        refusal = may_adjust(asked, services=services, taken_by_me=mine, policy=policy, on=today)
        if refusal is not None:
            raise Refused(refusal)
        before = need_waivable(session, account_no, asked.reason, policy=policy, at=now)
        row = AdjustmentRow(
            adjustment_id=adjustment_id,
            account_no=account_no,
            service=str(asked.service),
            amount_cents=asked.amount.cents,
            reason=str(asked.reason),
            fund=asked.fund,
            about_on=asked.about_on,
            because=sealed_because(session, account_no, because),
            state=AdjustmentState.PROPOSED,
            asked_by=who,
            asked_at=now,
        )
        session.add(row)
        session.flush()
        if alone(asked, senior=is_senior(desk.person.role), policy=policy, on=today, waived=before):
            let_adjustment(session, row, by=who, alone=True, on=today, at=now)
        return row

    return _seen(desk, desk.write_now(write))


def decide_adjustment(desk: Desk, adjustment_id: str, *, approve: bool, because: str = "") -> AdjustmentSeen:
    """Let a correction stand, or not, as a second person; *because* tells who asked why not. Twice is once.

    Raises:
        Refused: who asked, or who took the account's money, may not; nothing was said of why not; another was quicker.
    """
    desk.need(Permission.APPROVE_MONEY)
    if not approve:
        need_reason(because)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    today = policy.calendar.day(now)
    since = add_months(today, -policy.at(p.ADJUSTMENT_MONTHS_BACK, today))

    def write(session: Session) -> AdjustmentRow:
        row = session.get(AdjustmentRow, adjustment_id, populate_existing=True)
        if row is None:
            raise missing("adjustment", adjustment_id)
        lock_account(session, row.account_no)
        session.refresh(row)
        if row.state != AdjustmentState.PROPOSED:
            if who == (row.approved_by if approve else row.rejected_by):
                return row
            raise _decided(row)
        need_another(row, who)
        if took_money(session, row.account_no, who, since=since):
            detail = "Who took the account's money does not adjust it."
            raise unfit("took-the-money", "Took the money", detail, way_out="Someone else does it.", status=409)
        if approve:
            need_waivable(session, row.account_no, AdjustmentReason(row.reason), policy=policy, at=now)
            let_adjustment(session, row, by=who, alone=False, on=today, at=now)
        else:
            row.state, row.rejected_by, row.decided_at = AdjustmentState.REJECTED, who, now
            row.ended_because = sealed_because(session, row.account_no, because)
            tell_who_asked(session, row, because, at=now)
        return row

    row = desk.write_now(write)
    return _seen(desk, row, why="" if approve else because)


def need_waivable(session: Session, account_no: str, reason: AdjustmentReason, *, policy: Policy, at: datetime) -> int:
    """Return how many fees of the account were waived in twelve months; refuse one more than the pack allows."""
    if reason is not AdjustmentReason.FEE_WAIVER:
        return 0
    on = policy.calendar.day(at)
    before = waived(session, account_no, on=on, at=at)
    refusal = may_waive(before, policy=policy, on=on)
    if refusal is not None:
        raise Refused(refusal)
    return before


def _decided(row: AdjustmentRow) -> Refused:
    way_out = "If it is wrong, ask for another."
    return unfit("adjustment-decided", "It was decided before", how_decided(row), way_out=way_out, status=409)


def _seen(desk: Desk, row: AdjustmentRow, *, why: str = "") -> AdjustmentSeen:
    mine = barred(desk, row) is None and row.state == AdjustmentState.PROPOSED
    return AdjustmentSeen(row=row, mine_to_decide=mine, ended_because=why)


def _why(desk: Desk, session: Session, row: AdjustmentRow) -> str:
    return (said(desk, session, row).ended or "") if row.ended_because else ""
