"""What does a card response or a check return reason mean, and what follows from it?

Card responses are ISO 8583 field 39 as Visa and Mastercard use it; check reasons are those of X9.100-188. ACH codes
stand in `formats.nacha.returns`, whose `Retry` is used here too.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

VISA_ATTEMPTS_MAX: Final = 15  # reattempts of one transaction, Visa categories 2 to 4
VISA_ATTEMPTS_DAYS: Final = 30  # the days in which they are counted


class CardClass(StrEnum):
    """What kind of answer a card network gave."""

    OK = "ok"
    HARD = "hard"
    DATA = "data"
    GENERIC = "generic"
    SOFT = "soft"
    TECHNICAL = "technical"
    UNKNOWN = "unknown"


class CardAction(StrEnum):
    """What the desk does about it."""

    POST = "post"
    POST_PARTIAL = "post_partial"  # an instalment may still be short
    STOP_FRAUD = "stop_fraud"  # new card needed, fraud flag
    STOP = "stop"  # never resend
    CANCEL_AUTOPAY = "cancel_autopay"  # the cardholder stopped the recurring payment
    CORRECT_DATA = "correct_data"  # expiry, number, verification: correct, then retry
    FEW_RETRIES = "few_retries"  # a few spaced attempts, then contact
    RETRY_PAYDAY = "retry_payday"
    RETRY_LATER = "retry_later"  # backoff, same idempotency key
    TASK = "unknown_code"  # a person decides


@dataclass(frozen=True, slots=True)
class CardReason:
    """One card response."""

    code: str
    meaning: str
    kind: CardClass
    action: CardAction

    @property
    def may_retry(self) -> bool:
        """Tell whether the same card may be tried again at all, be it after a correction."""
        return self.kind in {CardClass.DATA, CardClass.GENERIC, CardClass.SOFT, CardClass.TECHNICAL}


def _cards(*rows: tuple[str, str, CardClass, CardAction]) -> dict[str, CardReason]:
    return {row[0]: CardReason(*row) for row in rows}


CARDS: Final = _cards(
    ("00", "approved", CardClass.OK, CardAction.POST),
    ("10", "partial approval", CardClass.OK, CardAction.POST_PARTIAL),
    ("04", "pick up card", CardClass.HARD, CardAction.STOP_FRAUD),
    ("07", "pick up card, special condition", CardClass.HARD, CardAction.STOP_FRAUD),
    ("41", "lost card", CardClass.HARD, CardAction.STOP_FRAUD),
    ("43", "stolen card", CardClass.HARD, CardAction.STOP_FRAUD),
    ("12", "invalid transaction", CardClass.HARD, CardAction.STOP),
    ("15", "no such issuer", CardClass.HARD, CardAction.STOP),
    ("46", "closed account", CardClass.HARD, CardAction.STOP),
    ("57", "not permitted to cardholder", CardClass.HARD, CardAction.STOP),
    ("R0", "stop this recurring payment", CardClass.HARD, CardAction.CANCEL_AUTOPAY),
    ("R1", "authorization revoked", CardClass.HARD, CardAction.CANCEL_AUTOPAY),
    ("R3", "all authorizations revoked", CardClass.HARD, CardAction.CANCEL_AUTOPAY),
    ("14", "invalid card number", CardClass.DATA, CardAction.CORRECT_DATA),
    ("54", "expired card", CardClass.DATA, CardAction.CORRECT_DATA),
    ("55", "incorrect PIN", CardClass.DATA, CardAction.CORRECT_DATA),
    ("82", "verification value incorrect", CardClass.DATA, CardAction.CORRECT_DATA),
    ("N7", "CVV2 failure", CardClass.DATA, CardAction.CORRECT_DATA),
    ("05", "do not honor", CardClass.GENERIC, CardAction.FEW_RETRIES),
    ("51", "insufficient funds", CardClass.SOFT, CardAction.RETRY_PAYDAY),
    ("59", "suspected fraud", CardClass.SOFT, CardAction.RETRY_PAYDAY),
    ("61", "exceeds amount limit", CardClass.SOFT, CardAction.RETRY_PAYDAY),
    ("65", "exceeds count limit", CardClass.SOFT, CardAction.RETRY_PAYDAY),
    ("75", "PIN tries exceeded", CardClass.SOFT, CardAction.RETRY_PAYDAY),
    ("19", "re-enter transaction", CardClass.TECHNICAL, CardAction.RETRY_LATER),
    ("91", "issuer not available", CardClass.TECHNICAL, CardAction.RETRY_LATER),
    ("96", "system malfunction", CardClass.TECHNICAL, CardAction.RETRY_LATER),
)


def card_reason(code: str) -> CardReason:
    """Return the row of *code*; an unknown code gives a row whose action is `unknown_code`."""
    return CARDS.get(code) or CardReason(code, "not in the table", CardClass.UNKNOWN, CardAction.TASK)


@dataclass(frozen=True, slots=True)
class MerchantAdvice:
    """One Mastercard merchant advice code; `retry_after_hours` is None where no delay is named."""

    code: str
    meaning: str
    may_retry: bool
    retry_after_hours: int | None = None


MERCHANT_ADVICE: Final = {
    advice.code: advice
    for advice in (
        MerchantAdvice("01", "new account information available", may_retry=True),
        MerchantAdvice("02", "try again later", may_retry=True),
        MerchantAdvice("03", "do not try again", may_retry=False),
        MerchantAdvice("21", "recurring payment cancelled", may_retry=False),
        MerchantAdvice("24", "retry after 1 hour", may_retry=True, retry_after_hours=1),
        MerchantAdvice("25", "retry after 24 hours", may_retry=True, retry_after_hours=24),
        MerchantAdvice("26", "retry after 2 days", may_retry=True, retry_after_hours=48),
        MerchantAdvice("27", "retry after 4 days", may_retry=True, retry_after_hours=96),
        MerchantAdvice("28", "retry after 6 days", may_retry=True, retry_after_hours=144),
        MerchantAdvice("29", "retry after 8 days", may_retry=True, retry_after_hours=192),
        MerchantAdvice("30", "retry after 10 days", may_retry=True, retry_after_hours=240),
    )
}


class CheckRetry(StrEnum):
    """Whether a returned check may be presented again."""

    ONCE = "once"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class CheckReason:
    """One return reason of a check."""

    code: str
    meaning: str
    retry: CheckRetry
    known: bool = True


# Only A and B may be presented once more, on paper or as RCK; that is practice, not a rule that was verified.
CHECKS: Final = {
    code: CheckReason(code, meaning, CheckRetry.ONCE if code in "AB" else CheckRetry.NEVER)
    for code, meaning in {
        "A": "not sufficient funds",
        "B": "uncollected funds",
        "C": "stop payment",
        "D": "closed account",
        "E": "unable to locate account",
        "F": "frozen or blocked account",
        "G": "stale dated",
        "H": "post dated",
        "I": "endorsement missing",
        "J": "endorsement irregular",
        "K": "signature missing",
        "L": "signature irregular",
        "M": "non-cash item",
        "N": "altered or fictitious",
        "O": "unable to process",
        "P": "item exceeds stated maximum",
        "Q": "not authorized",
        "R": "branch or account sold",
        "S": "refer to maker",
        "T": "item cannot be presented again",
        "U": "unusable image",
        "W": "cannot determine amount",
        "X": "refer to image",
        "Y": "duplicate presentment",
        "Z": "forgery",
        "3": "warranty breach",
        "4": "warranty breach",
        "5": "warranty breach",
        "6": "warranty breach",
    }.items()
}


def check_reason(code: str) -> CheckReason:
    """Return the row of *code*; an unknown code gives a row with `known` False, which is a task for a person."""
    return CHECKS.get(code) or CheckReason(code, "not in the table", CheckRetry.NEVER, known=False)
