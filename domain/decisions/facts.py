"""Facts of every kind: recorded, corrected, ended; holds, disputes and bankruptcy petitions among them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.arrangement import ArrangementStatus
from domain.calendar import DAY
from domain.claimed import channels, false_claims
from domain.decisions.desk import Answer, Desk, handles, new_fact, no
from domain.evidence import flaw
from domain.facts import Fact, FactKind, standing
from domain.policy import Policy, PolicyGap
from domain.rules.claims import AGREEMENT_STOPS
from domain.verdict import Refusal

GOOD_STANDING = frozenset({ArrangementStatus.AGREED, ArrangementStatus.IN_FORCE})
EXTENDED = "extended"
IN_DISPUTE = (FactKind.DISPUTE, FactKind.APPEAL)


@handles(c.RecordFact)
def _record_fact(desk: Desk, command: c.RecordFact) -> Answer:
    if command.kind is FactKind.RECONNECT_EXCEPTION and not desk.decision.senior:
        return no("needs-a-senior", "An exception from the rules of reconnection is a supervisor's.", "Refer the case.")
    refusal = unfit_fact(command, command.kind, _setting(desk)) or _deposit_forbidden(desk, command.kind)
    return refusal or (ev.FactRecorded(fact=new_fact(desk, command, command.kind)), *_vouched(desk, command))


def _deposit_forbidden(desk: Desk, kind: FactKind) -> Refusal | None:
    """Refuse a further deposit while the customer keeps an agreement."""
    arrangement = desk.case.arrangement
    if kind is not FactKind.DEPOSIT_ASKED or arrangement is None or arrangement.status not in GOOD_STANDING:
        return None
    return no(
        "no-deposit-in-good-standing",
        f"Agreement {arrangement.number} is kept: no additional deposit is asked meanwhile.",
        "Ask for it when the agreement is over, or was broken.",
        rule="D15",
        citation=AGREEMENT_STOPS.citation,
    )


def _vouched(desk: Desk, command: c.RecordFact) -> tuple[ev.Body, ...]:
    """Return the end of the hold that waited for an assistance program's voucher, when its pledge comes."""
    if command.kind is not FactKind.PLEDGE:
        return ()
    awaited = (f for f in standing(desk.case.known.facts, FactKind.HOLD, desk.now) if f.source == command.source)
    return tuple(
        _end(desk, hold, withdrawn=False, because="the voucher is back: it stands as a pledge")
        for hold in awaited
        if command.source
    )


