"""What does a played city folder have on record for a day?"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from formats.city import (
    CityFolder,
    CourtReport,
    FieldReport,
    HeatProduct,
    Holiday,
    PlacementAnswer,
    products_known,
    read_bulletins,
    read_court_reports,
    read_field_reports,
    read_holidays,
    read_placement_replies,
    read_recalls,
    read_remittance,
    whole,
)
from gateways.outside import AgencyDay


class OutsideRecord:
    """The files of crews, agency, court and weather service in a city folder.

    A day without a file is empty, and so is one whose file is refused: it is taken whole or not at all.
    """

    def __init__(self, folder: CityFolder, *, zone: ZoneInfo) -> None:
        self._folder = folder
        self._zone = zone
        self._bulletins = tuple(read_bulletins(folder.heat_products)) if folder.heat_products.is_file() else ()
        self.holidays: tuple[Holiday, ...] = tuple(read_holidays(folder.holidays)) if folder.holidays.is_file() else ()

    def field_reports(self, on: date) -> tuple[FieldReport, ...]:
        path = self._folder.field().get(on)
        return () if path is None else whole(lambda: read_field_reports(path, zone=self._zone))

    def agency_day(self, on: date) -> AgencyDay:
        replies, recalls = self._folder.acknowledgments().get(on), self._folder.recalls().get(on)
        remittance = self._folder.remittances().get(on)
        return AgencyDay(
            replies=whole(lambda: read_placement_replies(replies)) if replies else (),
            recalls=whole(lambda: read_recalls(recalls)) if recalls else (),
            remittance=next(iter(whole(lambda: [read_remittance(remittance)])), None) if remittance else None,
        )

    def court_reports(self, on: date) -> tuple[CourtReport, ...]:
        path = self._folder.court().get(on)
        return () if path is None else whole(lambda: read_court_reports(path))

    @property
    def placed_by_others(self) -> Iterator[tuple[str, str, int]]:
        """Yield reference, account and cents of every placement that the folder says was accepted."""
        for path in self._folder.acknowledgments().values():
            for reply in whole(partial(read_placement_replies, path)):
                if reply.answer is PlacementAnswer.ACCEPTED:
                    yield reply.placement_ref, reply.account_no, reply.placed_cents

    @property
    def claimed_by_others(self) -> Iterator[tuple[str, str]]:
        """Yield number and account of every claim that the folder's court reports name."""
        for path in self._folder.court().values():
            for report in whole(partial(read_court_reports, path)):
                yield report.claim_no, report.account_no

    def heat_products(self, as_of: datetime) -> tuple[HeatProduct, ...]:
        return products_known(self._bulletins, by=as_of)
