"""How does a short message read, in the customer's language?"""

from collections.abc import Mapping
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
    said: Mapping[str, Money | date] = {"amount": amount, "due_on": due_on}
    return _message(
        "subject", f"{about}_{channel}", said, book=book, language=language, pack=pack, account_no=account_no
    )


def reply_message(*, language: str, pack: str, account_no: str, asked_on: date) -> Message | None:
    """Return the e-mail that an answer to an inquiry is attached to; none if the pack has no office that writes.

    What is owed stands in the letter alone: an e-mail is read by whoever opens the mailbox.
    """
    book, said = load_book(), {"asked_on": asked_on}
    return _message(
        "reply_subject", "reply_email", said, book=book, language=language, pack=pack, account_no=account_no
    )


def _message(
    subject: str, text: str, said: Mapping[str, Money | date], *, book: Book, language: str, pack: str, account_no: str
) -> Message | None:
    """Return the message of these two texts with *said* as its language writes it; none without an office to call."""
    office = book.offices.get(pack)
    if office is None or not office.phone:
        return None
    wording = book.languages.get(language) or book.languages["en"]
    values = {name: _written(each, wording.locale) for name, each in said.items()}
    values |= {"utility": office.name, "phone": office.phone, "account": account_no[-LAST_DIGITS:]}
    words = wording.messages
    return Message(subject=words[subject].format_map(values), text=words[text].format_map(values))


def _written(each: Money | date, locale: str) -> str:
    if isinstance(each, Money):
        return format_currency(Decimal(each.cents).scaleb(-2), "USD", locale=locale)
    return format_date(each, "long", locale=locale)
