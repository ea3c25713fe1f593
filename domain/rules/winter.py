"""Does the winter law keep this household's service on?"""

from datetime import date, datetime
from enum import StrEnum

from domain import parameters as par
from domain.arrangement import ArrangementStatus
from domain.facts import Fact, FactKind
from domain.money import total
from domain.rules.question import Question, blocks, days_after, ids, passes, silent
from domain.rules.season import COLD_WEATHER, MORATORIUM, concerned, season_before, season_began, season_over
from domain.verdict import Outcome


class Income(StrEnum):
    QUALIFIES = "qualifies"
    UNKNOWN = "unknown"
    ABOVE = "above"


def income(ask: Question) -> tuple[Income, tuple[Fact, ...]]:
    """Return what is known of the household's income against the winter law, and by which facts.

    One piece of evidence that it qualifies outweighs any that it does not: the safer reading.
    """
    bands = ask.value(par.WINTER_BANDS)
    aided = ask.facts(FactKind.PUBLIC_ASSISTANCE)
    stated = ask.facts(FactKind.INCOME_QUALIFICATION)
    qualifying = tuple(fact for fact in stated if fact.details.get("band") in bands)
    on_account = ask.case.known.account.income_band
    if aided or qualifying or on_account in bands:
        return Income.QUALIFIES, (*aided, *qualifying)
    above = tuple(fact for fact in stated if fact.details.get("band"))
    return (Income.ABOVE if above or on_account else Income.UNKNOWN), above


def d05_winter(ask: Question) -> Outcome:
    """Forbid to cut, in the cold-weather season, a household of low income that keeps an agreement and had referrals.

    While the utility has not yet offered the agreement and given the referrals it has not done its part: no cut either.
    """
    basis = ask.source(par.WINTER_SEASON)
    if not concerned(ask, COLD_WEATHER):
        return silent("D05", "The cold-weather rule does not concern this cut today.", basis)
    standing, facts = income(ask)
    if standing is Income.ABOVE:
        return passes("D05", "The household's income is above the protected bands.", basis, facts=ids(facts))
    if standing is Income.UNKNOWN:
        return silent("D05", "The household's income is not known; see D06.", basis)
    over = season_over(ask.policy, ask.on)
    until = ask.opens(over)
    referrals, declined = _since(ask, FactKind.REFERRAL_GIVEN), _since(ask, FactKind.AGREEMENT_DECLINED)
    arrangement = ask.case.arrangement
    needs = ask.value(par.WINTER_NEEDS_AGREEMENT)
    if not referrals:
        says = "The household qualifies for winter protection and has not been referred to energy assistance."
        way_out = "Give the referrals, offer an agreement, record both."
    elif not needs or (arrangement is not None and arrangement.active):
        says = f"The household is protected through the cold-weather season, until {over}."
        way_out = "The season ends, or the agreement is broken."
    elif not declined and (arrangement is None or arrangement.status is ArrangementStatus.COMPLETED):
        says = "The household qualifies for winter protection and has not been offered an agreement."
        way_out = "Offer an agreement that the household can afford; record it if it is declined."
    else:
        says = "The household's income qualifies, but it keeps no agreement."
        return passes("D05", says, basis, facts=ids((*facts, *referrals, *declined)))
    return blocks("D05", says, basis, way_out=way_out, facts=ids((*facts, *referrals)), until=until)


