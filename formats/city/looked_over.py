"""Which files of a city folder cannot be taken, so that a person hears of them before the folder is played?"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, tzinfo
from pathlib import Path
from typing import TypeVar

from formats.city.cis import read_accounts, read_bills, read_open_items, read_posted_drafts
from formats.city.folder import CityFolder
from formats.city.instruments import read_instruments
from formats.city.outside import read_court_reports, read_field_reports, read_placement_replies, read_recalls
from formats.city.weather import read_bulletins, read_holidays
from formats.errors import Malformed

Line = TypeVar("Line")
Read = Callable[[Path], Iterable[object]]


def whole(read: Callable[[], Iterable[Line]]) -> tuple[Line, ...]:
    """Return the lines of a file, none of one that is refused; `look_over` tells of it."""
    try:
        return tuple(read())
    except Malformed:
        return ()


def look_over(folder: CityFolder, *, zone: tzinfo) -> tuple[Malformed, ...]:
    """Return why files of crews, agency and court are refused, and which files of the folder nobody will read.

    Payment files are refused by themselves, on their day.

    Raises:
        Malformed: a file without which there is no city cannot be read: accounts, bills, instruments, weather.
    """
    for path, read in _needed(folder):
        fault = _fault(folder, path, read)
        if fault is not None:
            raise fault
    found = [_fault(folder, path, read) for path, read in _of_the_outside(folder, zone)]
    return (*(fault for fault in found if fault is not None), *_passed_over(folder))


def _needed(folder: CityFolder) -> Iterator[tuple[Path, Read]]:
    yield folder.accounts, read_accounts
    for path, read in (
        (folder.open_items, read_open_items),
        (folder.instruments, read_instruments),
        (folder.posted_drafts, read_posted_drafts),
        (folder.heat_products, read_bulletins),
        (folder.holidays, read_holidays),
    ):
        if path.is_file():
            yield path, read
    for path in folder.bills().values():
        yield path, read_bills


def _of_the_outside(folder: CityFolder, zone: tzinfo) -> Iterator[tuple[Path, Read]]:
    days: tuple[tuple[dict[date, Path], Read], ...] = (
        (folder.field(), lambda path: read_field_reports(path, zone=zone)),
        (folder.acknowledgments(), read_placement_replies),
        (folder.recalls(), read_recalls),
        (folder.court(), read_court_reports),
    )
    for files, read in days:
        for path in files.values():
            yield path, read


def _fault(folder: CityFolder, path: Path, read: Read) -> Malformed | None:
    try:
        for _ in read(path):
            pass
    except Malformed as fault:
        fault.file = str(path.relative_to(folder.root))
        return fault
    return None


def _passed_over(folder: CityFolder) -> Iterator[Malformed]:
    for path in folder.nameless():
        message = "nobody reads it: name it by its day, YYYY-MM-DD, as the files beside it are"
        yield Malformed("not_a_day", message, file=str(path.relative_to(folder.root)))
    for day in sorted(day for day in folder.bank() if day <= folder.opening):
        message = f"its money is not posted: it is in the balances that the folder opens with on {folder.opening}"
        yield Malformed("before_opening", message, file=f"bank/{day}")
