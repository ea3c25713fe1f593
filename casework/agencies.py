"""Which agency is next, what do agencies report back, and is what they charge and do as agreed and lawful?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import unfit, unreadable
from casework.permissions import Permission
from casework.story import retold
from domain import parameters as p
from domain.agencies import Contact, Finding, choose, commission, findings
from domain.calendar import years_after
from domain.commands import Command, ReferToAgency
from domain.hear import Tells, Told
from domain.money import Money
from domain.policy import Policy
from domain.remedy import RemedyKind
from formats.agency import ContactLine, read_contacts
from formats.city import PlacementAnswer, RecallAction, read_placement_replies, read_recalls
from formats.errors import Malformed
from models.agencies import Vintage, money_between, standings, vintages
from models.cases import last_case_of, open_among
from models.outbox import tell
from models.remedies import AGENCY, CITY, US
from models.tables import AgencyFileRow, AgencyMoneyRow, ConductRow

LISTED_MAX = 500
ACKNOWLEDGMENT, RECALLS, CONTACTS = "acknowledgment", "recall", "contacts"


async def with_agency(desk: Desk, command: Command) -> Command:
    """Return *command*; a placement that names no agency with the one that the pack's rule chooses, and why.

    The case knows no other account's debt, so the choice is made here, before the decision is sent, and is part of it.
    """
    if not isinstance(command, ReferToAgency) or command.agency:
        return command
    known = await desk.read(standings)
    agency, because = choose(desk.policy(), desk.today(), known)
    return replace(command, agency=agency, because=command.because or because)


# --- what agencies send --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file of an agency, taken. *left*: the accounts that it names and that have no open case here."""

    row: AgencyFileRow
    left: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    account_no: str
    what: Tells
    ref: str
    because: str
    on: date
    amount: Money

    @property
    def key(self) -> str:
        return f"agency/{self.what}/{self.account_no}/{self.ref}/{self.on}"


def take(desk: Desk, data: bytes, *, file_name: str, kind: str) -> Taken:
    """Take an agency's file whole or not at all, and tell the cases it names; the same file again changes nothing.

    Raises:
        Refused: it is wrong as a whole, or was taken before.
    """
    desk.need(Permission.IMPORT_FILES)
    digest, now, today = sha256(data).hexdigest(), desk.now, desk.today()
    policy = desk.policy()
    try:
        words: tuple[_Word, ...] = tuple(_READERS[kind](data)) if kind in _READERS else ()
        contacts = read_contacts(data) if kind == CONTACTS else ()
    except Malformed as fault:
        raise unreadable(fault.named(file_name)) from fault

    def write(session: Session) -> Taken:
        before = session.exec(select(AgencyFileRow).where(AgencyFileRow.sha256 == digest)).first()
        if before is not None:
            says = f"It was taken before, on {before.received_on} as {before.file_name}."
            raise unfit("file-duplicate-file", "The file was refused", says, status=409)
        named = {word.account_no for word in words}
        here = open_among(session, named)
        for word in words:
            if word.account_no in here:
                tell(session, account_no=word.account_no, told=_told(word, now), at=now)
        found = findings(
            (_contact(line) for line in contacts),
            validation_days=policy.at(p.AGENCY_VALIDATION_DAYS, today),
            barred_from=_barred_from(session, {line.account_no for line in contacts}, policy, today),
        )
        row = AgencyFileRow(
            file_id=f"agency-{digest[:16]}",
            kind=kind,
            sha256=digest,
            file_name=file_name,
            received_on=today,
            at=now,
            by=desk.person.username,
            lines=len(words) + len(contacts),
            told=sum(word.account_no in here for word in words),
            left=len(named - here),
        )
        session.add(row)
        for each in found:
            session.merge(_conduct(row.file_id, each))
        return Taken(row=row, left=tuple(sorted(named - here)), findings=found)

    return desk.write_now(write)


def _told(word: _Word, now: datetime) -> Told:
    return Told(
        key=word.key, at=now, what=word.what, ref=word.ref, on=word.on, amount=word.amount, because=word.because
    )


def _acknowledged(data: bytes) -> Iterator[_Word]:
    for line in read_placement_replies(data):
        accepted = line.answer is PlacementAnswer.ACCEPTED
        yield _Word(
            account_no=line.account_no,
            what=Tells.OUTSIDE_PLACEMENT if accepted else Tells.AGENCY_REFUSED,
            ref=line.placement_ref,
            because=line.reason or "",
            on=line.acknowledged_on,
            amount=Money(line.placed_cents),
        )


def _recalled(data: bytes) -> Iterator[_Word]:
    for line in read_recalls(data):
        returned = line.action is RecallAction.RETURNED_BY_AGENCY
        yield _Word(
            account_no=line.account_no,
            what=Tells.AGENCY_RETURNED if returned else Tells.OUTSIDE_RECALL,
            ref=f"recall/{line.account_no}",
            because=line.reason,
            on=line.effective_on,
            amount=Money(line.balance_cents),
        )


_READERS: Mapping[str, Callable[[bytes], Iterator[_Word]]] = {ACKNOWLEDGMENT: _acknowledged, RECALLS: _recalled}


