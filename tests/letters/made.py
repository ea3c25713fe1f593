"""A case with ground for every kind of letter, under the shipped example's pack in its winter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from domain import parameters as p
from domain.account import Service
from domain.account_letters import AccountLetter, deposit_receipt, deposit_request, deposit_returned, refund
from domain.arrangement import Arrangement, ArrangementStatus
from domain.case import Case, Order, OrderPurpose, OrderState
from domain.money import Money
from domain.policy import Policy
from domain.remedy import Remedy, RemedyKind, RemedyState
from domain.states import Stage
from domain.take.remedies import named
from domain.verdict import Refusal
from gateways.packs import load_policy
from letters.book import Book
from letters.compose import About, compose
from letters.letter import Addressee, Letter, LetterKind
from letters.of_account import compose_own
from tests.builders import a_bill, a_case, a_notice, an_agreement, at, off

PACKS = Path(__file__).parents[2] / "policies"
POLICY = load_policy(PACKS / "demo-city.toml")
BODIL = Addressee(
    name="Bodil Ashgrove", lines=("2279 Bittern Ln NW", "Demo City MN 55999"), premises="2279 Bittern Ln NW"
)
LONG = Addressee(
    name="Maximiliana Guadalupe Fernández de la Reguera y Villavicencio-Oyarzábal, trustee of the Ashgrove Trust",
    lines=("12900 Old County Road Number Seventeen Northwest, Building C, Apartment 1207", "Demo City MN 55999"),
    premises="12900 Old County Road Number Seventeen Northwest, Building C, Apartment 1207",
)
SERVED = date(2026, 11, 16)  # a Monday in the season; thirty days after is Wednesday, December 16
ELEMENTS: tuple[str, ...] = (*POLICY.at(p.NOTICE_ELEMENTS, SERVED), *POLICY.at(p.NOTICE_WINTER_ELEMENTS, SERVED))
BILLS = (
    a_bill("2026-09-24", 13_229, no="9000215"),
    a_bill("2026-09-24", 5_682, no="9000215", service=Service.WATER),
    a_bill("2026-10-23", 13_054, no="9000771"),
)
OWED = Money(31_965)
NOTICE = a_notice(
    *BILLS,
    served="2026-11-16",
    elements=ELEMENTS,
    earliest_cut_on=date(2026, 12, 16),
    stale_on=date(2027, 1, 16),
)
AGREEMENT: Arrangement = an_agreement(
    BILLS[0],
    ("2026-11-19", 1_329),
    ("2026-12-08", 6_000),
    ("2027-01-08", 5_900),
    agreed_on=SERVED,
    current_bills_required=True,
)
CASE = a_case(
    *BILLS, now="2026-11-16 09:00", reminder=a_notice(*BILLS, served="2026-10-30", kind="reminder"), notice=NOTICE
)
WRONGED = replace(
    CASE,
    orders=(
        Order(
            order_id="o1",
            purpose=OrderPurpose.DISCONNECT,
            service=Service.ELECTRIC,
            state=OrderState.COMPLETED,
            requested_at=at("2026-12-01 09:00"),
            done_at=at("2026-12-01 10:00"),
            found_wrong="D12",
        ),
    ),
)
AGREED = replace(CASE, arrangement=AGREEMENT)
CURED = replace(CASE, arrangement=replace(AGREEMENT, status=ArrangementStatus.IN_FORCE))
BREACHED = replace(
    CASE, arrangement=replace(AGREEMENT, breach_noticed_on=date(2026, 11, 25), cure_by=date(2026, 12, 2))
)
ENDED = a_case(*BILLS, now="2026-12-18 09:00", stage=Stage.FINAL_BILLED)
CLAIMED = replace(
    ENDED,
    remedies=(
        Remedy(
            remedy_id="s1",
            kind=RemedyKind.SETOFF,
            state=RemedyState.STANDING,
            bills=named(BILLS),
            amount=OWED,
            since=date(2026, 12, 16),
        ),
    ),
)
SUED = replace(
    ENDED, remedies=(replace(CLAIMED.remedies[0], remedy_id="c1", kind=RemedyKind.CLAIM, state=RemedyState.DECIDED),)
)
DARK = replace(off(CASE, since="2026-07-01"), offered_for=date(2026, 10, 1))
GROUND: Mapping[LetterKind, tuple[Case, date, About | None]] = {
    LetterKind.REMINDER: (CASE, date(2026, 10, 30), None),
    LetterKind.DISCONNECTION_NOTICE: (CASE, SERVED, None),
    LetterKind.BREACH_NOTICE: (BREACHED, date(2026, 11, 25), None),
    LetterKind.AGREEMENT: (AGREED, SERVED, None),
    LetterKind.RECONNECTION: (CASE, date(2026, 12, 18), About(service=Service.ELECTRIC)),
    LetterKind.RECONNECTION_OFFER: (DARK, date(2026, 11, 2), About(service=Service.ELECTRIC)),
    LetterKind.DOOR_HANGER: (CASE, date(2026, 12, 16), None),
    LetterKind.PLACEMENT_NOTICE: (ENDED, date(2026, 12, 18), About(by=date(2027, 1, 16))),
    LetterKind.SETOFF_NOTICE: (CLAIMED, date(2026, 12, 18), None),
    LetterKind.WRONGFUL_DISCONNECTION: (WRONGED, date(2026, 12, 3), None),
    LetterKind.BREACH_CURED: (CURED, date(2026, 11, 27), None),
    LetterKind.COURT_DEMAND: (SUED, date(2026, 12, 18), None),
    LetterKind.BANKRUPTCY_ACKNOWLEDGEMENT: (CASE, date(2026, 12, 18), About(petition_on=date(2026, 12, 14))),
}
_SAID = partial(AccountLetter, language="en", policy=POLICY.digest, on=date(2026, 12, 3))
OWN: Mapping[LetterKind, AccountLetter] = {
    LetterKind.RETURNED_PAYMENT: _SAID(
        kind=LetterKind.RETURNED_PAYMENT,
        amount=Money(15_000),
        fee=Money(3_000),
        happened_on=date(2026, 12, 1),
        by=date(2026, 12, 8),
        since=date(2027, 12, 1),
        more=("with_fee", "again", "cash_only"),
    ),
    LetterKind.DEPOSIT_REQUEST: deposit_request(Money(20_000), on=date(2026, 12, 3), policy=POLICY, language="en"),
    LetterKind.DEPOSIT_RECEIPT: deposit_receipt(
        Money(20_000),
        interest=Money(612),
        since=date(2024, 3, 1),
        on=date(2026, 12, 3),
        policy=POLICY,
        language="en",
    ),
    LetterKind.DEPOSIT_RETURNED: deposit_returned(
        Money(20_000),
        interest=Money(612),
        ended_on=date(2026, 11, 30),
        refund_by=date(2027, 1, 14),
        on=date(2026, 12, 3),
        policy=POLICY,
        language="en",
    ),
    LetterKind.REFUND: refund(
        Money(4_310), escheats_on=date(2029, 12, 1), on=date(2026, 12, 3), policy=POLICY, language="en"
    ),
    LetterKind.INQUIRY_REPLY: _SAID(
        kind=LetterKind.INQUIRY_REPLY,
        happened_on=date(2026, 12, 1),
        amount=Money(31_965),
        left=Money(40_000),
        more=("balance", "agreement", "shutoff", "dispute", "assistance", "deposit"),
    ),
}


def speaking(case: Case, language: str) -> Case:
    return replace(case, known=replace(case.known, account=replace(case.known.account, language=language)))


def composed(
    kind: LetterKind,
    case: Case | None = None,
    *,
    language: str = "en",
    policy: Policy = POLICY,
    personal: Addressee = BODIL,
    on: date | None = None,
    about: About | None = None,
    book: Book | None = None,
) -> Letter | Refusal:
    """Return the letter of *kind*, on the ground given above unless told otherwise."""
    if kind in OWN:
        said = replace(OWN[kind], language=language)
        return compose_own(said, CASE.account_no, policy=policy, personal=personal, book=book)
    ground, usual, known = GROUND[kind]
    return compose(
        kind,
        speaking(case or ground, language),
        policy=policy,
        personal=personal,
        on=on or usual,
        about=about or known,
        book=book,
    )


def a_letter(kind: LetterKind, case: Case | None = None, **said: object) -> Letter:
    letter = composed(kind, case, **said)  # type: ignore[arg-type]  # named as `composed` names them
    assert isinstance(letter, Letter), letter
    return letter


def refused(kind: LetterKind, case: Case | None = None, **said: object) -> Refusal:
    refusal = composed(kind, case, **said)  # type: ignore[arg-type]  # named as `composed` names them
    assert isinstance(refusal, Refusal), refusal
    return refusal
