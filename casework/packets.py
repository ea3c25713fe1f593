"""Which papers go to a court: the claim with its itemised account, the affidavit before a default, a proof of claim?"""

from datetime import date, timedelta

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing, unfit
from casework.letters import addressee_of
from casework.permissions import Permission
from casework.story import retold, the_row
from domain import events as ev
from domain import parameters as p
from domain.account import NamedBill, OpenBill
from domain.bankruptcy import PAID_SINCE, Bankruptcy, claim_runs_from, pending
from domain.case import Case
from domain.facts import Fact, FactKind, on_file
from domain.money import Money, total
from domain.policy import Policy
from domain.remedy import Mark, Remedy, RemedyKind
from letters.book import load_book
from letters.paper import (
    AFFIDAVIT,
    CLAIM,
    PROOF,
    Line,
    Paper,
    Party,
    account_table,
    day,
    money,
    of_office,
    sums_table,
    written,
)
from letters.render import render_paper
from models.accounts import Personal, personal_of
from models.cases import decode, timeline_of
from models.policies import policy_with
from models.tables import RemedyRow

_OF_COURT = frozenset({RemedyKind.CLAIM.value, RemedyKind.JUDGMENT.value})


def claim_packet(desk: Desk, remedy_id: str) -> bytes:
    """Return the claim as it is filed: parties, claim, fee, oath, and the itemised account on a page of its own."""
    desk.need(Permission.SEE_PERSONAL)
    return render_paper(desk.read_now(lambda session: _claim(session, remedy_id)))


def affidavit(desk: Desk, remedy_id: str) -> bytes:
    """Return the affidavit of non-military status for a default; refused before the status was looked up."""
    desk.need(Permission.SEE_PERSONAL)
    return render_paper(desk.read_now(lambda session: _affidavit(session, remedy_id)))


def proof_of_claim(desk: Desk, case_id: str) -> bytes:
    """Return the itemised account behind a proof of claim, split at the petition's day."""
    desk.need(Permission.SEE_PERSONAL)
    return render_paper(desk.read_now(lambda session: _proof(session, case_id)))


def _claim(session: Session, remedy_id: str) -> Paper:
    case, remedy, on = _as_decided(session, remedy_id)
    policy, personal = policy_with(session, case.known.policy), personal_of(session, case.account_no)
    lines = tuple(_line(bill, case.known.bills) for bill in remedy.bills)
    fee, owed = Money(policy.at(p.COURT_FEE, on)), total(line.left for line in lines)
    waives = f"It claims the court's limit and waives {money(owed - remedy.amount)}." if owed > remedy.amount else ""
    values = {
        "premises": personal.premise_address,
        "account_no": case.account_no,
        "final_due_on": day(case.final.due_on if case.final else max(line.due_on for line in lines)),
        "claimed": money(remedy.amount),
        "fee": money(fee),
        "together": money(remedy.amount + fee),
        "waiver": waives,
        "county": _county(case),
    }
    account = account_table(lines, f"Itemised account {case.account_no}")
    waived = (("Waived, as above the court's limit", remedy.amount - owed),) if owed > remedy.amount else ()
    itemised = ("Utility service, as itemised", max(owed, remedy.amount))
    asked = sums_table("What is claimed", (itemised, *waived, ("Filing fee", fee)))
    number = f"Claim {remedy.ref}" if remedy.ref else "Claim number: "
    parts = _parts(case, policy, personal, on=on, court=remedy.with_whom, number=number)
    return written(CLAIM, pack=policy.pack, values=values, parts=parts | {"tables": (asked, account)})


def _affidavit(session: Session, remedy_id: str) -> Paper:
    case, remedy, _ = _as_decided(session, remedy_id)
    now = retold(session, the_row(session, case.case_id))
    standing = next((r for r in now.remedies if r.remedy_id == remedy_id), remedy) if now else remedy
    checked = standing.marked(Mark.NON_MILITARY)
    if checked is None:
        raise unfit(
            "military-status-unknown",
            "The status was not looked up",
            "No check of the military status is on record.",
            way_out="Look the defendant up, then record that affidavit as a paper of the court.",
            status=409,
        )
    policy, personal = policy_with(session, case.known.policy), personal_of(session, case.account_no)
    hearing = day(standing.due_on) if standing.due_on else "the day of the hearing"
    values = {"claim_no": standing.ref, "hearing_on": hearing, "checked_on": day(checked)}
    parts = _parts(case, policy, personal, on=checked, court=remedy.with_whom, number=f"Claim {standing.ref}")
    return written(AFFIDAVIT, pack=policy.pack, values=values, parts=parts | {"tables": ()})


