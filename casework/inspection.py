"""Is the record of one case whole, and does every certificate's date arithmetic come out?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.permissions import Permission
from casework.story import the_row
from domain.calendar import CityCalendar
from domain.verdict import Arithmetic
from models.chain import broken_at
from models.codec import read_certificate
from models.policies import PolicyUnknown, policy_with
from models.refusals import refusals_of
from models.tables import TimelineRow

CALENDAR_DAYS = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in the record that is not as it should be. *seq*: of which entry."""

    seq: int
    says: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was looked at, and what is wrong with it. *head* is the hash of the last entry."""

    entries: int
    certificates: int
    sums: int
    head: str
    faults: Sequence[Fault]


CHAIN, SUM, POLICY = "chain", "sum", "policy"


def checked(desk: Desk, case_id: str) -> Checked:
    """Return what a look over the case's record finds; `arrears audit verify` looks further, without our code."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Checked:
        the_row(session, case_id)
        query = select(TimelineRow).where(TimelineRow.case_id == case_id).order_by(col(TimelineRow.seq))
        rows = session.exec(query).all()
        faults = [Fault(seq=at, says=CHAIN)] if (at := broken_at(case_id, rows, refusals_of(session, case_id))) else []
        certificates = sums = 0
        for row in rows:
            given = read_certificate(row.certificate)
            if given is None:
                continue
            certificates += 1
            arithmetic = [each for outcome in given.outcomes for each in outcome.arithmetic]
            sums += len(arithmetic)
            try:
                calendar = policy_with(session, given.policy).calendar
            except PolicyUnknown:
                faults.append(Fault(seq=row.seq, says=POLICY, what=given.policy))
                continue
            faults += [
                Fault(seq=row.seq, says=SUM, what=each.label) for each in arithmetic if not adds_up(each, calendar)
            ]
        head = rows[-1].hash if rows else ""
        return Checked(entries=len(rows), certificates=certificates, sums=sums, head=head, faults=faults)

    return desk.read_now(ask)


def adds_up(sum_: Arithmetic, calendar: CityCalendar) -> bool:
    """Say whether *sum_* comes out as it claims, in days of the calendar or in the city's open days."""
    if sum_.calendar == CALENDAR_DAYS:
        return sum_.start + timedelta(days=sum_.days) == sum_.result
    return calendar.add_open_days(sum_.start, sum_.days) == sum_.result
