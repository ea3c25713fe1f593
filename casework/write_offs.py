"""Which debts may be proposed to be written off, and what does the council read of them, without a customer's name?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from casework.story import retold
from domain import parameters as p
from domain.account import OpenBill, balance
from domain.case import Case
from domain.money import ZERO, Money, total
from domain.policy import Policy
from domain.states import Stage
from letters.book import load_book
from letters.paper import WRITE_OFFS, Paper, Party, day, money, of_office, written
from letters.render import render_paper
from letters.sheet import Table
from models.tables import CaseRow, TimelineRow

YEAR_DAYS = 365
_AT = (Stage.FINAL_BILLED, Stage.WITH_AGENCY, Stage.JUDGMENT)
_EFFORTS = {
    "reminder_sent": "reminder",
    "notice_served": "notice",
    "contact_recorded": "contact",
    "service_disconnected": "disconnection",
    "placement_notice_sent": "placement notice",
    "placed_with_agency": "agency placement",
    "claim_filed": "court claim",
    "judgment_entered": "judgment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A debt that the pack's age allows to be written off. *done*: what was done to collect it, and how often."""

    case_id: str
    account_no: str
    customer_class: str
    services: tuple[str, ...]
    incurred_from: date
    incurred_through: date
    unpaid_since: date
    amount: Money
    done: tuple[tuple[str, int], ...]

    @property
    def efforts(self) -> str:
        """Return in words what was done to collect it."""
        said = (f"{number} {_EFFORTS[kind]}{'s' * (number > 1)}" for kind, number in self.done)
        return ", ".join(said) or "none on record here"


def candidates(desk: Desk) -> tuple[Candidate, ...]:
    """Return the debts whose service has ended and of which all that is left is as old as the pack asks."""
    desk.need(Permission.SEE_REPORTS)
    policy, today = desk.policy(), desk.today()

    def ask(session: Session) -> tuple[Candidate, ...]:
        query = select(CaseRow).where(
            col(CaseRow.stage).in_([str(stage) for stage in _AT]), col(CaseRow.closed).is_(None)
        )
        rows = session.exec(query.order_by(col(CaseRow.account_no))).all()
        found = (_candidate(session, row, policy, today) for row in rows)
        return tuple(each for each in found if each is not None)

    return desk.read_now(ask)


def packet(desk: Desk) -> bytes:
    """Return the list of candidates as a PDF for council or finance; no customer is named in it.

    Raises:
        Refused: there are none.
    """
    found = candidates(desk)
    if not found:
        raise missing("write-off-candidate", desk.today().isoformat())
    return render_paper(_paper(found, desk.policy(), desk.today()))


def _candidate(session: Session, row: CaseRow, policy: Policy, on: date) -> Candidate | None:
    case = retold(session, row)
    owed = _owed(case) if case else ()
    if case is None or not owed:
        return None
    youngest = max(bill.due_on for bill in owed)
    if on < youngest + timedelta(days=policy.at(p.WRITE_OFF_MIN_DAYS, on)):
        return None
    return Candidate(
        case_id=case.case_id,
        account_no=case.account_no,
        customer_class=str(case.known.account.customer_class),
        services=tuple(sorted({str(bill.service) for bill in owed})),
        incurred_from=min(bill.bill_on for bill in owed),
        incurred_through=max(bill.bill_on for bill in owed),
        unpaid_since=min(bill.due_on for bill in owed),
        amount=balance(owed),
        done=_done(session, row.account_no),
    )


def _owed(case: Case) -> Sequence[OpenBill]:
    return [bill for bill in case.known.bills if bill.open > ZERO]


def _done(session: Session, account_no: str) -> tuple[tuple[str, int], ...]:
    """Return how often what was done, over all the account's cases."""
    query = select(TimelineRow.type).where(
        TimelineRow.account_no == account_no, col(TimelineRow.type).in_(sorted(_EFFORTS))
    )
    counted = Counter(session.exec(query).all())
    return tuple((kind, counted[kind]) for kind in _EFFORTS if counted[kind])


def _paper(found: Sequence[Candidate], policy: Policy, on: date) -> Paper:
    office = load_book().offices.get(policy.pack)
    days, whole = policy.at(p.WRITE_OFF_MIN_DAYS, on), total(each.amount for each in found)
    years, rest = divmod(days, YEAR_DAYS)
    age = f"{years} years" if years and rest <= years else f"{days} days"
    table = Table(
        heading="The accounts",
        head=("Account", "Class", "For", "Incurred", "Unpaid since", "Efforts", "Amount"),
        rows=tuple(
            (
                each.account_no,
                each.customer_class,
                ", ".join(each.services),
                f"{day(each.incurred_from)} to {day(each.incurred_through)}",
                day(each.unpaid_since),
                each.efforts,
                money(each.amount),
            )
            for each in found
        ),
        total=("Total", "", "", "", "", "", money(whole)),
    )
    many = f"{len(found)} account{'' if len(found) == 1 else 's'}"
    values = {"count": many, "claimed": money(whole), "age": age}
    parts = {
        "court": office.name if office else policy.pack,
        "number": day(on),
        "on": on,
        "parties": (Party(label="From", lines=of_office(office) if office else (policy.pack,)),),
        "facts": (),
        "account": many,
        "tables": (table,),
    }
    return written(WRITE_OFFS, pack=policy.pack, values=values, parts=parts)
