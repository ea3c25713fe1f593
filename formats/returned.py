"""What does a code of a bank or card network mean to a utility: the tables in the words of `domain.returned`?

Every row of the ACH, check and card tables has its treatment here; a code in none of them is a person's to decide.
"""

from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from domain.returned import Hold, Rate, Reason, Retry, unknown
from formats import nacha
from formats.codes import CardAction, CheckReason, CheckRetry, card_reason, check_reason
from formats.nacha import Action

DRAFT: Final = "draft"
CREDIT: Final = "ach"
CARD: Final = "card"
CHECK_SOURCES: Final = frozenset({"lockbox", "counter"})
REVERSAL, CHARGEBACK, FUND_REFUND, VOID = "reversal", "chargeback", "fund_refund", "void"

# What the desk does about each action of the ACH tables.
_DRAFTS: Final[MappingProxyType[Action, dict[str, Any]]] = MappingProxyType(
    {
        Action.REPRESENT: {"retry": Retry.FUNDS, "strike": True, "fee": True},
        Action.NEW_INSTRUMENT: {
            "instrument": Hold.END, "autopay": Hold.END, "strike": True, "task": "ask_for_new_instrument",
        },
        Action.CORRECT_INSTRUMENT: {
            "instrument": Hold.HOLD, "autopay": Hold.HOLD, "retry": Retry.CORRECTED, "task": "check_instrument",
        },
        Action.END_AUTHORIZATION: {
            "instrument": Hold.END, "autopay": Hold.END, "task": "authorization_revoked",
        },
        Action.HOLD_AUTOPAY: {"instrument": Hold.HOLD, "autopay": Hold.HOLD, "strike": True, "task": "ask_about_stop"},
        Action.FRAUD_REVIEW: {
            "instrument": Hold.END, "autopay": Hold.END, "task": "red_flag_review", "urgent": True,
        },
        Action.CORRECT_AND_RESEND: {"retry": Retry.RESENT, "autopay": Hold.HOLD, "task": "correct_and_resend"},
        Action.DECEASED: {
            "instrument": Hold.END, "autopay": Hold.END, "deceased": True, "task": "estate", "urgent": True,
        },
        Action.SUPERVISOR: {"instrument": Hold.END, "autopay": Hold.END, "task": "frozen_account", "urgent": True},
        Action.OUR_FILE: {"retry": Retry.CORRECTED, "task": "our_file_was_wrong", "urgent": True},
        Action.FINANCE_REVIEW: {"task": "finance_review"},
        Action.SENDER_FIXES: {"task": "credit_came_back"},
        Action.WE_REFUSED: {"task": "credit_came_back"},
        Action.DUPLICATE_CHECK: {"task": "check_double_posting"},
        Action.CHECK_ALREADY_PRESENTED: {"task": "check_double_posting"},
        Action.DISHONOR_REVIEW: {"task": "finance_review"},
        Action.UPDATE_INSTRUMENT: {"instrument": Hold.HOLD, "task": "apply_change_notice"},
    }
)  # fmt: skip
# There is no such account: what is stored is dropped, not only held until its routing number is mended.
_BY_CODE: Final[MappingProxyType[str, dict[str, Any]]] = MappingProxyType(
    {code: {"instrument": Hold.END, "autopay": Hold.END} for code in ("R03", "R04")}
)
_CHECK_STRIKES: Final = frozenset("ABCDE")  # the payer's account or will; the others may be the paper's or the bank's
_CHECK_TASKS: Final = MappingProxyType(
    {"C": "ask_about_stop", "D": "ask_for_new_instrument", "Q": "red_flag_review", "N": "red_flag_review"}
    | {"Z": "red_flag_review", "Y": "check_double_posting", "F": "frozen_account"}
    | dict.fromkeys("3456", "finance_review")
)
_CARDS: Final[MappingProxyType[CardAction, dict[str, Any]]] = MappingProxyType(
    {
        CardAction.POST: {},
        CardAction.POST_PARTIAL: {"task": "card_paid_in_part"},
        CardAction.STOP_FRAUD: {
            "instrument": Hold.END, "autopay": Hold.END, "task": "red_flag_review", "urgent": True,
        },
        CardAction.STOP: {"instrument": Hold.END, "autopay": Hold.END, "task": "ask_for_new_instrument"},
        CardAction.CANCEL_AUTOPAY: {"instrument": Hold.END, "autopay": Hold.END, "task": "authorization_revoked"},
        CardAction.CORRECT_DATA: {
            "instrument": Hold.HOLD, "autopay": Hold.HOLD, "retry": Retry.CORRECTED, "task": "check_instrument",
        },
        CardAction.FEW_RETRIES: {"retry": Retry.ATTEMPTS},
        CardAction.RETRY_PAYDAY: {"retry": Retry.ATTEMPTS},
        CardAction.RETRY_LATER: {"retry": Retry.ATTEMPTS},
    }
)  # fmt: skip
_OTHERS: Final = MappingProxyType(
    {
        REVERSAL: Reason(code=REVERSAL, meaning="taken back by the service it came through"),
        CHARGEBACK: Reason(
            code=CHARGEBACK,
            meaning="the cardholder's bank took it back",
            instrument=Hold.HOLD,
            autopay=Hold.HOLD,
            strike=True,
            task="answer_chargeback",
        ),
        FUND_REFUND: Reason(code=FUND_REFUND, meaning="the fund took it back", task="finance_review"),
        VOID: Reason(code=VOID, meaning="voided at the counter"),
    }
)


