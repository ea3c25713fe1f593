"""How does a worked example become a case to ask the gate about?"""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from domain import parameters as par
from domain.account import Account, AccountStatus, CustomerClass, NamedBill, OpenBill, Service, Snapshot
from domain.arrangement import ArrangedBill, Arrangement, ArrangementStatus, Instalment
from domain.bankruptcy import Bankruptcy
from domain.case import (
    Approval,
    ApprovalState,
    Case,
    Contact,
    Extension,
    Notice,
    Order,
    OrderPurpose,
    OrderState,
    ServiceState,
)
from domain.facts import Fact, FactKind
from domain.money import Money, total
from domain.policy import Policy
from domain.remedy import FinalBill, Remedy, RemedyKind, RemedyState
from domain.rules.registry import HANDED_ON
from domain.states import ServiceStatus, Stage
from domain.take.remedies import named
from domain.verdict import Action, Finding
from gateways.packs import load_policy, unchecked_policy

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "policies" / "worked_examples"
PLAIN_NOW = datetime(2026, 9, 9, 10)  # a Wednesday
SERVICES = {
    "rochester-mn": (Service.ELECTRIC, Service.WATER),
    "demo-city": (Service.ELECTRIC, Service.WATER),
    "las-cruces-nm": (Service.WATER, Service.GAS, Service.SEWER, Service.REFUSE),
    "south-bend": (Service.WATER,),
    "water-district-7": (Service.WATER,),
    "cedar-hill": (Service.WATER,),
    "whitworth": (Service.WATER,),
    "northern-kentucky": (Service.WATER,),
    "uec": (Service.ELECTRIC,),
}
PLAIN_BANDS = {"rochester-mn": "gt100smi", "demo-city": "gt100smi", "las-cruces-nm": "gt250fpg"}
KEYS = {
    "name", "rule", "city", "now", "action", "expect", "until", "also", "source", "account", "bills", "notice",
    "facts", "arrangement", "extension", "approval", "order", "known", "last_contact_on", "off", "service",
    "stage", "final", "remedies", "calls", "set_aside",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    file: str
    name: str
    rule: str
    city: str
    now: datetime
    action: Action
    expect: Finding
    until: datetime | str | None
    also: frozenset[str]
    says: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.rule} {self.city}: {self.name}"


@cache
def policy(city: str) -> Policy:
    shipped = ROOT / "policies" / f"{city}.toml"
    if shipped.exists():
        return load_policy(shipped)
    with TemporaryDirectory() as folder:  # a pack is laid over one that lies beside it
        for path in (ROOT / "policies" / "rochester-mn.toml", FOLDER / "packs" / f"{city}.toml"):
            copy(path, folder)
        # They state how agreements are made; the path of the pack they are laid over is not theirs to pass for.
        return unchecked_policy(Path(folder) / f"{city}.toml")


def examples() -> list[Example]:
    return [
        _example(path.name, tables, each)
        for path in sorted(FOLDER.glob("[!a]*.toml"))  # those about agreements have a runner of their own
        for tables in [tomllib.loads(path.read_text())]
        for each in tables["example"]
    ]


def _example(file: str, tables: dict[str, Any], said: dict[str, Any]) -> Example:
    assert not said.keys() - KEYS, f"{file}: {said.keys() - KEYS}"
    return Example(
        file=file,
        name=said["name"],
        rule=said.get("rule", tables["rule"]),
        city=said.get("city", "rochester-mn"),
        now=said.get("now", PLAIN_NOW),
        action=Action(said.get("action", "dispatch_disconnection")),
        expect=Finding(said["expect"]),
        until=said.get("until"),
        also=frozenset(said.get("also", ())),
        says=said,
    )


def instant(local: datetime, city: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(policy(city).calendar.zone)).astimezone(UTC)


