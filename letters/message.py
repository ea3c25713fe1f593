"""How does a short message read, in the customer's language?"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

from domain.money import Money
from letters.book import Book, load_book

LAST_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    subject: str = field(repr=False)
    text: str = field(repr=False)


def payment_message(
    channel: str,
    about: str,
    *,
    language: str,
    pack: str,
    account_no: str,
    amount: Money,
    due_on: date,
    book: Book | None = None,
) -> Message | None:
    """Return the word on a payment that falls due; none if the pack has no office that could be called back.

    A text message names the account by its last digits alone and says how to end such messages.
    """
    book = book or load_book()
    office = book.offices.get(pack)
    if office is None or not office.phone:
        return None
    wording = book.languages.get(language) or book.languages["en"]
    values = {
        "utility": office.name,
        "phone": office.phone,
        "amount": format_currency(Decimal(amount.cents).scaleb(-2), "USD", locale=wording.locale),
        "due_on": format_date(due_on, "long", locale=wording.locale),
        "account": account_no[-LAST_DIGITS:],
    }
    words = wording.messages[f"{about}_{channel}"]
    return Message(subject=wording.messages["subject"].format_map(values), text=words.format_map(values))


def reply_message(*, language: str, pack: str, account_no: str, asked_on: date) -> Message | None:
    """Return the e-mail that an answer to an inquiry is attached to; none if the pack has no office that writes.

    What is owed stands in the letter alone: an e-mail is read by whoever opens the mailbox.
    """
    book = load_book()
    office = book.offices.get(pack)
    if office is None or not office.phone:
        return None
    wording = book.languages.get(language) or book.languages["en"]
    values = {
        "utility": office.name,
        "phone": office.phone,
        "asked_on": format_date(asked_on, "long", locale=wording.locale),
        "account": account_no[-LAST_DIGITS:],
    }
    subject, text = wording.messages["reply_subject"], wording.messages["reply_email"]
    return Message(subject=subject.format_map(values), text=text.format_map(values))
