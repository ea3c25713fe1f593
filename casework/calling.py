"""What must a person see within a second of a caller's first word?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from casework.choices import Choice, choices
from casework.contacts import speak_with
from casework.context import Desk
from casework.outlook import avoidance
from casework.overview import Overview, overview
from domain import parameters as p
from domain.arrangement import instalments_met
from domain.case import OrderPurpose
from domain.facts import FactKind, standing
from domain.money import ZERO, Money, total
from domain.policy import Parameter, PolicyGap
from domain.why import Avoidance
from letters.book import Office, load_book
from models.tables import TimelineRow

OFFERS = (
    "agree_arrangement",
    "grant_extension",
    "record_promise",
    "open_dispute",
    "record_fact",
    "request_reactivation",
)
PROMISES = ("promise_recorded", "extension_granted", "follow_up_set")
"""What was promised last, theirs and ours, by the type of its event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The six amounts a caller asks for; none where there is none to tell."""

    total: Money
    past_due: Money
    on_the_notice: Money | None
    to_stop: Avoidance | None
    to_restore: Money | None
    instalment: tuple[Money, date] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The account, what may be said and offered, and what was said last.

    *promised*: who noted each of `PROMISES` last, and on which day. *office*: where one can pay; none if no letter of
    this pack names it. *speak_with*: with whom the account may be spoken of.
    """

    seen: Overview
    amounts: Amounts
    offers: tuple[Choice, ...]
    claimed: Money
    promised: Mapping[str, tuple[str, date]]
    office: Office | None
    speak_with: str


async def call(desk: Desk, account_no: str) -> Call:
    """Return what a call about the account needs."""
    seen = await overview(desk, account_no)
    open_now = await choices(desk, seen.row.case_id) if seen.row else ()
    promised = await desk.read(lambda session: _promised(session, seen.row.case_id if seen.row else ""))
    claims = standing(seen.case.known.facts, FactKind.CLAIMED_PAYMENT, seen.now)
    return Call(
        seen=seen,
        amounts=await _amounts(seen),
        offers=tuple(choice for name in OFFERS for choice in open_now if choice.type == name),
        claimed=total(fact.amount or ZERO for fact in claims),
        promised=promised,
        office=load_book().offices.get(seen.policy.pack),
        speak_with=speak_with(seen.looked),
    )


async def _amounts(seen: Overview) -> Amounts:
    case, bills = seen.case, seen.case.known.bills
    notice = case.notice.left(bills) if case.notice else None
    plan = case.arrangement if case.arrangement and case.arrangement.active else None
    met = instalments_met(plan, bills, unposted=case.known.unposted) if plan else 0
    coming = plan.schedule[met] if plan and met < len(plan.schedule) else None
    return Amounts(
        total=total(bill.open for bill in bills),
        past_due=seen.here.past_due,
        on_the_notice=notice,
        to_stop=await avoidance(seen.looked),
        to_restore=_to_restore(seen) if case.off or case.open_order(OrderPurpose.DISCONNECT) else None,
        instalment=(coming.amount, coming.due_on) if coming else None,
    )


def _to_restore(seen: Overview) -> Money:
    """Return what is past due and, where the pack states one, the fee for turning service on again."""
    return seen.here.owed + Money(_value(seen, p.RECONNECT_FEE) or 0)


def _value(seen: Overview, parameter: Parameter[int]) -> int | None:
    try:
        return seen.policy.at(parameter, seen.here.on)
    except PolicyGap:
        return None


def _promised(session: Session, case_id: str) -> dict[str, tuple[str, date]]:
    """Return who last noted each of `PROMISES` in the case, and on which day."""
    query = select(TimelineRow.type, TimelineRow.by, col(TimelineRow.on))
    query = query.where(TimelineRow.case_id == case_id, col(TimelineRow.type).in_(PROMISES))
    return {kind: (by, on) for kind, by, on in session.exec(query.order_by(col(TimelineRow.seq)))}
