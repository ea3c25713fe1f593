"""Which file for the State or the county is asked for by which name?"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from casework.context import Desk
from casework.errors import missing
from casework.lien_releases import RELEASES, export_releases
from casework.property_files import export_filed
from casework.setoff_updates import UPDATES, export_updates
from domain.remedy import RemedyKind
from models.tables import ExportRow

SETOFF, CERTIFICATION, LIEN = RemedyKind.SETOFF.value, RemedyKind.CERTIFICATION.value, RemedyKind.LIEN.value
SETOFF_UPDATES, LIEN_RELEASES = UPDATES, RELEASES
_MAKERS: Final[Mapping[str, Callable[[Desk, date | None], ExportRow | None]]] = {
    SETOFF: lambda desk, _: export_filed(desk, RemedyKind.SETOFF),
    SETOFF_UPDATES: lambda desk, on: export_updates(desk, on=on),
    CERTIFICATION: lambda desk, _: export_filed(desk, RemedyKind.CERTIFICATION),
    LIEN: lambda desk, _: export_filed(desk, RemedyKind.LIEN),
    LIEN_RELEASES: lambda desk, on: export_releases(desk, on=on),
}
FILINGS: Final = tuple(_MAKERS)


def export(desk: Desk, kind: str, *, on: date | None = None) -> ExportRow | None:
    """Write the file of *kind*: what stands today, or what changed or was released on a day; none if there is nothing.

    Raises:
        Refused: there is no file of that kind, or nothing goes out yet.
    """
    if kind not in _MAKERS:
        raise missing("filing", kind)
    return _MAKERS[kind](desk, on)
