"""When was which heat product in force, as known at an instant, and on which days is the bank or the city closed?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from formats.city.cells import read_records
from formats.source import Source


class BulletinAction(StrEnum):
    """NWS VTEC actions: a new product, an extension of its time, its cancellation."""

    NEW = "NEW"
    EXT = "EXT"
    CAN = "CAN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One row of heat_products.csv: what an office of the weather service said at one instant."""

    product_id: str
    action: BulletinAction
    product: str
    office: str
    county: str
    issued_at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatProduct:
    """A product with the interval that its bulletins leave it: from `starts_at` up to, not including, `ends_at`.

    `ends_at` not after `starts_at` says that it was cancelled before it began. A product of any county and kind
    stands here; which ones forbid a disconnection is the policy's to say.
    """

    product_id: str
    product: str
    office: str
    county: str
    issued_at: datetime
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None

    def in_force_at(self, instant: datetime) -> bool:
        return self.starts_at <= instant < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    on: date
    name: str
    bank_closed: bool
    city_closed: bool


def read_bulletins(source: Source) -> Iterator[Bulletin]:
    """Yield the rows of weather/heat_products.csv, times in UTC."""
    for row in read_records(source, columns="product_id action product office county issued starts ends"):
        yield Bulletin(
            product_id=row.text("product_id"),
            action=row.choice("action", BulletinAction),
            product=row.text("product"),
            office=row.text("office"),
            county=row.text("county"),
            issued_at=row.instant("issued"),
            starts_at=row.instant("starts"),
            ends_at=row.instant("ends"),
        )


def products_known(bulletins: Iterable[Bulletin], *, by: datetime | None = None) -> tuple[HeatProduct, ...]:
    """Return each product as the bulletins issued up to and including *by* leave it (none: all bulletins).

    An extension keeps the first start and takes the last end. One whose new product was never seen stands by
    itself, so that a lost row protects nobody less; a cancellation of an unseen product says nothing.
    """
    products: dict[str, HeatProduct] = {}
    for bulletin in sorted(bulletins, key=lambda each: each.issued_at):
        if by is not None and bulletin.issued_at > by:
            break
        folded = _folded(products.get(bulletin.product_id), bulletin)
        if folded is not None:
            products[bulletin.product_id] = folded
    return tuple(products.values())


def _folded(before: HeatProduct | None, bulletin: Bulletin) -> HeatProduct | None:
    if before is None and bulletin.action is BulletinAction.CAN:
        return None
    return HeatProduct(
        product_id=bulletin.product_id,
        product=bulletin.product,
        office=bulletin.office,
        county=bulletin.county,
        issued_at=before.issued_at if before else bulletin.issued_at,
        starts_at=min(before.starts_at, bulletin.starts_at) if before else bulletin.starts_at,
        ends_at=bulletin.ends_at,
        cancelled_at=bulletin.issued_at if bulletin.action is BulletinAction.CAN else None,
    )


def read_heat_products(source: Source, *, known_by: datetime | None = None) -> tuple[HeatProduct, ...]:
    """Return the products of weather/heat_products.csv, folded as :func:`products_known` does."""
    return products_known(read_bulletins(source), by=known_by)


def read_holidays(source: Source) -> Iterator[Holiday]:
    """Yield the rows of weather/holidays.csv."""
    for row in read_records(source, columns="date name bank_closed city_closed"):
        yield Holiday(
            on=row.day("date"),
            name=row.text("name"),
            bank_closed=row.flag("bank_closed"),
            city_closed=row.flag("city_closed"),
        )
