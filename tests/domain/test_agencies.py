"""Which agency is next, what it earns, and what in its report is against Regulation F."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain import events as ev
from domain.account import AccountStatus
from domain.agencies import Contact, Standing, choose, commission, findings
from domain.case import Case
from domain.effects import Receipt
from domain.facts import FactKind
from domain.hear import Tells, Told, hear
from domain.money import Money
from domain.perform import performed
from domain.remedy import FinalBill, Remedy, RemedyKind, RemedyState
from domain.states import Stage
from domain.step import Step, StepKind
from domain.take.remedies import named
from tests.builders import a_bill, a_case, a_policy, an_account, asked, at, day, happened, refused

ON = date(2026, 9, 9)
NOW = "2026-09-09 10:00"
A, B, C = "alpha", "beta", "gamma"
KNOWN = (
    Standing(agency=A, holds=Money(900_00), given=Money(2_000_00), came=Money(500_00)),
    Standing(agency=B, holds=Money(400_00), given=Money(3_000_00), came=Money(300_00)),
)
BILL = a_bill("2026-06-01", 10_000)
HELD = Remedy(
    remedy_id="r",
    kind=RemedyKind.PLACEMENT,
    state=RemedyState.STANDING,
    bills=named((BILL,)),
    amount=Money(10_000),
    told=Money(10_000),
    since=day("2026-08-20"),
    with_whom=A,
    ref="PLC1",
)


def pack(rule: str, *names: str, shares: tuple[int, ...] = ()) -> object:
    return a_policy(AGENCY_CHOICE=rule, AGENCY_NAMES=names, AGENCY_SHARES=shares)


@pytest.mark.parametrize(
    ("rule", "shares", "chosen", "why"),
    [
        ("least_placed", (), B, "least placed: beta holds $400.00"),
        ("performance", (), A, "performance: alpha brought in $500.00 of $2,000.00"),
        ("share", (), A, "share: alpha was given $2,000.00 on 1 of 2 parts"),
        ("share", (1, 3), B, "share: beta was given $3,000.00 on 3 of 4 parts"),
    ],
)
def test_the_packs_rule_chooses_between_two_agencies(rule: str, shares: tuple[int, ...], chosen: str, why: str) -> None:
    assert choose(pack(rule, A, B, shares=shares), ON, KNOWN) == (chosen, why)  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", ["least_placed", "performance", "share"])
def test_an_agency_that_was_given_nothing_yet_is_next_by_every_rule(rule: str) -> None:
    assert choose(pack(rule, A, B, C), ON, KNOWN)[0] == C  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", ["least_placed", "performance", "share"])
def test_of_equals_the_one_that_the_pack_names_first_is_next(rule: str) -> None:
    assert choose(pack(rule, B, A), ON)[0] == B  # type: ignore[arg-type]


@given(st.permutations(KNOWN))
def test_in_which_order_agencies_are_known_changes_nothing(known: list[Standing]) -> None:
    assert choose(pack("performance", A, B), ON, known)[0] == A  # type: ignore[arg-type]


@pytest.mark.parametrize(("gross", "earned"), [(3503, 1050), (16766, 5029), (6268, 1880), (-3503, -1050), (1, 0)])
def test_a_commission_is_cut_to_the_cent(gross: int, earned: int) -> None:
    assert commission(a_policy(AGENCY_COMMISSION_PCT=30), Money(gross), ON) == Money(earned)


def ended() -> Case:
    final = FinalBill(
        billed_on=day("2026-05-11"), due_on=day("2026-06-01"), amount=Money(10_000), noticed_on=day("2026-07-01")
    )
    account = an_account(status=AccountStatus.FINAL)
    case = a_case(BILL, now=NOW, stage=Stage.FINAL_BILLED, final=final)
    return replace(case, known=replace(case.known, account=account))


def test_an_agency_that_is_not_under_contract_is_refused_by_name() -> None:
    refusal = refused(ended(), NOW, c.ReferToAgency(agency="omega"), policy=pack("share", A, B))  # type: ignore[arg-type]
    assert refusal.slug == "no-such-agency"
    assert "alpha, beta" in refusal.way_out


def test_the_reason_of_the_choice_is_on_record() -> None:
    policy = a_policy(AGENCY_NAMES=(A, B), APPROVAL_REMEDIES=())
    command = c.ReferToAgency(agency=B, because="least placed: beta holds $400.00")
    answer = asked(ended(), NOW, command, policy=policy)
    assert isinstance(answer, tuple), answer
    body = answer[0].body
    assert isinstance(body, ev.RemedyDecided)
    assert (body.remedy.with_whom, body.because) == (B, "least placed: beta holds $400.00")


def holding(left: int = 10_000) -> Case:
    bills = (a_bill("2026-06-01", 10_000, open_cents=left),) if left else ()
    return a_case(*bills, now=NOW, stage=Stage.WITH_AGENCY, remedies=(HELD,))


def said(what: Tells, because: str = "", cents: int = 0) -> Told:
    return Told(key="k", at=at(NOW), what=what, because=because, amount=Money(cents), ref="x")


def test_money_that_the_city_took_earns_the_agency_its_commission() -> None:
    case = holding(7_000)
    step = Step(kind=StepKind.TELL_HOLDER, at=at(NOW), says="", rule="T09", ref="r", amount=Money(7_000))
    policy = a_policy(AGENCY_COMMISSION_PCT=30)
    (event,) = performed(case, step, Receipt(ref="x"), policy, at(NOW))
    assert event.body == ev.RemedyTold(remedy_id="r", change=Money(3_000), left=Money(7_000), commission=Money(900))


def test_money_that_the_agency_took_itself_is_not_told_to_it() -> None:
    (told,) = hear(holding(7_000), said(Tells.AGENCY_COLLECTED, cents=3_000))
    assert told == ev.RemedyTold(remedy_id="r", change=Money(3_000), left=Money(7_000), collected=True)
    case = happened(holding(7_000), NOW, told)
    assert case.remedies[0].told == Money(7_000)
    assert hear(case, said(Tells.AGENCY_COLLECTED, cents=3_000)) == (), "there is nothing left to be noted"


def test_a_debt_that_the_agency_refuses_comes_back_with_its_reason_and_a_task() -> None:
    back, task = hear(holding(), said(Tells.AGENCY_REFUSED, "missing_last4"))
    assert isinstance(back, ev.RecalledFromAgency)
    assert "missing last4" in back.because
    assert isinstance(task, ev.TaskRaised)
    assert not task.urgent
    assert happened(holding(), NOW, back).stage is Stage.FINAL_BILLED


@pytest.mark.parametrize("because", ["bankruptcy_found", "bankruptcy", "deceased"])
def test_an_agencys_word_of_bankruptcy_or_death_freezes_everything(because: str) -> None:
    _, task, hold = hear(holding(), said(Tells.AGENCY_RETURNED, because))
    assert isinstance(task, ev.TaskRaised)
    assert task.urgent
    assert isinstance(hold, ev.FactRecorded)
    assert hold.fact.kind is FactKind.HOLD


def test_what_comes_for_a_debt_that_is_not_there_any_more_changes_nothing() -> None:
    case = a_case(BILL, now=NOW, stage=Stage.FINAL_BILLED)
    for what in (Tells.AGENCY_REFUSED, Tells.AGENCY_RETURNED, Tells.AGENCY_COLLECTED):
        assert hear(case, said(what, cents=1)) == ()


# --- Regulation F ---------------------------------------------------------------------------------------------------

NOON = datetime(2026, 9, 1, 12, 0)


def call(number: int, *, hours: float = 0, spoke: bool = False, channel: str = "phone", **flags: bool) -> Contact:
    return Contact(
        ref=f"c{number}", account_no="1", at=NOON + timedelta(hours=hours), channel=channel, spoke=spoke, **flags
    )


NOTICE = call(0, hours=-1, channel="letter", notice=True)


def rules(*contacts: Contact, barred_from: date = date.max) -> list[str]:
    found = findings(contacts, validation_days=5, barred_from={"1": barred_from})
    return [f.rule.removeprefix("12 CFR ") for f in found]


def test_seven_calls_in_seven_days_are_lawful_and_the_eighth_is_not() -> None:
    seven = [call(n, hours=n * 0.5) for n in range(1, 8)]
    assert rules(NOTICE, *seven) == []
    assert rules(NOTICE, *seven, call(8, hours=24)) == ["1006.14(b)(2)(i)(A)"]
    assert rules(NOTICE, *seven, call(8, hours=2 + 7 * 24)) == []


@pytest.mark.parametrize(("days", "found"), [(6, ["1006.14(b)(2)(i)(B)"]), (7, [])])
def test_a_call_within_seven_days_of_a_conversation_is_found(days: int, found: list[str]) -> None:
    assert rules(NOTICE, call(1, spoke=True), call(2, hours=24 * days)) == found


@pytest.mark.parametrize(("hour", "found"), [(7.99, 1), (8, 0), (21, 0), (21.02, 1)])
def test_calls_are_made_between_eight_and_nine_at_the_consumers_place(hour: float, found: int) -> None:
    assert rules(NOTICE, call(1, hours=hour - 12)).count("1006.6(b)(1)") == found


def test_a_text_says_how_to_stop_and_nothing_comes_after_the_wish_to_be_left_alone() -> None:
    assert rules(NOTICE, call(1, channel="text", opt_out=False)) == ["1006.6(e)"]
    assert rules(NOTICE, call(1, ceased=True), call(2, hours=200)) == ["1006.6(c)"]


@pytest.mark.parametrize(("days", "found"), [(5, []), (6, ["1006.34(a)(1)"])])
def test_the_validation_notice_comes_within_five_days_of_the_first_word(days: int, found: list[str]) -> None:
    assert rules(call(1, spoke=True), call(2, hours=24 * days, channel="letter", notice=True)) == found


def test_a_suit_over_a_barred_debt_is_not_to_be_threatened() -> None:
    threat = call(1, threat=True)
    assert rules(NOTICE, threat) == []
    day = threat.at.date()
    assert rules(NOTICE, threat, barred_from=day + timedelta(days=1)) == []
    assert rules(NOTICE, threat, barred_from=day) == ["1006.26(b)"]


@given(st.lists(st.integers(0, 400), max_size=12))
def test_a_report_in_any_order_has_the_same_findings(hours: list[int]) -> None:
    made = [call(n, hours=hour) for n, hour in enumerate(hours)]
    assert findings(made, validation_days=5) == findings(list(reversed(made)), validation_days=5)
