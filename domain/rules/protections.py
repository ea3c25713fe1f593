"""Does something about the people or the place forbid the cut: heat, illness, service, tenants, death, a flag?"""

from datetime import date, datetime

from domain import parameters as par
from domain.facts import Fact, FactKind
from domain.policy import Source, Standing
from domain.rules.hours import leave
from domain.rules.question import EXECUTIONS, Question, blocks, days_after, ids, last_end, passes, silent
from domain.verdict import Arithmetic, Outcome

ESTATE = Source("city practice: a deceased customer's account goes to the estate path", Standing.POLICY)
UNREAD = "unread"  # what a heat fact says when the weather service could not be read


def d09_heat(ask: Question) -> Outcome:
    """Forbid to cut a household while a named heat product is in force in the county, or begins later the same day."""
    basis = ask.source(par.HEAT_PRODUCTS)
    if not ask.residential:
        return silent("D09", "The account is not residential.", basis)
    products = tuple(fact for fact in ask.filed(FactKind.HEAT_PRODUCT) if _heat_counts(ask, fact))
    if not products:
        return silent("D09", "No heat product is in force.", basis)
    names = ", ".join(dict.fromkeys(fact.details.get("product", UNREAD) for fact in products))
    says = f"Heat in the county: {names}."
    way_out = "It ends when the weather service lets the product expire or cancels it."
    return blocks("D09", says, basis, way_out=way_out, facts=ids(products), until=last_end(products))


def _heat_counts(ask: Question, fact: Fact) -> bool:
    calendar = ask.policy.calendar
    ahead = fact.starts > ask.now and calendar.day(fact.starts) == ask.on
    if not (fact.holds(ask.now) or (ahead and (fact.until is None or fact.until > fact.starts))):
        return False
    named = {name.casefold() for name in (*ask.value(par.HEAT_PRODUCTS), UNREAD)}
    counties = {county.casefold() for county in (ask.value(par.HEAT_COUNTY), ask.case.known.account.county) if county}
    product, county = fact.details.get("product", UNREAD), fact.details.get("county", "")
    return product.casefold() in named and (not county or county.casefold() in counties)


def d12_medical(ask: Question) -> Outcome:
    """Forbid a cut under a valid medical certificate, or where life-sustaining equipment is known to run.

    A certificate by telephone lasts the pack's open days unless a written one follows; a written one at most the
    pack's days. A missing or broken agreement does not end it.
    """
    basis = ask.source(par.MEDICAL_MAX_DAYS)
    equipment = (*ask.facts(FactKind.LIFE_SUPPORT), *ask.facts(FactKind.MEDICAL_EQUIPMENT))
    if equipment:
        says = "Medical equipment is known to run at the premises."
        way_out = "A supervisor establishes that none is needed any more and ends the fact."
        return blocks("D12", says, basis, way_out=way_out, facts=ids(equipment), until=last_end(equipment))
    certificates = ask.facts(FactKind.MEDICAL_CERTIFICATE)
    if not certificates:
        return silent("D12", "No medical certificate is in force.", basis)
    sums = tuple(_certified(ask, certificate) for certificate in certificates)
    valid = [(c, s) for c, s in zip(certificates, sums, strict=True) if ask.on <= s.result]
    if not valid:
        last = max(each.result for each in sums)
        says = f"The medical certificate ended on {last}."
        return passes("D12", says, basis, facts=ids(certificates), arithmetic=sums)
    last = max(each.result for _, each in valid)
    ends = [end for c, s in valid if (end := _certificate_ends(ask, c, s.result))]
    says = f"A medical certificate is valid through {last}."
    way_out = "It ends by itself, unless it is renewed; offer an agreement meanwhile."
    return blocks(
        "D12",
        says,
        basis,
        way_out=way_out,
        facts=ids(c for c, _ in valid),
        arithmetic=tuple(each for _, each in valid),
        until=max(ends),
    )


def _certified(ask: Question, certificate: Fact) -> Arithmetic:
    """Return through which day *certificate* lasts at most."""
    certified_on = ask.noted(certificate, "certified_on")
    if certificate.details.get("form") == "phone":
        days = ask.value(par.MEDICAL_PHONE_GRACE)
        last = ask.policy.calendar.add_open_days(certified_on, days)
        return Arithmetic(
            label="telephone certificate, written one due by",
            start=certified_on,
            days=days,
            result=last,
            calendar="open",
        )
    return days_after("written certificate valid through", certified_on, ask.value(par.MEDICAL_MAX_DAYS))


