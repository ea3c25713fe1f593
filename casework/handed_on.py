"""Which debts does someone outside hold, which petitions are pending, and by when is what due of each?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.permissions import Permission
from casework.story import retold
from domain import parameters as p
from domain.bankruptcy import claim_runs_from, petition_day
from domain.calendar import DAY
from domain.facts import Fact, FactKind
from domain.money import ZERO, Money
from domain.policy import Policy
from domain.remedy import RemedyKind, RemedyState
from models.cases import open_case_of
from models.tables import AccountRow, FactRow, RemedyRow

SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A debt that someone outside holds or held; the name is blank for who may not see it."""

    row: RemedyRow
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Petition:
    """A petition that is pending: what of the debt it stays, and by when what is due. *case_id*: its open case."""

    account_no: str
    name: str
    case_id: str
    fact: Fact
    petition_on: date
    claim: Money
    claim_by: date
    assurance_by: date

    @property
    def filed_on(self) -> date | None:
        """Return the day on which our proof of claim was filed."""
        return _day(self.fact, "claim_filed_on")

    @property
    def assured_on(self) -> date | None:
        """Return the day on which the customer furnished adequate assurance of payment."""
        return _day(self.fact, "assured_on")


def held(
    desk: Desk, kinds: Sequence[RemedyKind], *, ended: bool = False, after: str = "", limit: int = SHOWN
) -> Sequence[Held]:
    """Return what is held by *kinds*, by number, above *after*: what stands or is decided, or else what has ended."""
    desk.need(Permission.SEE_CASES)
    personal = desk.may(Permission.SEE_PERSONAL)
    states = {state.value for state in RemedyState if (state is RemedyState.ENDED) is ended}

    def ask(session: Session) -> Sequence[Held]:
        query = select(RemedyRow, AccountRow.name).join(
            AccountRow, col(AccountRow.account_no) == col(RemedyRow.account_no)
        )
        query = query.where(col(RemedyRow.kind).in_([kind.value for kind in kinds]), RemedyRow.remedy_id > after)
        query = query.where(col(RemedyRow.state).in_(states)).order_by(col(RemedyRow.remedy_id)).limit(limit)
        return [Held(row=row, name=name if personal else "") for row, name in session.exec(query)]

    return desk.read_now(ask)


def petitions(desk: Desk, *, limit: int = SHOWN) -> Sequence[Petition]:
    """Return the petitions that are pending, the earliest first, at most *limit*."""
    desk.need(Permission.SEE_CASES)
    policy, now, personal = desk.policy(), desk.now, desk.may(Permission.SEE_PERSONAL)

    def ask(session: Session) -> Sequence[Petition]:
        query = select(FactRow, AccountRow.name).join(AccountRow, col(AccountRow.account_no) == col(FactRow.account_no))
        query = query.where(FactRow.kind == FactKind.BANKRUPTCY.value, col(FactRow.withdrawn_at).is_(None))
        query = query.where(col(FactRow.until).is_(None) | (col(FactRow.until) > now))
        rows = session.exec(query.order_by(col(FactRow.starts), col(FactRow.fact_id)))
        known = [(row.account_no or "", row.to_domain(), name if personal else "") for row, name in rows]
        pending = [each for each in known if not each[1].details.get("outcome")]
        return [_petition(session, *each, policy=policy) for each in pending[:limit]]

    return desk.read_now(ask)


def _petition(session: Session, account_no: str, fact: Fact, name: str, *, policy: Policy) -> Petition:
    row = open_case_of(session, account_no)
    case = retold(session, row) if row else None
    on = petition_day(fact, policy.calendar)
    eleven = fact.details.get("chapter") == "11"
    days = policy.at(p.BANKRUPTCY_CH11_DAYS if eleven else p.BANKRUPTCY_ASSURANCE_DAYS, on)
    claim_days = policy.at(p.BANKRUPTCY_CLAIM_DAYS, on)
    return Petition(
        account_no=account_no,
        name=name,
        case_id=row.case_id if row else "",
        fact=fact,
        petition_on=on,
        claim=case.bankruptcy.claim if case and case.bankruptcy else ZERO,
        claim_by=claim_runs_from(fact, policy.calendar) + claim_days * DAY,
        assurance_by=on + days * DAY,
    )


def _day(fact: Fact, name: str) -> date | None:
    written = fact.details.get(name, "")
    return date.fromisoformat(written) if written else None
