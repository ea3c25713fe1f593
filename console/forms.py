"""How does a command become a form, and what was typed into it a command again?

Fields follow from the command itself, so that a new one has its form at once.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from dataclasses import field as kept
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from console.correcting import as_it_stood
from console.fact_forms import DETAIL, details_of, kept_as
from console.labels_case import CLOSED, FACTS, MARKS, REMEDIES, RESULTS, SERVICES
from console.labels_kept import ADJUSTED, ENDINGS
from console.labels_talk import CHANNELS, DIRECTIONS, IDENTITY, LANGUAGES_SPOKEN, OUTCOMES, PURPOSES, WITH_WHOM
from console.typed import amount_of, day_of
from console.words import N_
from domain import commands as c
from domain.ability import Income
from domain.account import Service
from domain.calendar import CityCalendar
from domain.evidence import SHAPES
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.remedy import Remedy, RemedyKind, RemedyState

TEXT_MAX, COUNT_MAX = 4_000, 600
LONG = frozenset({"note", "because", "summary", "question", "answer", "about"})
ELSEWHERE = (c.Approve, c.Reject, c.AttachDocument)
"""Commands with pages of their own."""

NEVER_ASSUMED: Final = frozenset({"who"})
"""What a person says each time, though a machine may leave it out: nobody is put down as the customer by silence."""

OF_FACTS = (c.RecordFact, c.CorrectFact)
COMMANDS: Final[Mapping[str, type[Any]]] = {
    str(field.default): kind
    for kind in get_args(c.Command)
    for field in fields(kind)
    if field.name == "type" and kind not in ELSEWHERE
}

LABELS: Final[Mapping[str, str]] = {
    "channel": N_("How"),
    "direction": N_("Which way"),
    "outcome": N_("What came of it"),
    "right_party": N_("I spoke with the customer, or with someone who may know"),
    "summary": N_("What was said"),
    "rights_offered": N_("Rights I told them of"),
    "language": N_("Language"),
    "amount": N_("Amount"),
    "by": N_("By"),
    "until": N_("Until"),
    "starts": N_("From"),
    "months": N_("Monthly parts"),
    "down": N_("Down payment (empty: what the rules ask)"),
    "first_due_on": N_("First part due (empty: a month from now)"),
    "payer": N_("Who pays"),
    "payer_share": N_("Their part of each payment (empty: all of it)"),
    "third_party": N_("Name of who pays for the customer"),
    "authority": N_("By which authority they pay and are spoken to"),
    "FollowDebt.authority": N_("By which law or agreement the debt follows to that account"),
    "ReferToAgency.agency": N_("Agency (empty: as the rule chooses)"),
    "ReferToCourt.court": N_("Court (empty: that of the rules)"),
    "ReferToCourt.hearing_on": N_("Hearing on (if the court has set one)"),
    "RecordFiling.what": N_("Which paper"),
    "RecordJudgment.amount": N_("Amount, without costs"),
    "RecordPlanPayment.ref": N_("Number of the trustee's voucher"),
    "RecordFinalBill.due_on": N_("Due on (empty: as the rules say)"),
    "GiveUpLienInterest.amount": N_("Amount (empty: all that is left)"),
    "ProposeAdjustment.amount": N_("Amount (below zero: the customer owes less)"),
    "ProposeSettlement.amount": N_("What is taken for the whole"),
    "ProposeSettlement.by": N_("To be paid by"),
    "ResolveBankruptcy.outcome": N_("How it ended"),
    "current_bills": N_("New bills are to be paid too"),
    "renegotiates": N_("It takes the place of the agreement that stands"),
    "household_size": N_("People in the household"),
    "incomes": N_("Gross income of a month, one “source: amount” on each line"),
    "aid": N_("Aid the household receives"),
    "expenses": N_("Expenses of a month"),
    "circumstances": N_("What weighs on the household"),
    "most": N_("How many offers at most"),
    "declined": N_("The customer declined"),
    "programs": N_("Programs"),
    "providers": N_("The list of assistance providers went with it"),
    "program": N_("Program"),
    "form": N_("Number of the form"),
    "subject": N_("What is disputed"),
    "signed": N_("It is signed"),
    "because": N_("Why"),
    "why": N_("Reason"),
    "after_hours": N_("After hours"),
    "corrects": N_("The entry that this one corrects"),
    "interpreter": N_("Interpreter"),
    "purpose": N_("What for"),
    "who": N_("With whom"),
    "identity": N_("By what it was checked who they are"),
    "mistake": N_("It was our mistake"),
    "fact_id": N_("Which one"),
    "about": N_("About"),
    "kind": N_("What"),
    "source": N_("Who says so"),
    "evidence": N_("Evidence"),
    "details": N_("Details, one “name: value” on each line"),
    "service": N_("Service"),
    "due_on": N_("Due on"),
    "agency": N_("Agency"),
    "court": N_("Court"),
    "hearing_on": N_("Hearing on"),
    "entered_on": N_("Entered on"),
    "chapter": N_("Chapter"),
    "petition_on": N_("Petition filed on"),
    "docket": N_("Docket number"),
    "to_account": N_("New account"),
    "joint": N_("Another person owes it too"),
    "question": N_("Question"),
    "answer": N_("Answer"),
    "to": N_("To whom"),
    "note": N_("Note"),
    "on": N_("On which day"),
    "ref": N_("Their number"),
    "next_on": N_("Continued to"),
    "remedy_id": N_("Which one"),
    "what": N_("What"),
    "costs": N_("Costs granted"),
    "given_up": N_("Nobody is to collect it any more"),
    "paid_since": N_("Paid since the petition, in dollars (blank: what is on record)"),
    "waive_excess": N_("Claim the court's limit and waive the rest"),
    "result": N_("What came of it"),
    "services": N_("Services (none: all)"),
    "about_on": N_("Day of what it corrects (empty: today)"),
    "fund": N_("Fund that bears it"),
    "payee": N_("Paid to"),
    "reason": N_("Reason"),
}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "channel": CHANNELS,
    "outcome": {
        **OUTCOMES,
        "upheld": N_("Upheld"),
        "rejected": N_("Rejected"),
        "withdrawn": N_("Withdrawn"),
        "dismissed": N_("Dismissed"),
        "discharged": N_("Discharged"),
        "closed": N_("Closed"),
    },
    "direction": DIRECTIONS,
    "identity": IDENTITY,
    "kind": FACTS,
    "service": SERVICES,
    "reason": {**CLOSED, **ADJUSTED},
    "who": WITH_WHOM,
    "purpose": PURPOSES,
    "why": ENDINGS,
    "by": CHANNELS,
    "what": MARKS,
    "result": RESULTS,
    "chapter": {"7": "7", "11": "11", "13": "13", "unknown": N_("not known yet")},
    "payer": {
        "customer": N_("The customer"),
        "agency": N_("An agency"),
        "landlord": N_("The landlord"),
        "family": N_("Family"),
        "other": N_("Someone else"),
    },
    "subject": {
        "bill": N_("The bill"),
        "terms": N_("Whether the terms are reasonable"),
        "breach": N_("Whether the agreement was broken"),
    },
}
ALL: Final[Mapping[str, str]] = {
    "payer": N_("Whoever paid it"),
    "fund": N_("The fund it came from"),
}
RIGHTS: Final[Mapping[str, str]] = {
    "payment_arrangement": N_("To pay in parts"),
    "dispute": N_("To dispute the bill, and have the cut wait for the answer"),
    "medical": N_("To show a medical certificate"),
    "assistance": N_("Where there is help with the bill"),
    "cold_weather": N_("The rules of the cold season"),
    "third_party": N_("To name a third person who is told too"),
    "interpreter": N_("An interpreter, free of charge"),
}
WEIGHS: Final[Mapping[str, str]] = {
    "illness": N_("Illness"),
    "job_loss": N_("Loss of work"),
    "death_in_family": N_("A death in the family"),
    "new_child": N_("A new child"),
    "elderly": N_("An elderly person"),
    "disabled": N_("A disability"),
    "crisis": N_("Another crisis"),
    "military": N_("Military service"),
}
TICKED: Final[Mapping[str, Mapping[str, str]]] = {
    "rights_offered": RIGHTS,
    "identity": IDENTITY,
    "circumstances": WEIGHS,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. *kind*: text, long, money, signed, day, count, choice, yes, ticks, pairs or given."""

    name: str
    kind: str
    label: str
    required: bool
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the answers may be about: the facts and remedies that stand, the colleagues, the city's calendar.

    *told* says of a fact or remedy, beside what its kind is called, what tells it from another of its kind.
    *of_pack*: what the city's rules let be chosen, by the name of the question.
    """

    facts: Sequence[Fact]
    remedies: Sequence[Remedy]
    colleagues: Sequence[tuple[str, str]]
    calendar: CityCalendar
    now: datetime
    services: Sequence[Service] = tuple(Service)
    of_pack: Mapping[str, Sequence[tuple[str, str]]] = kept(default_factory=dict)
    told: Callable[[str, Fact | Remedy], str] = lambda called, _: called


@dataclass(slots=True, kw_only=True)
class Filled:
    """What was typed: the command it stands for, or for each field that cannot be taken, why not."""

    command: c.Command | None
    faults: dict[str, str]


def fields_of(kind: type[Any], around: Around, typed: Mapping[str, str] | None = None) -> tuple[Field, ...]:
    """Return the questions that a command of *kind* asks; for a fact whose kind was *typed*, those of that kind.

    A fact that is corrected to no kind is withdrawn: then only why is asked.
    """
    found = _fields(kind, around)
    chosen = (typed or {}).get("kind", "")
    if kind is c.CorrectFact:
        found = tuple(replace(field, kind="given") if field.name == "fact_id" else field for field in found)
        if not chosen:
            return tuple(field for field in found if field.name in {"fact_id", "because"})
    return _of_fact(found, FactKind(chosen), around) if kind in OF_FACTS and chosen in set(FactKind) else found


def _of_fact(fields: Sequence[Field], kind: FactKind, around: Around) -> tuple[Field, ...]:
    """Return the questions about a fact of *kind*: no amount where it has none, and its own details by name."""
    shape = SHAPES[kind]
    must = {"amount": shape.amount_must, "source": shape.source_must, "until": shape.until_must}
    found: list[Field] = []
    for field in fields:
        if field.name == "kind":
            found.append(replace(field, kind="given"))
            found += _details(kind, around)
        elif field.name != "details" and (field.name != "amount" or shape.amount):
            found.append(replace(field, required=must.get(field.name, field.required)))
    return tuple(found)


def _details(kind: FactKind, around: Around) -> list[Field]:
    """Return the questions about the details of *kind*; what it renews is chosen among those that stand."""
    earlier = [(fact.fact_id, _told(FACTS, fact, around)) for fact in around.facts if fact.kind is kind]
    found = [Field(*each) for each in details_of(kind)]
    found = [
        replace(each, kind="choice", options=around.of_pack[each.name])
        if each.kind == "text" and around.of_pack.get(each.name)
        else each
        for each in found
    ]
    renews = f"{DETAIL}renews"
    return [
        replace(each, kind="choice", options=earlier) if each.name == renews else each
        for each in found
        if each.name != renews or earlier
    ]


def _fields(kind: type[Any], around: Around) -> tuple[Field, ...]:
    hints = get_type_hints(kind)
    found = []
    for each in fields(kind):
        if each.name == "type":
            continue
        required = (each.default is MISSING and each.default_factory is MISSING) or each.name in NEVER_ASSUMED
        hint, optional = _bare(hints[each.name])
        shape, options = _shape(kind, each.name, hint, around)
        label = LABELS.get(f"{kind.__name__}.{each.name}", LABELS[each.name])
        found.append(Field(each.name, shape, label, required and not optional, options))
    return tuple(found)


def _bare(hint: Any) -> tuple[Any, bool]:  # noqa: ANN401  # whatever a field is annotated with
    """Return what an optional hint is about, and whether it is optional."""
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0], True
    return hint, False


def _shape(kind: type[Any], name: str, hint: Any, around: Around) -> tuple[str, Sequence[tuple[str, str]]]:  # noqa: ANN401
    """Return how a field is asked for, and what there is to choose from."""
    if name == "fact_id":
        return "choice", [(fact.fact_id, _told(FACTS, fact, around)) for fact in _fitting(kind, around)]
    if name == "to":
        return "choice", [("", N_("nobody")), *around.colleagues]
    if name == "language":
        return "choice", list(LANGUAGES_SPOKEN.items())
    if name == "remedy_id":
        return "choice", [(each.remedy_id, _told(REMEDIES, each, around)) for each in _standing(kind, around)]
    if around.of_pack.get(name):
        return "ticks" if get_origin(hint) is tuple else "choice", around.of_pack[name]
    if name == "services":
        return "ticks", [(str(service), SERVICES[service]) for service in around.services]
    if hint is Service:
        return "choice", [(str(service), SERVICES[service]) for service in around.services]
    if name in TICKED:
        return "ticks", list(TICKED[name].items())
    if name in {"details", "incomes"}:
        return "pairs", ()
    if name == "current_bills":
        return "choice", [("", N_("as the rules say")), ("yes", N_("yes")), ("no", N_("no"))]
    if hint is Money and kind is c.ProposeAdjustment:
        return "signed", ()
    if get_origin(hint) is Literal or _named(hint):
        values = get_args(hint) if get_origin(hint) is Literal else list(hint)
        book = CHOICES.get(name, {})
        return "choice", [(str(value), book.get(str(value)) or ALL[str(value)]) for value in values]
    simple = {Money: "money", date: "day", datetime: "day", bool: "yes", int: "count"}
    return simple.get(hint, "long" if name in LONG else "text"), ()


def _named(hint: object) -> bool:
    """Say whether the values of *hint* have names that are stored."""
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _fitting(kind: type[Any], around: Around) -> list[Fact]:
    of_kind = {c.ReleaseHold: FactKind.HOLD, c.ResolveDispute: FactKind.DISPUTE}.get(kind)
    return [fact for fact in around.facts if of_kind is None or (fact.kind is of_kind and fact.holds(around.now))]


def _standing(kind: type[Any], around: Around) -> list[Remedy]:
    """Return the remedies that a command of *kind* can be about: interest is a lien's, and a placement is recalled."""
    about_interest = kind in {c.BillLienInterest, c.GiveUpLienInterest}
    return [
        each
        for each in around.remedies
        if each.open and (each.kind is RemedyKind.LIEN or not about_interest) and not _recalled(kind, each)
    ]