def _certificate_ends(ask: Question, certificate: Fact, last: date) -> datetime:
    cap = ask.day_after(last)
    return cap if certificate.until is None else min(cap, certificate.until)


def d13_military(ask: Question) -> Outcome:
    """Forbid a cut while a member of the household is under military orders, unless they declined the plan that is due.

    Below the state median income the plan asks ten per cent of gross income, above it a reasonable schedule.
    """
    basis = ask.source(par.MILITARY_PROTECTED)
    orders = ask.facts(FactKind.MILITARY_ORDERS)
    if not ask.value(par.MILITARY_PROTECTED) or not orders or not ask.residential:
        return silent("D13", "No military orders protect this household.", basis)
    since = min(fact.starts for fact in orders)
    declined = tuple(fact for fact in ask.begun(FactKind.AGREEMENT_DECLINED) if fact.starts >= since)
    if declined:
        says = "The household under military orders declined the plan that was offered."
        return passes("D13", says, basis, facts=ids((*orders, *declined)))
    below = any(fact.details.get("income") != "above" for fact in orders)
    plan = "ten per cent of gross monthly income" if below else "a reasonable schedule"
    way_out = f"Offer the plan for orders ({plan}); it stands while it is kept."
    says = "A member of the household is under military orders."
    return blocks("D13", says, basis, way_out=way_out, facts=ids(orders), until=last_end(orders))


def d18_tenants(ask: Question) -> Outcome:
    """Forbid to cut tenants for their landlord's debt before they were told, and could pay and stay."""
    basis = ask.source(par.TENANT_NOTICE_DAYS)
    tenants = ask.facts(FactKind.TENANT_OCCUPIED)
    if not tenants:
        return silent("D18", "The customer's tenants do not live there.", basis)
    served_on = ask.case.notice.served_on if ask.case.notice else ask.on
    told = [fact for fact in ask.begun(FactKind.TENANT_NOTICE) if ask.day(fact) >= served_on]
    if not told:
        says = "The customer is the landlord and the tenants have had no notice of their own."
        return blocks("D18", says, basis, way_out="Post the notice that lets tenants pay and stay.", facts=ids(tenants))
    sums = days_after("tenants' notice runs until", ask.day(told[0]), ask.value(par.TENANT_NOTICE_DAYS))
    if ask.on < sums.result:
        says = f"The tenants' own notice runs until {sums.result}."
        return blocks(
            "D18",
            says,
            basis,
            way_out=f"Wait until {sums.result}, or take the tenants' payment.",
            facts=ids((*tenants, told[0])),
            arithmetic=(sums,),
            until=ask.opens(sums.result),
        )
    return passes("D18", "The tenants' own notice has run.", basis, facts=ids((*tenants, told[0])), arithmetic=(sums,))


def d19_flags(ask: Question) -> Outcome:
    """Forbid to execute under an approval older than a flag that needs a supervisor's own look."""
    basis = ask.source(par.DNP_SUPERVISOR_FLAGS)
    kinds = [FactKind(kind) for kind in ask.value(par.DNP_SUPERVISOR_FLAGS)]
    flags = tuple(fact for kind in kinds for fact in ask.facts(kind))
    if not flags:
        return silent("D19", "No flag asks for a supervisor.", basis)
    names = ", ".join(dict.fromkeys(fact.kind.replace("_", " ") for fact in flags))
    approval = leave(ask)
    if ask.action in EXECUTIONS and (approval is None or any(fact.known_at > approval.asked_at for fact in flags)):
        says = f"No supervisor has approved this cut in the knowledge of: {names}."
        way_out = "Recommend it anew, so that a supervisor decides with this in view."
        return blocks("D19", says, basis, way_out=way_out, facts=ids(flags), until=last_end(flags))
    return passes("D19", f"A supervisor alone may approve this cut: {names}.", basis, facts=ids(flags))


def d20_deceased(ask: Question) -> Outcome:
    """Forbid a cut once the customer is known to have died: the account goes to the estate path."""
    deaths = ask.facts(FactKind.DECEASED)
    if not deaths:
        return silent("D20", "Nothing is known of the customer's death.", ESTATE)
    says = "The customer is known to have died."
    return blocks("D20", says, ESTATE, way_out="Find the estate or the new occupant.", facts=ids(deaths))
