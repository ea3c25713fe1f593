"""Which liens stand or were released, with what each secures today; and which owners gave notice not to be liable?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from domain import events as ev
from domain.calendar import CityCalendar
from domain.case import Case
from domain.facts import FactKind
from domain.liens import Payoff, accruals, interest, payoff, rate_on
from domain.money import ZERO, Money, total
from domain.policy import Policy
from domain.remedy import Remedy, RemedyKind
from domain.take import take
from models.cases import decode, timeline_of
from models.story import going_on
from models.tables import AccountRow, CaseRow, FactRow, RemedyRow

Line = dict[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LienLife:
    """A lien as its case tells of it: what was left of it from which day on, and its release."""

    account_no: str
    remedy: Remedy
    released_on: date | None
    because: str

    def interest(self, policy: Policy, on: date) -> Money:
        """Return what has accrued through *on*, or through the release."""
        return interest(accruals(self.remedy.life, policy, through=min(on, self.released_on or on)))

    def settled(self, on: date, *, billed: bool) -> Money:
        """Return how much of its interest was billed, or else given up, by that day."""
        return total(each.amount for each in self.remedy.settled if each.on <= on and bool(each.ref) is billed)


def lien_lives(session: Session) -> tuple[LienLife, ...]:
    """Return every lien that stands or stood, in the order of their numbers."""
    query = select(RemedyRow, CaseRow).join(CaseRow, col(CaseRow.case_id) == col(RemedyRow.case_id))
    query = query.where(RemedyRow.kind == RemedyKind.LIEN.value).order_by(col(RemedyRow.remedy_id))
    lives = (_life(session, case, row.remedy_id) for row, case in session.exec(query))
    return tuple(life for life in lives if life is not None)


def _life(session: Session, row: CaseRow, remedy_id: str) -> LienLife | None:
    """Return the lien's life by its case's events; none of one that was never filed."""
    case: Case | None = None
    filed, released, because = False, None, ""
    for entry in timeline_of(session, row.case_id, limit=10_000):
        event = decode(session, entry)
        case = take(case, event) if case else going_on(session, row, None, last=event.seq)
        filed = filed or _files(event.body, remedy_id)
        if isinstance(event.body, ev.RemedyEnded) and event.body.remedy_id == remedy_id:
            released, because = event.on, event.body.because
    if case is None or not filed:
        return None
    lien = next(each for each in case.remedies if each.remedy_id == remedy_id)
    return LienLife(account_no=row.account_no, remedy=lien, released_on=released, because=because)


def _files(body: ev.Body, remedy_id: str) -> bool:
    """Say whether the lien stands by *body*: by itself, or as it stood when its case was taken over."""
    told: Iterable[Remedy] = ()
    if isinstance(body, ev.RemedyStands):
        told = (body.remedy,)
    elif isinstance(body, ev.CaseTakenOver):
        told = body.case.remedies
    return any(each.remedy_id == remedy_id for each in told)


def lien_lines(session: Session, policy: Policy, on: date) -> list[Line]:
    """Return the register of liens with what frees each of them if it is paid on that day."""
    lines: list[Line] = []
    for life in lien_lives(session):
        remedy = life.remedy
        stands = remedy.life[0].on <= on and life.released_on is None
        frees = (
            payoff(remedy.life, remedy.settled, policy, on=on) if stands else Payoff(on=on, charges=ZERO, interest=ZERO)
        )
        lines.append(
            {
                "lien": remedy.remedy_id,
                "account_no": life.account_no,
                "services": " ".join(remedy.services),
                "filed_on": remedy.since.isoformat(),
                "filed_cents": remedy.amount.cents,
                "left_cents": frees.charges.cents,
                "interest_pct": str(rate_on(policy, on)),
                "interest_cents": life.interest(policy, on).cents,
                "billed_cents": life.settled(on, billed=True).cents,
                "given_up_cents": life.settled(on, billed=False).cents,
                "payoff_cents": frees.amount.cents,
                "released_on": life.released_on.isoformat() if life.released_on else "",
            }
        )
    return lines


def waiver_lines(session: Session, calendar: CityCalendar, at: datetime) -> list[Line]:
    """Return the register of owners' notices: for which place, from when, whether it stands, and where it is kept."""
    lines: list[Line] = []
    query = select(FactRow).where(FactRow.kind == FactKind.OWNER_WAIVER.value)
    for row in session.exec(query.order_by(col(FactRow.starts), col(FactRow.fact_id))):
        over = row.until is not None and row.until <= at
        lines.append(
            {
                "premise": row.premise_id or _premise(session, row.account_no),
                "account_no": row.account_no or "",
                "from": calendar.day(row.starts).isoformat(),
                "until": calendar.day(row.until).isoformat() if row.until else "",
                "state": "withdrawn" if row.withdrawn_at else "over" if over else "stands",
                "source": row.source,
                "kept_as": row.evidence,
            }
        )
    accounts = select(AccountRow).where(col(AccountRow.owner_waiver_on).is_not(None))
    for account in session.exec(accounts.order_by(col(AccountRow.owner_waiver_on), col(AccountRow.account_no))):
        assert account.owner_waiver_on is not None, "only those were asked for"
        lines.append(
            {
                "premise": account.premise_id,
                "account_no": account.account_no,
                "from": account.owner_waiver_on.isoformat(),
                "until": "",
                "state": "stands",
                "source": "billing",
                "kept_as": "",
            }
        )
    return lines


def _premise(session: Session, account_no: str | None) -> str:
    account = session.get(AccountRow, account_no) if account_no else None
    return account.premise_id if account else ""
