"""How does a worked example about a debt that is handed on become a case, a question and an answer?"""

import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, get_args

from domain import commands as c
from domain.case import Case
from domain.effects import MoveBalance, Receipt
from domain.events import Body
from domain.money import Money, total
from domain.perform import effect_of, performed
from domain.remedy import Mark, Marked, Remedy, RemedyKind, RemedyState
from domain.states import Stage
from domain.step import Next, Step
from domain.take.remedies import named
from domain.verdict import Action, Finding
from tests.rules.worked import FOLDER, Example, case_of, instant, policy

PLAIN_DAY = date(2026, 9, 9)
STAGES = {RemedyKind.PLACEMENT: "with_agency", RemedyKind.CLAIM: "in_court", RemedyKind.JUDGMENT: "judgment"}
COMMANDS = {each.default: kind for kind in get_args(c.Command) for each in fields(kind) if each.name == "type"}
KEYS = {
    "name", "city", "now", "bills", "facts", "stage", "holds", "moves_to", "ask", "expect", "rule", "amount", "entered",
    "next", "never", "told", "moved", "credit", "refused", "stale", "escheats", "owed",
}  # fmt: skip


@dataclass(frozen=True)
class HandedOn:
    """An example: a question (*ask*), what the calendar says (*next*, *never*), or credit that is left."""

    rule: str
    city: str
    now: datetime
    says: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.rule} {self.city}: {self.says['name']}"


def examples() -> list[HandedOn]:
    return [
        _example(tables, each)
        for path in sorted((FOLDER / "remedies").glob("*.toml"))
        for tables in [tomllib.loads(path.read_text())]
        for each in tables["example"]
    ]


def _example(tables: dict[str, Any], said: dict[str, Any]) -> HandedOn:
    assert not said.keys() - KEYS, f"{said['name']}: {said.keys() - KEYS}"
    now = datetime.combine(said.get("now", PLAIN_DAY), time(12))
    return HandedOn(rule=tables["rule"], city=said.get("city", "rochester-mn"), now=now, says=said)


def household(example: HandedOn) -> Case:
    """Return the plain account whose service has ended, with what *example* says laid over it."""
    says = example.says
    holds = says.get("holds", [])
    gravest = next((STAGES[kind] for kind in reversed(STAGES) if any(h["kind"] == kind for h in holds)), "final_billed")
    bills = [
        {"no": f"B{number}", "due_on": example.now.date() - timedelta(days=60), **bill}
        for number, bill in enumerate(says.get("bills", [{}]), start=1)
    ]
    plain = Example(
        file="",
        name=says["name"],
        rule=example.rule,
        city=example.city,
        now=example.now,
        action=Action.FILE_CLAIM,
        expect=Finding.SILENT,
        until=None,
        also=frozenset(),
        says={
            **{key: says[key] for key in ("facts",) if key in says},
            "bills": bills,
            "stage": says.get("stage", gravest),
            "notice": "none",
            "approval": "none",
            "order": "none",
        },
    )
    case = case_of(plain)
    remedies = tuple(_remedy(case, number, each) for number, each in enumerate(holds, start=1))
    return replace(case, remedies=remedies, moves_to=says.get("moves_to", ""), stage=Stage(plain.says["stage"]))


def _remedy(case: Case, number: int, said: dict[str, Any]) -> Remedy:
    held = tuple(bill for bill in case.known.bills if bill.service in said.get("services", [bill.service]))
    left = total(bill.open for bill in held)
    bills = named(held) if left.cents else tuple(c_named(bill) for bill in held)
    return Remedy(
        remedy_id=f"R{number}",
        kind=RemedyKind(said["kind"]),
        state=RemedyState(said.get("state", "standing")),
        bills=bills,
        amount=total(bill.amount for bill in bills),
        told=Money.dollars(said["told"]) if "told" in said else left,
        since=said.get("since", date(2026, 8, 10)),
        due_on=said.get("due_on"),
        expires_on=said.get("expires_on"),
        marks=tuple(Marked(mark=Mark(mark), on=on) for mark, on in said.get("marks", {}).items()),
    )


def c_named(bill: Any) -> Any:
    """Return a bill that is paid by now as the remedy held it when it was not."""
    return named((replace(bill, open=Money(120_00)),))[0]


def command_of(said: dict[str, Any]) -> c.Command:
    kind = COMMANDS[said["type"]]
    values = {key: Money.dollars(v) if key in {"amount", "costs"} else v for key, v in said.items() if key != "type"}
    if "services" in values:
        values["services"] = tuple(values["services"])
    return kind(**values)


def called(item: Next) -> str:
    """Return what an example calls *item*: a step's kind, a wait's task, else who is waited for."""
    return str(item.kind) if isinstance(item, Step) else item.task or str(item.who)


def events_of(case: Case, step: Step, example: HandedOn) -> tuple[Body, ...]:
    now = instant(example.now, example.city)
    receipt = Receipt(ref="X1", on=example.now.date())
    return tuple(event.body for event in performed(case, step, receipt, policy(example.city), now))


def moved(case: Case, step: Step, example: HandedOn) -> list[dict[str, Any]]:
    effect = effect_of(case, step, policy(example.city), instant(example.now, example.city))
    assert isinstance(effect, MoveBalance), effect
    return [
        {"service": str(each.service), "amount": f"{each.amount}"[1:], "due_on": each.due_on} for each in effect.sums
    ]


def as_said(body: Body, said: dict[str, Any]) -> dict[str, Any]:
    """Return of *body* what *said* speaks of, as an example writes it."""
    names = {each.name for each in fields(body)}
    assert said.keys() <= names, f"{body.type} has no {said.keys() - names}"
    return {key: _plain(getattr(body, key)) for key in said}


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return f"{value.cents / 100:.2f}"
    return value if isinstance(value, date) else str(value)
