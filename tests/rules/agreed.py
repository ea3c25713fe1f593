"""How does a worked example about agreements become a question, or a whole life to be lived?"""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from domain import commands as c
from domain.ability import Income
from domain.account import Account, AccountStatus, CustomerClass, Service
from domain.case import Case, Counters
from domain.decide import decide
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.states import Stage
from domain.take import take
from domain.verdict import Action, Finding, Refusal
from simulator.life import LATEST, Billed, Decided, Input, Learned, Life, Paid, Returned
from simulator.run import live
from tests.rules.worked import FOLDER, PLAIN_NOW, SERVICES, Example, case_of, instant, policy

KEYS = {
    "name", "rule", "city", "now", "account", "bills", "household", "facts", "off", "ask", "expect", "rules", "history",
    "opened", "until", "happens", "told", "down", "last_due_on", "instalment", "instalments",
}  # fmt: skip
DETAILS = {
    "customer_class", "income_band", "county", "language", "late_12m", "disconnected_12m", "broken_arrangements_12m",
}  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """An example: a question about terms (*ask*), or a life (*happens*) and what is told of it."""

    file: str
    rule: str
    city: str
    says: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.rule} {self.city}: {self.says['name']}"


def examples() -> list[Agreed]:
    return [
        _example(path.name, tables, each)
        for path in sorted(FOLDER.glob("a[0-9]*.toml"))
        for tables in [tomllib.loads(path.read_text())]
        for each in tables["example"]
    ]


def _example(file: str, tables: dict[str, Any], said: dict[str, Any]) -> Agreed:
    assert not said.keys() - KEYS, f"{file}: {said.keys() - KEYS}"
    assert ("ask" in said) != ("happens" in said), f"{file}: {said['name']} asks, or tells"
    return Agreed(file=file, rule=said.get("rule", tables["rule"]), city=said.get("city", "rochester-mn"), says=said)


# --- a question about terms -------------------------------------------------------------------------------------------


def household_of(example: Agreed) -> Case:
    """Return the plain household, past due and under no notice, with what *example* says laid over it."""
    says = example.says
    now: datetime = says.get("now", PLAIN_NOW)
    gate_like = {key: says[key] for key in ("bills", "facts", "off", "account") if key in says}
    plain = Example(
        file=example.file,
        name=says["name"],
        rule=example.rule,
        city=example.city,
        now=now,
        action=Action.DISPATCH_DISCONNECTION,
        expect=Finding.SILENT,
        until=None,
        also=frozenset(),
        says={**gate_like, "notice": "none", "approval": "none", "order": "none"},
    )
    case = case_of(plain)
    account = replace(case.known.account, **_traits(says.get("account", {})))
    past = says.get("history", {})
    counters = Counters(
        arranged_on=tuple(past.get("arranged_on", ())),
        broken_on=tuple(past.get("broken_on", ())),
        extended_on=tuple(past.get("extended_on", ())),
    )
    case = replace(case, stage=Stage.PAST_DUE, counters=counters, known=replace(case.known, account=account))
    for command in _assessed(says):
        case = _decided(example, case, command, now)
    return case


def _traits(said: dict[str, Any]) -> dict[str, Any]:
    assert not said.keys() - DETAILS, said.keys() - DETAILS
    return {key: value for key, value in said.items() if key.endswith("_12m")}


def _assessed(says: dict[str, Any]) -> list[c.Command]:
    household = says.get("household")
    return [] if household is None else [_assess(household)]


def _assess(said: dict[str, Any]) -> c.AssessAbilityToPay:
    return c.AssessAbilityToPay(
        household_size=said.get("size", 1),
        incomes=(Income(source="wages", monthly=Money.dollars(said.get("monthly", "0"))),),
        aid=tuple(said.get("aid", ())),
        circumstances=tuple(said.get("circumstances", ())),
        evidence="example",
    )