def d06_unknown(ask: Question) -> Outcome:
    """Forbid to cut in winter while it is not known whether the household qualifies and it was not told how to.

    Cold-weather rule: forms, provider list and referrals sent, and no form waiting for an answer. Moratorium: someone
    tried to reach the customer by telephone or in person since the notice. Whatever income is on file, a form that came
    back claims otherwise: nobody is cut until it is decided.
    """
    basis = ask.source(par.WINTER_UNKNOWN_HOLDS)
    if concerned(ask, MORATORIUM):
        return _contact(ask)
    standing, _ = income(ask)
    asked = concerned(ask, COLD_WEATHER) and ask.value(par.WINTER_UNKNOWN_HOLDS)
    latest = ask.facts(FactKind.INABILITY_TO_PAY_FORM)[-1:]
    if asked and latest and latest[0].details.get("step") == "returned":
        says = "An inability-to-pay form has come back and is not decided."
        way_out = "Decide it and record the income band."
        until = ask.opens(season_over(ask.policy, ask.on))
        return blocks("D06", says, basis, way_out=way_out, facts=ids(latest), until=until)
    if not asked or standing is not Income.UNKNOWN:
        return silent("D06", "No unknown eligibility for winter protection holds this cut.", basis)
    return _told_how(ask)


def _told_how(ask: Question) -> Outcome:
    """Forbid the cut of a household that may be protected and has not been sent all that would show it."""
    basis = ask.source(par.WINTER_UNKNOWN_HOLDS)
    over, forms = season_over(ask.policy, ask.on), _since(ask, FactKind.INABILITY_TO_PAY_FORM)
    referrals = _since(ask, FactKind.REFERRAL_GIVEN)
    elements = ask.case.notice.elements if ask.case.notice else ()
    missing = []
    if not forms and "inability_form" not in elements:
        missing.append("the inability-to-pay form")
    if "assistance_provider_list" not in elements and not any(f.details.get("providers") == "yes" for f in referrals):
        missing.append("the list of assistance providers")
    if not referrals:
        missing.append("the referrals")
    facts = ids((*forms, *referrals))
    if not missing:
        says = "Eligibility is not known; forms, provider list and referrals were sent."
        return passes("D06", says, basis, facts=facts)
    says = f"It is not known whether the household is protected, and it has not been sent {', '.join(missing)}."
    way_out = "Send what is missing, or record the household's income."
    return blocks("D06", says, basis, way_out=way_out, facts=facts, until=ask.opens(over))


def _contact(ask: Question) -> Outcome:
    basis, notice = ask.source(par.WINTER_CONTACT_ATTEMPT), ask.case.notice
    if not ask.value(par.WINTER_CONTACT_ATTEMPT) or notice is None:
        return silent("D06", "No attempt at contact is asked for.", basis)
    tried_on = ask.case.last_contact_on
    if tried_on is not None and tried_on >= notice.served_on:
        return passes("D06", f"The customer was contacted, or it was tried, on {tried_on}.", basis)
    until = ask.opens(season_over(ask.policy, ask.on))
    says = f"Nobody has tried to reach the customer by telephone or in person since the notice of {notice.served_on}."
    return blocks("D06", says, basis, way_out="Call or visit, and record it.", until=until)


def d07_occupancy(ask: Question) -> Outcome:
    """Forbid to cut in the cold-weather season, after no response, before it was seen whether anyone lives there.

    Someone does: they are told of the rule first. Nobody does: the assistance provider has had its days of notice.
    """
    basis = ask.source(par.WINTER_PROVIDER_NOTICE_DAYS)
    standing, _ = income(ask)
    if not concerned(ask, COLD_WEATHER) or standing is not Income.UNKNOWN:
        return silent("D07", "No check of occupancy is asked for.", basis)
    until = ask.opens(season_over(ask.policy, ask.on))
    checks = _since(ask, FactKind.OCCUPANCY_CHECK)
    if not checks:
        says, way_out = (
            "Nobody has seen whether the premises are lived in.",
            "Send someone to look, and record what they find.",
        )
        return blocks("D07", says, basis, way_out=way_out, until=until)
    check = checks[-1]
    if check.details.get("result") != "vacant":
        if check.details.get("informed") == "yes":
            return passes("D07", "The occupant has been told of the rule.", basis, facts=ids((check,)))
        says, way_out = (
            "The premises are lived in and the occupant was not told of the rule.",
            "Tell the occupant and record it.",
        )
        return blocks("D07", says, basis, way_out=way_out, facts=ids((check,)), until=until)
    return _vacant(ask, check, until)