def reason_of(source: str, code: str) -> Reason:
    """Return what *code* means for money of *source*; one in no table is a person's to decide, never dropped."""
    if code in _OTHERS:
        return _OTHERS[code]
    if source == DRAFT:
        return _draft(code)
    if source in CHECK_SOURCES:
        return _check(check_reason(code))
    if source == CREDIT and code in nacha.RETURNS:  # we sent it back ourselves: nothing follows
        return Reason(code=code, meaning=nacha.RETURNS[code].meaning)
    return unknown(code)


def reason_of_item(item_id: str, source: str, code: str) -> Reason:
    """Return what *code* means for an item that a check began, whichever way it was presented last.

    An entry that presents a check again says nothing of the instrument that drafts are drawn on, and it is no draft
    that may be drawn twice more: it stays the check.
    """
    reason = reason_of(source, code)
    if source in CHECK_SOURCES or not is_check(item_id):
        return reason
    again = Retry.CHECK if reason.retry is Retry.FUNDS else Retry.NEVER
    return replace(reason, instrument=Hold.KEEP, autopay=Hold.KEEP, retry=again)


def is_check(item_id: str) -> bool:
    """Say whether an item was a check when it was first presented."""
    return item_id.partition("-")[0] in CHECK_SOURCES


def _draft(code: str) -> Reason:
    row = nacha.reason(code)
    if code in nacha.UNAUTHORIZED:
        rate = Rate.UNAUTHORIZED
    else:
        rate = Rate.ADMINISTRATIVE if code in nacha.ADMINISTRATIVE else Rate.OTHER
    if row.action is Action.UNKNOWN:
        return unknown(code, rate=rate)
    treated = _DRAFTS[row.action] | _BY_CODE.get(code, {})
    return Reason(code=code, meaning=row.meaning, rate=rate, **treated)


def _check(row: CheckReason) -> Reason:
    if not row.known:
        return unknown(row.code)
    again = row.retry is CheckRetry.ONCE
    return Reason(
        code=row.code,
        meaning=row.meaning,
        retry=Retry.CHECK if again else Retry.NEVER,
        strike=row.code in _CHECK_STRIKES,
        fee=again,
        task=_CHECK_TASKS.get(row.code, "" if again else "ask_for_new_instrument"),
    )


def decline_of(response: str, merchant_advice: str) -> Reason:
    """Return what a declined card means: the response, and Mastercard's advice where it forbids another attempt."""
    row = card_reason(response)
    if row.action is CardAction.TASK:
        return unknown(response)
    treated = _CARDS[row.action]
    advice = _advised(merchant_advice)
    if advice and treated.get("retry") in {Retry.ATTEMPTS, Retry.CORRECTED}:
        treated = {**treated, **advice}
    return Reason(code=response, meaning=row.meaning, **treated)


def _advised(code: str) -> dict[str, Any]:
    """Return what a merchant advice code changes: 03 forbids another attempt, 21 ends the recurring payment."""
    match code:
        case "03":
            return {"retry": Retry.NEVER, "instrument": Hold.END, "autopay": Hold.END, "task": "ask_for_new_instrument"}
        case "21":
            return {"retry": Retry.NEVER, "instrument": Hold.END, "autopay": Hold.END, "task": "authorization_revoked"}
        case _:
            return {}
