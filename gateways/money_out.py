"""What may billing be asked about instruments, credit that goes out, and deposits?"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.money import Money


class InstrumentState(StrEnum):
    ACTIVE = "active"
    HELD = "held"  # not drawn on until a person releases it
    DISABLED = "disabled"  # never drawn on again


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A bank account or a card that payments are drawn on. Numbers are private and left out of the repr.

    *kind*: `ach` or `card`. *autopay*: the customer's bills are drawn on it by themselves.
    """

    instrument_id: str
    account_no: str
    kind: str
    state: InstrumentState = InstrumentState.ACTIVE
    autopay: bool = False
    sec: str = ""
    transaction_code: str = ""
    routing: str = field(default="", repr=False)
    bank_account: str = field(default="", repr=False)
    last4: str = ""
    expiry: str = ""
    authorized_on: date | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInstrument:
    """Hold, disable or release the account's instruments of *kind*."""

    account_no: str
    kind: str
    state: InstrumentState
    because: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAutopay:
    """Let no bill of the account be drawn by itself any more, on an instrument of *kind*."""

    account_no: str
    kind: str
    because: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectInstrument:
    """Write what a notice of change says is right into the account's bank instrument; blank is left as it is."""

    account_no: str
    because: str
    on: date
    routing: str = field(default="", repr=False)
    bank_account: str = field(default="", repr=False)
    transaction_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Take *amount* of the account's credit out of it: it is paid to someone, or to the state."""

    account_no: str
    amount: Money
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRefund:
    """Put a refund that was never cashed, or came back, into the account again."""

    account_no: str
    amount: Money
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyDeposit:
    """Credit the account with *amount* of the deposit that billing holds, and with *interest*."""

    account_no: str
    amount: Money
    interest: Money
    on: date


MoneyOut = SetInstrument | EndAutopay | CorrectInstrument | Refund | RestoreRefund | ApplyDeposit
