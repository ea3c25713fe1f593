"""Contacts, spoken promises and extensions."""

from datetime import timedelta

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import NamedBill
from domain.case import Promise, within_a_year
from domain.decisions.desk import Answer, Desk, handles, no
from domain.money import ZERO


@handles(c.RecordContact)
def _record_contact(desk: Desk, command: c.RecordContact) -> Answer:
    contact = ev.ContactRecorded(
        channel=command.channel,
        direction=command.direction,
        outcome=command.outcome,
        right_party=command.right_party,
        summary=command.summary,
        rights_offered=command.rights_offered,
        language=command.language,
    )
    if command.outcome in {"wrong_number", "undeliverable"}:
        return (contact, ev.TaskRaised(kind="bad_contact", about=f"{command.channel}: {command.outcome}"))
    return (contact,)


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
