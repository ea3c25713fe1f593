"""What do the crews, the agency and the court report back?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from formats.city.cells import Record, read_records
from formats.errors import TRUNCATED, Malformed
from formats.source import Source, name_of, read_text
from formats.text import lines_of


class FieldOutcome(StrEnum):
    COMPLETED = "completed"
    COULD_NOT_COMPLETE = "could_not_complete"


class PlacementAnswer(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class RecallAction(StrEnum):
    """Either the agency confirms our recall, or it gives the account back by itself."""

    RECALL_CONFIRMED = "recall_confirmed"
    RETURNED_BY_AGENCY = "returned_by_agency"


class PaidTo(StrEnum):
    """Money paid to the agency is posted gross; money paid to the city was posted when the city took it."""

    AGENCY = "agency"
    CITY = "city"


class CourtResult(StrEnum):
    DEFAULT_JUDGMENT = "default_judgment"
    JUDGMENT_FOR_PLAINTIFF = "judgment_for_plaintiff"
    JUDGMENT_FOR_DEFENDANT = "judgment_for_defendant"
    DISMISSED_NOT_SERVED = "dismissed_not_served"
    CONTINUED = "continued"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """What a crew did, or could not do, about one work order."""

    work_order: str
    account_no: str
    type: str
    """Such as DNP-ELEC-REMOTE (off for non-payment) and RNP-WATER-CURB (on again); the city's own code."""
    requested_on: date
    done_at: datetime
    """The instant in UTC; the file has local time."""
    outcome: FieldOutcome
    reason: str | None
    meter_read: int | None
    crew: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementReply:
    placement_ref: str
    account_no: str
    placed_cents: int
    answer: PlacementAnswer
    reason: str | None
    acknowledged_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRecall:
    account_no: str
    action: RecallAction
    reason: str
    balance_cents: int
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceLine:
    """One payment on a placed account; `net_cents` is what reaches the city, below zero for money it had already."""

    line_id: str
    account_no: str
    paid_on: date
    paid_to: PaidTo
    gross_cents: int
    commission_cents: int
    net_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """A remittance whose trailer agrees with its lines; `gross_cents` counts what was paid to the agency only."""

    batch: str
    lines: tuple[RemittanceLine, ...]
    gross_cents: int
    commission_cents: int
    net_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtReport:
    """What came of one hearing; it moves no balance."""

    claim_no: str
    account_no: str
    court: str
    hearing_on: date
    result: CourtResult
    claimed_cents: int
    judgment_cents: int
    costs_cents: int
    final_on: date | None
    continued_to: date | None


def read_field_reports(source: Source, *, zone: tzinfo) -> Iterator[FieldReport]:
    """Yield the rows of field/YYYY-MM-DD.csv; *zone* is the city's, in which the file writes its times."""
    columns = "work_order account_no type requested_on at result reason meter_read crew"
    for row in read_records(source, columns=columns):
        yield FieldReport(
            work_order=row.text("work_order"),
            account_no=row.text("account_no"),
            type=row.text("type"),
            requested_on=row.day("requested_on"),
            done_at=row.instant("at", zone=zone),
            outcome=row.choice("result", FieldOutcome),
            reason=row.optional("reason"),
            meter_read=row.optional_cents("meter_read"),
            crew=row.optional("crew"),
        )


def read_placement_replies(source: Source) -> Iterator[PlacementReply]:
    """Yield the rows of agency/YYYY-MM-DD_acknowledgment.csv."""
    columns = "placement_ref account_no placed_cents result reason acknowledged_on"
    for row in read_records(source, columns=columns):
        yield PlacementReply(
            placement_ref=row.text("placement_ref"),
            account_no=row.text("account_no"),
            placed_cents=row.cents("placed_cents"),
            answer=row.choice("result", PlacementAnswer),
            reason=row.optional("reason"),
            acknowledged_on=row.day("acknowledged_on"),
        )


