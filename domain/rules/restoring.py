"""Must a service that is off come back on although its debt is unpaid?"""

from domain import parameters as par
from domain.facts import FactKind
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
