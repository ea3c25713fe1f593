"""Which letters wait to be printed that an account gives occasion for, beside its case, and what do they tell?"""

from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import Session, func, select

from domain import account_letters as letters
from domain.account_letters import AccountLetter
from domain.bankruptcy import pending, petition_day
from domain.facts import Fact, FactKind
from models.accounts import account_of, lock_account
from models.facts import facts_of
from models.mail import EMAILED
from models.policies import in_force
from models.tables import LetterRow
from models.upsert import insert_new

_SAID = TypeAdapter(AccountLetter)


def prepare(
    session: Session, account_no: str, letter: AccountLetter, *, about: str, at: datetime, receipt: str = ""
) -> str:
    """Have *letter* go out with the day's batch; return its number. *about*, made of facts, names it: twice is once.

    *receipt*: it went by e-mail already, under this number of the sender's.
    """
    lock_account(session, account_no)
    mine = (LetterRow.account_no == account_no, LetterRow.case_id == "")
    known = session.exec(select(LetterRow.letter_id).where(*mine, LetterRow.about == about)).first()
    if known is not None:
        return known
    number = session.exec(select(func.count()).select_from(LetterRow).where(*mine)).one() + 1
    letter_id = f"{account_no}-l{number}"
    values = {
        "letter_id": letter_id,
        "case_id": "",
        "account_no": account_no,
        "kind": letter.kind,
        "amount_cents": letter.amount.cents,
        "prepared_at": at,
        "mailed_on": letter.on if receipt else None,
        "state": EMAILED if receipt else "to_print",
        "receipt": receipt,
        "about": about,
        "says": _SAID.dump_python(letter, mode="json"),
    }
    insert_new(session, LetterRow, values)
    return letter_id


def said_of(session: Session, letter_id: str) -> tuple[str, AccountLetter] | None:
    """Return the account and what its letter of that number tells; none if there is no such letter."""
    row = session.get(LetterRow, letter_id)
    return (row.account_no, _SAID.validate_python(row.says)) if row is not None and row.says else None


def prepare_for_fact(session: Session, account_no: str, fact: Fact, *, at: datetime) -> None:
    """Have go out what the customer is told of *fact*: a deposit asked for, and that collection stops.

    A fact corrected says nothing anew, unless the sum or the day that the letter names is another.
    """
    policy = in_force(session)
    if policy is None:
        return
    on, language = policy.calendar.day(at), account_of(session, account_no).language
    match fact.kind:
        case FactKind.DEPOSIT_ASKED if fact.amount:
            letter = letters.deposit_request(fact.amount, on=on, policy=policy, language=language)
            about = f"deposit_asked/{policy.calendar.day(fact.starts)}/{fact.amount.cents}"
        case FactKind.BANKRUPTCY:
            petition_on = petition_day(fact, policy.calendar)
            letter = letters.bankruptcy(petition_on, on=on, policy=policy, language=language)
            about = f"petition/{petition_on}"
        case _:
            return
    prepare(session, account_no, letter, about=about, at=at)


def may_be_dunned(session: Session, account_no: str, at: datetime) -> bool:
    """Say whether the customer may be asked for money by letter: not while a petition in bankruptcy stands."""
    return pending(facts_of(session, account_of(session, account_no)), at) is None
