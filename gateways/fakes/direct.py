"""How are the fakes reached without HTTP, by the same Protocols and with the same errors?"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Generic, TypeVar

from formats.city import CourtReport, FieldReport, HeatProduct, Holiday
from gateways.agency import Agency, AgencyEffect
from gateways.billing import AccountMaster, Billing, BillingAnswer, BillingEffect, ControlLine
from gateways.court import Court, CourtEffect
from gateways.errors import Outage
from gateways.fakes.billing import BillingLedger
from gateways.fakes.city import FakeCity
from gateways.fakes.faults import FaultKind, Faults
from gateways.fakes.keyed import Keyed
from gateways.fakes.outside import OutsideRecord
from gateways.field import FieldEffect, FieldService
from gateways.mail import MailEffect, MailHouse
from gateways.messages import MessageEffect, Messenger
from gateways.money_out import Instrument
from gateways.names import effect_name
from gateways.outside import AgencyDay, Outside
from gateways.receipt import Receipt
from gateways.systems import Systems

Effect = TypeVar("Effect")


class Direct(Generic[Effect]):
    """Calls a fake; a fault set for `system/effect` raises `Outage` before the effect, or after it."""

    def __init__(self, system: str, fake: Keyed[Effect], faults: Faults) -> None:
        self._system = system
        self._fake = fake
        self._faults = faults

    async def do(self, key: str, effect: Effect) -> Receipt:
        name = effect_name(type(effect))
        self._strike(name, FaultKind.ERROR)
        receipt = self._fake.apply(key, effect)
        self._strike(name, FaultKind.TIMEOUT_AFTER_SUCCESS)
        return receipt

    async def lookup(self, key: str) -> Receipt | None:
        self._strike("lookup", FaultKind.ERROR)
        return self._fake.lookup(key)

    def _strike(self, call: str, kind: FaultKind) -> None:
        if self._faults.take(f"{self._system}/{call}", {kind}):
            raise Outage(self._system, call, f"{kind} on demand")


class DirectBilling(Direct[BillingEffect], Billing):
    def __init__(self, ledger: BillingLedger, faults: Faults) -> None:
        super().__init__("billing", ledger, faults)
        self._ledger = ledger

    async def account(self, account_no: str) -> AccountMaster:
        self._strike("account", FaultKind.ERROR)
        return self._ledger.account(account_no)

    async def accounts(self, account_nos: Sequence[str]) -> tuple[AccountMaster, ...]:
        self._strike("accounts", FaultKind.ERROR)
        return self._ledger.accounts(account_nos)

    async def account_nos(self) -> tuple[str, ...]:
        self._strike("account_nos", FaultKind.ERROR)
        return self._ledger.account_nos()

    async def open_bills(self, account_no: str) -> BillingAnswer:
        self._strike("open_bills", FaultKind.ERROR)
        return self._ledger.open_bills(account_no)

    async def open_bills_of(
        self, account_nos: Sequence[str], *, as_of: date | None = None
    ) -> tuple[BillingAnswer, ...]:
        self._strike("open_bills_of", FaultKind.ERROR)
        return self._ledger.open_bills_of(account_nos, as_of=as_of)

    async def instruments(self, account_no: str) -> tuple[Instrument, ...]:
        self._strike("instruments", FaultKind.ERROR)
        return self._ledger.instruments(account_no)

    async def control(self, *, since: date, through: date) -> tuple[ControlLine, ...]:
        self._strike("control", FaultKind.ERROR)
        return self._ledger.control(since=since, through=through)

    async def delinquencies(self, as_of: date) -> bytes:
        self._strike("delinquencies", FaultKind.ERROR)
        return self._ledger.delinquencies(as_of)


class DirectField(Direct[FieldEffect], FieldService):
    pass


class DirectMail(Direct[MailEffect], MailHouse):
    pass


class DirectMessages(Direct[MessageEffect], Messenger):
    pass


class DirectAgency(Direct[AgencyEffect], Agency):
    pass


class DirectCourt(Direct[CourtEffect], Court):
    pass


class DirectOutside(Outside):
    def __init__(self, record: OutsideRecord) -> None:
        self._record = record

    async def field_reports(self, on: date) -> tuple[FieldReport, ...]:
        return self._record.field_reports(on)

    async def agency_day(self, on: date) -> AgencyDay:
        return self._record.agency_day(on)

    async def court_reports(self, on: date) -> tuple[CourtReport, ...]:
        return self._record.court_reports(on)

    async def heat_products(self, as_of: datetime) -> tuple[HeatProduct, ...]:
        return self._record.heat_products(as_of)

    async def holidays(self) -> tuple[Holiday, ...]:
        return self._record.holidays


def direct_systems(city: FakeCity, faults: Faults | None = None) -> Systems:
    """Return the systems of *city*, reached without HTTP."""
    faults = faults or Faults()
    return Systems(
        billing=DirectBilling(city.billing, faults),
        field=DirectField("field", city.field, faults),
        mail=DirectMail("mail", city.mail, faults),
        messages=DirectMessages("messages", city.messages, faults),
        agency=DirectAgency("agency", city.agency, faults),
        court=DirectCourt("court", city.court, faults),
        outside=DirectOutside(city.outside),
    )
