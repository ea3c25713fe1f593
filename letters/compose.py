"""What does a letter of this kind say about this case, and may it be said?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Final

from domain import parameters as par
from domain.account import NamedBill, Service, past_due
from domain.arrangement import CURRENT_BILL, Arrangement, ArrangementStatus, instalments_left, owing, unmet_parts
from domain.case import Case
from domain.money import ZERO, Money
from domain.policy import Policy, PolicyGap
from domain.position import position
from domain.remedy import RemedyKind
from domain.states import ServiceStatus, Stage
from domain.take.remedies import named
from domain.verdict import Refusal
from letters.book import Book, load_book
from letters.letter import Addressee, BillLine, Letter, LetterKind
from letters.sheet import lacks, wordless
from letters.threat import day_named, last_day, required_parts, service_named

NOON: Final = time(12)
CUSTOMER: Final = "customer"
OF_A_CUT: Final = frozenset(
    {"payment_plan_statement"}
)  # it speaks of the day of a cut; an offer says it in its own words


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a person or an event says beyond the case: the day and service of a cut, the day of a petition."""

    cut_on: date | None = None
    service: Service | None = None
    by: date | None = None
    petition_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What every maker of a letter has before it."""

    case: Case
    policy: Policy
    about: About
    blank: Letter

    @property
    def on(self) -> date:
        return self.blank.on


def compose(
    kind: LetterKind,
    case: Case,
    *,
    policy: Policy,
    personal: Addressee,
    on: date,
    about: About | None = None,
    book: Book | None = None,
) -> Letter | Refusal:
    """Return the letter of *kind* on *case* as it stands, dated *on*, or why it must not be printed.

    Refused: what the case gives no ground for; a notice that lacks a part which the pack requires, or the words, name
    or number that the part is there for; one that names a day on which nobody may be cut under it, or threatens a
    service that may not be cut. It is in the customer's language, if there are words for it, and in the pack's.
    """
    book = book or load_book()
    desk = _Desk(
        case=case,
        policy=policy,
        about=about or About(),
        blank=Letter(
            kind=kind,
            languages=languages_for(case.known.account.language, policy, book, on),
            pack=policy.pack,
            addressee=personal,
            account_no=case.account_no,
            on=on,
            hours=policy.at(par.OFFICE_HOURS, on),
        ),
    )
    try:
        letter = _MAKERS[kind](desk)
    except PolicyGap as gap:
        return incomplete(kind, (f"what the pack must state ({gap})",))
    return letter if isinstance(letter, Refusal) else whole(letter, book)


def whole(letter: Letter, book: Book) -> Letter | Refusal:
    """Return *letter*, or why it must not be printed: what it lacks."""
    missing = lacks(letter, book)
    return incomplete(letter.kind, missing) if missing else letter


def unwritten(case: Case, *, policy: Policy, on: date, book: Book | None = None) -> tuple[str, ...]:
    """Return what a disconnection notice mailed on *on* could not say in its languages, in words; nothing if all.

    For asking before one is sent: the parts that the pack requires are to have their words, whatever the case says.
    """
    book = book or load_book()
    elements, _ = required_parts(policy, on, on + timedelta(days=policy.at(par.NOTICE_VALID_DAYS, on)))
    return wordless(elements, languages_for(case.known.account.language, policy, book, on), book)


def languages_for(language: str, policy: Policy, book: Book, on: date) -> tuple[str, ...]:
    """Return the languages to write in: the customer's, if there are words for it, and those of the pack."""
    wanted = (language, *policy.at(par.NOTICE_LANGUAGES, on))
    return tuple(dict.fromkeys(code for code in wanted if code in book.languages))


# --- refusals -----------------------------------------------------------------------------------------------------


def incomplete(kind: LetterKind, missing: tuple[str, ...]) -> Refusal:
    """Return that the letter lacks what it must hold."""
    return Refusal(
        slug="letter-incomplete",
        title="The letter lacks what it must hold",
        detail=f"The {kind} lacks {'; '.join(missing)}.",
        way_out="Fill it in in the files of wording, or serve a notice that holds every required part.",
    )


def without_ground(says: str) -> Refusal:
    """Return that nothing gives ground for the letter."""
    return Refusal(
        slug="letter-without-ground",
        title="The case gives no ground for this letter",
        detail=says,
        way_out="Look at the case's timeline for the letters that it does give ground for.",
    )


# --- one maker for each kind --------------------------------------------------------------------------------------