def read_recalls(source: Source) -> Iterator[AgencyRecall]:
    """Yield the rows of agency/YYYY-MM-DD_recall.csv."""
    for row in read_records(source, columns="account_no action reason balance_cents effective_on"):
        yield AgencyRecall(
            account_no=row.text("account_no"),
            action=row.choice("action", RecallAction),
            reason=row.text("reason"),
            balance_cents=row.cents("balance_cents"),
            effective_on=row.day("effective_on"),
        )


def read_remittance(source: Source, *, name: str | None = None) -> Remittance:
    """Return agency/YYYY-MM-DD_remittance.csv, whole or not at all.

    Refuses a file without its trailer (`truncated`), with rows behind it, with another count of lines
    (`control_count`) or another gross, commission or net (`control_total`) than the trailer says.
    """
    columns = "rec line_id account_no paid_on paid_to gross_cents commission_cents net_cents"
    _refuse_truncated(source, name)
    lines: list[RemittanceLine] = []
    trailer: Record | None = None
    for row in read_records(source, columns=columns, name=name):
        if trailer is not None:
            row.refuse("rec", rule="after_trailer", message="a row stands behind the trailer")
        if row.text("rec") == "T":
            trailer = row
        elif row.text("rec") == "D":
            lines.append(_remittance_line(row))
        else:
            row.refuse("rec", rule="not_a_choice", message="neither D nor T")
    if trailer is None:
        raise Malformed(TRUNCATED, "the trailer is missing", file=name_of(source, name))
    return _tied(lines, trailer)


def _refuse_truncated(source: Source, name: str | None) -> None:
    """Refuse a file that ends within a row, or with a line: every other fault of it is only a consequence."""
    head, *rows = lines_of(read_text(source, name=name)) or [""]
    last = rows[-1] if rows else ""
    if head.startswith("rec,") and (last.count(",") < head.count(",") or last.startswith("D,")):
        if any(row.startswith("T,") for row in rows[:-1]):
            return  # something stands behind the trailer, and is refused as that
        raise Malformed(TRUNCATED, "the trailer is missing", file=name_of(source, name), line=len(rows) + 1)


def _remittance_line(row: Record) -> RemittanceLine:
    return RemittanceLine(
        line_id=row.text("line_id"),
        account_no=row.text("account_no"),
        paid_on=row.day("paid_on"),
        paid_to=row.choice("paid_to", PaidTo),
        gross_cents=row.cents("gross_cents"),
        commission_cents=row.cents("commission_cents"),
        net_cents=row.cents("net_cents"),
    )


def _tied(lines: list[RemittanceLine], trailer: Record) -> Remittance:
    """Return the remittance when its trailer, which counts rows in the account column, agrees with *lines*."""
    if trailer.cents("account_no") != len(lines):
        trailer.refuse("account_no", rule="control_count", message=f"the file holds {len(lines)} lines")
    sums = {
        "gross_cents": sum(line.gross_cents for line in lines if line.paid_to is PaidTo.AGENCY),
        "commission_cents": sum(line.commission_cents for line in lines),
        "net_cents": sum(line.net_cents for line in lines),
    }
    for column, found in sums.items():
        if trailer.cents(column) != found:
            trailer.refuse(column, rule="control_total", message=f"the lines come to {found}")
    return Remittance(batch=trailer.text("line_id"), lines=tuple(lines), **sums)


def read_court_reports(source: Source) -> Iterator[CourtReport]:
    """Yield the rows of court/YYYY-MM-DD.csv."""
    columns = (
        "claim_no account_no court hearing_date result claimed_cents judgment_cents costs_cents final_on continued_to"
    )
    for row in read_records(source, columns=columns):
        yield CourtReport(
            claim_no=row.text("claim_no"),
            account_no=row.text("account_no"),
            court=row.text("court"),
            hearing_on=row.day("hearing_date"),
            result=row.choice("result", CourtResult),
            claimed_cents=row.cents("claimed_cents"),
            judgment_cents=row.cents("judgment_cents"),
            costs_cents=row.cents("costs_cents"),
            final_on=row.optional_day("final_on"),
            continued_to=row.optional_day("continued_to"),
        )
