"""Must a service that is off come back on although its debt is unpaid?"""

from dataclasses import dataclass
from datetime import datetime

from domain import parameters as par
from domain.arrangement import ArrangementStatus
from domain.case import Case
from domain.facts import FactKind, standing
from domain.money import ZERO, Money, total
from domain.policy import Policy
from domain.position import Position
from domain.rules.claims import before_petition, d14_bankruptcy
from domain.rules.protections import d12_medical
from domain.rules.question import Question
from domain.rules.season import COLD_WEATHER, MORATORIUM, concerned
from domain.rules.winter import Income, barred, d05_winter, d10_moratorium, income
from domain.verdict import Finding, Outcome


def duty_to_restore(ask: Question) -> Outcome | None:
    """Return the protection under which the service asked about must be restored; none if none stands.

    Illness comes first, then the winter law, then the stay of a bankruptcy. Winter: the household qualifies, keeps an
    agreement where the law asks for one, and the pack's law reconnects. Bankruptcy: nothing but stayed debt is past
    due. What only delays a cut (a form not sent, a referral not given) restores nothing.
    """
    medical = d12_medical(ask)
    if medical.finding is Finding.BLOCKS and ask.residential:
        return medical
    if ask.value(par.WINTER_RECONNECTS) and income(ask)[0] is Income.QUALIFIES:
        if concerned(ask, MORATORIUM) and not barred(ask):
            return d10_moratorium(ask)
        if concerned(ask, COLD_WEATHER) and _keeps_agreement(ask):
            return d05_winter(ask)
    stayed = {ref for petition in ask.facts(FactKind.BANKRUPTCY) for ref in before_petition(ask, petition, ask.late)}
    if stayed and stayed == {bill.ref for bill in ask.late}:
        return d14_bankruptcy(ask)
    return None


def _keeps_agreement(ask: Question) -> bool:
    arrangement = ask.case.arrangement
    return not ask.value(par.WINTER_NEEDS_AGREEMENT) or (arrangement is not None and arrangement.active)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What brings a service back: what is past due, and the fees of its disconnection that fall due today."""

    past_due: Money
    fees: Money

    @property
    def total(self) -> Money:
        return self.past_due + self.fees


def price(case: Case, here: Position) -> Price:
    """Return what must be paid before service comes back; money received and not yet posted counts."""
    refs, late = {fee.ref for fee in case.fees}, {bill.ref for bill in here.late}
    fees = total(bill.open for bill in case.known.bills if bill.ref in refs and bill.ref not in late)
    over = max(ZERO, here.unposted - here.past_due)
    return Price(past_due=here.owed, fees=max(ZERO, fees - over))


def plan_reopens(case: Case, policy: Policy, now: datetime) -> bool:
    """Say whether a completed agreement brings service back: signed, its down payment posted, and let to by the pack.

    Where the pack lets none, a supervisor's recorded exception does for this account.
    """
    arrangement, on = case.arrangement, policy.calendar.day(now)
    if arrangement is None or arrangement.status is not ArrangementStatus.IN_FORCE or not arrangement.signed:
        return False
    excepted = standing(case.known.facts, FactKind.RECONNECT_EXCEPTION, now)
    return policy.at(par.RECONNECT_PLAN_ALLOWED, on) or bool(excepted)
