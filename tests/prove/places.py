"""Where and when is a cut tried, and which household is the plain one?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.account import Account, AccountStatus, CustomerClass, NamedBill, OpenBill, Service, Snapshot
from domain.arrangement import ArrangedBill, Arrangement, ArrangementStatus, Instalment
from domain.case import (
    Approval,
    ApprovalState,
    Case,
    Notice,
    Order,
    OrderPurpose,
    OrderState,
    ServiceState,
)
from domain.money import Money
from domain.states import ServiceStatus, Stage
from tests.prove.law import law_of, plus

CITIES = ("rochester-mn", "las-cruces-nm")
SERVICE = {"rochester-mn": Service.ELECTRIC, "las-cruces-nm": Service.GAS}
OTHER = {"rochester-mn": Service.WATER, "las-cruces-nm": Service.WATER}
LOW = {"rochester-mn": "le50smi", "las-cruces-nm": "le150fpg"}
HIGH = {"rochester-mn": "gt100smi", "las-cruces-nm": "gt250fpg"}
PARTS = (
    "amount", "cut_date", "dispute_procedure", "contact_person", "avoid_methods",
    "rights_statement", "assistance_provider_list", "inability_form", "payment_plan_statement",
)  # fmt: skip
NO = "8000000002"
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)

MOMENTS: dict[str, datetime] = {
    "open day": datetime(2026, 9, 9, 10),
    "Friday": datetime(2026, 9, 11, 10),
    "Saturday": datetime(2026, 9, 12, 10),
    "Sunday": datetime(2026, 9, 13, 10),
    "holiday": datetime(2026, 9, 7, 10),
    "eve of a holiday": datetime(2026, 6, 18, 10),
    "closed, no holiday": datetime(2029, 12, 24, 10),  # Christmas Eve, a Monday
    "a minute early": datetime(2026, 9, 9, 7, 59),
    "first minute": datetime(2026, 9, 9, 8),
    "last minute": datetime(2026, 9, 9, 14, 59),
    "after hours": datetime(2026, 9, 9, 15),
    "winter day": datetime(2026, 12, 9, 10),
    "winter day, income unknown": datetime(2026, 12, 9, 10),
    "winter day, low income": datetime(2026, 12, 9, 10),
    "day before the season, MN": datetime(2026, 9, 30, 10),
    "first day of the season, MN": datetime(2026, 10, 1, 10),
    "last day of the season, MN": datetime(2029, 4, 30, 10),
    "day after the season, MN": datetime(2029, 5, 1, 10),
    "day before the season, NM": datetime(2028, 11, 14, 10),
    "first day of the season, NM": datetime(2028, 11, 15, 10),
    "last day of the season, NM": datetime(2027, 3, 15, 10),
    "day after the season, NM": datetime(2027, 3, 16, 10),
}
"""City time, and who is at home: high income, so that winter alone protects nobody, unless the name says otherwise."""
CLASSES = (
    "open day", "Friday", "Saturday", "holiday", "eve of a holiday", "after hours",
    "winter day", "winter day, income unknown", "winter day, low income",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One city at one moment; what a state is built from."""

    city: str
    moment: str

    @property
    def now(self) -> datetime:
        return MOMENTS[self.moment].replace(tzinfo=law_of(self.city).zone)

    @property
    def today(self) -> date:
        return MOMENTS[self.moment].date()

    @property
    def band(self) -> str:
        if "unknown" in self.moment:
            return ""
        return (LOW if "low" in self.moment or "season" in self.moment else HIGH)[self.city]

    def midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=law_of(self.city).zone)

    def ago(self, days: int) -> datetime:
        """Return ten o'clock *days* days before today, on the city's clock."""
        return self.midnight(plus(self.today, -days)) + timedelta(hours=10)


def a_bill(place: Place, *, age: int = 60, cents: int = 12_000, no: str = "B1", **other: Any) -> OpenBill:
    """Return a bill that fell due *age* days ago."""
    due_on = plus(place.today, -age)
    plain = OpenBill(
        bill_no=no,
        service=SERVICE[place.city],
        bill_on=plus(due_on, -21),
        due_on=due_on,
        original=Money(cents),
        open=Money(cents),
    )
    return replace(plain, **other)


def a_notice(place: Place, *bills: OpenBill, age: int = 35, **other: Any) -> Notice:
    named = tuple(NamedBill(ref=bill.ref, amount=bill.open, due_on=bill.due_on) for bill in bills)
    plain = Notice(
        kind="disconnection notice",
        served_on=plus(place.today, -age),
        method="mailed",
        bills=named,
        amount=Money(sum(bill.amount.cents for bill in named)),
        stated_at=place.ago(age),
        elements=PARTS,
    )
    return replace(plain, **other)


