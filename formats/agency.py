"""What goes to a collection agency and what it reports: one layout each, written and read by the same columns.

The layout of all of them is that of `formats.tied`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from formats.source import Source
from formats.tied import filled, read_tied, write_tied

PLACEMENT: Final = (
    "rec placement_id account_no name address zip phone language service_ended_on itemized_on owed_then_cents "
    "interest_cents fees_cents paid_since_cents credited_since_cents placed_cents bills"
)
MESSAGES: Final = "rec message_id account_no placement_ref action reason on amount_cents left_cents"
CONTACTS: Final = "rec contact_id account_no at channel spoke opt_out ceased notice threat"


class Action(StrEnum):
    """What the city tells an agency of a debt that it holds."""

    DIRECT_PAYMENT = "direct_payment"
    PAYMENT_RETURNED = "payment_returned"
    RECALL = "recall"


class Channel(StrEnum):
    PHONE = "phone"
    LETTER = "letter"
    TEXT = "text"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """One debt placed, itemized from *itemized_on* as 12 CFR 1006.34 asks.

    *bills*: ``bill/service/due/cents``, parted by ``;``.
    """

    placement_id: str
    account_no: str
    name: str
    address: str
    zip: str
    phone: str
    language: str
    service_ended_on: date | None
    itemized_on: date
    owed_then_cents: int
    placed_cents: int
    bills: str
    interest_cents: int = 0
    fees_cents: int = 0
    paid_since_cents: int = 0
    credited_since_cents: int = 0

    @property
    def itemized_cents(self) -> int:
        """Return what the itemization comes to."""
        gone = self.paid_since_cents + self.credited_since_cents
        return self.owed_then_cents + self.interest_cents + self.fees_cents - gone


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """Money that the city took on a placed debt, money that went back, or a recall; *left_cents* after it."""

    message_id: str
    account_no: str
    placement_ref: str
    action: Action
    reason: str
    on: date
    amount_cents: int
    left_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One attempt of the agency to reach a consumer; *at* is local there."""

    contact_id: str
    account_no: str
    at: datetime
    channel: Channel
    spoke: bool
    opt_out: bool
    ceased: bool
    notice: bool
    threat: bool


def write_placements(lines: Sequence[PlacedLine]) -> bytes:
    """Return the placement file; it is read back before it is handed out, so that none leaves that would be refused."""
    data = write_tied(PLACEMENT, lines, adds="placed_cents")
    assert read_placements(data) == tuple(lines), "a placement file reads as it was written"
    return data


def write_messages(lines: Sequence[MessageLine]) -> bytes:
    """Return the day's messages, read back like the placement file."""
    data = write_tied(MESSAGES, lines, adds="amount_cents")
    assert read_messages(data) == tuple(lines), "a file of messages reads as it was written"
    return data


def read_placements(source: Source) -> tuple[PlacedLine, ...]:
    """Return a placement file, whole or not at all.

    Refuses what `formats.tied` refuses, and a debt whose itemization does not come to what is placed (`itemization`).
    """
    lines = []
    for row in read_tied(source, PLACEMENT, adds="placed_cents", once="placement_id"):
        line = filled(row, PlacedLine, blank={"address", "zip", "phone"})
        if line.itemized_cents != line.placed_cents:
            row.refuse("placed_cents", rule="itemization", message=f"the itemization comes to {line.itemized_cents}")
        lines.append(line)
    return tuple(lines)


def read_messages(source: Source) -> tuple[MessageLine, ...]:
    """Return a day's messages, whole or not at all."""
    return tuple(
        MessageLine(
            message_id=row.text("message_id"),
            account_no=row.text("account_no"),
            placement_ref=row.text("placement_ref"),
            action=row.choice("action", Action),
            reason=row.cells["reason"],
            on=row.day("on"),
            amount_cents=row.cents("amount_cents"),
            left_cents=row.cents("left_cents"),
        )
        for row in read_tied(source, MESSAGES, adds="amount_cents", once="message_id")
    )


def read_contacts(source: Source) -> tuple[ContactLine, ...]:
    """Return the agency's report of its contacts, whole or not at all; its trailer states the number of lines."""
    lines = []
    for row in read_tied(source, CONTACTS, once="contact_id"):
        try:
            at = datetime.fromisoformat(row.text("at"))
        except ValueError:
            row.refuse("at", rule="bad_instant", message="not a local date and time")
        if at.tzinfo is not None:
            row.refuse("at", rule="bad_instant", message="the time is to be local to the consumer, without an offset")
        flags = {name: row.flag(name) for name in ("spoke", "opt_out", "ceased", "notice", "threat")}
        lines.append(
            ContactLine(
                contact_id=row.text("contact_id"),
                account_no=row.text("account_no"),
                at=at,
                channel=row.choice("channel", Channel),
                **flags,
            )
        )
    return tuple(lines)
