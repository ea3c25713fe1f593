"""How does the collection agency keep its placements?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from domain.money import Money
from gateways.agency import AgencyEffect, PlaceAccount, RecallAccount, TellDirectPayment
from gateways.errors import Rejected
from gateways.fakes.keyed import Keyed
from gateways.receipt import Receipt


@dataclass(slots=True, kw_only=True)
class Placement:
    ref: str
    account_no: str
    left_cents: int
    recalled: bool = False
    outside: bool = False


class AgencyDesk(Keyed[AgencyEffect]):
    """The agency: one standing placement per account."""

    def __init__(self, *, now: datetime) -> None:
        super().__init__(now=now)
        self.placements: dict[str, Placement] = {}

    def place_before_opening(self, account_no: str, amount: Money) -> None:
        """Hold a placement made before the opening, under the reference `PL` and the account number."""
        ref = f"PL{account_no}"
        self.placements[ref] = Placement(ref=ref, account_no=account_no, left_cents=amount.cents)

    def know(self, placed: Iterable[tuple[str, str, int]]) -> None:
        """Hold placements that others made: reference, account and cents of each."""
        for ref, account_no, cents in placed:
            self.placements.setdefault(ref, Placement(ref=ref, account_no=account_no, left_cents=cents, outside=True))

    def _perform(self, key: str, effect: AgencyEffect) -> Receipt:
        match effect:
            case PlaceAccount():
                return self._place(key, effect)
            case RecallAccount():
                placement = self._standing(effect.placement_ref)
                placement.recalled = True
                return self._receipt(key, ref=placement.ref, left_cents=str(placement.left_cents))
            case TellDirectPayment():
                placement = self._standing(effect.placement_ref)
                placement.left_cents -= min(effect.amount.cents, placement.left_cents)
                return self._receipt(key, ref=placement.ref, left_cents=str(placement.left_cents))
            case _:
                assert_never(effect)

    def _place(self, key: str, effect: PlaceAccount) -> Receipt:
        if effect.amount.cents <= 0:
            raise Rejected("bad-amount", f"{effect.amount} is not an amount above zero.")
        ours = (held for held in self.placements.values() if not (held.recalled or held.outside))
        if any(held.account_no == effect.account_no for held in ours):
            raise Rejected("already-placed", "The account is with the agency already.")
        ref = self._number("PLC")
        self.placements[ref] = Placement(ref=ref, account_no=effect.account_no, left_cents=effect.amount.cents)
        return self._receipt(key, ref=ref)

    def _standing(self, placement_ref: str) -> Placement:
        placement = self.placements.get(placement_ref)
        if placement is None or placement.recalled:
            raise Rejected("unknown-placement", f"The agency has no standing placement {placement_ref}.")
        return placement