def an_approval(place: Place, state: ApprovalState, *, lapses: datetime | None = None, **other: Any) -> Approval:
    plain = Approval(
        approval_id="A1",
        act="disconnection",
        state=state,
        asked_by="representative",
        asked_at=place.now - 2 * DAY,
        decided_by="supervisor",
        lapses_at=lapses or place.now + DAY,
    )
    return replace(plain, **other)


def an_order(place: Place, state: OrderState, *, sent: datetime | None = None) -> Order:
    out = state is not OrderState.REQUESTED
    at = sent or place.now - 30 * MINUTE
    return Order(
        order_id="W1",
        purpose=OrderPurpose.DISCONNECT,
        service=SERVICE[place.city],
        state=state,
        requested_at=at,
        dispatched_at=at if out else None,
    )


def an_agreement(place: Place, status: ArrangementStatus) -> Arrangement:
    bill = a_bill(place)
    return Arrangement(
        number=1,
        agreed_on=plus(place.today, -20),
        bills=(ArrangedBill(ref=bill.ref, open=bill.open),),
        schedule=(Instalment(1, plus(place.today, 10), bill.open),),
        status=status,
        cure_by=plus(place.today, 3) if status is ArrangementStatus.BREACHED else None,
    )


def plain(place: Place) -> Case:
    """Return the household that may be cut on an open day: complete notice, old debt, granted leave, crew sent out."""
    bill = a_bill(place)
    return Case(
        case_id=f"{NO}-1",
        account_no=NO,
        opened_on=plus(place.today, -90),
        stage=Stage.DISCONNECTION_PENDING,
        known=Snapshot(
            at=place.now - MINUTE,
            version="1",
            account=Account(
                account_no=NO,
                customer_class=CustomerClass.RESIDENTIAL,
                status=AccountStatus.ACTIVE,
                services=(SERVICE[place.city], OTHER[place.city]),
                income_band=place.band,
            ),
            bills=(bill,),
        ),
        services=(ServiceState(service=SERVICE[place.city], status=ServiceStatus.ORDER_PENDING),),
        notice=a_notice(place, bill),
        approvals=(an_approval(place, ApprovalState.USED),),
        orders=(an_order(place, OrderState.DISPATCHED),),
        last_contact_on=plus(place.today, -10),
    )


UNNOTICED = {Stage.PAST_DUE, Stage.REMINDED}
LEAVES: dict[str, Callable[[Place], tuple[Approval, ...]]] = {
    "none": lambda _: (),
    "asked": lambda place: (an_approval(place, ApprovalState.ASKED),),
    "granted": lambda place: (an_approval(place, ApprovalState.GRANTED),),
    "used": lambda place: (an_approval(place, ApprovalState.USED),),
    "lapsed": lambda place: (an_approval(place, ApprovalState.GRANTED, lapses=place.now),),
}
SERVICES: dict[str, tuple[ServiceStatus, OrderState | None]] = {
    "on": (ServiceStatus.ON, None),
    "requested": (ServiceStatus.ORDER_PENDING, OrderState.REQUESTED),
    "dispatched": (ServiceStatus.ORDER_PENDING, OrderState.DISPATCHED),
    "off": (ServiceStatus.OFF, None),
    "reactivation": (ServiceStatus.REACTIVATION_PENDING, None),
}


def standing(place: Place, stage: Stage, service: str, leave: str) -> Case:
    """Return the plain household at *stage*, its service and its leave as they are named."""
    status, order = SERVICES[service]
    base = plain(place)
    agreements = {Stage.ON_ARRANGEMENT: ArrangementStatus.IN_FORCE, Stage.IN_BREACH: ArrangementStatus.BREACHED}
    return replace(
        base,
        stage=stage,
        notice=None if stage in UNNOTICED else base.notice,
        arrangement=an_agreement(place, agreements[stage]) if stage in agreements else None,
        services=(ServiceState(service=SERVICE[place.city], status=status),),
        orders=(an_order(place, order),) if order else (),
        approvals=LEAVES[leave](place),
    )


def reachable(stage: Stage, service: str, leave: str) -> bool:
    """Say whether the core can bring a case there: orders and leaves belong to a cut that is pending."""
    pending = stage is Stage.DISCONNECTION_PENDING
    if service in {"requested", "dispatched"}:
        return pending and leave in {"used", "lapsed"}
    if leave in {"asked", "granted"}:
        return pending and service == "on"
    if pending:
        return service == "on" and leave == "lapsed"
    return leave == "none" or (leave == "lapsed" and service == "on")


def stated(place: Place, key: str) -> int:
    return int(law_of(place.city).says(key, place.today))
