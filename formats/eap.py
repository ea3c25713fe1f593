"""What does an assistance program pay for which household, and what have agencies pledged?"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from formats.city.cells import read_records
from formats.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistancePayment:
    """One household's benefit. A negative amount is a refund that the program takes back. `name` is private."""

    payment_id: str
    list_id: str
    household_id: str
    account_no: str
    name: str
    benefit_type: str
    amount_cents: int
    paid_on: date
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceList:
    """A payment list. It states no total of its own: the lump that settles each list id is its control."""

    payments: tuple[AssistancePayment, ...]
    identity: None = None

    def total_cents(self) -> dict[str, int]:
        """Return the sum of the payments per list id, to be compared with the lump that names that list."""
        totals: Counter[str] = Counter()
        for payment in self.payments:
            totals[payment.list_id] += payment.amount_cents
        return dict(totals)


class PledgeStatus(StrEnum):
    """What has become of a pledge."""

    NEW = "new"
    PAID = "paid"
    PAID_LESS = "paid_less"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeRow:
    """What an agency says about one pledge on the day of the file; a later row for the same id replaces it.

    *household_id*: the program's number of the household, where the file has a column for it.
    """

    pledge_id: str
    account_no: str
    agency: str
    amount_cents: int
    pledged_on: date
    expires_on: date
    status: PledgeStatus
    line_no: int
    household_id: str = ""


def read_payments(source: Source, *, name: str | None = None) -> AssistanceList:
    """Return the payment list in *source*. Refused (`Malformed`): a missing column, a cell misshapen."""
    columns = "payment_id list_id household_id vendor_account_no name benefit_type amount_cents payment_date"
    payments = tuple(
        AssistancePayment(
            payment_id=row.text("payment_id"),
            list_id=row.text("list_id"),
            household_id=row.text("household_id"),
            account_no=row.cells["vendor_account_no"],
            name=row.cells["name"],
            benefit_type=row.cells["benefit_type"],
            amount_cents=row.cents("amount_cents"),
            paid_on=row.day("payment_date"),
            line_no=row.line,
        )
        for row in read_records(source, columns=columns, name=name)
    )
    return AssistanceList(payments=payments)


def read_pledges(source: Source, *, name: str | None = None) -> tuple[PledgeRow, ...]:
    """Return the pledges in *source*; a column `household_id` may stand among the others.

    Refused (`Malformed`): a missing column, a cell misshapen.
    """
    columns = "pledge_id account_no agency amount_cents pledged_on expires_on status"
    return tuple(
        PledgeRow(
            pledge_id=row.text("pledge_id"),
            account_no=row.cells["account_no"],
            agency=row.text("agency"),
            amount_cents=row.cents("amount_cents"),
            pledged_on=row.day("pledged_on"),
            expires_on=row.day("expires_on"),
            status=row.choice("status", PledgeStatus),
            line_no=row.line,
            household_id=row.cells.get("household_id", "").strip(),
        )
        for row in read_records(source, columns=columns, name=name)
    )
