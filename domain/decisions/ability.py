"""What a household can pay, what it is offered and told: assessed, put to it, written down."""

from dataclasses import replace
from datetime import time, timedelta

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.ability import CIRCUMSTANCES, Assessment, Household, band_of, household_text
from domain.calendar import DAY
from domain.decisions.desk import Answer, Desk, handles, new_fact, no
from domain.facts import FactKind
from domain.money import ZERO
from domain.offers import last_day, offers
from domain.verdict import Refusal

SIZE_MAX = 30


@handles(c.AssessAbilityToPay)
def _assess(desk: Desk, command: c.AssessAbilityToPay) -> Answer:
    refusal = _unfit(desk, command)
    if refusal:
        return refusal
    household = Household(
        size=command.household_size,
        incomes=command.incomes,
        aid=command.aid,
        expenses=command.expenses,
        circumstances=command.circumstances,
    )
    banded = band_of(household, desk.policy, desk.on)
    expires = command.until or desk.on + timedelta(days=desk.policy.at(p.ABILITY_VALID_DAYS, desk.on))
    assessment = Assessment(
        number=desk.case.assessments_made + 1,
        assessed_on=desk.on,
        expires_on=expires,
        band=banded.band,
        evidence=command.evidence,
        reasons=(banded.because, f"By {banded.source.citation}."),
    )
    fact = c.RecordFact(
        kind=FactKind.INCOME_QUALIFICATION,
        until=desk.calendar.at(expires + DAY, time(0)),
        source="assessment",
        evidence=command.evidence,
        details=(("band", banded.band),),
    )
    return (
        ev.AbilityAssessed(assessment=assessment, household=household_text(household)),
        ev.FactRecorded(
            fact=new_fact(desk, fact, FactKind.INCOME_QUALIFICATION, after=1), replaces=_earlier_assessment(desk)
        ),
    )


def _unfit(desk: Desk, command: c.AssessAbilityToPay) -> Refusal | None:
    if not 1 <= command.household_size <= SIZE_MAX:
        return no("household-without-people", f"A household has 1 to {SIZE_MAX} people.", "Count those who live there.")
    amounts = [*(income.monthly for income in command.incomes), *((command.expenses,) if command.expenses else ())]
    if any(amount < ZERO for amount in amounts):
        return no("negative-income", "Income and expenses are not below zero.", "Correct the amount.")
    unknown = [word for word in command.circumstances if word not in CIRCUMSTANCES]
    if unknown:
        return no("unknown-circumstance", f"{unknown[0]} is no circumstance.", f"Use {', '.join(CIRCUMSTANCES)}.")
    if command.until is not None and command.until < desk.on:
        return no("assessment-already-over", f"It would have ended on {command.until}.", "Name a later day.")
    return None


def _earlier_assessment(desk: Desk) -> str:
    """Return the fact that an earlier assessment left, which a new one replaces."""
    found = [
        fact.fact_id
        for fact in desk.case.known.facts
        if fact.kind is FactKind.INCOME_QUALIFICATION and fact.source == "assessment" and fact.withdrawn_at is None
    ]
    return found[-1] if found else ""


@handles(c.OfferArrangement)
def _offer(desk: Desk, command: c.OfferArrangement) -> Answer:
    arrangement = desk.case.arrangement
    renegotiates = arrangement is not None and arrangement.active
    found = offers(desk.case, desk.policy, desk.now, renegotiates=renegotiates)
    if found.refusal is not None:
        return found.refusal
    if not found.plans:
        return no("nothing-affordable", found.notes[0], "Tell of the programs, and refer the case to a supervisor.")
    terms = tuple(
        ev.OfferedTerms(
            months=offer.command.months,
            down=offer.command.down or ZERO,
            instalment=offer.instalment,
            last_due_on=last_day(offer),
            approval=offer.approval,
        )
        for offer in found.plans[: max(1, command.most)]
    )
    offered = ev.ArrangementOffered(amount=found.amount, terms=terms, declined=command.declined)
    kind = FactKind.AGREEMENT_DECLINED if command.declined else FactKind.AGREEMENT_OFFERED
    fact = c.RecordFact(kind=kind, details=(("by", command.by),))
    return (offered, ev.FactRecorded(fact=new_fact(desk, fact, kind, after=1)))


@handles(c.TellPrograms)
def _tell_programs(desk: Desk, command: c.TellPrograms) -> Answer:
    known = {row[0] for row in desk.policy.at(p.PROGRAMS, desk.on)}
    unknown = [program for program in command.programs if program not in known]
    if unknown or not command.programs:
        says = f"{unknown[0]} is no program of this city." if unknown else "No program is named."
        return no("unknown-program", says, f"Name one of {', '.join(sorted(known))}.")
    details = [("programs", " ".join(command.programs))]
    if command.providers:
        details.append(("providers", "yes"))
    fact = c.RecordFact(kind=FactKind.REFERRAL_GIVEN, source="desk", details=tuple(details))
    return (ev.FactRecorded(fact=new_fact(desk, fact, FactKind.REFERRAL_GIVEN)),)


@handles(c.ReferForAssistance)
def _refer(desk: Desk, command: c.ReferForAssistance) -> Answer:
    """Give the form out: the referral is a fact, and so is the hold that waits for the voucher."""
    told = _tell_programs(desk, c.TellPrograms(programs=(command.program,)))
    if isinstance(told, Refusal):
        return told
    until = desk.on + timedelta(days=desk.policy.at(p.ASSISTANCE_HOLD_DAYS, desk.on))
    hold = c.RecordFact(
        kind=FactKind.HOLD,
        until=desk.calendar.at(until + DAY, time(0)),
        source=command.program,
        evidence=command.form,
        details=(("because", f"The voucher of {command.program.replace('_', ' ')} is awaited."),),
    )
    (referral,) = told
    assert isinstance(referral, ev.FactRecorded), "telling of a program records a fact"
    given = replace(referral.fact, source=command.program, evidence=command.form)
    return (
        ev.FactRecorded(fact=given),
        ev.FactRecorded(fact=new_fact(desk, hold, FactKind.HOLD, after=1)),
    )