def _contact(line: ContactLine) -> Contact:
    return Contact(
        ref=line.contact_id,
        account_no=line.account_no,
        at=line.at,
        channel=line.channel.value,
        spoke=line.spoke,
        opt_out=line.opt_out,
        ceased=line.ceased,
        notice=line.notice,
        threat=line.threat,
    )


def _conduct(file_id: str, found: Finding) -> ConductRow:
    return ConductRow(
        key=f"{file_id}/{found.ref}/{found.rule}",
        file_id=file_id,
        account_no=found.account_no,
        contact_id=found.ref,
        on=found.on,
        rule=found.rule,
        says=found.says,
    )


def _barred_from(session: Session, account_nos: set[str], policy: Policy, on: date) -> dict[str, date]:
    """Return, for each account with a placement, the day from which every bill placed is too old to be sued for."""
    years = policy.at(p.LIMITATION_YEARS, on)
    found: dict[str, date] = {}
    for account_no in sorted(account_nos):
        row = last_case_of(session, account_no)
        case = retold(session, row) if row else None
        placed = [each for each in (case.remedies if case else ()) if each.kind is RemedyKind.PLACEMENT]
        dues = [bill.due_on for remedy in placed for bill in remedy.bills]
        if dues:
            found[account_no] = years_after(max(dues), years)
    return found


def files(desk: Desk) -> Sequence[AgencyFileRow]:
    """Return the agencies' files that were taken, the latest first."""
    desk.need(Permission.SEE_REPORTS)
    query = select(AgencyFileRow).order_by(col(AgencyFileRow.at).desc(), col(AgencyFileRow.file_id))
    return desk.read_now(lambda session: session.exec(query.limit(LISTED_MAX)).all())


# --- what they charge, and how they did -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A sum on which the agency and we do not agree, or that only one of us knows."""

    account_no: str
    on: date
    paid_to: str
    what: str
    ours: Money
    theirs: Money
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What agencies took and were told of between two days, what they earned by it, and every difference."""

    collected: Money
    direct: Money
    commission: Money
    net: Money
    differences: Sequence[Difference]


def reconcile(desk: Desk, since: date, through: date) -> Reconciled:
    """Compare each remittance line with the pack's commission, and with what the agency was told of by us."""
    desk.need(Permission.SEE_REPORTS)
    policy = desk.policy()
    rows = desk.read_now(lambda session: money_between(session, since, through))
    theirs = [row for row in rows if row.said_by == AGENCY]
    ours = [row for row in rows if row.said_by == US]
    differences = [*_wrong_commission(theirs, policy), *_unmatched(ours, theirs)]
    return Reconciled(
        collected=Money(sum(row.gross_cents for row in theirs if row.paid_to == AGENCY)),
        direct=Money(sum(row.gross_cents for row in ours)),
        commission=Money(sum(row.commission_cents for row in theirs)),
        net=Money(sum(row.net_cents for row in theirs)),
        differences=sorted(differences, key=lambda each: (each.on, each.account_no, each.what)),
    )


def _wrong_commission(lines: Sequence[AgencyMoneyRow], policy: Policy) -> Iterator[Difference]:
    for row in lines:
        earned = commission(policy, Money(row.gross_cents), row.on)
        kept = Money(row.gross_cents - row.net_cents) if row.paid_to == AGENCY else Money(-row.net_cents)
        for what, theirs in (("commission", Money(row.commission_cents)), ("kept back", kept)):
            if theirs != earned:
                yield _difference(row, what, ours=earned, theirs=theirs)


def _unmatched(ours: Sequence[AgencyMoneyRow], theirs: Sequence[AgencyMoneyRow]) -> Iterator[Difference]:
    """Match what we told of with what the agency counts as paid to the city: by account and sum, each line once."""
    waiting = [row for row in theirs if row.paid_to == CITY]
    for row in ours:
        match = next((w for w in waiting if (w.account_no, w.gross_cents) == (row.account_no, row.gross_cents)), None)
        if match is None:
            yield _difference(row, "not on a remittance yet", ours=Money(row.gross_cents), theirs=Money(0))
        else:
            waiting.remove(match)
    for row in waiting:
        yield _difference(row, "not told by us", ours=Money(0), theirs=Money(row.gross_cents))


def _difference(row: AgencyMoneyRow, what: str, *, ours: Money, theirs: Money) -> Difference:
    return Difference(
        account_no=row.account_no, on=row.on, paid_to=row.paid_to, what=what, ours=ours, theirs=theirs, ref=row.key
    )


def score_card(desk: Desk) -> tuple[Vintage, ...]:
    """Return, for each agency and month of placement, what was given and what came of it."""
    desk.need(Permission.SEE_REPORTS)
    return desk.read_now(vintages)


def conduct(desk: Desk, file_id: str | None = None) -> Sequence[ConductRow]:
    """Return what agencies' reports show against the law, latest first."""
    desk.need(Permission.SEE_REPORTS)
    query = select(ConductRow).order_by(col(ConductRow.on).desc(), col(ConductRow.key)).limit(LISTED_MAX)
    if file_id is not None:
        query = query.where(ConductRow.file_id == file_id)
    return desk.read_now(lambda session: session.exec(query).all())
