"""What is filed with the State, the county auditor and the county clerk: set-off claims, certified charges, liens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from formats.source import Source
from formats.tied import filled, read_tied, write_tied

SETOFF: Final = "rec claim_id account_no debtor_name address zip services debt_on debt_cents claimed_on notice_by"
SETOFF_UPDATE: Final = "rec update_id account_no claim_id action left_cents told_on"
CERTIFICATION: Final = "rec certification_id account_no parcel address services hearing_on amount_cents certified_on"
LIEN: Final = (
    "rec lien_id account_no parcel address owner services purpose charged_from charged_through amount_cents "
    "interest_pct filed_on"
)


LIEN_RELEASE: Final = (
    "rec release_id lien_id account_no parcel address owner filed_on filed_cents interest_cents released_on because"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetoffLine:
    """A debt claimed against state tax refunds; *notice_by*: the debtor is told by then."""

    claim_id: str
    account_no: str
    debtor_name: str
    address: str
    zip: str
    services: str
    debt_on: date
    debt_cents: int
    claimed_on: date
    notice_by: date


class UpdateAction(StrEnum):
    """What became of a claim: less, or more, is owed on it; or it is taken back."""

    CHANGE = "change"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetoffUpdateLine:
    """What the State is told of a claim: *left_cents* is what is still owed on it, nothing once it is released."""

    update_id: str
    account_no: str
    claim_id: str
    action: UpdateAction
    left_cents: int
    told_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedLine:
    """Unpaid charges certified to the property tax of a parcel; no electricity and no gas."""

    certification_id: str
    account_no: str
    parcel: str
    address: str
    services: str
    hearing_on: date | None
    amount_cents: int
    certified_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LienLine:
    """A municipal lien on a parcel, with its interest a year from filing."""

    lien_id: str
    account_no: str
    parcel: str
    address: str
    owner: str
    services: str
    purpose: str
    charged_from: date
    charged_through: date
    amount_cents: int
    interest_pct: str
    filed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LienReleaseLine:
    """A lien that no longer burdens a parcel; *interest_cents*: what had accrued by then, paid or forgiven."""

    release_id: str
    lien_id: str
    account_no: str
    parcel: str
    address: str
    owner: str
    filed_on: date
    filed_cents: int
    interest_cents: int
    released_on: date
    because: str


def write_setoffs(lines: Sequence[SetoffLine], *, least_cents: int) -> bytes:
    """Return the claim file, read back before it is handed out."""
    data = write_tied(SETOFF, lines, adds="debt_cents")
    assert read_setoffs(data, least_cents=least_cents) == tuple(lines), "a claim file reads as it was written"
    return data


def read_setoffs(source: Source, *, least_cents: int) -> tuple[SetoffLine, ...]:
    """Return a claim file, whole or not at all; a debt below *least_cents* refuses it (`below_floor`)."""
    lines = []
    for row in read_tied(source, SETOFF, adds="debt_cents", once="claim_id"):
        if row.cents("debt_cents") < least_cents:
            row.refuse("debt_cents", rule="below_floor", message=f"the State takes no debt below {least_cents} cents")
        lines.append(filled(row, SetoffLine, blank={"zip"}))
    return tuple(lines)


def write_setoff_updates(lines: Sequence[SetoffUpdateLine]) -> bytes:
    """Return the file of updates, read back before it is handed out."""
    data = write_tied(SETOFF_UPDATE, lines, adds="left_cents")
    assert read_setoff_updates(data) == tuple(lines), "a file of updates reads as it was written"
    return data


def read_setoff_updates(source: Source) -> tuple[SetoffUpdateLine, ...]:
    """Return a file of updates, whole or not at all; a release on which something is left refuses it (`release`)."""
    lines = []
    for row in read_tied(source, SETOFF_UPDATE, adds="left_cents", once="update_id"):
        action = UpdateAction(row.choice("action", UpdateAction))
        if action is UpdateAction.RELEASE and row.cents("left_cents"):
            row.refuse("left_cents", rule="release", message="a claim that is released has nothing left")
        lines.append(
            SetoffUpdateLine(
                update_id=row.text("update_id"),
                account_no=row.text("account_no"),
                claim_id=row.text("claim_id"),
                action=action,
                left_cents=row.cents("left_cents"),
                told_on=row.day("told_on"),
            )
        )
    return tuple(lines)


def write_certified(lines: Sequence[CertifiedLine], *, services: Sequence[str]) -> bytes:
    """Return the roll for the county auditor, read back before it is handed out."""
    data = write_tied(CERTIFICATION, lines, adds="amount_cents")
    assert read_certified(data, services=services) == tuple(lines), "a roll reads as it was written"
    return data


def read_certified(source: Source, *, services: Sequence[str]) -> tuple[CertifiedLine, ...]:
    """Return a roll, whole or not at all; a service that is not one of *services* refuses it (`service`)."""
    lines = []
    for row in read_tied(source, CERTIFICATION, adds="amount_cents", once="certification_id"):
        other = set(row.text("services").split("|")) - set(services)
        if other:
            row.refuse("services", rule="service", message=f"{', '.join(sorted(other))} may not be certified")
        lines.append(filled(row, CertifiedLine))
    return tuple(lines)


def write_liens(lines: Sequence[LienLine]) -> bytes:
    """Return the list of liens for the county clerk, read back before it is handed out."""
    data = write_tied(LIEN, lines, adds="amount_cents")
    assert read_liens(data) == tuple(lines), "a list of liens reads as it was written"
    return data


def read_liens(source: Source) -> tuple[LienLine, ...]:
    """Return a list of liens, whole or not at all; charges that end before they begin refuse it (`period`)."""
    lines = []
    for row in read_tied(source, LIEN, adds="amount_cents", once="lien_id"):
        if row.day("charged_through") < row.day("charged_from"):
            row.refuse("charged_through", rule="period", message="the charges end before they begin")
        lines.append(filled(row, LienLine))
    return tuple(lines)


def write_lien_releases(lines: Sequence[LienReleaseLine]) -> bytes:
    """Return the list of releases for the county clerk, read back before it is handed out."""
    data = write_tied(LIEN_RELEASE, lines, adds="filed_cents")
    assert read_lien_releases(data) == tuple(lines), "a list of releases reads as it was written"
    return data


def read_lien_releases(source: Source) -> tuple[LienReleaseLine, ...]:
    """Return a list of releases, whole or not at all; a release from before the filing refuses it (`period`)."""
    lines = []
    for row in read_tied(source, LIEN_RELEASE, adds="filed_cents", once="release_id"):
        if row.day("released_on") < row.day("filed_on"):
            row.refuse("released_on", rule="period", message="the lien is released before it was filed")
        lines.append(filled(row, LienReleaseLine))
    return tuple(lines)
