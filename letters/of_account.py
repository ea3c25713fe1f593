"""What does a letter say for which an account gives occasion, not its case: money back, deposits, an answer?"""

from typing import Final

from domain import account_letters as own
from domain import parameters as par
from domain.account_letters import AccountLetter
from domain.policy import Policy
from domain.verdict import Refusal
from letters.book import Book, load_book
from letters.compose import languages_for, whole, without_ground
from letters.letter import Addressee, Letter, LetterKind

OWN: Final = frozenset(
    {
        *(LetterKind.RETURNED_PAYMENT, LetterKind.BANKRUPTCY_ACKNOWLEDGEMENT),
        *(LetterKind.DEPOSIT_REQUEST, LetterKind.DEPOSIT_RECEIPT, LetterKind.DEPOSIT_RETURNED),
        *(LetterKind.REFUND, LetterKind.INQUIRY_REPLY),
    }
)
"""The letters that need no case."""


def compose_own(
    said: AccountLetter,
    account_no: str,
    *,
    policy: Policy,
    personal: Addressee,
    answer: str = "",
    book: Book | None = None,
) -> Letter | Refusal:
    """Return the letter that tells what is *said*, or why it must not be printed.

    *answer*: what somebody wrote for this letter, in its language: it is then written in that language alone.
    """
    book, kind = book or load_book(), LetterKind(said.kind)
    if not _has_ground(said, answer):
        return without_ground("There is nothing that such a letter could tell.")
    wanted = languages_for(said.language, policy, book, said.on)
    letter = Letter(
        kind=kind,
        languages=wanted[:1] if answer else wanted,
        pack=policy.pack,
        addressee=personal,
        account_no=account_no,
        on=said.on,
        hours=policy.at(par.OFFICE_HOURS, said.on),
        amount=said.amount,
        interest=said.interest,
        left=said.left,
        fee=said.fee,
        happened_on=said.happened_on,
        since=said.since,
        pay_by=said.by,
        days=said.days,
        pct=said.pct,
        more=said.more,
        answer=tuple(part.strip() for part in answer.split("\n\n") if part.strip()),
    )
    return whole(letter, book)


def _has_ground(said: AccountLetter, answer: str) -> bool:
    if said.kind == own.BANKRUPTCY:
        return said.happened_on is not None
    if said.kind == own.INQUIRY_REPLY:
        return bool(answer.strip() or said.more)
    return bool(said.amount)
