"""May a debt be handed on: to an agency, a court, the State's set-off, the tax roll, a lien, or the books' losses?"""

from datetime import date, time

from domain import parameters as par
from domain.account import AccountStatus, OpenBill, balance
from domain.calendar import years_after
from domain.facts import FactKind
from domain.money import ZERO, Money, total
from domain.policy import Source, Standing
from domain.remedy import RemedyKind
from domain.rules.question import Question, blocks, days_after, ids, passes, silent
from domain.states import Stage
from domain.verdict import Action, Outcome

IN_SERVICE = Source("house rule T01: an agency is for accounts whose service has ended", Standing.POLICY)
ONE_REMEDY = Source("house rule: never two remedies on one cent", Standing.POLICY)
TENANT_ELECTRIC = Source("Minn. Stat. 325E.025: electric and gas debt of a tenant is never the owner's", Standing.LAW)
_SINGLE = {Action.FILE_CLAIM: (RemedyKind.CLAIM, RemedyKind.JUDGMENT), Action.FILE_SETOFF: (RemedyKind.SETOFF,)}


def handed_on(ask: Question) -> tuple[OpenBill, ...]:
    """Return the bills that may still be handed on: unpaid, held by no remedy, and not too old to be sued for."""
    free = free_bills(ask)
    barred = {bill.ref for bill in free if barred_on(ask, bill) <= ask.on}
    return tuple(bill for bill in free if bill.ref not in barred)


def free_bills(ask: Question) -> tuple[OpenBill, ...]:
    """Return the unpaid bills that no remedy holds."""
    held = ask.case.held
    return tuple(bill for bill in ask.case.known.bills if bill.open > ZERO and bill.ref not in held)


def barred_on(ask: Question, bill: OpenBill) -> date:
    """Return the day from which *bill* is too old to be sued for; a payment does not begin its years again."""
    return years_after(bill.due_on, ask.value(par.LIMITATION_YEARS))


def t01_in_service(ask: Question) -> Outcome:
    """Forbid to place the debt of an account that is active."""
    if ask.case.known.account.status is AccountStatus.ACTIVE and ask.case.stage is not Stage.FINAL_BILLED:
        way_out = "Final-bill the account first."
        return blocks("T01", "The account is in service.", IN_SERVICE, way_out=way_out)
    return passes("T01", "Service has ended.", IN_SERVICE)


def t02_ripe(ask: Question) -> Outcome:
    """Forbid to place a debt before its final bill was due long enough and the customer was told of the placement."""
    basis, final = ask.source(par.AGENCY_AFTER_DAYS), ask.case.final
    due = final.due_on if final else min((bill.due_on for bill in ask.case.known.bills), default=ask.case.opened_on)
    unpaid = days_after(par.AGENCY_AFTER_DAYS.unit, due, ask.value(par.AGENCY_AFTER_DAYS))
    if ask.on < unpaid.result:
        says = f"The final bill was due on {due}; it may be placed from {unpaid.result} on."
        way_out = f"Wait until {unpaid.result}."
        until = ask.opens(unpaid.result)
        return blocks("T02", says, basis, way_out=way_out, arithmetic=(unpaid,), until=until)
    noticed = final.noticed_on if final else None
    if final is not None and final.awaited:
        says = "Nobody has confirmed yet on which day the notice of placement was mailed."
        way_out = "Ask whoever mails it to confirm the day; its days are counted from there."
        return blocks("T02", says, ask.source(par.AGENCY_NOTICE_DAYS), way_out=way_out)
    if noticed is None:
        says = "The customer was not told that the debt will be placed."
        return blocks(
            "T02", says, ask.source(par.AGENCY_NOTICE_DAYS), way_out="The notice of placement goes out first."
        )
    told = days_after(par.AGENCY_NOTICE_DAYS.unit, noticed, ask.value(par.AGENCY_NOTICE_DAYS))
    if ask.on < told.result:
        says = f"The notice of placement of {noticed} runs until {told.result}."
        until = ask.opens(told.result)
        way_out = f"Wait until {told.result}."
        basis = ask.source(par.AGENCY_NOTICE_DAYS)
        return blocks("T02", says, basis, way_out=way_out, arithmetic=(told,), until=until)
    amount = total(bill.open for bill in handed_on(ask))
    if amount.cents < ask.value(par.AGENCY_MIN):
        says = f"{amount} is less than what is placed."
        return blocks("T02", says, ask.source(par.AGENCY_MIN), way_out="Keep it, or propose to write it off.")
    return passes("T02", f"{amount} is unpaid and was noticed on {noticed}.", basis, arithmetic=(unpaid, told))


