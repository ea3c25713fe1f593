"""Which files does a city folder hold, and for which days?"""

from dataclasses import dataclass
from datetime import date
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


def _by_day(folder: Path, *, before: str = "", after: str = "") -> dict[date, Path]:
    days: dict[date, Path] = {}
    for path in sorted(folder.glob(f"{before}*{after}.csv")):
        day = iso_date(path.stem.removeprefix(before).removesuffix(after))
        if day is not None:
            days[day] = path
    return days