def _proof(session: Session, case_id: str) -> Paper:
    row = the_row(session, case_id)
    case = retold(session, row)
    stood = case.bankruptcy if case else None
    petition = _petition(case) if case else None
    if case is None or stood is None or petition is None:
        raise unfit(
            "no-stayed-debt",
            "There is nothing to claim",
            "No debt of this case was set aside at a petition.",
            way_out="Record the petition with its docket number first.",
            status=409,
        )
    policy, personal = policy_with(session, case.known.policy), personal_of(session, case.account_no)
    lines = _stayed_lines(session, case, stood)
    on = stood.petition_on
    begins = claim_runs_from(petition, policy.calendar)
    by = begins + timedelta(days=policy.at(p.BANKRUPTCY_CLAIM_DAYS, on))
    values = {
        "chapter": petition.details.get("chapter", ""),
        "petition_on": day(on),
        "docket": petition.evidence,
        "claimed": money(total(line.left for line in lines)),
        "file_by": day(by),
    }
    parts = _parts(case, policy, personal, on=on, court="United States Bankruptcy Court", number=petition.evidence)
    table = account_table(lines, f"Account {case.account_no} up to and on {day(on)}")
    return written(PROOF, pack=policy.pack, values=values, parts=parts | {"tables": (table,)})


def _petition(case: Case) -> Fact | None:
    found = pending(case.known.facts, case.known.at)
    filed = on_file(case.known.facts, FactKind.BANKRUPTCY)
    return found or (filed[-1] if filed else None)


def _stayed_lines(session: Session, case: Case, stood: Bankruptcy) -> tuple[Line, ...]:
    """Return what was set aside, bill by bill, as it stood before a plan paid any of it."""
    lines = []
    for entry in timeline_of(session, case.case_id, limit=10_000):
        body = decode(session, entry).body
        if isinstance(body, ev.PetitionSplit) and body.petition_on == stood.petition_on:
            before = retold(session, the_row(session, case.case_id), last=entry.seq)
            bills = {bill.ref: bill for bill in before.known.bills} if before else {}
            for part in body.parts:
                bill = bills.get(part.ref)
                what = f"{part.service}{'' if part.whole else ', the days up to the petition'}"
                since = part.ref.startswith(PAID_SINCE)
                billed = bill.original if bill else part.amount
                dated = bill.bill_on if bill else part.due_on
                number = "" if since else part.ref.rpartition("/")[0]
                what = "older debt that was met with money paid after the petition" if since else what
                lines.append(
                    Line(ref=number, what=what, on=dated, due_on=part.due_on, original=billed, left=part.amount)
                )
    return tuple(lines)


def _as_decided(session: Session, remedy_id: str) -> tuple[Case, Remedy, date]:
    """Return the case when the claim was decided on or, once it is, filed; the remedy then; and the day."""
    row = session.get(RemedyRow, remedy_id)
    if row is None or row.kind not in _OF_COURT:
        raise missing("claim", remedy_id)
    found: tuple[int, Remedy, date] | None = None
    for entry in timeline_of(session, row.case_id, limit=10_000):
        match decode(session, entry).body:
            case ev.RemedyDecided(remedy=remedy) | ev.ClaimFiled(remedy=remedy) if remedy.remedy_id == remedy_id:
                found = entry.seq, remedy, entry.on
    if found is None:
        raise missing("claim", remedy_id)
    case = retold(session, the_row(session, row.case_id), last=found[0])
    assert case is not None, "a case whose claim is on record was opened"
    return case, found[1], found[2]


def _line(named: NamedBill, bills: tuple[OpenBill, ...]) -> Line:
    ref, amount, due_on = named.ref, named.amount, named.due_on
    known = next((each for each in bills if each.ref == ref), None)
    number, _, service = ref.rpartition("/")
    billed, dated = (known.original, known.bill_on) if known else (amount, due_on)
    return Line(ref=number, what=service, on=dated, due_on=due_on, original=billed, left=amount)


def _county(case: Case) -> str:
    known = [f.details.get("county", "") for f in on_file(case.known.facts, FactKind.LAST_KNOWN_ADDRESS)]
    return next((county for county in reversed(known) if county), case.known.account.county)


def _parts(case: Case, policy: Policy, personal: Personal, *, on: date, court: str, number: str) -> dict[str, object]:
    """Return what every paper of a court has: who against whom, before which court, under which number."""
    office = load_book().offices.get(policy.pack)
    plaintiff = of_office(office) if office else (policy.pack,)
    debtor = addressee_of(personal, policy)
    return {
        "court": court,
        "number": number,
        "on": on,
        "parties": (
            Party(label="Plaintiff or creditor", lines=plaintiff),
            Party(label="Defendant or debtor", lines=(debtor.name, *debtor.lines)),
        ),
        "facts": (("Account", case.account_no), ("Date", day(on))),
        "account": case.account_no,
    }