def t03_court(ask: Question) -> Outcome:
    """Forbid a claim outside the court's county, or so late that it may be barred before it is heard."""
    basis = ask.source(par.COURT_MARGIN_DAYS)
    county = _county(ask)
    if county and county != ask.value(par.HEAT_COUNTY):
        says = f"The customer lives in {county} County; a claim is filed where the defendant lives."
        way_out = f"File in {county} County by counsel, or place the debt with an agency."
        return blocks("T03", says, ask.source(par.COURT_LIMIT), way_out=way_out)
    suable = handed_on(ask)
    if suable:
        first = min(barred_on(ask, bill) for bill in suable)
        margin = days_after("still in time on", ask.on, ask.value(par.COURT_MARGIN_DAYS))
        if margin.result >= first:
            says = f"The oldest bill is barred from {first} on, which a hearing may not beat."
            way_out = "Claim later bills alone, or ask counsel."
            return blocks("T03", says, basis, way_out=way_out, arithmetic=(margin,))
    return passes("T03", "The claim is in time and in the county.", basis)


def t05_certify(ask: Question) -> Outcome:
    """Forbid to certify services that the pack does not name, or without the notice and hearing that are owed first."""
    if not _known_here(ask, RemedyKind.CERTIFICATION):
        return _unknown_here(ask, "T05", "This city certifies no utility debt to property tax.")
    basis, services = ask.source(par.CERTIFY_SERVICES), ask.value(par.CERTIFY_SERVICES)
    if not any(bill.service in services for bill in free_bills(ask)):
        named = ", ".join(services)
        says = f"Nothing is unpaid for {named}; other services are never certified."
        return blocks("T05", says, TENANT_ELECTRIC, way_out="Place the debt with an agency, or file a claim.")
    hearings = ask.begun(FactKind.TAX_HEARING)
    if ask.value(par.CERTIFY_HEARING) and not hearings:
        says = "The owner was not told of the certification and given a chance to be heard."
        way_out = "Give notice and the chance to be heard, and record it."
        return blocks("T05", says, ask.source(par.CERTIFY_HEARING), way_out=way_out)
    return passes("T05", f"{', '.join(services)} may be certified.", basis, facts=ids(hearings))


def t06_lien(ask: Question) -> Outcome:
    """Forbid a lien where the law knows none, or where the owner had given notice before the debt began."""
    if not _known_here(ask, RemedyKind.LIEN):
        return _unknown_here(ask, "T06", "No lien is filed here for utility debt.")
    basis = ask.source(par.LIEN_OWNER_WAIVER)
    began = min((bill.bill_on for bill in free_bills(ask)), default=ask.on)
    waiver = ask.case.known.account.owner_waiver_on
    waivers = [ask.day(fact) for fact in ask.begun(FactKind.OWNER_WAIVER)] + ([waiver] if waiver else [])
    before = [day for day in waivers if day <= began]
    if ask.value(par.LIEN_OWNER_WAIVER) and before:
        says = f"The owner gave written notice on {min(before)}, before the debt began on {began}."
        return blocks("T06", says, basis, way_out="The debt is the occupant's alone: place it, or file a claim.")
    return passes("T06", "No owner's notice came before the debt.", basis)


def t07_setoff(ask: Question) -> Outcome:
    """Forbid a claim against tax refunds where the State knows none, below its floor, or for debt too old for it."""
    if not _known_here(ask, RemedyKind.SETOFF):
        return _unknown_here(ask, "T07", "This State sets no utility debt off against tax refunds.")
    basis, floor = ask.source(par.RECAPTURE_MIN), ask.value(par.RECAPTURE_MIN)
    debt = free_bills(ask)
    amount = total(bill.open for bill in debt)
    if amount.cents < floor:
        way_out = "Use another remedy, or keep the debt."
        return blocks("T07", f"{amount} is below the floor of {Money(floor)}.", basis, way_out=way_out)
    last = min(years_after(bill.due_on, ask.value(par.RECAPTURE_MAX_YEARS)) for bill in debt)
    if ask.on >= last:
        says = f"The oldest bill is too old for a set-off since {last}."
        return blocks("T07", says, ask.source(par.RECAPTURE_MAX_YEARS), way_out="Use another remedy.")
    return passes("T07", f"{amount} may be claimed against tax refunds.", basis)


