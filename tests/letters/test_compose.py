"""What a letter says is what the case and the pack say, and some things it may not say."""

from dataclasses import replace
from datetime import date

import pytest

from domain import parameters as p
from domain.account import NamedBill, Service
from domain.arrangement import CURRENT_BILL, ArrangementStatus
from domain.money import ZERO, Money
from domain.policy import Dated, Parameter, Policy, Source, Standing
from domain.verdict import Refusal
from gateways.packs import load_policy
from letters.book import MUST_TELL, Text, load_book
from letters.compose import About, unwritten
from letters.letter import Letter, LetterKind
from letters.of_account import compose_own
from tests.builders import a_bill, a_case, a_notice, off
from tests.letters.made import (
    AGREED,
    AGREEMENT,
    BILLS,
    BODIL,
    BREACHED,
    CASE,
    ELEMENTS,
    GROUND,
    NOTICE,
    OWED,
    OWN,
    PACKS,
    POLICY,
    SERVED,
    a_letter,
    refused,
    speaking,
)

NOTICE_KIND = LetterKind.DISCONNECTION_NOTICE


def stating(parameter: Parameter[tuple[str, ...]], *values: str) -> Policy:
    source = Source("for this test", Standing.POLICY)
    return replace(POLICY, values={**POLICY.values, parameter.key: (Dated(date(2020, 1, 1), values, source),)})


def test_a_notice_says_what_it_names_what_is_cut_first_and_when() -> None:
    letter = a_letter(NOTICE_KIND)
    assert (letter.amount, letter.service, letter.cut_on) == (OWED, Service.ELECTRIC, date(2026, 12, 16))
    assert [(bill.number, bill.service, bill.amount.cents) for bill in letter.bills] == [
        ("9000215", Service.ELECTRIC, 13_229),
        ("9000215", Service.WATER, 5_682),
        ("9000771", Service.ELECTRIC, 13_054),
    ]
    assert letter.elements == ELEMENTS
    assert letter.copies == ("local_eap_provider", "mn_commerce")


def test_in_summer_a_notice_has_no_winter_parts_and_no_copies() -> None:
    bill = a_bill("2026-05-01", 9_000)
    plain = ("amount", "cut_date", "dispute_procedure", "contact_person", "avoid_methods")
    notice = a_notice(bill, served="2026-06-01", elements=plain, earliest_cut_on=date(2026, 6, 11))
    letter = a_letter(NOTICE_KIND, a_case(bill, notice=notice), on=date(2026, 6, 1))
    assert (letter.elements, letter.copies, letter.cut_on) == (plain, (), date(2026, 6, 11))


@pytest.mark.parametrize(
    ("served", "ripe", "named"),
    [
        (date(2026, 6, 1), date(2026, 6, 11), date(2026, 6, 11)),  # a Thursday
        (date(2026, 6, 2), date(2026, 6, 12), date(2026, 6, 15)),  # a Friday: the next Monday
        (date(2026, 6, 8), date(2026, 6, 18), date(2026, 6, 22)),  # the eve of June 19, which is a Friday
    ],
)
def test_a_notice_names_the_first_day_on_which_anybody_may_be_cut(served: date, ripe: date, named: date) -> None:
    bill = a_bill("2026-05-01", 9_000)
    notice = a_notice(bill, served=served.isoformat(), elements=ELEMENTS, earliest_cut_on=ripe)
    assert a_letter(NOTICE_KIND, a_case(bill, notice=notice), on=served).cut_on == named


def test_a_notice_that_runs_out_as_the_season_begins_names_a_day_thirty_days_after_mailing() -> None:
    bill = a_bill("2026-08-01", 9_000)  # ten days from Monday, September 21 is October 1, in the season: thirty days
    notice = a_notice(bill, served="2026-09-21", elements=ELEMENTS, earliest_cut_on=date(2026, 10, 1))
    letter = a_letter(NOTICE_KIND, a_case(bill, notice=notice), on=date(2026, 9, 21))
    assert letter.cut_on == date(2026, 10, 21)


@pytest.mark.parametrize(
    ("cut_on", "because"),
    [
        (date(2026, 12, 15), "the notice has not run by then"),
        (date(2026, 12, 18), "it is a Friday"),
        (date(2026, 12, 24), "it is a day on which the offices are closed"),
        (date(2026, 12, 31), "it is the day before a holiday"),
        (date(2027, 1, 18), "the notice no longer stands then"),
    ],
)
def test_a_notice_never_names_a_day_that_the_pack_forbids(cut_on: date, because: str) -> None:
    refusal = refused(NOTICE_KIND, about=About(cut_on=cut_on))
    assert refusal.slug == "letter-forbidden-day"
    assert because in refusal.detail


def test_a_later_lawful_day_may_be_named() -> None:
    assert a_letter(NOTICE_KIND, about=About(cut_on=date(2026, 12, 17))).cut_on == date(2026, 12, 17)


