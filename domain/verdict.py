"""What a rule said and why: outcomes, verdicts, refusals, and the certificate stored with every automated act."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum


class Action(StrEnum):
    """What a gate can be asked about."""

    SEND_REMINDER = "send_reminder"
    SERVE_NOTICE = "serve_notice"
    OFFER_RECONNECTION = "offer_reconnection"
    RECOMMEND_DISCONNECTION = "recommend_disconnection"
    APPROVE_DISCONNECTION = "approve_disconnection"
    DISPATCH_DISCONNECTION = "dispatch_disconnection"
    ACKNOWLEDGE_DISCONNECTION = "acknowledge_disconnection"
    CALL_CUSTOMER = "call_customer"
    PLACE_WITH_AGENCY = "place_with_agency"
    FILE_CLAIM = "file_claim"
    FILE_SETOFF = "file_setoff"
    CERTIFY_TO_TAX = "certify_to_tax"
    FILE_LIEN = "file_lien"
    WRITE_OFF = "write_off"


DISCONNECTION_ACTIONS = (
    Action.RECOMMEND_DISCONNECTION,
    Action.APPROVE_DISCONNECTION,
    Action.DISPATCH_DISCONNECTION,
    Action.ACKNOWLEDGE_DISCONNECTION,
)


class Finding(StrEnum):
    """``blocks`` forbids; ``passes`` was looked at and allows; ``silent`` does not concern this account today."""

    BLOCKS = "blocks"
    PASSES = "passes"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """One date sum a second program can check: *start* plus *days* (of *calendar*: calendar or open) is *result*."""

    label: str
    start: date
    days: int
    result: date
    calendar: str = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one rule found. *until*: when the block may first end by itself; none if a person must act."""

    rule: str
    finding: Finding
    says: str
    citation: str
    standing: str = ""
    way_out: str = ""
    facts: tuple[str, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """May *action* be done at *at*? Every rule that had something to say, blocking or passing, cited."""

    action: Action
    at: datetime
    policy: str
    outcomes: tuple[Outcome, ...]

    @property
    def blocking(self) -> tuple[Outcome, ...]:
        """Return the outcomes that forbid."""
        return tuple(outcome for outcome in self.outcomes if outcome.finding is Finding.BLOCKS)

    @property
    def allows(self) -> bool:
        """Say whether nothing forbids."""
        return not self.blocking

    @property
    def until(self) -> datetime | None:
        """Return the first instant at which every present block may have ended; none if one waits for a person."""
        ends = [outcome.until for outcome in self.blocking]
        return None if not ends or None in ends else max(end for end in ends if end is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The evidence stored with an automated act or a refusal."""

    action: str
    at: datetime
    pack: str
    policy: str
    allowed: bool
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rule says no. *slug* is stable for machines; *detail* names rule, fact and way out for a person at a desk."""

    slug: str
    title: str
    detail: str
    rules: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    way_out: str = ""
    status: int = 409
    outcomes: tuple[Outcome, ...] = field(default_factory=tuple)


HOUSE_RULE = "house rule: the office's own order of work, by no statute"


def certify(verdict: Verdict, pack: str) -> Certificate:
    """Return the certificate of *verdict*: what had something to say, without the silent rules."""
    return Certificate(
        action=verdict.action,
        at=verdict.at,
        pack=pack,
        policy=verdict.policy,
        allowed=verdict.allows,
        outcomes=tuple(outcome for outcome in verdict.outcomes if outcome.finding is not Finding.SILENT),
    )


def certify_refusal(refusal: Refusal, *, decision: str, at: datetime, pack: str, policy: str) -> Certificate:
    """Return the evidence of *refusal*: what the gate found, and each rule that spoke without one."""
    found = {outcome.rule for outcome in refusal.outcomes}
    spoke = tuple(_spoke(refusal, rule) for rule in refusal.rules or (refusal.slug,) if rule not in found)
    outcomes = tuple(
        replace(outcome, citation=outcome.citation or HOUSE_RULE) for outcome in (*refusal.outcomes, *spoke)
    )
    return Certificate(action=decision, at=at, pack=pack, policy=policy, allowed=False, outcomes=outcomes)


def _spoke(refusal: Refusal, rule: str) -> Outcome:
    return Outcome(
        rule=rule,
        finding=Finding.BLOCKS,
        says=refusal.detail,
        citation="; ".join(refusal.citations),
        way_out=refusal.way_out,
    )


def refuse(verdict: Verdict, *, title: str) -> Refusal:
    """Return the refusal that *verdict* amounts to: every blocking rule, its citation and its way out."""
    blocking = verdict.blocking
    assert blocking, "a verdict that allows is no refusal"
    return Refusal(
        slug=f"forbidden-{verdict.action.replace('_', '-')}",
        title=title,
        detail=" ".join(f"{outcome.rule}: {outcome.says}" for outcome in blocking),
        rules=tuple(outcome.rule for outcome in blocking),
        citations=tuple(outcome.citation for outcome in blocking),
        way_out=" ".join(outcome.way_out for outcome in blocking if outcome.way_out),
        outcomes=blocking,
    )