def case_of(example: Example) -> Case:
    """Return the plain household with what *example* says laid over it."""
    says, city, today = example.says, example.city, example.now.date()
    pack = policy(city)
    bills = tuple(_bill(city, today, n, each) for n, each in enumerate(says.get("bills", [{}]), start=1))
    known = says.get("known", {})
    ended = example.action in (*HANDED_ON, Action.WRITE_OFF)
    contact = says.get("last_contact_on", today - timedelta(days=10))
    return Case(
        case_id="8000000002-1",
        account_no="8000000002",
        opened_on=today - timedelta(days=90),
        stage=Stage(says.get("stage", "final_billed" if ended else "disconnection_pending")),
        known=Snapshot(
            at=instant(known.get("at", example.now), city),
            version="1",
            account=_account(city, {"status": "final" if ended else "active"} | says.get("account", {})),
            bills=bills,
            credit=Money.dollars(known.get("credit", "0")),
            unposted=Money.dollars(known.get("unposted", "0")),
            facts=tuple(_fact(example, n, each) for n, each in enumerate(says.get("facts", ()), start=1)),
            billing_read=known.get("billing_read", True),
        ),
        services=tuple(ServiceState(service=Service(s), status=ServiceStatus.OFF) for s in says.get("off", ())),
        notice=_notice(pack, today, bills, says.get("notice", {})),
        final=_final(today, says.get("final", {})) if ended else None,
        remedies=tuple(_remedy(bills, today, n, each) for n, each in enumerate(says.get("remedies", ()), start=1)),
        bankruptcy=_set_aside(bills, says.get("set_aside")),
        arrangement=_arrangement(bills, says.get("arrangement")),
        extension=_extension(bills, says.get("extension")),
        approvals=_approvals(example, says.get("approval", {})),
        orders=_orders(example, says.get("order", {})),
        last_contact_on=None if contact == "never" else contact,
        recent_contacts=tuple(
            Contact(on=on, channel="phone", outbound=True, spoke=False) for on in says.get("calls", ())
        ),
    )


def _account(city: str, said: dict[str, Any]) -> Account:
    return Account(
        account_no="8000000002",
        customer_class=CustomerClass(said.get("customer_class", "residential")),
        status=AccountStatus(said.get("status", "active")),
        services=SERVICES[city],
        income_band=said.get("income_band", PLAIN_BANDS.get(city, "gt100smi")),
        county=said.get("county", ""),
        language=said.get("language", "en"),
    )


def _bill(city: str, today: date, number: int, said: dict[str, Any]) -> OpenBill:
    due_on: date = said.get("due_on", today - timedelta(days=60))
    amount = Money.dollars(said.get("open", "120.00"))
    return OpenBill(
        bill_no=said.get("no", f"B{number}"),
        service=Service(said.get("service", SERVICES[city][0])),
        bill_on=said.get("bill_on", due_on - timedelta(days=21)),
        due_on=due_on,
        original=amount,
        open=amount,
    )


def _notice(pack: Policy, today: date, bills: tuple[OpenBill, ...], said: Any) -> Notice | None:
    if said == "none":
        return None
    parts: tuple[str, ...] = (*pack.at(par.NOTICE_ELEMENTS, today), *pack.at(par.NOTICE_WINTER_ELEMENTS, today))
    names = said.get("names", {bill.bill_no: str(bill.open) for bill in bills})
    named = tuple(
        NamedBill(ref=bill.ref, amount=Money.dollars(names[bill.bill_no]), due_on=bill.due_on)
        for bill in bills
        if bill.bill_no in names
    )
    return Notice(
        kind="disconnection",
        served_on=said.get("served_on", today - timedelta(days=35)),
        method=said.get("method", "mail"),
        bills=named,
        amount=total(bill.amount for bill in named),
        elements=tuple(part for part in parts if part not in said.get("lacks", ())),
        earliest_cut_on=said.get("earliest_cut_on"),
        stale_on=said.get("stale_on"),
    )