@pytest.mark.parametrize("element", ELEMENTS)
def test_a_notice_that_lacks_a_required_part_is_refused(element: str) -> None:
    others = tuple(other for other in ELEMENTS if other != element)
    refusal = refused(NOTICE_KIND, replace(CASE, notice=replace(NOTICE, elements=others)))
    assert refusal.slug == "letter-incomplete"
    assert element.replace("_", " ") in refusal.detail


def test_a_part_that_the_pack_requires_and_nobody_has_worded_refuses_the_notice() -> None:
    policy = stating(p.NOTICE_ELEMENTS, *ELEMENTS, "ombudsman")
    case = replace(CASE, notice=replace(NOTICE, elements=(*ELEMENTS, "ombudsman")))
    assert "“ombudsman” (en)" in refused(NOTICE_KIND, case, policy=policy).detail
    assert unwritten(case, policy=policy, on=SERVED) == ("words for the part “ombudsman” (en)",)


@pytest.mark.parametrize("pack", ["demo-city", "rochester-mn", "las-cruces-nm"])
@pytest.mark.parametrize("on", [date(2026, 6, 1), date(2026, 12, 1)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_part_that_a_shipped_pack_requires_has_its_words(pack: str, on: date, language: str) -> None:
    assert unwritten(speaking(CASE, language), policy=load_policy(PACKS / f"{pack}.toml"), on=on) == ()


@pytest.mark.parametrize(
    ("emptied", "lack"),
    [
        ({"contact": {"en": ""}}, "contact for the part “contact person”"),
        ({"reviewer": {"en": ""}}, "reviewer for the part “dispute procedure”"),
        ({"assistance": ()}, "agencies for the part “assistance provider list”"),
        ({"phone": ""}, "phone of the office"),
    ],
)
def test_a_notice_that_names_nobody_to_turn_to_is_refused(emptied: dict[str, object], lack: str) -> None:
    book = load_book()
    office = replace(book.offices["demo-city"], **emptied)  # type: ignore[arg-type]  # an office's own names
    refusal = refused(NOTICE_KIND, book=replace(book, offices={"demo-city": office}))
    assert refusal.slug == "letter-incomplete"
    assert lack in refusal.detail


def test_a_city_whose_office_is_not_filled_in_prints_no_notice() -> None:
    policy = load_policy(PACKS / "rochester-mn.toml")
    assert "phone of the office" in refused(NOTICE_KIND, policy=policy).detail


@pytest.mark.parametrize("service", [Service.GAS, Service.SEWER])
def test_a_service_without_a_bill_on_the_notice_is_not_threatened(service: Service) -> None:
    assert refused(NOTICE_KIND, about=About(service=service)).slug == "letter-safe-service"


def test_a_service_that_is_off_is_not_threatened_and_the_next_one_is() -> None:
    case = off(CASE)
    assert a_letter(NOTICE_KIND, case).service is Service.WATER
    assert refused(NOTICE_KIND, case, about=About(service=Service.ELECTRIC)).slug == "letter-safe-service"


def test_debt_of_a_service_that_is_never_cut_threatens_nothing() -> None:
    bill = a_bill("2026-09-24", 9_000, service=Service.SEWER)
    notice = a_notice(bill, served="2026-11-16", elements=ELEMENTS, earliest_cut_on=date(2026, 12, 16))
    assert refused(NOTICE_KIND, a_case(bill, notice=notice)).slug == "letter-safe-service"


@pytest.mark.parametrize("kind", GROUND)
def test_a_case_that_gives_no_ground_for_a_letter_yields_none(kind: LetterKind) -> None:
    assert refused(kind, a_case(), about=About()).slug == "letter-without-ground"


@pytest.mark.parametrize("kind", OWN)
def test_an_account_that_gives_no_ground_for_a_letter_yields_none(kind: LetterKind) -> None:
    said = replace(OWN[kind], amount=ZERO, more=())
    refusal = compose_own(said, "9900000010", policy=POLICY, personal=BODIL)
    assert isinstance(refusal, Refusal)
    assert refusal.slug == "letter-without-ground"


def test_every_kind_of_letter_has_a_ground_here() -> None:
    assert {*GROUND, *OWN} == set(LetterKind)


def test_a_reminder_of_nothing_is_not_sent() -> None:
    nothing = replace(a_notice(*BILLS, kind="reminder"), amount=ZERO)
    assert refused(LetterKind.REMINDER, replace(CASE, reminder=nothing)).slug == "letter-without-ground"


def test_a_breach_notice_says_what_is_behind_what_is_left_and_until_when() -> None:
    letter = a_letter(LetterKind.BREACH_NOTICE)
    assert (letter.amount, letter.left) == (Money(1_329), Money(13_229))
    assert (letter.missed_on, letter.pay_by) == (date(2026, 11, 19), date(2026, 12, 2))


def test_an_agreement_says_every_payment_and_its_terms() -> None:
    letter = a_letter(LetterKind.AGREEMENT)
    assert letter.schedule == AGREEMENT.schedule
    assert (letter.amount, letter.grace_days, letter.cure_days) == (Money(13_229), 5, 7)
    assert letter.more == ("down_payment", "current_bills", "payment_first", "no_deposit")


def test_an_agreement_says_who_else_pays_and_what_money_meets_first() -> None:
    paid_by = replace(
        AGREEMENT,
        payer="agency",
        third_party="Olmsted Family Fund",
        payer_share=Money(2_500),
        status=ArrangementStatus.IN_FORCE,
        money_first=CURRENT_BILL,
    )
    letter = a_letter(LetterKind.AGREEMENT, replace(AGREED, arrangement=paid_by))
    assert (letter.payer, letter.payer_share) == ("Olmsted Family Fund", Money(2_500))
    assert letter.more == ("current_bills", "bill_first", "third_party_share", "no_deposit")
    whole = replace(paid_by, payer_share=None, current_bills_required=False)
    assert a_letter(LetterKind.AGREEMENT, replace(AGREED, arrangement=whole)).more == ("third_party", "no_deposit")


def test_a_returned_payment_names_the_packs_charge() -> None:
    letter = a_letter(LetterKind.RETURNED_PAYMENT)
    assert (letter.amount, letter.fee, letter.happened_on) == (Money(15_000), Money(3_000), date(2026, 12, 1))


def test_an_answer_in_somebodys_own_words_is_written_in_their_language_alone() -> None:
    said = replace(OWN[LetterKind.INQUIRY_REPLY], language="es", more=())
    letter = compose_own(
        said, "9900000010", policy=POLICY, personal=BODIL, answer="Revisamos el medidor.\n\nEstá bien."
    )
    assert isinstance(letter, Letter)
    assert letter.languages == ("es",)
    assert letter.answer == ("Revisamos el medidor.", "Está bien.")


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind.entry in MUST_TELL])
def test_a_letter_whose_words_have_lost_what_it_is_there_to_tell_is_refused(kind: LetterKind) -> None:
    book = load_book()
    english = book.languages["en"]
    mute = Text(title="A letter", lead=("Hello.",), after=(), more=dict.fromkeys(english.letters[kind.entry].more, "-"))
    said = replace(english, letters={**english.letters, kind.entry: mute})
    refusal = refused(kind, book=replace(book, languages={**book.languages, "en": said}))
    assert refusal.slug == "letter-incomplete"
    for name in MUST_TELL[kind.entry]:
        assert f"{name.replace('_', ' ')} in its words (en)" in refusal.detail


