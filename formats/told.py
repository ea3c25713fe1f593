"""What does a payment file tell besides money: pledges, declined cards, checks, notices of change, a commission?"""

from collections.abc import Iterator
from dataclasses import dataclass

from formats import nacha
from formats.cards import CardDecline, read_declines
from formats.check_returns import ReturnedCheck, read_check_returns
from formats.city import Remittance, read_remittance
from formats.eap import PledgeRow, read_pledges
from formats.errors import Malformed

NOTICES = b"COR"  # the class of batches that hold notices of change


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is to be noted. A correction holds bank numbers, and so does a check that came back: private."""

    pledges: tuple[PledgeRow, ...] = ()
    declines: tuple[CardDecline, ...] = ()
    checks: tuple[ReturnedCheck, ...] = ()
    changes: tuple[nacha.Correction, ...] = ()
    remitted: Remittance | None = None

    def __bool__(self) -> bool:
        return bool(self.pledges or self.declines or self.checks or self.changes or self.remitted)


def told_by(
    data: bytes,
    *,
    pledges: bool = False,
    declines: bool = False,
    checks: bool = False,
    ach: bool = False,
    remits: bool = False,
    name: str,
) -> Told:
    """Return what a file of one of these kinds tells; it was read before, so that it is whole."""
    if checks:
        return Told(checks=read_check_returns(data, name=name))
    if remits:
        return Told(remitted=read_remittance(data, name=name))
    if pledges:
        return Told(pledges=read_pledges(data, name=name))
    if declines:
        return Told(declines=tuple(read_declines(data, name=name)))
    if ach and NOTICES in data:
        return Told(changes=tuple(_changes(data, name)))
    return Told()


def _changes(data: bytes, name: str) -> Iterator[nacha.Correction]:
    file = nacha.read(data, relax=nacha.Relaxations(missing_filler=True), name=name)
    for _, entry in file.entries():
        if entry.change is not None:
            try:
                yield nacha.correction(entry.change)
            except Malformed:  # it lacks what its code promises: a person looks, the file stands
                yield nacha.Correction(code=entry.change.change_code, original_trace=entry.change.original_trace)