def _reminder(desk: _Desk) -> Letter | Refusal:
    reminder = desk.case.reminder
    if reminder is None or not reminder.amount:
        return without_ground("No reminder of an amount is on file.")
    return replace(desk.blank, amount=reminder.amount, bills=_bills(reminder.bills))


def _disconnection_notice(desk: _Desk) -> Letter | Refusal:
    notice = desk.case.notice
    if notice is None or not notice.amount:
        return without_ground("No disconnection notice of an amount is on file.")
    service = service_named(desk.case, desk.policy, notice, on=desk.on, asked=desk.about.service)
    if isinstance(service, Refusal):
        return service
    cut_on = day_named(desk.case, desk.policy, notice, service=service, on=desk.on, asked=desk.about.cut_on)
    if isinstance(cut_on, Refusal):
        return cut_on
    required, copies = required_parts(desk.policy, notice.served_on, last_day(desk.policy, notice))
    missing = tuple(element.replace("_", " ") for element in required if element not in notice.elements)
    if missing:
        return incomplete(desk.blank.kind, missing)
    return replace(
        desk.blank,
        amount=notice.amount,
        bills=_bills(notice.bills),
        elements=tuple(dict.fromkeys((*required, *notice.elements))),
        copies=copies,
        service=service,
        cut_on=cut_on,
    )


def _door_hanger(desk: _Desk) -> Letter | Refusal:
    notice = desk.case.notice
    left = notice.left(desk.case.known.bills) - desk.case.known.unposted if notice else ZERO
    if notice is None or left <= ZERO:
        return without_ground("Nothing is left of a disconnection notice.")
    service = service_named(desk.case, desk.policy, notice, on=desk.on, asked=desk.about.service)
    if isinstance(service, Refusal):
        return service
    cut_on = day_named(desk.case, desk.policy, notice, service=service, on=desk.on, asked=desk.about.cut_on)
    if isinstance(cut_on, Refusal):
        return cut_on
    return replace(desk.blank, amount=left, service=service, cut_on=cut_on)


def _breach_notice(desk: _Desk) -> Letter | Refusal:
    agreement, known = desk.case.arrangement, desk.case.known
    if agreement is None or agreement.cure_by is None:
        return without_ground("No agreement is in breach.")
    unmet = unmet_parts(agreement, known.bills, unposted=known.unposted)
    behind = owing(agreement, known.bills, on=desk.on, unposted=known.unposted)
    if not unmet or behind <= ZERO:
        return without_ground("Everything that has fallen due under the agreement is paid.")
    return replace(
        desk.blank,
        amount=behind,
        missed_on=unmet[0].due_on,
        pay_by=agreement.cure_by,
        left=instalments_left(agreement, known.bills, unposted=known.unposted),
    )


def _agreement(desk: _Desk) -> Letter | Refusal:
    agreement = desk.case.arrangement
    if agreement is None or not agreement.active:
        return without_ground("No agreement is in force.")
    due = {bill.ref: bill.due_on for bill in desk.case.known.bills}
    return replace(
        desk.blank,
        amount=agreement.amount,
        bills=_bills(
            NamedBill(ref=bill.ref, amount=bill.open, due_on=due[bill.ref])
            for bill in agreement.bills
            if bill.ref in due
        ),
        schedule=agreement.schedule,
        grace_days=desk.policy.at(par.ARRANGEMENT_GRACE_DAYS, agreement.agreed_on),
        cure_days=desk.policy.at(par.ARRANGEMENT_CURE_DAYS, agreement.agreed_on),
        payer=agreement.third_party,
        payer_share=agreement.payer_share or ZERO,
        more=tuple(_agreed(agreement)),
    )


def _agreed(agreement: Arrangement) -> Iterator[str]:
    """Name the sentences that this agreement needs."""
    if agreement.status is ArrangementStatus.AGREED:
        yield "down_payment"
    if agreement.current_bills_required:
        yield "current_bills"
        yield "bill_first" if agreement.money_first == CURRENT_BILL else "payment_first"
    if agreement.payer != CUSTOMER and agreement.third_party:
        yield "third_party_share" if agreement.payer_share else "third_party"
    yield "no_deposit"


def _reconnection(desk: _Desk) -> Letter | Refusal:
    case, service = desk.case, desk.about.service
    if service is None or case.service(service).status is not ServiceStatus.ON:
        return without_ground("No service was restored.")
    owed = position(case, desk.policy, desk.policy.calendar.at(desk.on, NOON)).pursued_amount
    more = ("owing",) if owed else ()
    if not owed and case.arrangement is not None and case.arrangement.active:
        more = ("arranged",)
    elif not past_due(case.known.bills, desk.on):
        more = ("paid",)
    return replace(
        desk.blank, amount=owed, service=service, happened_on=case.service(service).since or desk.on, more=more
    )


