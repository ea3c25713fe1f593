"""Contacts, spoken promises and extensions."""

from dataclasses import replace
from datetime import timedelta

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import NamedBill
from domain.case import Promise, within_a_year
from domain.decisions.desk import Answer, Bodies, Desk, handles, new_fact, no
from domain.facts import FactKind, standing
from domain.gate import gate
from domain.money import ZERO
from domain.verdict import Action

MESSAGES = frozenset({"sms", "email"})
EXCUSED: dict[str, frozenset[str]] = {
    # What caps and quiet hours were made against is calls that nobody needs: these are needed or were asked for.
    "C01": frozenset({"call_back", "on_the_way"}),
    "C02": frozenset({"required_before_cut", "call_back", "agreed_reminder", "on_the_way"}),
    "C03": frozenset({"required_before_cut", "call_back", "on_the_way"}),
}
"""By rule: the purposes that it does not stop. No purpose opens the way to the wrong person."""


@handles(c.RecordContact)
def _record_contact(desk: Desk, command: c.RecordContact) -> Answer:
    if command.corrects and not _is_entry(desk, command.corrects):
        return no("no-such-contact", f"There is no entry {command.corrects}.", "Name the entry as the log shows it.")
    if command.who == "nobody" and (command.right_party or command.identity):
        return no(
            "nobody-was-spoken-with",
            "The entry says that nobody was there, and that someone was spoken with or checked.",
            "Say who it was, or leave out what was checked.",
        )
    excused, against = exceptions(desk, command)
    contact = ev.ContactRecorded(
        channel=command.channel,
        direction=command.direction,
        outcome=command.outcome,
        right_party=command.right_party,
        summary=command.summary,
        rights_offered=command.rights_offered,
        language=command.language,
        who=command.who,
        identity=command.identity,
        purpose=command.purpose,
        interpreter=command.interpreter,
        corrects=command.corrects,
        exceptions=(*excused, *against),
    )
    return (contact, *_follow_ups(desk, command, against))


def exceptions(desk: Desk, command: c.RecordContact) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the rules against this contact that its purpose excuses, and those that it does not."""
    if command.direction != "out" or command.corrects:
        return (), ()
    blocking: dict[str, str] = {}
    if command.channel in {"phone", *MESSAGES}:
        verdict = gate(Action.CALL_CUSTOMER, desk.case, desk.policy, desk.now)
        # Hours and caps are of calls: a message waits until it is read. To whom nothing may be said, none is sent.
        of_it = {"C04"} if command.channel in MESSAGES else {outcome.rule for outcome in verdict.blocking}
        blocking = {outcome.rule: outcome.says for outcome in verdict.blocking if outcome.rule in of_it}
    if command.channel in MESSAGES:
        blocking |= _unwanted(desk, command.channel)
    purpose = command.purpose.replace("_", " ")
    excused = tuple(f"{r} does not stop a {purpose}" for r in blocking if command.purpose in EXCUSED.get(r, ()))
    against = tuple(f"{r}: {says}" for r, says in blocking.items() if command.purpose not in EXCUSED.get(r, ()))
    return excused, against


def _unwanted(desk: Desk, channel: str) -> dict[str, str]:
    """Return why the customer is not to be reached by *channel*: they said stop, or never agreed to it."""
    if _revoked(desk, channel):
        return {"C03": f"The customer asked not to be reached by {channel}."}
    about = frozenset({"", "all", channel})
    given = standing(desk.case.known.facts, FactKind.CONSENT, desk.now)
    agreed = channel in desk.case.known.account.consents or any(f.details.get("channel", "") in about for f in given)
    return {} if agreed else {"C03": f"The customer has not agreed to be reached by {channel}."}


def _revoked(desk: Desk, channel: str) -> bool:
    """Say whether the customer's last word on *channel* was to stop."""
    facts = desk.case.known.facts
    about = frozenset({"", "all", channel})
    asked = [f.starts for f in standing(facts, FactKind.REVOCATION, desk.now) if f.details.get("channel", "") in about]
    again = [f.starts for f in standing(facts, FactKind.CONSENT, desk.now) if f.details.get("channel", "") in about]
    return bool(asked) and max(asked) >= max(again, default=max(asked))


