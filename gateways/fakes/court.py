"""How does the court's e-filing keep claims, and when does it hear them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from gateways.court import CourtEffect, CourtEventKind, FileClaim, FileEvent
from gateways.errors import Rejected
from gateways.fakes.keyed import Keyed
from gateways.receipt import Receipt

NOTICE_DAYS = 42  # from filing to the earliest hearing; an assumption, the courts of the shared cities do not say
_THURSDAY = 3  # the hearing day in the shared cities' court files
_ENDS = frozenset({CourtEventKind.DISMISSAL, CourtEventKind.SATISFACTION})


@dataclass(slots=True, kw_only=True)
class Claim:
    claim_no: str
    account_no: str
    ended: bool = False
    outside: bool = False


class CourtClerk(Keyed[CourtEffect]):
    """The court: one pending claim per account."""

    def __init__(self, *, now: datetime) -> None:
        super().__init__(now=now)
        self.claims: dict[str, Claim] = {}

    def know(self, claimed: Iterable[tuple[str, str]]) -> None:
        """Hold claims that others filed: number and account of each."""
        for claim_no, account_no in claimed:
            self.claims.setdefault(claim_no, Claim(claim_no=claim_no, account_no=account_no, outside=True))

    def _perform(self, key: str, effect: CourtEffect) -> Receipt:
        match effect:
            case FileClaim():
                return self._file(key, effect)
            case FileEvent():
                return self._record(key, effect)
            case _:
                assert_never(effect)

    def _file(self, key: str, effect: FileClaim) -> Receipt:
        if effect.amount.cents <= 0:
            raise Rejected("bad-amount", f"{effect.amount} is not an amount above zero.")
        ours = (claim for claim in self.claims.values() if not (claim.ended or claim.outside))
        if any(claim.account_no == effect.account_no for claim in ours):
            raise Rejected("claim-pending", "A claim against this account is pending already.")
        claim_no = self._number("CL")
        self.claims[claim_no] = Claim(claim_no=claim_no, account_no=effect.account_no)
        return self._receipt(key, ref=claim_no, hearing_on=_hearing_day(effect.on).isoformat())

    def _record(self, key: str, effect: FileEvent) -> Receipt:
        claim = self.claims.get(effect.claim_no)
        if claim is None:
            raise Rejected("unknown-claim", f"The court has no claim {effect.claim_no}.")
        if claim.ended:
            raise Rejected("claim-ended", f"The claim {effect.claim_no} has ended.")
        claim.ended = effect.kind in _ENDS
        return self._receipt(key, ref=self._number("CE"), kind=effect.kind)


def _hearing_day(filed_on: date) -> date:
    earliest = filed_on + timedelta(days=NOTICE_DAYS)
    return earliest + timedelta(days=(_THURSDAY - earliest.weekday()) % 7)
