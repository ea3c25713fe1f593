"""Do debts that are handed on go as their worked examples say: limits, judgments, direct payments, old debt, credit?"""

from collections import defaultdict
from datetime import date

import pytest

from domain import commands as c
from domain.agenda import agenda, next_step
from domain.calendar import years_after
from domain.decide import decide
from domain.events import ApprovalAsked
from domain.money import ZERO, Money
from domain.obligations import Unplaced, owed_to_all
from domain.refunds import CreditOf, PaidIn, Payee, escheats_on, may_refund, stale_on
from domain.step import Step
from domain.verdict import Refusal
from tests.rules.handed_on import HandedOn, as_said, called, command_of, events_of, examples, household, moved
from tests.rules.worked import SERVICES, instant, policy

EXAMPLES = examples()
ASKED = [each for each in EXAMPLES if "ask" in each.says]
FOLLOWED = [each for each in EXAMPLES if "next" in each.says or "never" in each.says]
CREDITS = [each for each in EXAMPLES if "credit" in each.says]
BY_SERVICE = ("T04", "T08", "T09", "T10")


@pytest.mark.parametrize("example", ASKED, ids=str)
def test_an_act_is_taken_or_refused_as_the_example_says(example: HandedOn) -> None:
    says, now = example.says, instant(example.now, example.city)
    decision = c.Decision(key="q", at=now, by="rosa", command=command_of(says["ask"]))
    answer = decide(household(example), decision, policy(example.city), now)
    if isinstance(answer, Refusal):
        assert answer.slug == says["expect"], answer.detail
        assert says.get("rule", example.rule) in answer.rules or says["expect"] in FOR_THE_DESK, answer.rules
        assert answer.way_out
        return
    bodies = [event.body for event in answer]
    if says["expect"] == "asked":
        (body,) = bodies
        assert isinstance(body, ApprovalAsked)
        assert body.amount == Money.dollars(says["amount"])
        return
    assert says["expect"] == "done", bodies
    assert [as_said(body, said) for body, said in zip(bodies, says["entered"], strict=True)] == says["entered"]


FOR_THE_DESK = {"not-at-this-stage", "same-account", "debt-is-stayed"}  # what no rule of law is behind


@pytest.mark.parametrize("example", FOLLOWED, ids=str)
def test_the_calendar_goes_on_as_the_example_says(example: HandedOn) -> None:
    says, now, pack = example.says, instant(example.now, example.city), policy(example.city)
    case = household(example)
    items = agenda(case, pack, now)
    if "never" in says:
        assert says["never"] not in {called(item) for item in items}
        return
    said = says["next"]
    found = [item for item in items if called(item) == said.get("step", said.get("task", said.get("who")))]
    assert found, items
    if not isinstance(found[0], Step):
        until = found[0].until
        assert (until and pack.calendar.day(until)) == said.get("until"), until
        return
    step = found[0]
    assert step == next_step(case, pack, now)
    assert pack.calendar.day(step.at) == said["at"], step.at
    assert step.amount == Money.dollars(said["amount"]) if "amount" in said else True
    bodies = events_of(case, step, example)
    told = says.get("told", [])
    assert [as_said(body, each) for body, each in zip(bodies, told, strict=False)] == told, bodies
    if "moved" in says:
        assert moved(case, step, example) == says["moved"]


@pytest.mark.parametrize("example", CREDITS, ids=str)
def test_credit_goes_where_the_example_says(example: HandedOn) -> None:
    says, pack, today = example.says, policy(example.city), example.now.date()
    said = says["credit"]
    if "stale" in says:
        assert stale_on(said["exported"], pack) == says["stale"]
    if "escheats" in says:
        assert escheats_on(said["touched"], pack) == says["escheats"]
    if "owed" in says:
        money = Unplaced(name="credit", since=said["touched"], cents=40_00)
        known = owed_to_all(pack, instant(example.now, example.city), since=date(2026, 7, 1), unplaced=[money])
        (found,) = (each for each in known if each.key.endswith(".credit"))
        assert found.due_on == years_after(said["touched"], 3)
        assert found.state(today) == says["owed"]
    if "refused" in says:
        known = CreditOf(
            credit=Money.dollars(said["of"]),
            payments=tuple(
                PaidIn(
                    payment_id=f"p{number}",
                    source=each["source"],
                    tender=each.get("tender", ""),
                    amount=Money.dollars(each["amount"]),
                    on=each["on"],
                )
                for number, each in enumerate(said["paid"], start=1)
            ),
            elsewhere=(("8000000077", Money.dollars(said["elsewhere"])),) if "elsewhere" in said else (),
            deceased=said.get("deceased", False),
        )
        amount = Money.dollars(said["ask"])
        assert amount > ZERO
        refusal = may_refund(known, amount=amount, payee=Payee.PAYER, by="ann", policy=pack, on=today)
        assert (refusal.slug if refusal else "") == says["refused"], refusal


@pytest.mark.parametrize("rule", BY_SERVICE)
def test_each_rule_has_examples_for_every_service_of_both_cities(rule: str) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for example in EXAMPLES:
        if example.rule == rule:
            seen[example.city] |= {bill["service"] for bill in example.says["bills"]}
    for city in ("rochester-mn", "las-cruces-nm"):
        assert seen[city] == set(SERVICES[city])


def test_names_of_examples_about_debts_handed_on_are_told_apart() -> None:
    names = [str(example) for example in EXAMPLES]
    assert len(names) == len(set(names))
