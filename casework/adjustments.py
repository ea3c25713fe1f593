"""Who corrects a balance or adds an ad hoc charge, why, out of which fund, and who lets it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from casework.context import Desk
from casework.errors import Refused, missing, unfit
from casework.permissions import Permission, is_senior
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
from domain.verdict import Refusal
from models.accounts import AccountUnknown, account_of, lock_account
from models.adjustments import let_adjustment, waived
from models.codec import write_words
from models.money_out import adjustments_of, took_money
from models.tables import AdjustmentRow
from models.vault import seal

LISTED_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentSeen:
    """An adjustment; *mine_to_decide*: it waits for a second person, and the one who looks may be that person."""

    row: AdjustmentRow
    mine_to_decide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waivers:
    """Of an account's fees: *waived* in twelve months, *alone* by who looks, *most* at all; none without a limit."""

    waived: int
    alone: int | None
    most: int | None


def adjustments(desk: Desk, *, state: str | None = None, account_no: str | None = None) -> Sequence[AdjustmentSeen]:
    """Return adjustments, those asked for first at the top."""
    desk.need(Permission.SEE_REPORTS)
    rows = desk.read_now(lambda session: adjustments_of(session, state=state, account_no=account_no, limit=LISTED_MAX))
    return [_seen(desk, row) for row in rows]


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
            because=seal(session, account_no, write_words({"because": because})) if because else None,
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


def decide_adjustment(desk: Desk, adjustment_id: str, *, approve: bool) -> AdjustmentSeen:
    """Let a correction stand, or not, as a second person. Twice is once.

    Raises:
        Refused: who asked, or who took the account's money, may not; it was decided otherwise.
    """
    desk.need(Permission.APPROVE_MONEY)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    today = policy.calendar.day(now)
    since = add_months(today, -policy.at(p.ADJUSTMENT_MONTHS_BACK, today))
    wanted = AdjustmentState.APPROVED if approve else AdjustmentState.REJECTED

    def write(session: Session) -> AdjustmentRow:
        row = session.get(AdjustmentRow, adjustment_id, populate_existing=True)
        if row is None:
            raise missing("adjustment", adjustment_id)
        lock_account(session, row.account_no)
        session.refresh(row)
        if row.state == wanted:
            return row
        if row.state != AdjustmentState.PROPOSED:
            detail = f"The adjustment is {row.state}."
            raise unfit("adjustment-decided", "It was decided before", detail, way_out="Propose another.", status=409)
        if row.asked_by == who:
            raise Refused(_second_person(who))
        if took_money(session, row.account_no, who, since=since):
            detail = "Who took the account's money does not adjust it."
            raise unfit("took-the-money", "Took the money", detail, way_out="Someone else does it.", status=409)
        if approve:
            need_waivable(session, row.account_no, AdjustmentReason(row.reason), policy=policy, at=now)
            let_adjustment(session, row, by=who, alone=False, on=today, at=now)
        else:
            row.state, row.decided_at = AdjustmentState.REJECTED, now
        return row

    return _seen(desk, desk.write_now(write))


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


def _seen(desk: Desk, row: AdjustmentRow) -> AdjustmentSeen:
    mine = desk.may(Permission.APPROVE_MONEY) and row.asked_by != desk.person.username
    return AdjustmentSeen(row=row, mine_to_decide=mine and row.state == AdjustmentState.PROPOSED)


def _second_person(who: str) -> Refusal:
    return Refusal(
        slug="second-person",
        title="A second person is needed",
        detail=f"{who} asked for it; another person must let it stand.",
        way_out="Ask someone else who may.",
    )
