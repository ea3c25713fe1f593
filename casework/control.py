"""How have billing's control accounts moved up to a day, asked no further back than the last day held against them?

What they had come to by then is kept with that day. It is trusted as long as billing opens the next day with what it
had closed it with, and the two books differ by no more than they did; otherwise billing is asked from the beginning,
so that an entry made late, for a day long held, is found on the day after it was made. Closing asks for all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from casework.context import Desk
from domain.calendar import DAY
from domain.ledger import LedgerAccount, PostingKind
from gateways.billing import ControlLine
from models.ledger import moved
from models.reconciliation import in_transit, last_held

BEGINNING: Final = date(1970, 1, 1)  # before any posting of ours
# What our ledger calls a movement of the receivable, and what billing's control accounts call it.
CONTROLS: Final[Mapping[str, tuple[PostingKind, ...]]] = {
    "payments": (PostingKind.PAYMENT, PostingKind.SUSPENSE),
    "returns": (PostingKind.RETURN, PostingKind.REVERSAL, PostingKind.VOID),
    "fees": (PostingKind.FEE,),
    "adjustments": (
        PostingKind.ADJUSTMENT,
        PostingKind.FEE_WAIVER,
        PostingKind.REFUND,
        PostingKind.DEPOSIT,
        PostingKind.INTEREST,
        PostingKind.TRANSFER,
    ),
    "write_offs": (PostingKind.WRITE_OFF,),
}
Cents = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Billing's control accounts: of one day, and what has moved on them from the beginning through its close."""

    of_day: Sequence[ControlLine]
    moved: Cents
    closing: Cents

    def kept(self, ours: Cents) -> dict[str, dict[str, int]]:
        """Return what is kept with the day, so that the next one goes on from it."""
        return {
            "moved": dict(self.moved),
            "closing": dict(self.closing),
            "differs": {name: ours[name] - cents for name, cents in self.moved.items()},
        }


async def control_through(desk: Desk, on: date, *, anew: bool) -> Control:
    """Return billing's control accounts up to the close of *on*; *anew* asks for all of it whatever was kept.

    Raises:
        Outage: billing does not answer.
    """
    held = None if anew else await desk.read(lambda session: last_held(session, before=on))
    kept = held.figures.get("control") if held else None
    if held and kept:
        gone_on = await _control(desk, since=held.on + DAY, on=on, before=kept)
        ours = await desk.read(lambda session: our_movements(session, through=on))
        if gone_on and gone_on.kept(ours)["differs"] == kept["differs"]:
            return gone_on
    whole = await _control(desk, since=BEGINNING, on=on, before=None)
    assert whole is not None, "there is no opening before the beginning"
    return whole


async def _control(desk: Desk, *, since: date, on: date, before: Mapping[str, Any] | None) -> Control | None:
    """Return the control accounts with what they had moved *before*; none if they do not open as they had closed."""
    billing = desk.at.systems.billing
    lines = await billing.control(since=since, through=on)
    if before is not None and {line.service: line.opening.cents for line in lines} != before["closing"]:
        return None
    of_day = lines if since == on else await billing.control(since=on, through=on)
    moved_before: Cents = before["moved"] if before is not None else dict.fromkeys(CONTROLS, 0)
    sums = {name: sum(getattr(line, name).cents for line in lines) for name in CONTROLS}
    return Control(
        of_day=of_day,
        moved={name: moved_before[name] + cents for name, cents in sums.items()},
        closing={line.service: line.closing.cents for line in lines},
    )


def our_movements(session: Session, *, through: date) -> Cents:
    """Return what our ledger has moved on the customers' accounts, less what is on its way to billing."""
    found = ledger_movements(session, since=BEGINNING, through=through)
    transit = in_transit(session, through=through)
    found["payments"] += transit["payments"].cents
    found["returns"] -= transit["returns"].cents
    return found


def ledger_movements(session: Session, *, since: date, through: date) -> dict[str, int]:
    """Return what our ledger moved on the customers' accounts, in the words of billing's control accounts."""
    ours = moved(session, LedgerAccount.RECEIVABLE, since=since, through=through)
    return {
        name: sum(money.cents for (kind, _), money in ours.items() if kind in kinds) for name, kinds in CONTROLS.items()
    }
