"""What have supervisors been asked before, and what did they answer?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.permissions import Permission
from domain import events as ev
from models.cases import decode
from models.tables import TimelineRow

LOOKED_AT: Final = 600  # questions and answers, the latest; each is unsealed to be searched
SHOWN: Final = 100
ASKED, ANSWERED = "referred", "referral_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """A question that was answered, who asked and who answered; of which case, to see what it was about."""

    case_id: str
    account_no: str
    question: str
    asked_by: str
    answer: str
    answered_by: str
    on: date


def precedents(desk: Desk, text: str = "") -> Sequence[Precedent]:
    """Return the answered questions in which every word of *text* stands, the latest first."""
    desk.need(Permission.SEE_NOTES)
    words = text.casefold().split()
    found = desk.read_now(_answered)
    return [each for each in found if all(word in f"{each.question} {each.answer}".casefold() for word in words)][
        :SHOWN
    ]


def _answered(session: Session) -> list[Precedent]:
    row = TimelineRow
    latest = (col(row.on).desc(), col(row.at).desc(), col(row.seq).desc())
    query = select(row).where(col(row.type).in_((ASKED, ANSWERED))).order_by(*latest)
    answers: dict[str, ev.Event] = {}
    found = []
    for entry in session.exec(query.limit(LOOKED_AT)):
        event = decode(session, entry)
        match event.body:
            case ev.ReferralAnswered():
                answers[entry.case_id] = event
            case ev.Referred(question=question) if entry.case_id in answers:
                answered = answers.pop(entry.case_id)
                assert isinstance(answered.body, ev.ReferralAnswered), "kept as such"
                found.append(
                    Precedent(
                        case_id=entry.case_id,
                        account_no=entry.account_no,
                        question=question,
                        asked_by=event.by,
                        answer=answered.body.answer,
                        answered_by=answered.by,
                        on=answered.on,
                    )
                )
    return found