def _decided(example: Agreed, case: Case, command: c.Command, now: datetime) -> Case:
    at = instant(now, example.city)
    events = decide(case, c.Decision(key="k", at=at, by="rosa", command=command), policy(example.city), at)
    assert not isinstance(events, Refusal), events
    for event in events:
        case = take(case, event)
    return case


def ask_of(said: dict[str, Any]) -> c.Command:
    """Return the command that *said* asks for: an extension where it names *until*, else an agreement."""
    if "until" in said:
        return c.GrantExtension(until=said["until"])
    if "by" in said:
        return c.RecordPromise(amount=Money.dollars(said["amount"]), by=said["by"])
    words = {
        name: said[name] for name in ("payer", "authority", "signed", "current_bills", "first_due_on") if name in said
    }
    return c.AgreeArrangement(
        months=said["months"], down=Money.dollars(said["down"]) if "down" in said else None, **words
    )


# --- a life -----------------------------------------------------------------------------------------------------------


def told(example: Agreed) -> list[str]:
    """Return what is told of the life of *example*, by day, looks left out."""
    pack = policy(example.city)
    return [
        f"{event.on} {event.body.type}"
        for event in live(_life(example), pack)
        if event.body.type not in {"account_read", "case_opened", "instalments_met"}
    ]


def _life(example: Agreed) -> Life:
    says, city = example.says, example.city
    opened: date = says["opened"]
    start = instant(datetime.combine(opened, time(6)), city)
    bills = [_billed(city, opened, number, said) for number, said in enumerate(says.get("bills", [{}]), start=1)]
    inputs = [each for said in says["happens"] for each in _happens(example, said)]
    return Life(
        account=Account(
            account_no="8000000002",
            customer_class=CustomerClass.RESIDENTIAL,
            status=AccountStatus.ACTIVE,
            services=SERVICES[city],
            income_band=says.get("account", {}).get("income_band", ""),
        ),
        opened_at=start,
        ends_at=instant(datetime.combine(says["until"], time(0)), city),
        inputs=tuple(sorted((*bills, *inputs), key=lambda each: each.at)),
    )


def _billed(city: str, opened: date, number: int, said: dict[str, Any]) -> Billed:
    due: date = said.get("due_on", opened - timedelta(days=1))
    issued = due - timedelta(days=21)
    return Billed(
        at=instant(datetime.combine(issued, time(4)), city),
        bill_no=said.get("no", f"B{number}"),
        service=Service(said.get("service", SERVICES[city][0])),
        due_on=due,
        amount=Money.dollars(said.get("open", "120.00")),
    )


def _happens(example: Agreed, said: dict[str, Any]) -> list[Input]:
    at = instant(said["at"], example.city)
    if "paid" in said:
        return [Paid(at=at, ref=said.get("ref", str(at)), amount=Money.dollars(said["paid"]))]
    if "returned" in said:
        return [Returned(at=at, ref=said["returned"])]
    if "fact" in said:
        return [Learned(at=at, fact=_fact(example, said["fact"], at))]
    return [Decided(at=at, by=said.get("by", "rosa"), command=_command(said), senior=said.get("senior", False))]


def _command(said: dict[str, Any]) -> c.Command:
    if "agree" in said:
        return ask_of(said["agree"])
    if "extend" in said:
        return c.GrantExtension(until=said["extend"])
    if "assess" in said:
        return _assess(said["assess"])
    if "dispute" in said:
        return c.OpenDispute(about="the terms", subject=said["dispute"])
    if "decided" in said:
        return c.ResolveDispute(fact_id=LATEST, outcome=said["decided"], because="reviewed")
    return c.CureBreach(because=said["mistake"], mistake=True)


def _fact(example: Agreed, said: dict[str, Any], at: datetime) -> Fact:
    details = {key: str(value) for key, value in said.items() if key not in {"kind", "amount", "until"}}
    return Fact(
        fact_id=f"F-{said['kind']}",
        kind=FactKind(said["kind"]),
        starts=at,
        until=instant(said["until"], example.city) if "until" in said else None,
        known_at=at,
        amount=Money.dollars(said["amount"]) if "amount" in said else None,
        details=details,
    )
