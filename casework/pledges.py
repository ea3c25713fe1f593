"""What happens when an agency pledges by telephone, confirms in writing, or takes its word back?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing, unfit
from casework.permissions import Permission
from casework.strangers import introduce
from domain import parameters as p
from domain.hear import Tells, Told
from domain.money import Money
from models.accounts import AccountUnknown
from models.codec import write_words
from models.outbox import tell
from models.pledges import CANCELLED, NEW, PHONE, Pledged, confirm_pledge, end_pledge, pledges_of, take_pledge
from models.tables import PledgeRow
from models.vault import seal

LISTED_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePledge:
    """What an agency's worker says on the telephone. *worker* names a person and is kept sealed."""

    account_no: str
    agency: str
    worker: str
    amount: Money
    expires_on: date


async def pledge_by_phone(desk: Desk, said: PhonePledge, *, key: str) -> PledgeRow:
    """Take a pledge by telephone: it holds at once, until its end or the pack's days for the agency's writing.

    Raises:
        Refused: it ends before today, or there is no such account.
    """
    desk.need(Permission.DECIDE)
    await introduce(desk, said.account_no)
    policy, now = await desk.read(lambda _session: (desk.policy(), desk.now))
    who, today = desk.person.username, policy.calendar.day(now)
    if said.expires_on < today:
        detail = f"The pledge would end on {said.expires_on}."
        raise unfit("pledge-over", "The pledge is over already", detail, way_out="State a later day.")
    written_by = policy.calendar.add_open_days(today, policy.at(p.PLEDGE_PHONE_GRACE, today))
    pledge_id = f"{said.account_no}-p{sha256(f'{who}/{key}'.encode()).hexdigest()[:12]}"

    def write(session: Session) -> PledgeRow:
        found = session.get(PledgeRow, pledge_id, populate_existing=True)
        if found is not None:
            return found
        try:
            row = take_pledge(
                session,
                Pledged(
                    pledge_id=pledge_id,
                    account_no=said.account_no,
                    agency=said.agency,
                    amount=said.amount,
                    pledged_on=today,
                    expires_on=said.expires_on,
                    holds_until=min(said.expires_on, written_by),
                    source=PHONE,
                    worker=seal(session, said.account_no, write_words({"worker": said.worker})),
                    taken_by=who,
                ),
                policy=policy,
                at=now,
            )
        except AccountUnknown:
            raise missing("account", said.account_no) from None
        _look_again(desk, session, row, what="taken")
        return row

    return await desk.write(write)


def confirm(desk: Desk, pledge_id: str, *, confirmation: str) -> PledgeRow:
    """Write that the agency has confirmed in writing; from now on the pledge holds to its own end. Twice is once."""
    desk.need(Permission.DECIDE)
    policy, now = desk.policy(), desk.now

    def write(session: Session) -> PledgeRow:
        row = _running(session, pledge_id)
        if row.confirmed_at is None:
            confirm_pledge(session, row, confirmation=confirmation, policy=policy, at=now)
            _look_again(desk, session, row, what="confirmed")
        return row

    return desk.write_now(write)


def withdraw(desk: Desk, pledge_id: str) -> PledgeRow:
    """Write that the agency took its word back: the pledge counts as never given. Twice is once."""
    desk.need(Permission.DECIDE)
    now = desk.now

    def write(session: Session) -> PledgeRow:
        row = _the(session, pledge_id)
        if row.status == CANCELLED:
            return row
        row = _running(session, pledge_id)
        end_pledge(session, row, CANCELLED, at=now)
        _look_again(desk, session, row, what=CANCELLED)
        return row

    return desk.write_now(write)


def pledges(desk: Desk, *, account_no: str | None = None, status: str | None = None) -> Sequence[PledgeRow]:
    """Return pledges, the latest first."""
    desk.need(Permission.SEE_CASES)
    return desk.read_now(lambda session: pledges_of(session, account_no=account_no, status=status, limit=LISTED_MAX))


def _running(session: Session, pledge_id: str) -> PledgeRow:
    row = _the(session, pledge_id)
    if row.status != NEW:
        raise unfit(
            "pledge-ended", "The pledge has ended", f"It is {row.status}.", way_out="Take a new one.", status=409
        )
    return row


def _the(session: Session, pledge_id: str) -> PledgeRow:
    row = session.get(PledgeRow, pledge_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise missing("pledge", pledge_id)
    return row


def _look_again(desk: Desk, session: Session, row: PledgeRow, *, what: str) -> None:
    told = Told(key=f"pledge/{row.pledge_id}/{what}", at=desk.now, what=Tells.LOOK_AGAIN)
    tell(session, account_no=row.account_no, told=told, at=desk.now)