@handles(c.CorrectFact)
def _correct_fact(desk: Desk, command: c.CorrectFact) -> Answer:
    old = _standing_fact(desk, command.fact_id)
    if isinstance(old, Refusal):
        return old
    refusal = unfit_correction(command, old, _setting(desk))
    if refusal:
        return refusal
    if command.kind is None:
        return (_end(desk, old, withdrawn=True, because=command.because),)
    counted = counting_extensions(command, old)
    return (ev.FactRecorded(fact=new_fact(desk, counted, command.kind), replaces=old.fact_id),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a fact is recorded into: what is known already, under which pack, when, and by a senior or not."""

    facts: tuple[Fact, ...]
    policy: Policy
    now: datetime
    senior: bool


def _setting(desk: Desk) -> Setting:
    return Setting(facts=desk.case.known.facts, policy=desk.policy, now=desk.now, senior=desk.decision.senior)


def unfit_fact(command: c.RecordFact | c.CorrectFact, kind: FactKind, setting: Setting) -> Refusal | None:
    """Return why no fact of *kind* can be recorded as *command* states it; none if one can."""
    if kind is FactKind.STOP_SWITCH:
        return no("use-the-stop-switch", "A stop switch is thrown and lifted as such.", "Use the stop switch.")
    found = flaw(
        kind,
        details=command.details,
        amount=command.amount,
        source=command.source,
        starts=command.starts or setting.now,
        until=command.until,
    )
    if found:
        return _flawed(found.slug, found.says, found.way_out)
    return _unfit_claim(command, setting) if kind is FactKind.CLAIMED_PAYMENT else None


def _unfit_claim(command: c.RecordFact | c.CorrectFact, setting: Setting) -> Refusal | None:
    on = setting.policy.calendar.day(setting.now)
    known = channels(setting.policy, on)
    channel = dict(command.details).get("channel", "")
    if known and channel not in known:
        listed = ", ".join(known)
        return no("claim-channel-unknown", f"No file comes in from {channel}.", f"Name one of: {listed}.")
    before = false_claims(setting.facts, setting.policy, setting.now)
    if before and not setting.senior and isinstance(command, c.RecordFact):
        return no(
            "claim-needs-a-senior",
            f"The payment claimed on {setting.policy.calendar.day(before[-1].starts)} never came.",
            "Ask a senior to record it, or take the payment itself.",
            rule=p.CLAIMED_FALSE_DAYS.key,
            citation=setting.policy.source(p.CLAIMED_FALSE_DAYS, on).citation,
        )
    return None


def _flawed(slug: str, says: str, way_out: str) -> Refusal:
    return no(slug, says, way_out)


def unfit_correction(command: c.CorrectFact, old: Fact, setting: Setting) -> Refusal | None:
    """Return why *old* cannot be corrected as *command* states it; none if it can.

    What only a reviewer ends is not ended by way of a correction.
    """
    if old.kind in IN_DISPUTE and (command.kind is not old.kind or command.until is not None):
        return no(
            "reviewer-decides",
            f"A {old.kind} is ended by its reviewer alone.",
            "Let the reviewer resolve it; a dispute that the customer withdraws is resolved as withdrawn.",
            rule="D04",
        )
    if old.kind is FactKind.STOP_SWITCH:
        return no("use-the-stop-switch", "A stop switch is thrown and lifted as such.", "Use the stop switch.")
    if command.kind is None:
        return None
    return unfit_fact(command, command.kind, setting) or _extended_enough(command, old, setting)


def counting_extensions(command: c.CorrectFact, old: Fact) -> c.CorrectFact:
    """Return *command* with how often the pledge that it corrects has been extended by then; any other as it is."""
    if old.kind is not FactKind.PLEDGE or command.kind is not FactKind.PLEDGE:
        return command
    times = extensions(old) + _puts_off(command, old)
    said = tuple(each for each in command.details if each[0] != EXTENDED)
    return replace(command, details=(*said, (EXTENDED, str(times))) if times else said)


def _puts_off(command: c.CorrectFact, old: Fact) -> bool:
    """Say whether *command* lets the pledge *old* hold longer."""
    pledges = old.kind is FactKind.PLEDGE and command.kind is FactKind.PLEDGE
    return pledges and old.until is not None and (command.until is None or command.until > old.until)


def extensions(pledge: Fact) -> int:
    """Return how often the pledge's end has been put off."""
    said = pledge.details.get(EXTENDED, "")
    return int(said) if said.isdecimal() else 0


def extended_enough(times: int, policy: Policy, on: date) -> bool:
    """Say whether a pledge that was extended so many *times* may be extended no more without a senior (D16)."""
    try:
        return times >= policy.at(p.PLEDGE_MAX_EXTENSIONS, on)
    except PolicyGap:  # a pack from before there was a cap, which cases may still go by
        return False


def _extended_enough(command: c.CorrectFact, old: Fact, setting: Setting) -> Refusal | None:
    """Refuse to let a pledge stop the path for ever by ever later ends; a senior may look at it and extend it."""
    on = setting.policy.calendar.day(setting.now)
    if setting.senior or not _puts_off(command, old) or not extended_enough(extensions(old), setting.policy, on):
        return None
    return no(
        "pledge-extended-enough",
        f"The pledge has been extended {extensions(old)} times already, and has not been paid.",
        "Ask the agency for a new pledge in writing, or a senior to extend this one.",
        rule="D16",
        citation=setting.policy.source(p.PLEDGE_MAX_EXTENSIONS, on).citation,
    )


def _standing_fact(desk: Desk, fact_id: str, *kinds: FactKind) -> Fact | Refusal:
    found = next((f for f in desk.case.known.facts if f.fact_id == fact_id and f.withdrawn_at is None), None)
    if found is None or (kinds and found.kind not in kinds):
        what = kinds[0].value if kinds else "fact"
        named = f"{what} {fact_id}".strip()
        return no("no-such-fact", f"No {named} stands on this account.", "Look at the account's facts.")
    return found


def _end(desk: Desk, fact: Fact, *, withdrawn: bool, because: str) -> ev.FactEnded:
    return ev.FactEnded(fact_id=fact.fact_id, kind=fact.kind, until=desk.now, withdrawn=withdrawn, because=because)


@handles(c.PlaceHold)
def _place_hold(desk: Desk, command: c.PlaceHold) -> Answer:
    until = desk.calendar.at(command.until + DAY, time(0)) if command.until else None
    fact = c.RecordFact(kind=FactKind.HOLD, until=until, details=(("because", command.because),))
    return (ev.FactRecorded(fact=new_fact(desk, fact, FactKind.HOLD)),)


@handles(c.ReleaseHold)
def _release_hold(desk: Desk, command: c.ReleaseHold) -> Answer:
    hold = _standing_fact(desk, command.fact_id, FactKind.HOLD)
    return hold if isinstance(hold, Refusal) else (_end(desk, hold, withdrawn=False, because=command.because),)


@handles(c.OpenDispute)
def _open_dispute(desk: Desk, command: c.OpenDispute) -> Answer:
    terms = command.subject != "bill"
    if terms and desk.case.arrangement is None:
        return no("no-agreement", "There is no agreement whose terms could be disputed.", "Dispute the bill instead.")
    details = (("subject", command.subject),) if terms else ()
    fact = c.RecordFact(kind=FactKind.DISPUTE, amount=command.amount, details=details)
    return (
        ev.FactRecorded(fact=new_fact(desk, fact, FactKind.DISPUTE)),
        ev.TaskRaised(kind="review_terms" if terms else "review_dispute", about=command.about),
    )


@handles(c.ResolveDispute)
def _resolve_dispute(desk: Desk, command: c.ResolveDispute) -> Answer:
    dispute = _standing_fact(desk, command.fact_id, *IN_DISPUTE)
    if isinstance(dispute, Refusal):
        return dispute
    if dispute.entered_by == desk.decision.by and command.outcome != "withdrawn":
        return no(
            "reviewer-must-be-another",
            "A dispute is decided by someone other than the person who took it.",
            "Pass it to the reviewer.",
            rule="D04",
            citation=desk.policy.source(p.DISPUTE_REVIEWER, desk.on).citation,
        )
    return (_end(desk, dispute, withdrawn=False, because=f"{command.outcome}: {command.because}"),)