def _reconnection_offer(desk: _Desk) -> Letter | Refusal:
    """Tell a home that is off, before the protected season begins or in it, how it comes back on."""
    case, service = desk.case, desk.about.service
    if service is None or case.service(service).status is ServiceStatus.ON or case.offered_for is None:
        return without_ground("No home that is off was to be written to.")
    return replace(
        desk.blank,
        amount=past_due(case.known.bills, desk.on),
        service=service,
        happened_on=case.offered_for,
        more=("coming" if desk.on < case.offered_for else "begun",),
        elements=tuple(part for part in desk.policy.at(par.NOTICE_WINTER_ELEMENTS, desk.on) if part not in OF_A_CUT),
    )


def _placement_notice(desk: _Desk) -> Letter | Refusal:
    if desk.case.stage is not Stage.FINAL_BILLED or desk.about.by is None:
        return without_ground("No final bill is about to be placed.")
    bills = tuple(bill for bill in named(desk.case.known.bills) if bill.ref not in desk.case.held)
    amount = Money(sum(bill.amount.cents for bill in bills))
    return replace(desk.blank, amount=amount, bills=_bills(bills), pay_by=desk.about.by)


def _setoff_notice(desk: _Desk) -> Letter | Refusal:
    claim = desk.case.remedy(RemedyKind.SETOFF)
    if claim is None:
        return without_ground("No claim against tax refunds stands.")
    return replace(desk.blank, amount=claim.amount, bills=_bills(claim.bills), happened_on=claim.since)


def _wrongful(desk: _Desk) -> Letter | Refusal:
    wrong = [order for order in desk.case.orders if order.found_wrong and order.done_at is not None]
    if not wrong or wrong[-1].done_at is None:
        return without_ground("No cut was found wrong.")
    return replace(
        desk.blank,
        service=wrong[-1].service,
        happened_on=desk.policy.calendar.day(wrong[-1].done_at),
    )


def _breach_cured(desk: _Desk) -> Letter | Refusal:
    agreement, known = desk.case.arrangement, desk.case.known
    if agreement is None or agreement.status is not ArrangementStatus.IN_FORCE:
        return without_ground("No agreement is in force again.")
    unmet = unmet_parts(agreement, known.bills, unposted=known.unposted)
    return replace(
        desk.blank,
        left=instalments_left(agreement, known.bills, unposted=known.unposted),
        pay_by=unmet[0].due_on if unmet else None,
        more=("next",) if unmet else (),
    )


def _court_demand(desk: _Desk) -> Letter | Refusal:
    claim = desk.case.remedy(RemedyKind.CLAIM)
    if claim is None:
        return without_ground("No claim in court has been decided on.")
    return replace(desk.blank, amount=claim.amount, bills=_bills(claim.bills))


def _bankruptcy(desk: _Desk) -> Letter | Refusal:
    """Say that collection has stopped; no amount is named, for nothing is asked for."""
    petition_on = desk.about.petition_on
    if petition_on is None:
        return without_ground("No petition in bankruptcy is on file.")
    return replace(desk.blank, happened_on=petition_on)


_MAKERS: Final[Mapping[LetterKind, Callable[[_Desk], Letter | Refusal]]] = MappingProxyType(
    {
        LetterKind.REMINDER: _reminder,
        LetterKind.DISCONNECTION_NOTICE: _disconnection_notice,
        LetterKind.BREACH_NOTICE: _breach_notice,
        LetterKind.AGREEMENT: _agreement,
        LetterKind.RECONNECTION: _reconnection,
        LetterKind.RECONNECTION_OFFER: _reconnection_offer,
        LetterKind.DOOR_HANGER: _door_hanger,
        LetterKind.PLACEMENT_NOTICE: _placement_notice,
        LetterKind.SETOFF_NOTICE: _setoff_notice,
        LetterKind.WRONGFUL_DISCONNECTION: _wrongful,
        LetterKind.BREACH_CURED: _breach_cured,
        LetterKind.COURT_DEMAND: _court_demand,
        LetterKind.BANKRUPTCY_ACKNOWLEDGEMENT: _bankruptcy,
    }
)


def _bills(named: Iterable[NamedBill]) -> tuple[BillLine, ...]:
    return tuple(
        BillLine(number=number, service=Service(service), due_on=bill.due_on, amount=bill.amount)
        for bill in named
        for number, _, service in (bill.ref.rpartition("/"),)
    )