def _vacant(ask: Question, check: Fact, until: datetime) -> Outcome:
    basis = ask.source(par.WINTER_PROVIDER_NOTICE_DAYS)
    told = [fact for fact in ask.begun(FactKind.PROVIDER_NOTICE) if ask.day(fact) >= ask.day(check)]
    if not told:
        says = "The premises are vacant and the assistance provider has had no notice."
        way_out = "Send the provider its notice and record it."
        return blocks("D07", says, basis, way_out=way_out, facts=ids((check,)), until=until)
    days = ask.value(par.WINTER_PROVIDER_NOTICE_DAYS)
    sums = days_after("provider's notice runs until", ask.day(told[0]), days)
    facts = ids((check, told[0]))
    if ask.on < sums.result:
        says, way_out = f"The assistance provider's notice runs until {sums.result}.", f"Wait until {sums.result}."
        return blocks(
            "D07", says, basis, way_out=way_out, facts=facts, arithmetic=(sums,), until=ask.opens(sums.result)
        )
    says = "The premises are vacant and the assistance provider's notice has run."
    return passes("D07", says, basis, facts=facts, arithmetic=(sums,))


def d10_moratorium(ask: Question) -> Outcome:
    """Forbid to cut heating service, in the moratorium, of a household that qualifies for energy assistance."""
    basis = ask.source(par.WINTER_SEASON)
    if not concerned(ask, MORATORIUM):
        return silent("D10", "The winter moratorium does not concern this cut today.", basis)
    standing, facts = income(ask)
    if standing is not Income.QUALIFIES:
        return passes("D10", f"That the household qualifies for energy assistance is {_SHOWN[standing]}.", basis)
    if barred(ask):
        return passes(
            "D10", "The household qualifies, but last season's debt is unpaid; see D11.", basis, facts=ids(facts)
        )
    over = season_over(ask.policy, ask.on)
    says = f"The household qualifies for energy assistance and keeps its heat until {over}."
    way_out = "The season ends, or its proof is withdrawn."
    return blocks("D10", says, basis, way_out=way_out, facts=ids(facts), until=ask.opens(over))


_SHOWN = {Income.UNKNOWN: "not shown", Income.ABOVE: "shown not to be so"}


def barred(ask: Question) -> tuple[str, ...]:
    """Return the bills left over from the season before this one, which take the moratorium's protection away.

    Safer reading: only a debt of the season before, not any debt that is past due when the season begins. Money
    received pays it first, though billing does not show it yet.
    """
    arrangement = ask.case.arrangement
    if not ask.value(par.WINTER_PRIOR_ARREARS_BAR) or (arrangement is not None and arrangement.active):
        return ()
    last = season_before(ask.policy, ask.on)
    left = tuple(bill for bill in ask.late if bill.due_on <= last)
    return tuple(bill.ref for bill in left) if total(bill.open for bill in left) > ask.received else ()


def d11_prior_arrears(ask: Question) -> Outcome:
    """Say whether debt of the season before takes the moratorium's protection away. It never forbids by itself."""
    basis = ask.source(par.WINTER_PRIOR_ARREARS_BAR)
    if not concerned(ask, MORATORIUM):
        return silent("D11", "The winter moratorium does not concern this cut today.", basis)
    refs = barred(ask)
    if not refs:
        return passes("D11", "No debt of the season before takes winter protection away.", basis)
    says = "Debt of the season before is unpaid: no winter protection until it is paid in full."
    return passes("D11", says, basis, facts=refs)


def _since(ask: Question, kind: FactKind) -> tuple[Fact, ...]:
    """Return the facts of *kind* of this season, or since the notice where that was served before the season began."""
    first: date = season_began(ask.policy, ask.on)
    if ask.case.notice is not None:
        first = min(first, ask.case.notice.served_on)
    return tuple(fact for fact in ask.facts(kind) if ask.day(fact) >= first)