def _recalled(kind: type[Any], remedy: Remedy) -> bool:
    placed = remedy.kind is RemedyKind.PLACEMENT and remedy.state is not RemedyState.DECIDED
    return kind is c.WithdrawRemedy and placed


def _told(book: Mapping[str, str], each: Fact | Remedy, around: Around) -> str:
    return around.told(book.get(each.kind, str(each.kind)), each)


def read(kind: type[Any], typed: Mapping[str, str], ticked: Mapping[str, Sequence[str]], around: Around) -> Filled:
    """Return the command that was typed, or what of it cannot be taken and why."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    details: list[tuple[str, str]] = []
    hints = get_type_hints(kind)
    for field in fields_of(kind, around, typed):
        text = typed.get(field.name, "").strip()
        if field.kind == "ticks":
            chosen = [each for each in ticked.get(field.name, ()) if each in dict(field.options)]
            values[field.name] = tuple(map(Service, chosen)) if field.name == "services" else tuple(chosen)
            continue
        if field.kind == "yes":
            values[field.name] = bool(text)
            continue
        if not text and not (field.kind == "choice" and field.name == "to"):
            if field.required:
                faults[field.name] = N_("Fill this in.")
            continue
        try:
            if field.name.startswith(DETAIL):
                details.append((field.name.removeprefix(DETAIL), kept_as(_value(field, text, str, around))))
            else:
                values[field.name] = _value(field, text, _bare(hints[field.name])[0], around)
        except ValueError as fault:
            faults[field.name] = str(fault)
    if details:
        values["details"] = tuple(details)
    if faults:
        return Filled(command=None, faults=faults)
    return Filled(command=_with_what_stood(kind(**values), around), faults={})


def _with_what_stood(command: c.Command, around: Around) -> c.Command:
    if not isinstance(command, c.CorrectFact) or command.kind is None:
        return command
    old = next(fact for fact in around.facts if fact.fact_id == command.fact_id)
    return as_it_stood(command, old, around.calendar)


def _value(field: Field, text: str, hint: Any, around: Around) -> Any:  # noqa: ANN401  # one arm per kind of field
    match field.kind:
        case "money" | "signed":
            try:
                amount = amount_of(text)
            except ValueError:
                raise ValueError(N_("Write an amount in dollars and cents, such as 84.20.")) from None
            if amount.cents < 0 and field.kind == "money":
                raise ValueError(N_("The amount cannot be below zero."))
            return amount
        case "day":
            day = day_of(text)
            if day is None:
                raise ValueError(N_("Write a day as year-month-day, such as 2026-12-04."))
            return around.calendar.at(day, time(0)) if hint is datetime else day
        case "count":
            if not (text.isascii() and text.isdigit() and 0 < int(text) <= COUNT_MAX):
                raise ValueError(N_("Write a whole number above zero."))
            return int(text)
        case "choice" | "given":
            if text not in {value for value, _ in field.options}:
                raise ValueError(N_("Choose one of those offered."))
            if hint is bool:
                return text == "yes"
            return hint(text) if _named(hint) else text
        case "pairs":
            pairs = _pairs(text)
            return tuple(map(_income, pairs)) if field.name == "incomes" else pairs
        case _:
            if len(text) > TEXT_MAX or "\0" in text:
                raise ValueError(N_("This is too long, or holds a sign that cannot be kept."))
            # A list of words is typed with commas between them.
            words = (word.strip() for word in text.split(","))
            return tuple(filter(None, words)) if get_origin(hint) is tuple else text


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    lines = [line.partition(":") for line in text.splitlines() if line.strip()]
    if any(not found for _, found, _ in lines):
        raise ValueError(N_("Write “name: value” on each line."))
    return tuple((name.strip(), value.strip()) for name, _, value in lines)


def _income(pair: tuple[str, str]) -> Income:
    source, amount = pair
    try:
        return Income(source=source, monthly=amount_of(amount))
    except ValueError:
        raise ValueError(N_("Write an amount in dollars and cents, such as 84.20.")) from None
