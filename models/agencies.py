"""What do agencies hold, what came of what they were given, and what did they report?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from domain.agencies import Standing
from domain.money import Money
from domain.remedy import RemedyKind, RemedyState
from formats.city import Remittance
from models.remedies import AGENCY, CITY, US, held_by_agency
from models.tables import AgencyMoneyRow, RemedyRow
from models.upsert import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Vintage:
    """What became of what one agency was given in one month: *collected* by it, *direct* to the city, *commission*.

    *open* counts debts that are still there; *given* and the money are in cents.
    """

    agency: str
    month: str
    debts: int
    open: int
    given: int
    collected: int
    direct: int
    commission: int

    @property
    def recovered(self) -> float:
        """Return the part of what was given that came in, in per cent."""
        return round(100 * (self.collected + self.direct) / self.given, 1) if self.given else 0.0


def standings(session: Session) -> tuple[Standing, ...]:
    """Return how each agency stands, for the rule that chooses between them."""
    placed = RemedyRow.kind == RemedyKind.PLACEMENT.value
    query = select(RemedyRow.with_whom, func.sum(RemedyRow.amount_cents)).where(placed)
    given = dict(session.exec(query.group_by(col(RemedyRow.with_whom))).all())
    money = select(AgencyMoneyRow.agency, func.sum(AgencyMoneyRow.gross_cents)).where(_counts())
    came = dict(session.exec(money.group_by(col(AgencyMoneyRow.agency))).all())
    holds = held_by_agency(session)
    return tuple(
        Standing(agency=name, holds=holds.get(name, Money(0)), given=Money(cents or 0), came=Money(came.get(name) or 0))
        for name, cents in sorted(given.items())
    )


def vintages(session: Session) -> tuple[Vintage, ...]:
    """Return the score card: one line for each agency and month of placement."""
    rows = session.exec(
        select(RemedyRow).where(RemedyRow.kind == RemedyKind.PLACEMENT.value).order_by(col(RemedyRow.since))
    ).all()
    sums = _sums(session)
    lines: dict[tuple[str, str], list[RemedyRow]] = {}
    for row in rows:
        lines.setdefault((row.with_whom, f"{row.since:%Y-%m}"), []).append(row)
    return tuple(
        Vintage(
            agency=agency,
            month=month,
            debts=len(placed),
            open=sum(row.state != RemedyState.ENDED.value for row in placed),
            given=sum(row.amount_cents for row in placed),
            collected=sum(sums.get((row.remedy_id, AGENCY), (0, 0))[0] for row in placed),
            direct=sum(sums.get((row.remedy_id, CITY), (0, 0))[0] for row in placed),
            commission=sum(sums.get((row.remedy_id, to), (0, 0))[1] for row in placed for to in (AGENCY, CITY)),
        )
        for (agency, month), placed in sorted(lines.items())
    )


def _counts() -> ColumnElement[bool]:
    """Return what counts each sum once: what we told of ourselves, and what the agency took."""
    return (col(AgencyMoneyRow.said_by) == US) | (col(AgencyMoneyRow.paid_to) == AGENCY)


def _sums(session: Session) -> Mapping[tuple[str, str], tuple[int, int]]:
    columns = (
        AgencyMoneyRow.remedy_id,
        AgencyMoneyRow.paid_to,
        func.sum(AgencyMoneyRow.gross_cents),
        func.sum(AgencyMoneyRow.commission_cents),
    )
    query = select(*columns).where(_counts())
    grouped = query.group_by(col(AgencyMoneyRow.remedy_id), col(AgencyMoneyRow.paid_to))
    return {(remedy_id, to): (gross or 0, earned or 0) for remedy_id, to, gross, earned in session.exec(grouped).all()}


def placement_at(session: Session, account_no: str, on: date) -> RemedyRow | None:
    """Return the account's placement that stood on *on*; the latest begun by then, if it has ended since."""
    query = select(RemedyRow).where(
        RemedyRow.account_no == account_no, RemedyRow.kind == RemedyKind.PLACEMENT.value, RemedyRow.since <= on
    )
    return session.exec(query.order_by(col(RemedyRow.since).desc(), col(RemedyRow.remedy_id).desc())).first()


def money_between(session: Session, since: date, through: date) -> Sequence[AgencyMoneyRow]:
    """Return the sums of the days from *since* through *through*, in order."""
    days = (col(AgencyMoneyRow.on) >= since) & (col(AgencyMoneyRow.on) <= through)
    return session.exec(select(AgencyMoneyRow).where(days).order_by(col(AgencyMoneyRow.on), AgencyMoneyRow.key)).all()


def remit(session: Session, remittance: Remittance) -> None:
    """Put down the lines of an agency's remittance, each under its own number: once, whatever file brings it again."""
    for line in remittance.lines:
        placed = placement_at(session, line.account_no, line.paid_on)
        values = {
            "key": f"remitted/{line.line_id}",
            "account_no": line.account_no,
            "remedy_id": placed.remedy_id if placed else "",
            "agency": placed.with_whom if placed else "",
            "on": line.paid_on,
            "paid_to": line.paid_to.value,
            "said_by": AGENCY,
            "gross_cents": line.gross_cents,
            "commission_cents": line.commission_cents,
            "net_cents": line.net_cents,
            "batch": remittance.batch,
        }
        upsert(session, AgencyMoneyRow, values)
