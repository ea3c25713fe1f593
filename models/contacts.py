"""What was said with whom, when and how: a log that is only ever added to?"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from domain.events import ContactRecorded, Event
from models.tables import ContactRow
from models.upsert import insert_new


def write_contact(  # one entry's place in the log, by name
    session: Session,
    contact: ContactRecorded,
    *,
    contact_id: str,
    account_no: str,
    case_id: str,
    event: Event,
    sealed: bytes | None,
) -> bool:
    """Add an entry; return false, changing nothing, if it stands there. *sealed*: its summary, for the vault."""
    values = {
        "contact_id": contact_id,
        "account_no": account_no,
        "case_id": case_id,
        "at": event.at,
        "on": event.on,
        "by": event.by,
        "channel": contact.channel,
        "direction": contact.direction,
        "purpose": contact.purpose,
        "who": contact.who,
        "identity": list(contact.identity),
        "outcome": contact.outcome,
        "right_party": contact.right_party,
        "language": contact.language,
        "interpreter": contact.interpreter,
        "rights": [{"right": right, "at": event.at.isoformat()} for right in contact.rights_offered],
        "exceptions": list(contact.exceptions),
        "corrects": contact.corrects,
        "summary": sealed,
    }
    return insert_new(session, ContactRow, values)


def contacts_of(session: Session, account_no: str, *, limit: int = 200) -> Sequence[ContactRow]:
    """Return the account's latest contacts, of all its cases and of none, latest first."""
    query = select(ContactRow).where(ContactRow.account_no == account_no)
    ordered = query.order_by(col(ContactRow.at).desc(), col(ContactRow.contact_id).desc())
    return session.exec(ordered.limit(limit)).all()
