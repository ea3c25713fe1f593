"""Is the debt itself in question, promised, pledged, stayed or already paid?"""

from datetime import date

from domain import parameters as par
from domain.account import OpenBill
from domain.arrangement import ArrangementStatus
from domain.bankruptcy import not_yet, stayed
from domain.claimed import shows_by
from domain.facts import Fact, FactKind
from domain.money import ZERO, Money, total
from domain.policy import Source, Standing
from domain.rules.question import Question, blocks, days_after, ids, last_end, passes, silent
from domain.verdict import DISCONNECTION_ACTIONS, Arithmetic, Outcome

AUTOMATIC_STAY = Source("11 U.S.C. 362(a), 366(a)", Standing.LAW)
AGREEMENT_STOPS = Source("Minn. Stat. 216B.098 subd. 3; NMAC 17.5.410.40 as a template", Standing.LAW)
SERVICE_EXTENSION = Source("city practice: an extension is one later date for the bills it names", Standing.POLICY)


def d04_dispute(ask: Question) -> Outcome:
    """Forbid a cut while a dispute or appeal is open, whatever it is about, and letters about what it covers.

    Only a reviewer outside collections ends it.
    """
    basis = ask.source(par.DISPUTE_REVIEWER)
    disputes = (*ask.facts(FactKind.DISPUTE), *ask.facts(FactKind.APPEAL))
    if not disputes:
        return silent("D04", "Nothing is in dispute.", basis)
    if ask.action not in DISCONNECTION_ACTIONS:
        left = _undisputed(ask, disputes)
        if left.cents >= ask.value(par.MIN_BALANCE):
            says = f"{left} of what is past due is not in dispute."
            return passes("D04", says, basis, facts=ids(disputes))
    reviewer = ask.value(par.DISPUTE_REVIEWER).replace("_", " ")
    says = "A dispute or appeal is open."
    way_out = f"A decision by the {reviewer}, who is outside collections."
    return blocks("D04", says, basis, way_out=way_out, facts=ids(disputes), until=last_end(disputes))


def _undisputed(ask: Question, disputes: tuple[Fact, ...]) -> Money:
    """Return what is past due and not disputed; a dispute without an amount and without bills is about all of it."""
    late, disputed = ask.late, ZERO
    for dispute in disputes:
        named = set(dispute.details.get("bills", "").split())
        if dispute.amount is not None:
            disputed += dispute.amount
        elif named:
            disputed += total(bill.open for bill in late if bill.ref in named)
        else:
            return ZERO
    return max(ZERO, total(bill.open for bill in late) - disputed)


def before_petition(ask: Question, petition: Fact, bills: tuple[OpenBill, ...]) -> tuple[str, ...]:
    """Return which of *bills* are for service up to and on the day of *petition*: debt that the stay covers.

    What counts is when the service was used, not when it was billed. A bill that straddles the petition belongs to it
    until its earlier part has been set aside; what is left of it then is later debt.
    """
    petition_on = ask.noted(petition, "petition_on")
    parts = stayed(ask.case.known.bills, petition, petition_on)
    open_still = {part.ref for part in not_yet(ask.case.bankruptcy, parts, petition_on)}
    return tuple(bill.ref for bill in bills if bill.bill_on <= petition_on or bill.ref in open_still)


def d14_bankruptcy(ask: Question) -> Outcome:
    """Forbid a cut for debt older than a bankruptcy petition; a notice that names such debt carries no cut at all.

    Debt that arose after the petition is collected in the ordinary course, under a notice that names it alone.
    """
    petitions = ask.facts(FactKind.BANKRUPTCY)
    if not petitions:
        return silent("D14", "No bankruptcy petition is known.", AUTOMATIC_STAY)
    refs = tuple(dict.fromkeys(ref for p in petitions for ref in before_petition(ask, p, ask.named)))
    if refs or not ask.named:
        petition_on = min(ask.noted(petition, "petition_on") for petition in petitions)
        says = f"The customer filed for bankruptcy on {petition_on}; the notice rests on debt from before that day."
        way_out = "Split the account at the petition; serve a notice that names later bills alone."
        return blocks("D14", says, AUTOMATIC_STAY, way_out=way_out, facts=(*ids(petitions), *refs))
    sums = tuple(_assurance(ask, petition) for petition in petitions)
    if any(ask.on <= each.result for each in sums):
        last = max(each.result for each in sums)
        says = f"Through {last} the customer may still furnish adequate assurance of payment."
        return blocks(
            "D14",
            says,
            ask.source(par.BANKRUPTCY_ASSURANCE_DAYS),
            way_out=f"Wait until {last} is over.",
            facts=ids(petitions),
            arithmetic=sums,
            until=ask.opens_after(last),
        )
    says = "All that the notice names is for service after the bankruptcy petition."
    return passes("D14", says, AUTOMATIC_STAY, facts=ids(petitions), arithmetic=sums)


