"""How are agencies shown: what they were given, what came of it, what they charge, and how they behave?"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from api.schemas.base import Shown
from casework.agencies import Reconciled, Taken
from models.agencies import Vintage


class AgencyFileShown(Shown):
    """A file of an agency, taken whole. *told*: lines that a case heard; *left*: accounts without an open case."""

    file_id: str
    kind: str
    file_name: str
    received_on: date
    at: datetime
    lines: int
    told: int
    left: list[str]
    findings: int

    @classmethod
    def of(cls, taken: Taken) -> Self:
        row = taken.row
        return cls(
            file_id=row.file_id,
            kind=row.kind,
            file_name=row.file_name,
            received_on=row.received_on,
            at=row.at,
            lines=row.lines,
            told=row.told,
            left=list(taken.left),
            findings=len(taken.findings),
        )


class VintageShown(Shown):
    """What one agency was given in one month, and what came of it by now."""

    agency: str
    month: str
    debts: int
    open: int
    given_cents: int
    collected_cents: int
    direct_cents: int
    commission_cents: int
    recovered_pct: float

    @classmethod
    def of(cls, line: Vintage) -> Self:
        return cls(
            agency=line.agency,
            month=line.month,
            debts=line.debts,
            open=line.open,
            given_cents=line.given,
            collected_cents=line.collected,
            direct_cents=line.direct,
            commission_cents=line.commission,
            recovered_pct=line.recovered,
        )


class ScoreCard(Shown):
    vintages: list[VintageShown]


class DifferenceShown(Shown):
    """*what*: the commission, what was kept back, or a sum that only one side knows."""

    account_no: str
    on: date
    paid_to: str
    what: str
    ours_cents: int
    theirs_cents: int
    ref: str


class CommissionShown(Shown):
    """What agencies took and were told of, what they earned by it, and every sum on which we differ."""

    collected_cents: int
    direct_cents: int
    commission_cents: int
    net_cents: int
    differences: list[DifferenceShown]

    @classmethod
    def of(cls, found: Reconciled) -> Self:
        return cls(
            collected_cents=found.collected.cents,
            direct_cents=found.direct.cents,
            commission_cents=found.commission.cents,
            net_cents=found.net.cents,
            differences=[
                DifferenceShown(
                    account_no=each.account_no,
                    on=each.on,
                    paid_to=each.paid_to,
                    what=each.what,
                    ours_cents=each.ours.cents,
                    theirs_cents=each.theirs.cents,
                    ref=each.ref,
                )
                for each in found.differences
            ],
        )


class ConductShown(Shown):
    """A contact of an agency that does not keep the rule it names."""

    file_id: str
    account_no: str
    contact_id: str
    on: date
    rule: str
    says: str


class ConductList(Shown):
    findings: list[ConductShown]

    @classmethod
    def of(cls, rows: Sequence[object]) -> Self:
        return cls(findings=[ConductShown.model_validate(row) for row in rows])
