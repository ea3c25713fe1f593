"""What may be agreed with this household today, by whose word, and under which rule is it an exception?"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain import commands as c
from domain import parameters as p
from domain.ability import affordable
from domain.account import CustomerClass
from domain.arrangement import ArrangedBill, Arrangement, ArrangementStatus, add_months, schedule
from domain.case import ARRANGEMENT, ARRANGEMENT_EXCEPTION, Case, within_a_year
from domain.facts import FactKind, standing
from domain.money import ZERO, Money
from domain.policy import Parameter, Policy, Source, Standing, T
from domain.position import position
from domain.refusals import no
from domain.rules.question import Question, blocks, passes, silent
from domain.rules.season import COLD_WEATHER, in_winter
from domain.rules.winter import Income, income
from domain.verdict import Action, Certificate, Finding, Outcome, Refusal

MONTHS_MAX = 60  # nobody, a supervisor included, agrees for longer than five years
BASIS_POINTS = 10_000
MILITARY = Source("Minn. Stat. 325E.028: 10 per cent of gross monthly income", Standing.LAW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The pack's guideline for one amount: how long, with how much down. *source* says which row speaks."""

    months: int
    senior_months: int
    down: Money
    floor: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An agreement that may be made; by a second person's leave where *approval* names an act.

    *exceptions* are the rules it departs from, *passed* those that were looked at and allow it.
    """

    arrangement: Arrangement
    approval: str
    exceptions: tuple[Outcome, ...]
    passed: tuple[Outcome, ...]

    def certificate(self, policy: Policy, now: datetime, *, granted: bool) -> Certificate:
        """Return the evidence: every rule that spoke; *granted* says whether the exceptions were."""
        return Certificate(
            action="agree_arrangement",
            at=now,
            pack=policy.pack,
            policy=policy.digest,
            allowed=granted or not self.exceptions,
            outcomes=(*self.exceptions, *self.passed),
        )


class View:
    """The case on the day on which terms are talked about."""

    __slots__ = ("case", "here", "now", "on", "policy")

    def __init__(self, case: Case, policy: Policy, now: datetime) -> None:
        self.case, self.policy, self.now = case, policy, now
        self.here = position(case, policy, now)
        self.on = self.here.on

    def value(self, parameter: Parameter[T]) -> T:
        return self.policy.at(parameter, self.on)

    def source(self, parameter: Parameter[T]) -> Source:
        return self.policy.source(parameter, self.on)

    @property
    def allowance(self) -> Money | None:
        """Return the most an instalment may be for this household, where its income is known."""
        return affordable(self.case.assessment, self.policy, self.on)

    @property
    def qualifies(self) -> bool:
        """Say whether the household's income is shown to be one that the winter law protects."""
        ask = Question(
            action=Action.RECOMMEND_DISCONNECTION, case=self.case, policy=self.policy, now=self.now, on=self.on
        )
        return income(ask)[0] is Income.QUALIFIES

    @property
    def circumstances(self) -> tuple[str, ...]:
        """Return what weighs on the household, as far as an assessment that still holds says so."""
        held = self.case.assessment
        return held.household.circumstances if held and held.holds(self.on) and held.household else ()

    @property
    def undercharged_months(self) -> int:
        """Return over how many months the utility had charged too little, by the facts on file."""
        found = [
            int(fact.details["months"])
            for fact in standing(self.case.known.facts, FactKind.BILLING_ERROR, self.now)
            if fact.details.get("what") == "undercharge" and fact.details.get("months", "").isdigit()
        ]
        return max(found, default=0)

    @property
    def chronic(self) -> str:
        """Return why the pack calls the customer chronically late; empty where it does not."""
        account = self.case.known.account
        cuts, late = self.value(p.CHRONIC_CUTS), self.value(p.CHRONIC_LATE_BILLS)
        if cuts and account.disconnected_12m >= cuts:
            return f"Service was disconnected for nonpayment {account.disconnected_12m} time(s) in twelve months."
        if late and account.late_12m >= late:
            return f"{account.late_12m} bills were late in twelve months."
        return ""