def _assurance(ask: Question, petition: Fact) -> Arithmetic:
    eleven = petition.details.get("chapter") == "11"
    days = ask.value(par.BANKRUPTCY_CH11_DAYS if eleven else par.BANKRUPTCY_ASSURANCE_DAYS)
    return days_after("adequate assurance may be furnished through", ask.noted(petition, "petition_on"), days)


def d15_agreement(ask: Question) -> Outcome:
    """Forbid a cut under an agreement that still binds, also while its breach can be cured, and during an extension."""
    case = ask.case
    arrangement, extension = case.arrangement, case.extension
    if arrangement is not None and arrangement.active:
        says = f"Arrangement {arrangement.number} of {arrangement.agreed_on} binds"
        cured = arrangement.status is ArrangementStatus.BREACHED and arrangement.cure_by
        says += f"; its breach can be cured through {cured}." if cured else "."
        way_out = "It ends when it is completed, cancelled or in default; then a fresh notice is due."
        return blocks("D15", says, AGREEMENT_STOPS, way_out=way_out, facts=tuple(sorted(arrangement.refs)))
    if extension is not None and ask.on <= extension.until:
        says = f"The customer has until {extension.until}, by an extension granted on {extension.granted_on}."
        until = ask.opens_after(extension.until)
        basis = ask.source(par.EXTENSION_DAYS)
        return blocks(
            "D15", says, basis, way_out=f"Wait until it ends on {extension.until}.", facts=extension.refs, until=until
        )
    return silent("D15", "No agreement and no extension binds.", AGREEMENT_STOPS)


def d16_pledge(ask: Question) -> Outcome:
    """Forbid a cut while an agency's pledge covers what is owed, to its expiry and the pack's days after it."""
    basis = ask.source(par.PLEDGE_HOLD_DAYS)
    hold_days = ask.value(par.PLEDGE_HOLD_DAYS)
    held: list[Fact] = []
    lasts: list[date | None] = []
    for pledge in ask.begun(FactKind.PLEDGE):
        last = None if pledge.until is None else days_after("", ask.policy.calendar.day(pledge.until), hold_days).result
        if last is None or ask.on <= last:
            held.append(pledge)
            lasts.append(last)
    if not held:
        return silent("D16", "No pledge is running.", basis)
    uncovered = _uncovered(ask, held)
    if uncovered.cents >= ask.value(par.DNP_MIN_BALANCE):
        says = f"Pledges leave {uncovered} of what is owed uncovered."
        return passes("D16", says, basis, facts=ids(held))
    ends = [last for last in lasts if last is not None]
    until = ask.opens_after(max(ends)) if len(ends) == len(lasts) else None
    sums = tuple(
        days_after("pledge held through", ask.policy.calendar.day(pledge.until), hold_days)
        for pledge in held
        if pledge.until is not None
    )
    way_out = "The agency pays, or the pledge lapses."
    says = "An agency has pledged what is owed."
    return blocks("D16", says, basis, way_out=way_out, facts=ids(held), arithmetic=sums, until=until)


def d17_payment(ask: Question) -> Outcome:
    """Forbid a cut for a debt that money received covers, or that a claimed payment may cover until its file is due."""
    basis, threshold = ask.source(par.CANCEL_THRESHOLD), ask.value(par.CANCEL_THRESHOLD)
    if ask.owed.cents <= threshold:
        says = f"{ask.received} has come in and {ask.owed} is left of what the notice names."
        return blocks("D17", says, basis, way_out="None is needed: it is paid.", facts=tuple(b.ref for b in ask.named))
    claims: list[Fact] = []
    sums: list[Arithmetic] = []
    for claim in ask.facts(FactKind.CLAIMED_PAYMENT):
        shows = shows_by(claim, ask.policy, ask.on)
        if ask.on <= shows.result:
            claims.append(claim)
            sums.append(shows)
    if claims and _uncovered(ask, claims).cents <= threshold:
        last = max(each.result for each in sums)
        says = f"The customer says that it is paid; the payment would show by {last}."
        basis = ask.source(par.CLAIMED_PAYMENT_DAYS)
        way_out = f"The payment arrives, or the claim lapses after {last}."
        until = ask.opens_after(last)
        return blocks("D17", says, basis, way_out=way_out, facts=ids(claims), arithmetic=tuple(sums), until=until)
    return passes("D17", f"{ask.owed} is owed and nothing received covers it.", basis, facts=ids(claims))


def _uncovered(ask: Question, facts: list[Fact]) -> Money:
    """Return what *facts* leave of the debt; one that names no amount covers all of it."""
    if any(fact.amount is None for fact in facts):
        return ZERO
    return max(ZERO, ask.owed - total(fact.amount for fact in facts if fact.amount is not None))
