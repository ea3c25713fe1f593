"""Do the HTTP gateways and the in-memory fakes keep the same promises? Every test runs against both."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from domain.account import AccountStatus, Service
from domain.case import OrderPurpose
from domain.effects import Receipt as Mailed
from domain.money import Money
from formats.city import FieldOutcome, RecallAction
from gateways.billing import MOVEMENTS
from gateways.court import CourtEventKind
from gateways.errors import Outage, Rejected
from gateways.fakes.faults import Fault, FaultKind
from gateways.field import CancelOutcome
from gateways.mail import mailed
from gateways.messages import Channel, SendMessage
from gateways.receipt import Receipt
from tests.gateways.outer import Outer
from tests.gateways.small_city import ANN, BEN, DRAFT, GONE, PRIVATE, SHOP, number

SEP_1 = date(2026, 9, 1)


async def rejected(call: Awaitable[object]) -> str:
    with pytest.raises(Rejected) as refusal:
        await call
    return refusal.value.slug


def pay(outer: Outer, key: str = "payment/web/1", **changes: object) -> Awaitable[Receipt]:
    content: dict[str, Any] = {"account_no": ANN, "amount": Money(7000), "on": SEP_1, "source": "web", "trace": "1"}
    return outer.systems.billing.post_payment(key, **{**content, **changes})


async def open_of(outer: Outer, account_no: str = ANN) -> list[tuple[str, int]]:
    answer = await outer.systems.billing.open_bills(account_no)
    return [(bill.ref, bill.open.cents) for bill in answer.bills]


def create(outer: Outer, key: str = "K-1", **changes: object) -> Awaitable[Receipt]:
    content: dict[str, Any] = {
        "order_id": "99-1/order/1",
        "account_no": BEN,
        "premise_id": "P000002",
        "service": Service.ELECTRIC,
        "purpose": OrderPurpose.DISCONNECT,
        "remote": False,
    }
    return outer.systems.field.create_order(key, **{**content, **changes})


class TestReading:
    async def test_an_account_comes_with_its_traits_and_what_reaches_its_customer(self, outer: Outer) -> None:
        master = await outer.systems.billing.account(ANN)
        assert (master.account.services, master.account.meter_remote) == ((Service.ELECTRIC, Service.WATER), True)
        assert (master.name, master.premise_address, master.phone, master.email) == PRIVATE
        assert master.third_party_designee is not None
        assert master.third_party_designee.name == "Ole Ek"
        assert master.bankruptcy_petition_on == date(2026, 4, 1)
        assert (master.consents.sms, master.consents.email, master.deposit) == (True, False, Money(15000))

    async def test_what_names_a_person_is_not_in_the_repr(self, outer: Outer) -> None:
        shown = repr(await outer.systems.billing.account(ANN))
        assert not [word for word in (*PRIVATE, "Ole Ek", "PO Box 7", "Elm Homes") if word in shown]

    async def test_accounts_come_in_the_order_asked_for(self, outer: Outer) -> None:
        masters = await outer.systems.billing.accounts([SHOP, ANN])
        assert [master.account.account_no for master in masters] == [SHOP, ANN]

    async def test_an_unknown_account_is_rejected(self, outer: Outer) -> None:
        assert await rejected(outer.systems.billing.account(number(77))) == "unknown-account"
        assert await rejected(outer.systems.billing.open_bills_of([ANN, number(77)])) == "unknown-account"

    async def test_open_bills_carry_original_open_and_the_credit_left_over(self, outer: Outer) -> None:
        ann, ben = await outer.systems.billing.open_bills_of([ANN, BEN])
        assert [(bill.ref, bill.original, bill.open) for bill in ann.bills] == [
            ("1001/electric", Money(9000), Money(6000)),
            ("1001/water", Money(3000), Money(3000)),
            ("1009/electric", Money(8000), Money(8000)),
        ]
        assert [(bill.ref, bill.open.cents) for bill in ben.bills] == [("1002/electric", 3500)]
        assert (ann.as_of, ann.status, ben.credit) == (date(2026, 8, 31), AccountStatus.ACTIVE, Money(0))

    async def test_a_days_bills_appear_on_that_day_and_not_before(self, outer: Outer) -> None:
        outer.advance("2026-09-14T23:59")
        assert ("2001/water", 2000) not in await open_of(outer)
        outer.advance("2026-09-15T00:00")
        assert ("2001/water", 2000) in await open_of(outer)

    async def test_the_extract_lists_who_is_past_due_in_the_citys_layout(self, outer: Outer) -> None:
        outer.advance("2026-09-07T08:00")
        header, *rows = (await outer.systems.billing.delinquencies(date(2026, 8, 31))).decode().splitlines()
        assert header.split(",")[-3:] == ["electric_cents", "water_cents", "total_cents"]
        assert rows == [
            f"{ANN},2026-08-31,2026-08-05,8000,9000,0,0,0,0,9000,14000,3000,17000",
            f"{SHOP},2026-08-31,2026-07-22,0,0,2500,0,0,0,2500,0,2500,2500",
        ]

    @pytest.mark.parametrize(("due_day", "past_due"), [(date(2026, 9, 7), 9000), (date(2026, 9, 8), 17000)])
    async def test_a_bill_is_past_due_from_the_day_after_its_due_date(
        self, outer: Outer, due_day: date, past_due: int
    ) -> None:
        outer.advance("2026-09-08T08:00")
        rows = (await outer.systems.billing.delinquencies(due_day)).decode().splitlines()
        assert f",{past_due}," in next(row for row in rows if row.startswith(ANN))

    async def test_a_day_to_come_has_no_extract(self, outer: Outer) -> None:
        assert await rejected(outer.systems.billing.delinquencies(date(2026, 9, 1))) == "no-such-day"


class TestControlAccounts:
    async def test_opening_and_movements_are_closing_and_what_is_open_of_every_account(self, outer: Outer) -> None:
        billing = outer.systems.billing
        outer.advance("2026-09-15T08:00")
        await pay(outer, on=date(2026, 9, 15))
        await billing.charge(
            "c1", account_no=ANN, service=Service.WATER, kind="nsf", amount=Money(300), on=date(2026, 9, 15)
        )
        await billing.adjust(
            "a1", account_no=BEN, service=Service.ELECTRIC, reason="error", amount=Money(-100), on=date(2026, 9, 15)
        )
        days = {"since": date(2026, 9, 1), "through": date(2026, 9, 30)}
        lines = {line.service: line for line in await billing.control(**days)}
        answers = await billing.open_bills_of(await billing.account_nos(), as_of=date(2026, 9, 30))

        for name, line in lines.items():
            moved = sum(getattr(line, each).cents for each in MOVEMENTS)
            due = sum(bill.open.cents for answer in answers for bill in answer.bills if bill.service == name)
            credit = sum(answer.credit.cents for answer in answers) if name == "credit" else 0
            assert line.closing.cents == line.opening.cents + moved == due - credit
        assert lines["water"].fees == Money(300)
        assert lines["electric"].adjustments == Money(-100)
        assert sum(line.payments.cents for line in lines.values()) == -7000
        assert sum(line.billed.cents for line in lines.values()) == 7000 + 2000 + 4100

    async def test_a_payment_taken_back_moves_what_it_had_paid(self, outer: Outer) -> None:
        outer.advance("2026-09-01T08:00")
        ref = (await pay(outer, on=date(2026, 9, 1))).ref
        await outer.systems.billing.return_payment("r1", payment_ref=ref, reason="R01", on=date(2026, 9, 1))
        lines = await outer.systems.billing.control(since=date(2026, 9, 1), through=date(2026, 9, 1))

        assert sum(line.payments.cents for line in lines) == -sum(line.returns.cents for line in lines) == -7000
        assert [(line.service, line.opening) for line in lines] == [(line.service, line.closing) for line in lines]


class TestMoney:
    async def test_a_payment_goes_to_the_oldest_due_date_first_and_electric_before_water(self, outer: Outer) -> None:
        await pay(outer)
        outer.advance("2026-09-01T08:00")
        assert await open_of(outer) == [("1001/water", 2000), ("1009/electric", 8000)]

    async def test_a_payment_counts_from_its_own_day(self, outer: Outer) -> None:
        await pay(outer, on=date(2026, 9, 2))
        outer.advance("2026-09-01T23:00")
        assert ("1001/electric", 6000) in await open_of(outer)
        outer.advance("2026-09-02T00:30")
        assert ("1001/electric", 6000) not in await open_of(outer)

    async def test_the_same_key_posts_once_and_returns_the_same_receipt(self, outer: Outer) -> None:
        first = await pay(outer)
        outer.advance("2026-09-01T08:00")
        assert await pay(outer) == first
        assert sum(cents for _, cents in await open_of(outer)) == 10_000

    async def test_a_key_does_not_stand_for_two_effects(self, outer: Outer) -> None:
        await pay(outer)
        assert await rejected(pay(outer, amount=Money(7001))) == "key-used-otherwise"

    async def test_a_trace_is_posted_once_per_source(self, outer: Outer) -> None:
        first = await pay(outer)
        assert await rejected(pay(outer, "other")) == "duplicate-trace"
        await pay(outer, "another-source", source="lockbox")
        await outer.systems.billing.return_payment("back", payment_ref=first.ref, reason="R01", on=SEP_1)
        assert (await pay(outer, "posted-anew")).ref != first.ref

    async def test_money_for_a_closed_account_is_rejected_and_for_a_final_one_is_not(self, outer: Outer) -> None:
        assert await rejected(pay(outer, account_no=GONE)) == "closed-account"
        assert (await pay(outer, account_no=SHOP)).ref

    @pytest.mark.parametrize("cents", [0, -1])
    async def test_a_payment_is_above_zero(self, outer: Outer, cents: int) -> None:
        assert await rejected(pay(outer, amount=Money(cents))) == "bad-amount"

    async def test_a_returned_payment_counts_as_never_made(self, outer: Outer) -> None:
        before = await open_of(outer)
        posted = await pay(outer)
        outer.advance("2026-09-03T08:00")
        receipt = await outer.systems.billing.return_payment(
            "back", payment_ref=posted.ref, reason="R01", on=date(2026, 9, 3)
        )
        assert await open_of(outer) == before
        assert receipt.details == {"account_no": ANN, "amount_cents": "7000"}

    async def test_a_payment_is_returned_once(self, outer: Outer) -> None:
        posted = await pay(outer)
        back = outer.systems.billing.return_payment
        await back("back", payment_ref=posted.ref, reason="R01", on=SEP_1)
        assert await rejected(back("again", payment_ref=posted.ref, reason="R01", on=SEP_1)) == "already-returned"
        assert await rejected(back("none", payment_ref="PM999999", reason="R01", on=SEP_1)) == "unknown-payment"

    async def test_a_draft_posted_before_the_opening_comes_back_under_its_old_due_dates(self, outer: Outer) -> None:
        outer.advance("2026-09-01T08:00")
        await outer.systems.billing.return_payment("back", payment_ref=DRAFT, reason="R01", on=SEP_1)
        answer = await outer.systems.billing.open_bills(ANN)
        assert [(bill.ref, bill.due_on, bill.open.cents) for bill in answer.bills][:2] == [
            ("0999/water", date(2026, 7, 6), 500),
            ("1001/electric", date(2026, 8, 5), 9000),
        ]

    async def test_a_fee_is_due_in_21_days_unless_said_otherwise(self, outer: Outer) -> None:
        async def fee(key: str, due_on: date | None) -> Receipt:
            return await outer.systems.billing.charge(
                key, account_no=ANN, service=Service.WATER, kind="late", amount=Money(90), on=SEP_1, due_on=due_on
            )

        assert (await fee("f1", None)).day("due_on") == date(2026, 9, 22)
        charged = await fee("f2", date(2026, 9, 10))
        assert charged.day("due_on") == date(2026, 9, 10)
        outer.advance("2026-09-01T08:00")
        assert (f"{charged.ref}/water", 90) in await open_of(outer)

    async def test_an_adjustment_below_zero_credits_and_above_zero_is_owed(self, outer: Outer) -> None:
        outer.advance("2026-09-01T08:00")
        before = sum(cents for _, cents in await open_of(outer))
        for key, cents in (("a1", -1000), ("a2", 300)):
            await outer.systems.billing.adjust(
                key, account_no=ANN, service=Service.ELECTRIC, reason="misread", amount=Money(cents), on=SEP_1
            )
        assert sum(cents for _, cents in await open_of(outer)) == before - 700

    async def test_after_the_final_bill_no_bill_follows(self, outer: Outer) -> None:
        outer.advance("2026-09-22T08:00")
        receipt = await outer.systems.billing.final_bill("end", account_no=ANN, on=date(2026, 9, 22))
        outer.advance("2026-10-15T08:00")
        answer = await outer.systems.billing.open_bills(ANN)
        assert answer.status is AccountStatus.FINAL
        assert "3001" not in {bill.bill_no for bill in answer.bills}
        assert receipt.day("due_on") == date(2026, 10, 13)
        # Seven days of thirty since the bill of 2026-09-15: 7000 and 2000 cents make 1633 and 466.
        assert receipt.details["amount_cents"] == "2099"


class TestFieldMailAgencyCourt:
    async def test_an_order_gets_the_citys_own_type(self, outer: Outer) -> None:
        assert (await create(outer)).details["type"] == "DNP-ELEC-FIELD"

    async def test_no_crew_cuts_sewer(self, outer: Outer) -> None:
        assert await rejected(create(outer, service=Service.SEWER)) == "no-such-order-type"

    async def test_an_order_is_created_once(self, outer: Outer) -> None:
        assert await create(outer) == await create(outer)
        assert await rejected(create(outer, "K-2")) == "duplicate-order"
        assert len(outer.city.field.orders) == 1

    async def test_a_dispatched_order_can_be_cancelled_and_an_unknown_one_cannot(self, outer: Outer) -> None:
        await create(outer)
        await outer.systems.field.dispatch("K-2", order_id="99-1/order/1", on=date(2026, 9, 2))
        cancelled = await outer.systems.field.cancel("K-3", order_id="99-1/order/1", reason="paid")
        assert cancelled.details["outcome"] == CancelOutcome.CANCELLED
        assert await rejected(outer.systems.field.cancel("K-4", order_id="none", reason="paid")) == "unknown-order"
        again = outer.systems.field.dispatch("K-5", order_id="99-1/order/1", on=date(2026, 9, 2))
        assert await rejected(again) == "order-ended"

    @pytest.mark.parametrize(
        ("handed_over", "mailed_on"),
        [
            ("2026-09-04T15:59", date(2026, 9, 4)),
            ("2026-09-04T16:00", date(2026, 9, 8)),  # a Friday afternoon before Labor Day
            ("2026-09-06T10:00", date(2026, 9, 8)),
            ("2026-09-08T10:00", date(2026, 9, 8)),
        ],
    )
    async def test_a_letter_is_mailed_on_an_open_day(self, outer: Outer, handed_over: str, mailed_on: date) -> None:
        outer.advance(handed_over)
        receipt = await outer.systems.mail.send("L", letter_id="99-1/n", kind="notice", account_no=ANN, language="es")
        assert receipt.day("mailed_on") == mailed_on

    async def test_a_house_that_confirms_later_names_no_day(self, outer: Outer) -> None:
        outer.city.mail.confirms_later = True
        sent = await outer.systems.mail.send("L", letter_id="99-1/n", kind="notice", account_no=ANN, language="es")
        assert mailed("L", sent) == Mailed(ref="L", pending=True)

    @pytest.mark.parametrize("channel", list(Channel))
    async def test_a_message_goes_out_once_for_its_key(self, outer: Outer, channel: Channel) -> None:
        message = SendMessage(
            message_id="99-1/reminded", channel=channel, account_no=ANN, to="507-555-0100", text="Due soon."
        )
        first = await outer.systems.messages.send("M", message)
        assert await outer.systems.messages.send("M", message) == first
        assert await outer.systems.messages.lookup("M") == first
        assert await rejected(outer.systems.messages.send("M2", message)) == "duplicate-message"
        assert outer.city.messages.sent == {"99-1/reminded": channel}

    async def test_whoever_said_stop_is_sent_nothing_more(self, outer: Outer) -> None:
        outer.city.messages.stopped.add("507-555-0100")
        message = SendMessage(message_id="m", channel=Channel.SMS, account_no=ANN, to="507-555-0100", text="Due soon.")
        assert await rejected(outer.systems.messages.send("M", message)) == "opted-out"
        nowhere = replace(message, to="", message_id="n")
        assert await rejected(outer.systems.messages.send("N", nowhere)) == "no-recipient"

    async def test_an_attachment_goes_with_an_e_mail_alone(self, outer: Outer) -> None:
        message = SendMessage(
            message_id="m",
            channel=Channel.EMAIL,
            account_no=ANN,
            to="ann@example.com",
            subject="Due",
            text="Due soon.",
            attachment="JVBERi0=",
            attachment_name="agreement.pdf",
        )
        await outer.systems.messages.send("M", message)
        by_sms = replace(message, channel=Channel.SMS, message_id="n")
        assert await rejected(outer.systems.messages.send("N", by_sms)) == "attachment-on-sms"
        assert not [word for word in ("ann@example.com", "Due soon.") if word in repr(message)]

    async def test_a_placement_is_recalled_with_what_is_left(self, outer: Outer) -> None:
        agency = outer.systems.agency
        placed = await agency.place("p", account_no=ANN, amount=Money(9000), on=SEP_1)
        assert await rejected(agency.place("p2", account_no=ANN, amount=Money(1), on=SEP_1)) == "already-placed"
        await agency.direct_payment("d", placement_ref=placed.ref, amount=Money(4000), on=SEP_1)
        recalled = await agency.recall("r", placement_ref=placed.ref, reason="paid", on=SEP_1)
        assert recalled.details["left_cents"] == "5000"
        gone = agency.direct_payment("d2", placement_ref=placed.ref, amount=Money(1), on=SEP_1)
        assert await rejected(gone) == "unknown-placement"

    async def test_an_account_placed_before_the_opening_can_be_recalled(self, outer: Outer) -> None:
        recalled = await outer.systems.agency.recall("r", placement_ref=f"PL{SHOP}", reason="time", on=SEP_1)
        assert recalled.details["left_cents"] == "2500"

    async def test_a_claim_is_heard_on_a_thursday_after_six_weeks_and_ends_once(self, outer: Outer) -> None:
        court = outer.systems.court
        claim = await court.file_claim("c", account_no=SHOP, amount=Money(2500), on=SEP_1)
        assert claim.day("hearing_on") == date(2026, 10, 15)
        assert await rejected(court.file_claim("c2", account_no=SHOP, amount=Money(1), on=SEP_1)) == "claim-pending"
        await court.file_event("e", claim_no=claim.ref, kind=CourtEventKind.SATISFACTION, on=SEP_1)
        late = court.file_event("e2", claim_no=claim.ref, kind=CourtEventKind.DISMISSAL, on=SEP_1)
        assert await rejected(late) == "claim-ended"


class TestOutside:
    async def test_the_folders_own_rows_are_read_by_day(self, outer: Outer) -> None:
        outside = outer.systems.outside
        (report,) = await outside.field_reports(date(2026, 9, 10))
        assert (report.outcome, report.done_at) == (
            FieldOutcome.COMPLETED,
            datetime(2026, 9, 10, 18, 11, tzinfo=UTC),
        )
        (recall,) = (await outside.agency_day(date(2026, 9, 10))).recalls
        assert recall.action is RecallAction.RETURNED_BY_AGENCY
        assert [row.claim_no for row in await outside.court_reports(date(2026, 9, 3))] == ["CV1"]
        assert [day.on for day in await outside.holidays()] == [date(2026, 9, 7)]

    async def test_a_day_without_a_file_is_empty(self, outer: Outer) -> None:
        assert await outer.systems.outside.field_reports(date(2026, 9, 11)) == ()
        assert (await outer.systems.outside.agency_day(date(2026, 9, 11))).remittance is None

    async def test_a_heat_product_is_told_as_its_bulletins_up_to_the_instant_leave_it(self, outer: Outer) -> None:
        async def ends(text: str) -> list[datetime]:
            return [each.ends_at for each in await outer.systems.outside.heat_products(datetime.fromisoformat(text))]

        assert await ends("2026-09-01T13:59:59-05:00") == []
        assert await ends("2026-09-01T14:00:00-05:00") == [datetime(2026, 9, 3, 1, 0, tzinfo=UTC)]
        assert await ends("2026-09-02T15:00:00-05:00") == [datetime(2026, 9, 4, 1, 0, tzinfo=UTC)]


class TestFailing:
    async def test_an_error_before_the_effect_is_an_outage_and_leaves_nothing(self, outer: Outer) -> None:
        outer.faults.add(Fault(route="billing/post_payment", kind=FaultKind.ERROR))
        with pytest.raises(Outage):
            await pay(outer)
        assert await outer.systems.billing.lookup("payment/web/1") is None
        assert (await pay(outer)).ref

    async def test_a_failing_reading_is_an_outage(self, outer: Outer) -> None:
        outer.faults.add(Fault(route="billing/open_bills", kind=FaultKind.ERROR, status=503))
        with pytest.raises(Outage) as outage:
            await outer.systems.billing.open_bills(ANN)
        assert ANN not in str(outage.value)

    async def test_an_answer_lost_after_success_leaves_one_effect_under_its_key(self, outer: Outer) -> None:
        lost = Fault(route="billing/*", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, seconds=2)
        outer.faults.add(lost)
        try:
            first = await pay(outer)
            assert outer.over_http, "only a caller over HTTP looks the key up by itself"
        except Outage:
            assert not outer.over_http, "an answer cut off after success is found by its key"
            first = await pay(outer)
        assert await outer.systems.billing.lookup("payment/web/1") == first
        assert outer.city.billing.effects_done == 1

    async def test_a_lost_answer_that_cannot_be_looked_up_is_an_outage_and_repeating_it_is_safe(
        self, outer: Outer
    ) -> None:
        outer.faults.add(Fault(route="billing/post_payment", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, seconds=2))
        outer.faults.add(Fault(route="billing/lookup", kind=FaultKind.ERROR))
        with pytest.raises(Outage):
            await pay(outer)
        assert (await pay(outer)).ref == "PM000001"
        assert outer.city.billing.effects_done == 1

    @pytest.mark.parametrize("seconds", [0.0, 2.0])
    async def test_a_slow_answer_is_waited_for_or_looked_up(self, outer: Outer, seconds: float) -> None:
        outer.faults.add(Fault(route="mail/send", kind=FaultKind.DELAY, seconds=seconds))
        send = partial(outer.systems.mail.send, letter_id="99-1/n", kind="notice", account_no=ANN, language="en")
        if seconds and outer.over_http:
            with pytest.raises(Outage):
                await send("L")
        assert (await send("L")).ref
        assert outer.city.mail.effects_done == 1
