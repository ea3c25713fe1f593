"""Do HTTP and the fakes keep the same promises about instruments, credit that goes out, and deposits?"""

from datetime import date

from domain.money import Money
from gateways.fakes.faults import Fault, FaultKind
from gateways.money_out import CorrectInstrument, InstrumentState
from tests.gateways.outer import Outer
from tests.gateways.small_city import ANN, BANK_ACCOUNT, BEN, SHOP
from tests.gateways.test_systems_contract import open_of, pay, rejected

SEP_1, SEP_2 = date(2026, 9, 1), date(2026, 9, 2)


async def stop(outer: Outer, key: str, state: InstrumentState) -> str:
    receipt = await outer.systems.billing.set_instrument(
        key, account_no=ANN, kind="ach", state=state, because="R08", on=SEP_1
    )
    return receipt.details["changed"]


async def test_an_instrument_is_held_released_and_once_disabled_stays_so(outer: Outer) -> None:
    billing = outer.systems.billing
    assert await stop(outer, "i1", InstrumentState.HELD) == "1"
    assert [each.state for each in await billing.instruments(ANN)] == ["held"]
    assert await stop(outer, "i2", InstrumentState.ACTIVE) == "1"
    assert await stop(outer, "i3", InstrumentState.DISABLED) == "1"
    assert await stop(outer, "i4", InstrumentState.ACTIVE) == "0"
    assert [(each.state, each.because) for each in await billing.instruments(ANN)] == [("disabled", "R08")]


async def test_bank_numbers_are_there_to_draw_on_and_not_in_the_repr(outer: Outer) -> None:
    (instrument,) = await outer.systems.billing.instruments(ANN)
    assert (instrument.bank_account, instrument.last4, instrument.autopay) == (BANK_ACCOUNT, "6204", True)
    assert BANK_ACCOUNT not in repr(instrument)
    assert await outer.systems.billing.instruments(SHOP) == ()


async def test_autopay_ends_once_and_only_that_of_its_kind(outer: Outer) -> None:
    billing = outer.systems.billing

    async def end(key: str, kind: str) -> str:
        receipt = await billing.end_autopay(key, account_no=ANN, kind=kind, because="R07", on=SEP_1)
        return receipt.details["ended"]

    assert await end("a1", "card") == "no"
    assert await end("a2", "ach") == "yes"
    assert await end("a3", "ach") == "no"
    assert (await billing.account(ANN)).autopay == ""


async def test_a_notice_of_change_corrects_what_it_names(outer: Outer) -> None:
    billing = outer.systems.billing
    await billing.correct_instrument(
        "c1", CorrectInstrument(account_no=ANN, because="C02", on=SEP_1, routing="987654320")
    )
    (instrument,) = await billing.instruments(ANN)
    assert (instrument.routing, instrument.bank_account) == ("987654320", BANK_ACCOUNT)
    no_bank = billing.correct_instrument("c2", CorrectInstrument(account_no=BEN, because="C02", on=SEP_1))
    assert await rejected(no_bank) == "no-instrument"


async def test_a_refund_takes_credit_and_never_more_than_there_is(outer: Outer) -> None:
    billing = outer.systems.billing
    outer.advance("2026-09-01T08:00")
    await pay(outer, amount=Money(20_000))
    assert (await billing.open_bills(ANN)).credit == Money(3_000)
    assert await rejected(billing.refund("r1", account_no=ANN, amount=Money(3_001), on=SEP_1)) == "no-credit"
    first = await billing.refund("r2", account_no=ANN, amount=Money(3_000), on=SEP_1)
    assert await billing.refund("r2", account_no=ANN, amount=Money(3_000), on=SEP_1) == first
    answer = await billing.open_bills(ANN)
    assert (answer.credit, answer.bills) == (Money(0), ())
    await billing.restore_refund("r3", account_no=ANN, amount=Money(3_000), on=SEP_1)
    assert (await billing.open_bills(ANN)).credit == Money(3_000)


async def test_what_was_refunded_is_owed_when_the_payment_behind_it_comes_back(outer: Outer) -> None:
    billing = outer.systems.billing
    outer.advance("2026-09-01T08:00")
    before = sum(cents for _, cents in await open_of(outer))
    posted = await pay(outer, amount=Money(20_000))
    await billing.refund("r", account_no=ANN, amount=Money(3_000), on=SEP_1)
    outer.advance("2026-09-02T08:00")
    await billing.return_payment("back", payment_ref=posted.ref, reason="R10", on=SEP_2)
    assert sum(cents for _, cents in await open_of(outer)) == before + 3_000


async def test_a_deposit_pays_bills_with_its_interest_and_is_then_gone(outer: Outer) -> None:
    billing = outer.systems.billing
    outer.advance("2026-09-01T08:00")
    before = sum(cents for _, cents in await open_of(outer))
    await billing.apply_deposit("d1", account_no=ANN, amount=Money(15_000), interest=Money(123), on=SEP_1)
    assert sum(cents for _, cents in await open_of(outer)) == before - 15_123
    assert (await billing.account(ANN)).deposit == Money(0)
    again = billing.apply_deposit("d2", account_no=ANN, amount=Money(1), interest=Money(0), on=SEP_1)
    assert await rejected(again) == "no-deposit"


async def test_an_answer_lost_after_the_effect_is_found_by_its_key(outer: Outer) -> None:
    outer.advance("2026-09-01T08:00")
    await pay(outer, amount=Money(20_000))
    outer.faults.add(Fault(route="billing/refund", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=1))
    for _ in range(2):
        try:
            await outer.systems.billing.refund("r", account_no=ANN, amount=Money(3_000), on=SEP_1)
        except Exception as outage:  # noqa: BLE001  # which of the two it is depends on the road
            assert type(outage).__name__ == "Outage"  # noqa: PT017
    assert (await outer.systems.billing.open_bills(ANN)).credit == Money(0)
    assert (await outer.systems.billing.open_bills(ANN)).bills == ()
