"""How are accounts that are in mid-path taken over: all of them or none, each where it stands, nothing going out?"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, col, select

from activities.messages import Opening
from activities.mirror import mirror
from activities.opening import start_case
from casework.context import Desk
from casework.errors import not_now, unfit, unreadable
from casework.opening_lines import FACTS, Registers, read_registers, renamed
from casework.permissions import Permission
from casework.story import retold
from domain.account import Snapshot, balance
from domain.case import Case
from domain.decide import stamp
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.opening import opened
from domain.policy import Policy
from domain.rules.switches import EVERYTHING
from domain.take import take
from domain.taking_over import TAKEN_OVER, taken_over
from domain.view import view
from formats.errors import Malformed
from formats.opening.folder import OpeningFolder, Problem, read_opening
from formats.opening.layout import ACCOUNT, CASES
from gateways.billing import BillingAnswer
from gateways.errors import Outage
from models.cases import case_row, open_cases
from models.facts import record_fact
from models.imports import OPENING, same_bytes, write_done
from models.record import record
from models.registers import GOING_LIVE, REGISTERS, write_lines
from models.snapshot import known_of
from models.tables import CaseCounterRow, CaseRow, FactRow
from models.upsert import upsert

PAGE = 500
STARTED_AT_ONCE = 10
PART = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """What an opening folder came to. *problems*: why nothing of it was taken; *set_back*: cases at an earlier stage.

    *again*: the same folder was taken before; *started*: cases that this run set going, all of them the first time.
    """

    sha256: str
    cases: int = 0
    closed: int = 0
    started: int = 0
    again: bool = False
    set_back: Mapping[str, Sequence[str]] | None = None
    problems: Sequence[Problem] = ()


async def take_opening(desk: Desk, root: Path) -> TakenOver:
    """Take over the folder at *root*; with any problem nothing is taken. The same folder again changes nothing.

    What goes out is held from the same transaction on, until a supervisor other than who took the folder in releases
    it. Interrupted after that, it is run again, and starts the cases that do not run yet.

    Raises:
        Refused: it is no opening folder, there are cases here already, or billing cannot be asked just now.
    """
    desk.need(Permission.IMPORT_FILES)
    try:
        folder = await asyncio.to_thread(read_opening, root)
    except Malformed as fault:
        raise unreadable(fault) from fault
    before = await desk.read(lambda session: same_bytes(session, folder.sha256))
    if before is not None:
        return TakenOver(sha256=folder.sha256, cases=before.accepted, again=True, started=await _start(desk))
    _need_empty(desk)
    policy = desk.policy()
    registers = read_registers(folder)
    answers, found = await _held_against_billing(desk, policy, folder, registers)
    problems = (*folder.problems, *registers.problems, *_of_manifest(desk, policy, folder), *found)
    if problems:
        return TakenOver(sha256=folder.sha256, problems=problems)
    what = _Opening(
        policy=policy, folder=folder, registers=registers, answers=answers, at=desk.now, by=desk.person.username
    )
    set_back = await desk.write(lambda session: _write(session, what))
    closed = sum(case.closed is not None for case in folder.cases.values())
    started = await _start(desk)
    return TakenOver(sha256=folder.sha256, cases=len(folder.cases), closed=closed, started=started, set_back=set_back)


def _need_empty(desk: Desk) -> None:
    if desk.read_now(lambda session: session.exec(select(CaseRow.case_id).limit(1)).first()) is not None:
        says = "There are cases here already: an opening folder goes into an installation that has none."
        raise unfit("not-empty", "Not an empty installation", says, way_out="Name a new data directory.", status=409)


def _of_manifest(desk: Desk, policy: Policy, folder: OpeningFolder) -> Iterable[Problem]:
    if folder.as_of > desk.now:
        says = f"the folder is of {folder.as_of.isoformat()}, business now is {desk.now.isoformat()}"
        yield Problem(file="opening.toml", line=0, column="as_of", rule="in_the_future", says=says)
    if folder.pack and folder.pack != policy.pack:
        says = f"the folder goes by the pack {folder.pack}, {policy.pack} is in force here"
        yield Problem(file="opening.toml", line=0, column="pack", rule="other_pack", says=says)


async def _held_against_billing(
    desk: Desk, policy: Policy, folder: OpeningFolder, registers: Registers
) -> tuple[dict[str, BillingAnswer], list[Problem]]:
    """Return what billing has open, and where the folder says otherwise; accounts come from billing alone."""
    named = sorted({*folder.cases, *registers.accounts})
    billing = desk.at.systems.billing
    try:
        unknown = await mirror(desk.at.engine, billing, policy, named, at=desk.now)
        known = [account_no for account_no in folder.cases if account_no not in unknown]
        answers: dict[str, BillingAnswer] = {}
        for start in range(0, len(known), PAGE):
            page = known[start : start + PAGE]
            answers |= {answer.account_no: answer for answer in await billing.open_bills_of(page)}
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    problems = [_unknown(folder, account_no) for account_no in sorted(unknown)]
    for account_no, answer in answers.items():
        told, has = folder.balances[account_no], balance(answer.bills).cents
        if told != has:
            says = f"account {account_no} owes {Money(told)} by the folder and {Money(has)} by billing"
            problems.append(_in_cases(folder, account_no, "balance_cents", "balance_differs", says))
    return answers, problems


def _unknown(folder: OpeningFolder, account_no: str) -> Problem:
    says = f"billing knows no account {account_no}"
    return _in_cases(folder, account_no, ACCOUNT, "unknown_account", says)


def _in_cases(folder: OpeningFolder, account_no: str, column: str, rule: str, says: str) -> Problem:
    line = folder.places.get(account_no, 0)
    return Problem(file=f"{CASES.name}.csv", line=line, column=column, rule=rule, says=says)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """Everything that goes in, once nothing is wrong with it."""

    policy: Policy
    folder: OpeningFolder
    registers: Registers
    answers: Mapping[str, BillingAnswer]
    at: datetime
    by: str


def _write(session: Session, what: _Opening) -> dict[str, Sequence[str]]:
    """Write the whole of it in the caller's transaction; return which cases open at an earlier stage, and why."""
    cases, registers = what.folder.cases, what.registers.lines
    _hold_everything(session, at=what.at, by=what.by)
    numbers = {number: int(case.case_id.rpartition("-")[2]) + 1 for number, case in cases.items()}
    names = {case.case_id: f"{number}-{numbers[number]}" for number, case in cases.items()}
    known_facts = [line["fact_id"] for line in registers.get(FACTS, ())]
    for start in range(0, len(known_facts), PART):  # what billing's master told just now, the folder knows better
        session.exec(delete(FactRow).where(col(FactRow.fact_id).in_(known_facts[start : start + PART])))
    for register in REGISTERS:
        if lines := registers.get(register.name):
            write_lines(session, register, renamed(lines, names))
    session.flush()
    set_back: dict[str, Sequence[str]] = {}
    for number, case in cases.items():
        upsert(session, CaseCounterRow, {ACCOUNT: number, "last": numbers[number]})
        because = _record(session, _named(case, names[case.case_id]), what)
        if because:
            set_back[names[case.case_id]] = because
    as_of = what.folder.as_of.date()
    write_done(session, kind=OPENING, sha256=what.folder.sha256, rows=len(cases), as_of=as_of, at=what.at)
    return set_back