def guideline(view: View, amount: Money) -> Terms:
    """Return the pack's terms for *amount*: the row of its table that covers it, else its plain values."""
    parameter = p.ARRANGEMENT_TERMS_AFTER_LOCK if view.case.off else p.ARRANGEMENT_TERMS
    months, share, cap, source = view.value(p.ARRANGEMENT_MAX_MONTHS), None, 0, view.source(p.ARRANGEMENT_MAX_MONTHS)
    for upto, row_months, row_share, row_cap in view.value(parameter):
        if upto == 0 or amount.cents <= upto:
            months, share, cap, source = row_months, row_share, row_cap, view.source(parameter)
            break
    if share is None:
        share = int(view.value(p.ARRANGEMENT_DOWN_PCT) * 100)
    down = -(-amount.cents * share // BASIS_POINTS)  # rounded up: a down payment is never short of its rule
    return Terms(
        months=months,
        senior_months=max(months, view.value(p.ARRANGEMENT_SENIOR_MONTHS)),
        down=Money(min(down, cap) if cap else down),
        floor=view.value(p.ARRANGEMENT_DOWN_FLOOR),
        source=source,
    )


def first_ask(view: View, terms: Terms) -> Money:
    """Return the down payment that is asked for when none is named: the guideline's, or what can be afforded."""
    allowance = view.allowance
    return terms.down if terms.floor or allowance is None else min(terms.down, allowance)


def judge(case: Case, command: c.AgreeArrangement, policy: Policy, now: datetime) -> Judged | Refusal:
    """Return the agreement that *command* would make, with what every rule says of it, or why there can be none."""
    view = View(case, policy, now)
    terms = guideline(view, view.here.past_due)
    refusal = _cannot(view, command) or _chronic_refusal(view)
    if refusal:
        return refusal
    arrangement = _arrangement(view, command, terms)
    if isinstance(arrangement, Refusal):
        return arrangement
    found = (
        _offer(view),
        _afford(view, arrangement),
        _floor(view, arrangement, terms),
        _winter(view, arrangement),
        _chronic(view),
        _length(view, command, terms),
        _often(view),
        _current_bills(view, command),
    )
    spoken = [(act, outcome) for act, outcome in found if outcome.finding is not Finding.SILENT]
    exceptions = tuple(outcome for _, outcome in spoken if outcome.finding is Finding.BLOCKS)
    acts = {act for act, outcome in spoken if outcome.finding is Finding.BLOCKS}
    approval = ARRANGEMENT_EXCEPTION if ARRANGEMENT_EXCEPTION in acts else ARRANGEMENT if acts else ""
    return Judged(
        arrangement=replace(arrangement, exceptions=tuple(dict.fromkeys(o.rule for o in exceptions))),
        approval=approval,
        exceptions=exceptions,
        passed=tuple(outcome for _, outcome in spoken if outcome.finding is Finding.PASSES),
    )


# --- what cannot be agreed at all ---------------------------------------------------------------------------------


def _cannot(view: View, command: c.AgreeArrangement) -> Refusal | None:
    case, on = view.case, view.on
    standing_one = case.arrangement is not None and case.arrangement.active
    if standing_one and not command.renegotiates:
        way_out = "Renegotiate it, cancel it first, or let it be cured."
        return no("agreement-stands", "An agreement already stands.", way_out)
    if command.renegotiates and not standing_one:
        return no("no-agreement", "No agreement stands that could be renegotiated.", "Agree a new one.")
    if not view.here.late:
        return no("nothing-past-due", "Nothing is past due.", "There is nothing to arrange.")
    excepted = standing(case.known.facts, FactKind.RECONNECT_EXCEPTION, view.now)
    if case.off and not excepted and not view.value(p.ARRANGEMENT_AFTER_LOCK):
        return no(
            "no-agreement-after-disconnection",
            "Once service is off, the full past-due amount restores it.",
            "Pay what is past due and the fees; a supervisor may record an exception.",
            rule="A05",
            citation=view.source(p.ARRANGEMENT_AFTER_LOCK).citation,
        )
    if not 1 <= command.months <= MONTHS_MAX:
        slug = "no-instalments" if command.months < 1 else "too-many-instalments"
        return no(slug, f"An agreement has 1 to {MONTHS_MAX} instalments.", "Name the number of months.")
    last = on + timedelta(days=view.value(p.ARRANGEMENT_FIRST_DUE_DAYS))
    if command.first_due_on is not None and command.first_due_on <= on:
        return no("first-instalment-in-the-past", f"The first instalment falls due after {on}.", "Name a later day.")
    if command.first_due_on is not None and command.first_due_on > last:
        return no(
            "first-instalment-too-late",
            f"The first instalment falls due by {last}.",
            "Name an earlier day.",
            rule=p.ARRANGEMENT_FIRST_DUE_DAYS.key,
            citation=view.source(p.ARRANGEMENT_FIRST_DUE_DAYS).citation,
        )
    if command.payer != "customer" and not command.authority.strip():
        return no(
            "payer-without-authority",
            f"Nobody has said by what right the {command.payer} pays and is spoken to.",
            "Write down the authority: a signed consent, an agency's letter, the landlord's agreement.",
        )
    return None


def _arrangement(view: View, command: c.AgreeArrangement, terms: Terms) -> Arrangement | Refusal:
    case, on, calendar, amount = view.case, view.on, view.policy.calendar, view.here.past_due
    down = first_ask(view, terms) if command.down is None else command.down
    if not ZERO <= down <= amount:
        return no("down-payment-out-of-range", f"A down payment lies between $0.00 and {amount}.", "Name another.")
    first = command.first_due_on or preferred_day(view)
    required = view.value(p.ARRANGEMENT_CURRENT_BILLS)
    return Arrangement(
        number=case.arrangements_made + 1,
        agreed_on=on,
        bills=tuple(ArrangedBill(ref=bill.ref, open=bill.open) for bill in view.here.late),
        schedule=schedule(
            amount,
            down=down,
            months=command.months,
            start=first or on,
            first_after=0 if first else 1,
            calendar=calendar,
            down_due=calendar.add_open_days(on, view.value(p.ARRANGEMENT_DOWN_OPEN_DAYS)),
        ),
        status=ArrangementStatus.AGREED if down else ArrangementStatus.IN_FORCE,
        payer=command.payer,
        payer_share=command.payer_share,
        signed=command.signed,
        current_bills_required=required if command.current_bills is None else command.current_bills,
        replaces=case.arrangement.number if command.renegotiates and case.arrangement else None,
        money_first=view.value(p.ARRANGEMENT_MONEY_FIRST),
    )


def preferred_day(view: View) -> date | None:
    """Return the first preferred payment date a month or so away, where one is on file on a ground the pack knows."""
    grounds = view.value(p.PREFERRED_DATE_GROUNDS)
    for fact in standing(view.case.known.facts, FactKind.PREFERRED_PAYMENT_DATE, view.now):
        if fact.details.get("because") in grounds and fact.details.get("day", "").isdigit():
            wanted = int(fact.details["day"])
            month = add_months(view.on.replace(day=1), 1)
            last = (add_months(month, 1) - timedelta(days=1)).day
            return month.replace(day=min(max(wanted, 1), last))
    return None


def _chronic_refusal(view: View) -> Refusal | None:
    """Refuse a chronically late customer for whom nothing speaks; the law asks for no agreement there."""
    if not view.chronic or view.qualifies or view.circumstances:
        return None
    return no(
        "chronically-late",
        f"{view.chronic} No agreement need be offered.",
        "Assess the household: energy assistance or special circumstances let a supervisor agree all the same.",
        rule="A06",
        citation=view.source(p.CHRONIC_LATE_BILLS).citation,
    )


# --- what each rule says ------------------------------------------------------------------------------------------

Spoken = tuple[str, Outcome]


def _offer(view: View) -> Spoken:
    basis = view.source(p.ARRANGEMENT_MUST_OFFER)
    if view.value(p.ARRANGEMENT_MUST_OFFER) and not view.chronic:
        return "", passes("A01", "An agreement must be offered to a customer with arrears who asks.", basis)
    return "", silent("A01", "No agreement need be offered.", basis)


def _afford(view: View, arrangement: Arrangement) -> Spoken:
    """Say whether the household can pay it. No figure of the household is said: the words go on record."""
    allowance, basis = view.allowance, view.source(p.AFFORDABLE_PCT)
    orders = standing(view.case.known.facts, FactKind.MILITARY_ORDERS, view.now)
    protected = view.value(p.MILITARY_PROTECTED)
    if orders and protected and orders[-1].details.get("income") != "above":
        basis = MILITARY
    if allowance is None:
        return "", silent("A02", "What the household can pay is not known.", basis)
    share = view.value(p.AFFORDABLE_PCT)
    dearest = max(part.amount for part in arrangement.schedule)
    if dearest <= allowance:
        return "", passes("A02", f"No payment is more than {share} per cent of the household's monthly income.", basis)
    says = f"A payment of {dearest} is more than {share} per cent of the household's monthly income."
    way_out = "Take more months or less down; a supervisor may agree it if the household asks for it."
    return ARRANGEMENT_EXCEPTION, blocks("A02", says, basis, way_out=way_out)


def _floor(view: View, arrangement: Arrangement, terms: Terms) -> Spoken:
    basis = view.source(p.ARRANGEMENT_DOWN_FLOOR)
    down = next((part.amount for part in arrangement.schedule if part.number == 0), ZERO)
    if not terms.floor:
        return "", silent(p.ARRANGEMENT_DOWN_FLOOR.key, "No down payment is a floor.", basis)
    if down >= terms.down:
        return "", passes(p.ARRANGEMENT_DOWN_FLOOR.key, f"{down} down meets the guideline of {terms.down}.", basis)
    says = f"{down} down is less than the {terms.down} that the guideline asks for."
    way_out = f"Pay {terms.down} down, or ask a supervisor."
    return ARRANGEMENT_EXCEPTION, blocks(p.ARRANGEMENT_DOWN_FLOOR.key, says, basis, way_out=way_out)


def winter_end(view: View) -> date | None:
    """Return the day by which an agreement of winter protection ends; none where no such day binds this household."""
    if not view.value(p.ARRANGEMENT_WINTER_END) or view.value(p.WINTER_RULE) != COLD_WEATHER:
        return None
    residential = view.case.known.account.customer_class is CustomerClass.RESIDENTIAL
    if not residential or not in_winter(view.policy, view.on) or not view.qualifies:
        return None
    month, day = view.value(p.ARRANGEMENT_WINTER_END)
    this_year = date(view.on.year, month, day)
    return this_year if view.on <= this_year else date(view.on.year + 1, month, day)


def _winter(view: View, arrangement: Arrangement) -> Spoken:
    basis, end = view.source(p.ARRANGEMENT_WINTER_END), winter_end(view)
    if end is None:
        return "", silent("A03", "No end of winter binds this agreement.", basis)
    last = arrangement.schedule[-1].due_on
    if last <= end:
        return "", passes("A03", f"The last payment, on {last}, brings the balance current by {end}.", basis)
    says = f"The last payment falls on {last}; winter protection asks that the balance is current by {end}."
    return ARRANGEMENT_EXCEPTION, blocks("A03", says, basis, way_out=f"End by {end}, or ask a supervisor.")


def _chronic(view: View) -> Spoken:
    basis = view.source(p.CHRONIC_LATE_BILLS)
    if not view.chronic:
        return "", silent("A06", "The customer is not chronically late.", basis)
    says = f"{view.chronic} Energy assistance or special circumstances speak for an agreement."
    return ARRANGEMENT_EXCEPTION, blocks("A06", says, basis, way_out="A supervisor decides.")


def longest(view: View, terms: Terms) -> int:
    """Return the months a representative may agree: the guideline's, and over an undercharge as long as it went on."""
    return max(terms.months, view.undercharged_months)


def _length(view: View, command: c.AgreeArrangement, terms: Terms) -> Spoken:
    key, most = p.ARRANGEMENT_MAX_MONTHS.key, longest(view, terms)
    if command.months > most:
        act = ARRANGEMENT if command.months <= terms.senior_months else ARRANGEMENT_EXCEPTION
        who = "a senior" if act == ARRANGEMENT else "a supervisor"
        says = f"{command.months} months are more than the {most} that need no approval for {view.here.past_due}."
        return act, blocks(key, says, terms.source, way_out=f"Take {most} months, or ask {who}.")
    under = view.undercharged_months
    if under and command.months <= under:
        says = (
            f"The utility charged too little for {under} months: as many months pay it back, without interest or fee."
        )
        return "", passes("A11", says, view.source(p.ARRANGEMENT_MUST_OFFER))
    return "", passes(key, f"{command.months} months are within the {most} that need no approval.", terms.source)


def _often(view: View) -> Spoken:
    counters, on = view.case.counters, view.on
    most, broken_most = view.value(p.ARRANGEMENT_MAX_PER_YEAR), view.value(p.ARRANGEMENT_MAX_BROKEN)
    made = within_a_year(counters.arranged_on, on)
    if most and made >= most:
        says = f"{made} agreements were made in twelve months; {most} need no approval."
        basis = view.source(p.ARRANGEMENT_MAX_PER_YEAR)
        return ARRANGEMENT, blocks(p.ARRANGEMENT_MAX_PER_YEAR.key, says, basis, way_out="Ask a senior.")
    broken = max(within_a_year(counters.broken_on, on), view.case.known.account.broken_arrangements_12m)
    basis = view.source(p.ARRANGEMENT_MAX_BROKEN)
    if broken_most and broken >= broken_most:
        says = f"{broken} agreement(s) were broken in twelve months."
        return ARRANGEMENT, blocks(p.ARRANGEMENT_MAX_BROKEN.key, says, basis, way_out="Ask a senior.")
    return "", silent(p.ARRANGEMENT_MAX_BROKEN.key, "No earlier agreement stands in the way.", basis)


def _current_bills(view: View, command: c.AgreeArrangement) -> Spoken:
    key, basis = p.ARRANGEMENT_CURRENT_BILLS.key, view.source(p.ARRANGEMENT_CURRENT_BILLS)
    if command.current_bills is False and view.value(p.ARRANGEMENT_CURRENT_BILLS):
        says = "New bills are to be paid by their due dates beside the instalments."
        return ARRANGEMENT_EXCEPTION, blocks(key, says, basis, way_out="Ask for current bills too, or a supervisor.")
    return "", silent(key, "Current bills are as the pack says.", basis)