def _fact(example: Example, number: int, said: dict[str, Any]) -> Fact:
    starts = said.get("starts", example.now - timedelta(days=90))
    known = {"kind", "starts", "until", "known", "amount", "withdrawn"}
    return Fact(
        fact_id=f"F{number}",
        kind=FactKind(said["kind"]),
        starts=instant(starts, example.city),
        until=instant(said["until"], example.city) if "until" in said else None,
        known_at=instant(said.get("known", starts), example.city),
        withdrawn_at=instant(said["withdrawn"], example.city) if "withdrawn" in said else None,
        amount=Money.dollars(said["amount"]) if "amount" in said else None,
        details={key: str(value) for key, value in said.items() if key not in known},
    )


def _final(today: date, said: dict[str, Any]) -> FinalBill:
    due_on = said.get("due_on", today - timedelta(days=60))
    noticed = said.get("noticed_on", today - timedelta(days=40))
    return FinalBill(
        billed_on=due_on - timedelta(days=21),
        due_on=due_on,
        amount=Money.dollars("120.00"),
        noticed_on=None if noticed == "never" else noticed,
    )


def _remedy(bills: tuple[OpenBill, ...], today: date, number: int, said: dict[str, Any]) -> Remedy:
    held = tuple(bill for bill in bills if bill.bill_no in said.get("bills", [bill.bill_no]))
    return Remedy(
        remedy_id=f"R{number}",
        kind=RemedyKind(said["kind"]),
        state=RemedyState(said.get("state", "standing")),
        bills=named(held),
        amount=total(bill.open for bill in held),
        since=today - timedelta(days=30),
    )


def _set_aside(bills: tuple[OpenBill, ...], petition_on: date | None) -> Bankruptcy | None:
    """Return the bankruptcy as it stands once what *bills* ask for the time before the petition was set aside."""
    if petition_on is None:
        return None
    refs = tuple(bill.ref for bill in bills)
    return Bankruptcy(petition="F1", petition_on=petition_on, chapter="7", refs=refs)


def _arrangement(bills: tuple[OpenBill, ...], said: dict[str, Any] | None) -> Arrangement | None:
    if said is None:
        return None
    agreed_on: date = said["agreed_on"]
    return Arrangement(
        number=1,
        agreed_on=agreed_on,
        bills=tuple(ArrangedBill(ref=bill.ref, open=bill.open) for bill in bills),
        schedule=(Instalment(1, agreed_on + timedelta(days=30), total(bill.open for bill in bills)),),
        status=ArrangementStatus(said.get("status", "in_force")),
        cure_by=said.get("cure_by"),
    )


def _extension(bills: tuple[OpenBill, ...], said: dict[str, Any] | None) -> Extension | None:
    if said is None:
        return None
    return Extension(granted_on=said["granted_on"], until=said["until"], refs=tuple(bill.ref for bill in bills))


def _approvals(example: Example, said: Any) -> tuple[Approval, ...]:
    if said == "none":
        return ()
    lapses = said.get("lapses", datetime.combine(example.now.date() + timedelta(days=1), time(17)))
    return (
        Approval(
            approval_id="A1",
            act="disconnection",
            state=ApprovalState(said.get("state", "granted")),
            asked_by="representative",
            asked_at=instant(said.get("asked", example.now - timedelta(days=2)), example.city),
            decided_by="supervisor",
            lapses_at=instant(lapses, example.city),
            service=Service(said["service"]) if "service" in said else None,
        ),
    )


def _orders(example: Example, said: Any) -> tuple[Order, ...]:
    if said == "none":
        return ()
    sent = instant(said.get("sent", datetime.combine(example.now.date(), time(7, 30))), example.city)
    return (
        Order(
            order_id="W1",
            purpose=OrderPurpose.DISCONNECT,
            service=Service(said.get("service", example.says.get("service", SERVICES[example.city][0]))),
            state=OrderState(said.get("state", "dispatched")),
            requested_at=sent,
            dispatched_at=sent if said.get("state", "dispatched") != "requested" else None,
        ),
    )