def _is_entry(desk: Desk, contact_id: str) -> bool:
    """Say whether *contact_id* can be an earlier entry of this account: a case's by its number, or one without case."""
    of_case, found, number = contact_id.rpartition("-c")
    if of_case == desk.case.case_id:
        return bool(found) and number.isascii() and number.isdigit() and 0 < int(number) <= desk.case.seq
    return bool(found) and of_case.partition("-")[0] == desk.case.account_no.partition("-")[0]


def _follow_ups(desk: Desk, command: c.RecordContact, against: tuple[str, ...]) -> Bodies:
    bodies: list[ev.Body] = []
    match command.outcome:
        case "wrong_number" | "undeliverable":
            bodies.append(ev.TaskRaised(kind="bad_contact", about=f"{command.channel}: {command.outcome}"))
        case "call_back_requested":
            bodies.append(ev.TaskRaised(kind="call_back", about=command.summary or "The customer asked to be called."))
        case "stop_requested":
            channel = command.channel if command.channel in {"phone", "sms", "email"} else "all"
            stop = c.RecordFact(
                kind=FactKind.REVOCATION,
                source=command.channel,
                details=(("channel", channel), ("reason", "asked"), ("asked_on", desk.on.isoformat())),
            )
            # Honoured from this moment on; that others hear of it in time is owed (domain/obligations.py).
            fact = replace(new_fact(desk, stop, FactKind.REVOCATION), fact_id=desk.next_id("f", after=1))
            bodies.append(ev.FactRecorded(fact=fact))
    if against:
        bodies.append(ev.TaskRaised(kind="contact_against_rule", about="; ".join(against)))
    return tuple(bodies)


@handles(c.RecordPromise)
def _record_promise(desk: Desk, command: c.RecordPromise) -> Answer:
    last = desk.on + timedelta(days=desk.policy.at(p.PROMISE_MAX_DAYS, desk.on))
    if not desk.on <= command.by <= last:
        return no("promise-too-late", f"A promise is kept between {desk.on} and {last}.", "Name a day in that span.")
    if command.amount <= ZERO:
        return no("promise-without-amount", "A promise names an amount above zero.", "Name the amount.")
    promise = Promise(amount=command.amount, by=command.by, made_on=desk.on, bills=_named(desk))
    return (ev.PromiseRecorded(promise=promise, because=command.because),)


def _named(desk: Desk) -> tuple[NamedBill, ...]:
    return tuple(NamedBill(ref=bill.ref, amount=bill.open, due_on=bill.due_on) for bill in desk.here.late)


@handles(c.GrantExtension)
def _grant_extension(desk: Desk, command: c.GrantExtension) -> Answer:
    days = desk.policy.at(p.EXTENSION_DAYS, desk.on)
    last, limit = desk.on + timedelta(days=days), desk.policy.at(p.EXTENSION_MAX_PER_YEAR, desk.on)
    cite = desk.policy.source(p.EXTENSION_DAYS, desk.on).citation
    if desk.case.off:
        return no("service-is-off", "A service that is off is not extended.", "Pay what restores it.")
    if not desk.here.pursued:
        return no("nothing-to-extend", "No bill is past due outside an agreement.", "Nothing needs extending.")
    if not desk.on < command.until <= last:
        return no(
            "extension-too-long",
            f"An extension runs at most {days} days, through {last}.",
            "Name an earlier day, or agree instalments.",
            rule=p.EXTENSION_DAYS.key,
            citation=cite,
        )
    if within_a_year(desk.case.counters.extended_on, desk.on) >= limit:
        return no(
            "extensions-used-up",
            f"{limit} extensions a year are used up.",
            "Agree instalments, or ask a supervisor.",
            rule=p.EXTENSION_MAX_PER_YEAR.key,
            citation=desk.policy.source(p.EXTENSION_MAX_PER_YEAR, desk.on).citation,
        )
    refs = tuple(bill.ref for bill in desk.here.pursued)
    return (ev.ExtensionGranted(until=command.until, refs=refs, because=command.because),)
