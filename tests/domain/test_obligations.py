"""What the utility owes follows from what is known; each day of the law is tried before, on and after."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.facts import Fact, FactKind
from domain.obligations import Agreed, Duty, Incident, Mailed, Obligation, Owing, State, Unplaced, owed_to, owed_to_all
from tests.builders import POLICY, a_fact, a_policy, at, day

NO = "4000001"


def owed(now: str, *facts: Fact, **known: object) -> dict[Duty, Obligation]:
    owing = replace(Owing(account_no=NO), facts=facts, **known)  # type: ignore[arg-type]  # Owing's own names
    return {each.duty: each for each in owed_to(owing, POLICY, at(now))}


def states(each: Obligation, *days: str) -> list[State]:
    return [each.state(day(text)) for text in days]


def test_a_dispute_is_answered_in_the_packs_open_days_and_pressing_before() -> None:
    dispute = a_fact(FactKind.DISPUTE, "2026-06-10 09:00")
    found = owed("2026-06-10 10:00", dispute)[Duty.DISPUTE_ANSWER]
    # The nineteenth is a holiday, so ten open days end on the twenty-fifth.
    assert (found.due_on, found.warn_on, found.owner) == (date(2026, 6, 25), date(2026, 6, 22), "reviewer")
    expected = [State.OPEN, State.WARNED, State.WARNED, State.BREACHED]
    assert states(found, "2026-06-21", "2026-06-22", "2026-06-25", "2026-06-26") == expected


@pytest.mark.parametrize(("ended", "state"), [("2026-06-25 12:00", State.MET), ("2026-06-26 12:00", State.MET_LATE)])
def test_the_reviewers_decision_is_the_answer(ended: str, state: State) -> None:
    dispute = a_fact(FactKind.DISPUTE, "2026-06-10 09:00", ended)
    assert owed("2026-07-10 10:00", dispute)[Duty.DISPUTE_ANSWER].state(day("2026-07-10")) is state


def test_a_certificate_on_an_account_in_arrears_asks_for_an_offer_and_on_one_that_is_paid_for_none() -> None:
    certificate = a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-06-08 09:00", form="phone")
    assert owed("2026-06-09 09:00", certificate) == {}
    found = owed("2026-06-09 09:00", certificate, in_arrears=True)[Duty.AGREEMENT_OFFER]
    assert found.due_on == date(2026, 6, 15)
    offered = a_fact(FactKind.AGREEMENT_OFFERED, "2026-06-12 09:00")
    assert owed("2026-06-13 09:00", certificate, offered, in_arrears=True)[Duty.AGREEMENT_OFFER].met_on == day(
        "2026-06-12"
    )
    agreed = owed("2026-06-13 09:00", certificate, in_arrears=True, agreed=Agreed(on=day("2026-06-01")))
    assert agreed[Duty.AGREEMENT_OFFER].met_on == day("2026-06-08")


def test_an_agreement_that_broke_under_a_certificate_goes_to_a_supervisor() -> None:
    certificate = a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-06-08 09:00", form="written")
    agreed = Agreed(on=day("2026-06-09"), broken_on=day("2026-07-10"))
    found = owed("2026-07-11 09:00", certificate, in_arrears=True, agreed=agreed)
    assert found[Duty.AGREEMENT_BROKEN].owner == "supervisor"
    over = a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-06-08 09:00", "2026-07-01")
    assert Duty.AGREEMENT_BROKEN not in owed("2026-07-11 09:00", over, in_arrears=True, agreed=agreed)


def test_the_proof_of_claim_is_due_180_days_after_the_petition_and_not_once_it_is_dismissed() -> None:
    petition = a_fact(FactKind.BANKRUPTCY, "2026-06-01", chapter="7", petition_on="2026-05-29")
    found = owed("2026-06-02 09:00", petition)[Duty.PROOF_OF_CLAIM]
    assert found.due_on == date(2026, 5, 29) + timedelta(days=180)
    dismissed = a_fact(FactKind.BANKRUPTCY, "2026-06-01", "2026-07-01", chapter="7")
    assert Duty.PROOF_OF_CLAIM not in owed("2026-07-02 09:00", dismissed)
    filed = a_fact(FactKind.BANKRUPTCY, "2026-06-01", chapter="7", claim_filed_on="2026-06-20")
    assert owed("2026-07-02 09:00", filed)[Duty.PROOF_OF_CLAIM].met_on == day("2026-06-20")


def test_a_corrected_petition_keeps_its_obligation() -> None:
    first = a_fact(FactKind.BANKRUPTCY, "2026-06-01", chapter="7", petition_on="2026-05-29")
    corrected = replace(first, fact_id="other", details=first.details | {"chapter": "13"})
    keys = {owed("2026-06-02 09:00", each)[Duty.PROOF_OF_CLAIM].key for each in (first, corrected)}
    assert len(keys) == 1


def test_stop_is_passed_on_within_ten_open_days() -> None:
    stop = a_fact(FactKind.REVOCATION, "2026-06-15 09:00", channel="sms", asked_on="2026-06-12")
    found = owed("2026-06-15 10:00", stop)[Duty.REVOCATION]
    assert found.due_on == date(2026, 6, 29)  # ten open days, the holiday of the nineteenth left out


def test_a_deposit_goes_back_45_days_after_service_ended() -> None:
    found = owed("2026-06-15 10:00", ended_on=day("2026-06-01"), deposit_cents=5_000)[Duty.DEPOSIT_REFUND]
    assert found.due_on == date(2026, 7, 16)
    assert owed("2026-06-15 10:00", ended_on=day("2026-06-01")) == {}


def test_a_notice_is_proved_by_the_mail_houses_receipt_and_copied_to_whom_the_customer_named() -> None:
    mailed = Mailed(letter_id="l1", on=day("2026-06-16"), receipt="R-1")
    designee = a_fact(FactKind.THIRD_PARTY_DESIGNEE, "2020-01-01")
    found = owed("2026-06-16 15:00", designee, notice=mailed)
    assert found[Duty.PROOF_OF_SERVICE].state(day("2026-06-16")) is State.MET
    assert found[Duty.DESIGNEE_COPY].due_on == day("2026-06-17")
    assert Duty.DESIGNEE_COPY not in owed("2026-06-16 15:00", notice=mailed)
    unproved = owed("2026-06-16 15:00", notice=replace(mailed, receipt=""))[Duty.PROOF_OF_SERVICE]
    assert unproved.state(day("2026-06-18")) is State.BREACHED


def test_a_wrong_cut_is_restored_the_same_day_and_owed_a_letter_a_report_counsel_and_fees() -> None:
    cut = Incident(order_id="o1", service="electric", found_on=day("2026-07-03"), restored_on=day("2026-07-03"))
    found = owed("2026-07-03 22:00", incidents=(cut,))
    assert found[Duty.WRONG_CUT_RESTORED].state(day("2026-07-03")) is State.MET
    assert {duty for duty in found if duty.startswith("wrong_cut")} == {d for d in Duty if d.startswith("wrong_cut")}
    assert found[Duty.WRONG_CUT_COUNSEL].due_on == day("2026-07-06")  # the third is a holiday, a weekend follows


def test_where_the_account_has_ended_somebody_sees_the_same_day_who_lives_there() -> None:
    cut = Incident(order_id="o1", service="electric", found_on=day("2026-07-03"), ended=True)
    found = owed("2026-07-03 22:00", incidents=(cut,))[Duty.WRONG_CUT_RESTORED]
    assert (found.owner, found.due_on) == ("supervisor", day("2026-07-03"))
    assert "is looked into at the place, whose account has ended by 2026-07-03" in found.says


SINCE = day("2026-06-01")


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-08-14 12:00", None),
        ("2026-08-15 12:00", State.OPEN),
        ("2026-10-01 12:00", State.WARNED),
        ("2026-10-02 12:00", State.BREACHED),
    ],
)
def test_the_annual_notice_has_its_window(now: str, state: State | None) -> None:
    found = [each for each in owed_to_all(POLICY, at(now), since=SINCE) if each.duty is Duty.ANNUAL_NOTICE]
    assert [each.state(at(now).date()) for each in found] == ([state] if state else [])


def test_a_city_list_that_falls_on_a_closed_day_is_due_on_the_next_open_one() -> None:
    lists = [each for each in owed_to_all(POLICY, at("2026-11-05 12:00"), since=SINCE) if each.duty is Duty.CITY_LIST]
    assert [each.due_on for each in lists] == [date(2026, 10, 15), date(2026, 11, 2)]  # the first was a Sunday


def test_each_day_on_which_homes_lost_service_is_a_list_for_the_city_on_the_next_open_day() -> None:
    off_on = [day("2026-11-05"), day("2026-11-06"), day("2026-11-06")]
    found = owed_to_all(a_policy(city_list_daily=True), at("2026-11-09 12:00"), since=SINCE, off_on=off_on)
    lists = [each for each in found if each.duty is Duty.CITY_LIST_DAILY]
    assert [(each.key, each.due_on) for each in lists] == [
        ("city_list_daily.city.2026-11-05", day("2026-11-06")),
        ("city_list_daily.city.2026-11-06", day("2026-11-09")),  # a Friday's list, on Monday
    ]
    assert [states(each, "2026-11-09", "2026-11-10")[1] for each in lists] == [State.BREACHED, State.BREACHED]
    unasked = owed_to_all(a_policy(city_list_daily=False), at("2026-11-09 12:00"), since=SINCE, off_on=off_on)
    assert Duty.CITY_LIST_DAILY not in {each.duty for each in unasked}


def test_what_fell_due_before_we_began_is_not_owed_by_us() -> None:
    found = owed_to_all(POLICY, at("2026-11-05 12:00"), since=day("2026-10-20"))
    assert [each.due_on for each in found] == [date(2026, 11, 2)]


def test_copies_of_a_days_notices_are_one_obligation_for_each_who_receives_them() -> None:
    policy = a_policy(notice_winter_copies=("local_eap_provider", "mn_commerce"))
    found = owed_to_all(policy, at("2026-11-05 12:00"), since=SINCE, notices_on=[day("2026-11-04"), day("2026-11-04")])
    copies = [(each.due_on, each.owed_to) for each in found if each.duty is Duty.NOTICE_COPIES]
    assert copies == [
        (day("2026-11-05"), "the local energy assistance provider"),
        (day("2026-11-05"), "the Minnesota Department of Commerce"),
    ]


def test_money_that_nobody_claimed_goes_to_the_state_after_the_packs_years() -> None:
    money = Unplaced(name="suspense-7", since=date(2024, 2, 29), cents=1_200)
    found = owed_to_all(POLICY, at("2026-11-05 12:00"), since=SINCE, unplaced=[money])
    assert [each.due_on for each in found if each.duty is Duty.UNCLAIMED_CREDIT] == [date(2027, 3, 1)]


def test_where_the_pack_says_nothing_nothing_is_owed() -> None:
    policy = replace(POLICY, values={k: v for k, v in POLICY.values.items() if k != "dispute.answer_open_days"})
    owing = Owing(account_no=NO, facts=(a_fact(FactKind.DISPUTE, "2026-06-10 09:00"),))
    assert owed_to(owing, policy, at("2026-06-11 09:00")) == ()
