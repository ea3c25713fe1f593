"""What can a person do about a file that was refused, or about money that has no place?"""

from typing import Final

from domain.posting import (
    AMOUNT_MISMATCH,
    CLOSED_ACCOUNT,
    DUPLICATE_FILE,
    DUPLICATE_TRACE,
    ORIGINAL_UNKNOWN,
    SECOND_RETURN,
)
from formats.account_no import Unread
from formats.errors import (
    BLOCK_COUNT,
    CHECK_DIGIT,
    CONTROL_COUNT,
    CONTROL_TOTAL,
    ENTRY_HASH,
    FILE_DATE,
    HEADER,
    RECORD_LENGTH,
    RECORD_ORDER,
    SEGMENT_COUNT,
    TRUNCATED,
)
from formats.opening.ways_out import of_opening
from formats.payment_file import UNKNOWN_FORMAT

NOTHING_TAKEN: Final = "Nothing of it was taken."
_AGAIN: Final = "Ask the sender to send it again; what comes is a new file."
_CHANGED: Final = f"{NOTHING_TAKEN} It was changed or lost lines on the way, or its sender counts wrong. {_AGAIN}"
_OF_FILES: Final = {
    DUPLICATE_FILE: "Nothing needs doing if it is the same file. If it is another one, its sender must name it anew; if"
    " the first was wrong, have that one taken back, then hand this one in again.",
    TRUNCATED: f"{NOTHING_TAKEN} Its end is missing: fetch it again, whole. If the sender's own copy ends so too, ask"
    " for a new one.",
    CONTROL_TOTAL: _CHANGED,
    CONTROL_COUNT: _CHANGED,
    ENTRY_HASH: _CHANGED,
    BLOCK_COUNT: _CHANGED,
    SEGMENT_COUNT: _CHANGED,
    RECORD_LENGTH: f"{NOTHING_TAKEN} Lines were cut, padded or broken on the way: fetch it again as it is, not through"
    " an editor or a mail program.",
    RECORD_ORDER: _CHANGED,
    CHECK_DIGIT: f"{NOTHING_TAKEN} A routing number in it is none: the sender corrects the entry. {_AGAIN}",
    FILE_DATE: f"{NOTHING_TAKEN} It is an old file, or its date is wrong. If its money is not in yet, ask the sender"
    " for one with the right date, or hand it in for the day on which it came.",
    UNKNOWN_FORMAT: f"{NOTHING_TAKEN} See that it is the payment file itself, unpacked and with its first line, and not"
    " a page or a letter about it. It may be NACHA, BAI2, X12 820, or a lockbox,"
    " aggregator, card, check return, counter, assistance or agency file.",
    HEADER: f"{NOTHING_TAKEN} Its columns are not those agreed on: ask the sender what changed.",
}
_OTHERWISE: Final = f"{NOTHING_TAKEN} The sender puts right what is named. {_AGAIN}"
_FIND: Final = "Find whose it is (`arrears report suspense` suggests accounts) and post it, or send it back."
_OF_MONEY: Final = {
    Unread.NO_ACCOUNT: _FIND,
    Unread.WRONG_LENGTH: _FIND,
    Unread.BAD_CHECK_DIGIT: _FIND,
    Unread.UNKNOWN_ACCOUNT: _FIND,
    CLOSED_ACCOUNT: "Post it to the account that its payer has now, or send it back.",
    DUPLICATE_TRACE: "Ask the sender whether this is money or the same line again. Money is posted to its account.",
    ORIGINAL_UNKNOWN: "It waits: once the money that it takes back comes in, both are settled. If that came under"
    " another number, ask the bank.",
    SECOND_RETURN: "The money went back before: claim this from the bank.",
    AMOUNT_MISMATCH: "It takes back another sum than came in: ask the bank which is right.",
}

HOUSEHOLD_MOVED: Final = (
    "It is posted. Nothing needs doing if the household has moved: mark the task as done. If the program wrote a wrong"
    " number, have the payment moved to the right account."
)


def of_file(reason: str) -> str:
    """Return what to do about a file that was refused under the rule *reason*."""
    return _OF_FILES.get(reason) or of_opening(reason) or _OTHERWISE


def of_money(reason: str) -> str:
    """Return what to do about money that is in suspense for *reason*; blank where a person put it there."""
    return _OF_MONEY.get(reason, "")