def _hold_everything(session: Session, *, at: datetime, by: str) -> None:
    fact = Fact(
        fact_id=GOING_LIVE,
        kind=FactKind.STOP_SWITCH,
        starts=at,
        known_at=at,
        source="opening",
        entered_by=by,
        details={"scope": EVERYTHING, "because": "going live: nothing goes out before it is released"},
    )
    record_fact(session, fact=fact, known_at=at)


def _named(case: Case, name: str) -> Case:
    """Return *case* under its name here; by its account's number it keeps its place in the day."""
    return replace(case, case_id=name, spread_by=case.account_no, linked_to="")


def _record(session: Session, case: Case, what: _Opening) -> Sequence[str]:
    """Write one case: opened with what is known of its account, then taken over as the folder tells it."""
    known, answer = known_of(session, case.account_no), what.answers[case.account_no]
    at, policy = what.at, what.policy
    snapshot = Snapshot(
        at=at,
        version="",
        account=replace(known.account, status=answer.status),
        bills=answer.bills,
        credit=answer.credit,
        unposted=known.unposted,
        facts=known.facts,
        policy=policy.digest,
    )
    over = taken_over(case)
    begins = opened(
        snapshot,
        stage=over.case.stage,
        off=(),
        linked_to="",
        because="taken over from an opening folder",
        carried=None,
        spread_by=case.spread_by,
    )
    empty = Case(case_id=case.case_id, account_no=case.account_no, opened_on=case.opened_on, known=snapshot)
    events = stamp(empty, (begins, over), key=TAKEN_OVER, at=at, by=what.by, policy=policy)
    stands = empty
    for event in events:
        stands = take(stands, event)
    record(session, case=view(stands, policy, at), events=events)
    return over.set_back


async def _start(desk: Desk) -> int:
    """Set going each open case that does not run; return how many that were."""
    waiting = await desk.read(lambda session: [row.case_id for row in open_cases(session)])
    started = 0
    for start in range(0, len(waiting), STARTED_AT_ONCE):
        cases = await desk.read(partial(_told, case_ids=waiting[start : start + STARTED_AT_ONCE]))
        begun = await asyncio.gather(*(start_case(desk.client, _opening(case), case) for case in cases))
        started += sum(begun)
    return started


def _told(session: Session, case_ids: Sequence[str]) -> list[Case]:
    rows = [row for case_id in case_ids if (row := case_row(session, case_id)) is not None]
    return [case for row in rows if (case := retold(session, row)) is not None and case.closed is None]


def _opening(case: Case) -> Opening:
    return Opening(case_id=case.case_id, account_no=case.account_no, stage=case.stage, because="opening folder")
