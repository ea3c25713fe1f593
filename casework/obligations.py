"""What does the utility owe by when, and what of it is done? With the files that some of it consists of."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import Refused, missing, unfit
from casework.permissions import Permission
from domain.obligations import Duty, Obligation, State
from domain.parameters import WINTER_SERVICES
from domain.policy import Policy
from domain.states import ServiceStatus
from domain.verdict import Refusal
from models.obligations import NOTICE, MetByItself, ObligationUnknown, keep, mark, obligations
from models.policies import active_digest, policy_with
from models.tables import AccountRow, CaseRow, LetterRow

PENDING = (State.OPEN, State.WARNED, State.BREACHED)
LISTS = frozenset({Duty.CITY_LIST, Duty.NOTICE_COPIES})
"""What consists of a file that we can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An obligation and how it stands today."""

    obligation: Obligation
    state: State


def owed(
    desk: Desk,
    *,
    account_no: str = "",
    duty: Duty | None = None,
    owner: str = "",
    states: Sequence[State] = PENDING,
) -> Sequence[Owed]:
    """Return what is owed, by day; what is met only when asked for."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[Owed]:
        policy = _policy(session)
        now = desk.now
        today = policy.calendar.day(now)
        found = (
            Owed(obligation=each, state=each.state(today))
            for each in obligations(session, policy, now, account_no=account_no)
            if duty in {None, each.duty} and owner in {"", each.owner}
        )
        return [each for each in found if each.state in states]

    return desk.read_now(ask)


def meet(desk: Desk, key: str, *, evidence: str, on: date | None = None) -> Owed:
    """Say that what is owed was done, on *on* (today if none), shown by *evidence*. The first word stands."""
    desk.need(Permission.DECIDE)
    if not evidence.strip():
        raise unfit("no-evidence", "What shows it?", "What was done is shown by a document or a number.")

    def write(session: Session) -> Owed:
        policy, now = _policy(session), desk.now
        today = policy.calendar.day(now)
        day = on or today
        if day > today:
            raise unfit("met-in-the-future", "Not done yet", f"It is {today}; {day} has yet to come.")
        try:
            met = mark(session, policy, now, key=key, on=day, by=desk.person.username, evidence=evidence)
        except ObligationUnknown:
            raise missing("obligation", key) from None
        except MetByItself:
            raise Refused(
                Refusal(
                    slug="met-by-itself",
                    title="Nobody's word meets this",
                    detail=f"{key} is met by what happens: a reviewer's answer, the mail house's receipt, a crew.",
                    way_out="Do it; the record then shows it as met.",
                )
            ) from None
        return Owed(obligation=met, state=met.state(today))

    return desk.write_now(write)


def tell_of_due(desk: Desk) -> int:
    """Bring the record of obligations up to date, and tell people of what is pressing or late; return how many."""
    return desk.write_now(lambda session: keep(session, _policy(session), desk.now))


def file_of(desk: Desk, key: str) -> str:
    """Return the file that is owed, as CSV: the homes that are off, or the notices of which copies go out."""
    desk.need(Permission.SEE_PERSONAL)
    desk.need(Permission.SEE_REPORTS)

    def ask(session: Session) -> str:
        policy = _policy(session)
        found = next((each for each in obligations(session, policy, desk.now) if each.key == key), None)
        if found is None:
            raise missing("obligation", key)
        if found.duty is Duty.CITY_LIST:
            return _written(_homes_off(session, policy, policy.calendar.day(desk.now)))
        if found.duty is Duty.NOTICE_COPIES:
            return _written(_notices_of(session, found.arose_on))
        raise unfit("no-file", "No file is owed", f"{key} does not consist of a file.")

    return desk.read_now(ask)


def _policy(session: Session) -> Policy:
    return policy_with(session, active_digest(session))


Row = dict[str, object]


def _homes_off(session: Session, policy: Policy, today: date) -> list[Row]:
    """Return the residential premises whose heat is off today: private data, for police and fire alone."""
    services: tuple[str, ...] = policy.at(WINTER_SERVICES, today)
    query = (
        select(CaseRow, AccountRow)
        .join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no))
        .where(col(CaseRow.closed).is_(None), AccountRow.customer_class == "residential")
        .order_by(col(CaseRow.case_id))
    )
    rows: list[Row] = []
    for case, account in session.exec(query):
        for state in case.services:
            off = state["status"] in {ServiceStatus.OFF, ServiceStatus.REACTIVATION_PENDING}
            if off and state["service"] in services:
                rows.append(
                    {
                        "address": account.premise_address,
                        "zip": account.zip_code,
                        "service": state["service"],
                        "off_since": state["since"],
                        "account_no": account.account_no,
                    }
                )
    return rows or [dict.fromkeys(("address", "zip", "service", "off_since", "account_no"), "")]


def _notices_of(session: Session, mailed_on: date) -> list[Row]:
    query = (
        select(LetterRow, AccountRow)
        .join(AccountRow, col(AccountRow.account_no) == col(LetterRow.account_no))
        .where(LetterRow.kind == NOTICE, LetterRow.mailed_on == mailed_on)
        .order_by(col(LetterRow.letter_id))
    )
    return [
        {
            "letter_id": letter.letter_id,
            "account_no": letter.account_no,
            "name": account.name,
            "address": account.premise_address,
            "zip": account.zip_code,
            "mailed_on": letter.mailed_on,
            "amount_cents": letter.amount_cents,
            "receipt": letter.receipt,
        }
        for letter, account in session.exec(query)
    ]


def _written(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if any(row.values()))
    return text.getvalue()