def t11_recalled(ask: Question) -> Outcome:
    """Forbid to hand on a debt that may be another person's; the dead and the bankrupt are routed by C04."""
    stops = ask.facts(FactKind.IDENTITY_THEFT)
    basis = Source("house rule T11", Standing.POLICY)
    if stops:
        says = "The customer says that the account is not theirs."
        way_out = "Finish the identity theft review first."
        return blocks("T11", says, basis, way_out=way_out, facts=ids(stops))
    return silent("T11", "No identity theft is claimed.", basis)


def t12_write_off(ask: Question) -> Outcome:
    """Forbid to write off a debt that is too young, or without the governing body's resolution where it is needed."""
    basis = ask.source(par.WRITE_OFF_MIN_DAYS)
    oldest = min((bill.due_on for bill in ask.case.known.bills if bill.open > ZERO), default=ask.on)
    ripe = days_after(par.WRITE_OFF_MIN_DAYS.unit, oldest, ask.value(par.WRITE_OFF_MIN_DAYS))
    if ask.on < ripe.result:
        says = f"The oldest bill was due on {oldest}; it may be written off from {ripe.result} on."
        until = ask.policy.calendar.at(ripe.result, time(0))
        return blocks("T12", says, basis, way_out=f"Wait until {ripe.result}.", arithmetic=(ripe,), until=until)
    resolutions = ask.begun(FactKind.WRITE_OFF_RESOLUTION)
    if ask.value(par.WRITE_OFF_RESOLUTION) and not resolutions:
        says = "The governing body has not resolved to remove this debt from the accounts."
        way_out = "Put it on the list for the council, and record the resolution."
        return blocks("T12", says, ask.source(par.WRITE_OFF_RESOLUTION), way_out=way_out)
    return passes("T12", f"Unpaid since {oldest}.", basis, facts=ids(resolutions), arithmetic=(ripe,))


def t13_barred(ask: Question) -> Outcome:
    """Forbid to sue, or to have others collect, when everything that is left is barred by limitation."""
    basis = ask.source(par.LIMITATION_YEARS)
    if balance(free_bills(ask)) > ZERO and not handed_on(ask):
        says = f"All that is left is older than {ask.value(par.LIMITATION_YEARS)} years."
        return blocks(
            "T13", says, basis, way_out="Propose to write it off; it is not to be sued for or threatened with."
        )
    return passes("T13", "The debt is not barred by limitation.", basis)


def t15_one_remedy(ask: Question) -> Outcome:
    """Forbid a remedy on debt that another one holds already, and a second claim on one debt."""
    kinds = _SINGLE.get(ask.action, ())
    standing = ask.case.remedy(*kinds) if kinds else None
    if standing is not None:
        says = f"A {standing.kind} of {standing.since} stands already."
        return blocks(
            "T15", says, ONE_REMEDY, way_out="It must end before another is begun.", facts=(standing.remedy_id,)
        )
    if not free_bills(ask):
        return blocks(
            "T15", "Every unpaid bill is held by a remedy already.", ONE_REMEDY, way_out="End that one first."
        )
    return passes("T15", "The debt is held by no other remedy.", ONE_REMEDY)


def _county(ask: Question) -> str:
    known = [fact.details.get("county", "") for fact in ask.begun(FactKind.LAST_KNOWN_ADDRESS)]
    return known[-1] if known else ask.case.known.account.county


def _known_here(ask: Question, kind: RemedyKind) -> bool:
    return kind in ask.value(par.REMEDIES_OPEN)


def _unknown_here(ask: Question, rule: str, says: str) -> Outcome:
    return blocks(rule, says, ask.source(par.REMEDIES_OPEN), way_out="Use a remedy that is known here.")
