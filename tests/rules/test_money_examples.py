"""Do the rules of money answer as their worked examples say?"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from domain import parameters as par
from domain.deposits import interest, refund_by
from domain.money import Money
from domain.obligations import Obligation, Unapplied, Unplaced, owed_to_all
from domain.policy import Dated, Policy
from domain.refunds import CreditOf, PaidIn, Payee, fund_share, may_refund
from domain.returned import Past, ReturnedItem, card_again, consequences
from formats import nacha
from formats.errors import Malformed
from formats.payment_file import read_payment_file
from formats.returned import decline_of, reason_of
from tests.rules.worked import policy

FOLDER = Path(__file__).parents[2] / "policies" / "worked_examples" / "money"
ON = date(2026, 9, 9)
PRESENTED = date(2026, 9, 4)
AMOUNT = Money(84_20)


def said(kind: str) -> list[Any]:
    return list(_said(kind))


def _said(kind: str) -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(path.read_text())
        for each in tables.get(kind, ()):
            yield pytest.param(each, id=f"{tables['rule']}: {each['name']}")


def with_value(pack: Policy, key: str, value: object) -> Policy:
    """Return *pack* with *value* in force from its first day."""
    first = pack.values[key][0]
    return replace(pack, values={**pack.values, key: (Dated(first.since, value, first.source),)})


def pack_of(example: dict[str, Any]) -> Policy:
    pack = policy(example.get("city", "rochester-mn"))
    return with_value(pack, par.NSF_POSTED.key, example["posted"]) if "posted" in example else pack


@pytest.mark.parametrize("example", said("returned"))
def test_what_follows_from_a_returned_item(example: dict[str, Any]) -> None:
    item = ReturnedItem(
        amount=AMOUNT,
        reason=reason_of(example["source"], example["code"]),
        presented_on=example.get("presented", PRESENTED),
        returned_on=example.get("returned", ON),
        presentment=example.get("presentment", 1),
    )
    past = Past(strikes=example.get("strikes", ()), fee_charged=example.get("fee_charged", False))
    found = consequences(item, past, pack_of(example))
    answers = {
        "retry": found.retry_on or False,
        "fee": f"{found.fee}".removeprefix("$"),
        "instrument": str(found.instrument),
        "autopay": str(found.autopay),
        "cash_only": found.cash_only_until or False,
        "deceased": found.deceased,
        "task": found.tasks[0] if found.tasks else False,
        "rate": str(item.reason.rate),
    }
    assert {key: answers[key] for key in example["expect"]} == example["expect"], found
    assert found.fee_why.endswith(".")
    assert found.retry_why.endswith((".", ")."))


@pytest.mark.parametrize("example", said("declined"))
def test_what_follows_from_a_declined_card(example: dict[str, Any]) -> None:
    reason = decline_of(example["code"], example.get("advice", ""))
    again, since, says = card_again(example.get("attempts", ()), reason, pack_of(example), on=example.get("on", ON))
    answers = {
        "again": str(again),
        "from": since,
        "instrument": str(reason.instrument),
        "autopay": str(reason.autopay),
        "task": reason.task or False,
    }
    assert {key: answers[key] for key in example["expect"]} == example["expect"], says


@pytest.mark.parametrize("example", said("change"))
def test_what_a_notice_of_change_corrects(example: dict[str, Any]) -> None:
    notice = nacha.AddendaChange.build(
        change_code=example["code"],
        original_trace="091400600000001",
        original_rdfi="23138010",
        corrected_data=example["data"],
        trace="031300010000001",
    )
    found = nacha.correction(notice)
    names = ("routing", "account", "transaction_code", "name")
    assert {name: getattr(found, name) for name in names if getattr(found, name)} == example["expect"]


def owed(example: dict[str, Any], **known: Any) -> Obligation:
    pack, on = policy(example.get("city", "rochester-mn")), example["on"]
    now, since = pack.calendar.at(on, time(12)), date(2026, 7, 1)
    (found,) = (
        each for each in owed_to_all(pack, now, since=since, **known) if each.key.endswith(f".{example['name']}")
    )
    assert (found.due_on, found.state(on)) == (example["expect"]["due"], example["expect"]["state"])
    return found


@pytest.mark.parametrize("example", said("change_due"))
def test_by_when_a_change_is_applied(example: dict[str, Any]) -> None:
    change = Unapplied(name=example["name"], code="C01", since=example["since"])
    assert owed(example, unapplied=[change]).owner == "accountant"


@pytest.mark.parametrize("example", said("unplaced"))
def test_how_long_money_waits_that_has_no_place(example: dict[str, Any]) -> None:
    money = Unplaced(name=example["name"], since=example["since"], cents=84_20)
    assert owed(example, unplaced=[money]).owed_to == "the state"


@pytest.mark.parametrize("example", said("deposit"))
def test_what_a_deposit_earns_and_when_it_is_back(example: dict[str, Any]) -> None:
    pack, final = policy(example.get("city", "rochester-mn")), example["final"]
    found = interest(Money.dollars(example["deposit"]), since=example["since"], before=final, policy=pack)
    assert found.amount == Money.dollars(example["expect"]["interest"]), found.says
    assert refund_by(final, pack) == example["expect"]["by"]


@pytest.mark.parametrize("example", said("credit"))
def test_whose_a_credit_is(example: dict[str, Any]) -> None:
    pack, long_ago = policy("rochester-mn"), date(2026, 1, 5)
    if "left_over" in example:
        pack = with_value(pack, par.ASSISTANCE_LEFT_OVER.key, example["left_over"])
    payments = tuple(
        PaidIn(
            payment_id=f"{each['source']}-{place}",
            source=each["source"],
            tender="",
            amount=Money.dollars(each["amount"]),
            on=long_ago,
        )
        for place, each in enumerate(example["payments"])
    )
    known = CreditOf(credit=Money.dollars(example["credit"]), payments=payments)
    asked = example["ask"]
    refusal = may_refund(
        known, amount=Money.dollars(asked["amount"]), payee=Payee(asked["payee"]), by="ann", policy=pack, on=ON
    )
    assert fund_share(known, pack, on=ON) == Money.dollars(example["expect"]["fund"])
    assert (refusal.slug if refusal else "") == example["expect"]["refused"]


@pytest.mark.parametrize("example", said("control"))
def test_a_file_is_taken_whole_or_not_at_all(example: dict[str, Any]) -> None:
    data = example["file"].lstrip().encode()
    try:
        found, rule = read_payment_file(data, name="x.csv", received_on=ON).items, ""
    except Malformed as fault:
        found, rule = (), fault.rule
    assert rule == example["expect"]
    assert bool(found) is not bool(rule)


def test_every_code_of_every_table_has_its_treatment() -> None:
    from formats.codes import CARDS, CHECKS  # noqa: PLC0415

    for code in {**nacha.RETURNS, **nacha.CHANGES}:
        assert reason_of("draft", code).known, code
    for code in CHECKS:
        assert reason_of("lockbox", code).known, code
    for code in CARDS:
        assert decline_of(code, "").known, code