def test_a_door_hanger_asks_for_what_is_left_of_the_notice() -> None:
    paid = replace(BILLS[0], open=Money(3_229))
    case = replace(CASE, known=replace(CASE.known, bills=(paid, *BILLS[1:])))
    assert a_letter(LetterKind.DOOR_HANGER, case).amount == Money(21_965)


@pytest.mark.parametrize(
    ("case", "sentence", "amount"),
    [
        (CASE, "owing", OWED),
        (replace(AGREED, known=replace(CASE.known, bills=BILLS[:1])), "arranged", ZERO),
        (replace(CASE, known=replace(CASE.known, bills=())), "paid", ZERO),
    ],
)
def test_a_reconnection_says_whether_anything_is_still_to_be_arranged(
    case: object, sentence: str, amount: Money
) -> None:
    assert case in (CASE, case)
    letter = a_letter(LetterKind.RECONNECTION, case)  # type: ignore[arg-type]  # one of the cases above
    assert (letter.more, letter.amount) == ((sentence,), amount)


@pytest.mark.parametrize(("on", "says"), [(date(2026, 9, 30), "coming"), (date(2026, 10, 1), "begun")])
def test_an_offer_to_come_back_on_names_the_season_as_coming_only_until_it_has_begun(on: date, says: str) -> None:
    letter = a_letter(LetterKind.RECONNECTION_OFFER, on=on)
    assert (letter.more, letter.happened_on) == ((says,), date(2026, 10, 1))


@pytest.mark.parametrize(
    ("customer", "pack", "written"),
    [
        ("en", ("en",), ("en",)),
        ("es", ("en",), ("es", "en")),
        ("en", ("en", "es"), ("en", "es")),
        ("so", ("en",), ("en",)),
    ],
)
def test_a_letter_is_in_the_customers_language_and_in_the_packs(
    customer: str, pack: tuple[str, ...], written: tuple[str, ...]
) -> None:
    policy = stating(p.NOTICE_LANGUAGES, *pack)
    assert a_letter(LetterKind.REMINDER, language=customer, policy=policy).languages == written


def test_a_bill_under_agreement_that_is_no_longer_open_is_not_listed() -> None:
    bill = NamedBill(ref=BILLS[0].ref, amount=BILLS[0].open, due_on=BILLS[0].due_on)
    case = replace(BREACHED, known=replace(CASE.known, bills=BILLS[1:]))
    assert bill.ref not in {f"{line.number}/{line.service}" for line in a_letter(LetterKind.AGREEMENT, case).bills}
