"""Which files does a city folder hold, and for which days?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from formats.city.cells import iso_date
from formats.errors import Malformed


@dataclass(frozen=True, slots=True)
class CityFolder:
    """The paths of a city folder. A folder or a day that is not there reads as no files, never as an error.

    Whatever dates stand inside, a file belongs to the day in its name.
    """

    root: Path

    def __post_init__(self) -> None:
        if not self.accounts.is_file():
            raise Malformed(file=self.root.name, rule="not_a_city_folder", message="the folder has no cis/accounts.csv")

    @property
    def opening(self) -> date:
        """Return the day at whose close the folder stands: that of an extract before all bills, else their eve.

        Raises:
            Malformed: there is neither an extract, nor a bill, nor a bank day to tell it by.
        """
        extracts, bills = self.aging(), self.bills()
        if extracts and not (bills and min(bills) <= min(extracts)):
            return min(extracts)
        days = [*bills, *self.bank()]
        if not days:
            message = "the folder has neither an extract, nor bills, nor a bank day to tell its opening by"
            raise Malformed(file=self.root.name, rule="not_a_city_folder", message=message)
        return min(days) - timedelta(days=1)

    @property
    def accounts(self) -> Path:
        return self.root / "cis" / "accounts.csv"

    @property
    def open_items(self) -> Path:
        return self.root / "cis" / "open_items.csv"

    @property
    def posted_drafts(self) -> Path:
        return self.root / "cis" / "posted_drafts.csv"

    @property
    def instruments(self) -> Path:
        return self.root / "cis" / "instruments.csv"

    @property
    def heat_products(self) -> Path:
        return self.root / "weather" / "heat_products.csv"

    @property
    def holidays(self) -> Path:
        return self.root / "weather" / "holidays.csv"

    def aging(self) -> dict[date, Path]:
        """Return the delinquency extracts by the day at whose close each was drawn, in order."""
        return _by_day(self.root / "cis", before="aging_")

    def bills(self) -> dict[date, Path]:
        return _by_day(self.root / "cis" / "bills")

    def field(self) -> dict[date, Path]:
        return _by_day(self.root / "field")

    def acknowledgments(self) -> dict[date, Path]:
        return _by_day(self.root / "agency", after="_acknowledgment")

    def recalls(self) -> dict[date, Path]:
        return _by_day(self.root / "agency", after="_recall")

    def remittances(self) -> dict[date, Path]:
        return _by_day(self.root / "agency", after="_remittance")

    def court(self) -> dict[date, Path]:
        return _by_day(self.root / "court")

    def bank(self) -> dict[date, list[Path]]:
        """Return the files of each bank day; what a desktop leaves in a folder, its name begins with a dot, is none."""
        found: defaultdict[date, list[Path]] = defaultdict(list)
        for path in sorted((self.root / "bank").glob("*/*")):
            day = iso_date(path.parent.name)
            if day is not None and path.is_file() and not path.name.startswith("."):
                found[day].append(path)
        return found

    def nameless(self) -> tuple[Path, ...]:
        """Return what lies where files of a day are looked for, and whose name tells no day or whose kind is none."""
        read = {path for days in self._days() for path in days.values()}
        rooms = [*(self.root / name for name in ("field", "agency", "court")), self.root / "cis" / "bills"]
        lie = {path for room in rooms for path in room.glob("*")} | set((self.root / "cis").glob("aging_*"))
        strange = {path for path in (self.root / "bank").glob("*") if not path.is_dir() or not iso_date(path.name)}
        strange |= {path for path in (self.root / "bank").glob("*/*") if path.is_dir()}
        return tuple(sorted(path for path in (lie - read) | strange if not path.name.startswith(".")))

    def _days(self) -> tuple[dict[date, Path], ...]:
        agency = (self.acknowledgments(), self.recalls(), self.remittances())
        return (self.aging(), self.bills(), self.field(), self.court(), *agency)


def _by_day(folder: Path, *, before: str = "", after: str = "") -> dict[date, Path]:
    days: dict[date, Path] = {}
    for path in sorted(folder.glob(f"{before}*{after}.csv")):
        day = iso_date(path.stem.removeprefix(before).removesuffix(after))
        if day is not None:
            days[day] = path
    return days
