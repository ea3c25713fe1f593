"""What does a played folder's outside do on its own, and how do our cases hear of it?"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from activities.case import read_account
from activities.mirror import mirror
from casework.story import retold
from cli.embedded import Embedded
from domain.account import Service
from domain.calendar import DAY
from domain.case import OrderPurpose
from domain.facts import Fact, FactKind
from domain.field_orders import order_meaning
from domain.gate import gate
from domain.hear import Tells, Told
from domain.money import Money
from domain.states import ServiceStatus, Stage
from domain.verdict import Action, Verdict
from formats.city import (
    CourtReport,
    CourtResult,
    FieldOutcome,
    HeatProduct,
    PlacementAnswer,
    read_accounts,
    read_bulletins,
    read_field_reports,
    whole,
)
from gateways.outside import AgencyDay
from models.cases import open_case_of, open_cases
from models.facts import end_fact, record_fact
from models.outbox import tell
from models.session import reading, transaction
from models.tables import FactRow

NOT_OURS = "not ordered here"
MORNING = time(8, 0)  # when the day's word from agency and court is read
_CONCERNED = frozenset({Stage.NOTICED, Stage.DISCONNECTION_PENDING})  # for these a heat product may stop an act
_WON = frozenset({CourtResult.DEFAULT_JUDGMENT, CourtResult.JUDGMENT_FOR_PLAINTIFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of the outside on one account, at its own instant."""

    account_no: str
    at: datetime
    what: Tells
    ref: str
    service: Service | None = None
    status: ServiceStatus | None = None
    amount: Money = Money(0)
    because: str = NOT_OURS

    @property
    def key(self) -> str:
        """Return what tells this act from any other, so that hearing it twice is hearing it once."""
        return f"outside/{self.what}/{self.ref}/{self.at.date()}"


class OutsideWorld:
    """The folder's own record, told as its time comes: heat products, crews, agency, court."""

    def __init__(self, embedded: Embedded, *, acts: bool = True) -> None:
        """Play the outside of *embedded*; without *acts* the weather alone, while crews and agency are ours to ask."""
        assert embedded.folder is not None, "an outside is played from a folder"
        self._at = embedded
        self._calendar = embedded.policy.calendar
        self._bulletins = self._bulletin_instants()
        self._weather_read_at: datetime | None = None
        self._plays_acts = acts
        self._acts = sorted(self._field_acts(), key=lambda act: (act.at, act.ref)) if acts else []

    def next_at(self, now: datetime) -> datetime | None:
        """Return the next instant after *now* at which something outside is to be heard of; none if nothing is."""
        instants = [at for at in self._bulletins if at > now][:1]
        instants += [act.at for act in self._acts if act.at > now][:1]
        return min(instants, default=None)

    async def before_opening(self) -> None:
        """Put on record what agency and court had done before the opening, so that cases open where they stand."""
        assert self._at.folder is not None
        placed = [
            Act(
                account_no=row.account_no,
                at=self._calendar.at(row.agency_placed_on, MORNING),
                what=Tells.OUTSIDE_PLACEMENT,
                ref=f"PL{row.account_no}",
            )
            for row in read_accounts(self._at.folder.accounts)
            if row.agency_placed_on is not None
        ]
        first = min(self._at.folder.bills(), default=date.max)
        days = [day for day in self._at.folder.court() if day < first]
        heard = [
            act for day in days for act in self._court_acts(day, await self._at.systems.outside.court_reports(day))
        ]
        await self._put(sorted([*placed, *heard], key=lambda act: act.at))

    async def weather(self, now: datetime) -> None:
        """Put the heat products known at *now* on record as facts of their county, and have its cases look again."""
        since, self._weather_read_at = self._weather_read_at, now
        if since is not None and not any(since < at <= now for at in self._bulletins):
            return
        products = await self._at.systems.outside.heat_products(now)
        await asyncio.to_thread(self._put_products, products, now)

    async def hear(self, since: datetime, now: datetime) -> None:
        """Tell what crews did after *since* up to *now*, and what agency and court sent on the days that began."""
        if not self._plays_acts:
            return
        acts = [act for act in self._acts if since < act.at <= now]
        for day in self._mornings(since, now):
            acts += self._agency_acts(day, await self._at.systems.outside.agency_day(day))
            acts += self._court_acts(day, await self._at.systems.outside.court_reports(day))
        await self._put(acts)

    def _mornings(self, since: datetime, now: datetime) -> Iterator[date]:
        day = self._calendar.day(since)
        while day <= self._calendar.day(now):
            if since < self._calendar.at(day, MORNING) <= now:
                yield day
            day += DAY

    def _bulletin_instants(self) -> list[datetime]:
        assert self._at.folder is not None
        path = self._at.folder.heat_products
        return sorted({bulletin.issued_at for bulletin in read_bulletins(path)}) if path.is_file() else []

    def _put_products(self, products: Sequence[HeatProduct], now: datetime) -> None:
        with transaction(self._at.engine) as session:
            for product in products:
                if self._put_product(session, product, now):
                    told = Told(key=f"weather/{product.product_id}/{now.isoformat()}", at=now, what=Tells.LOOK_AGAIN)
                    for row in open_cases(session):
                        if row.stage in _CONCERNED:  # the others find the fact when they next look
                            tell(session, account_no=row.account_no, told=told, at=now)

    def _put_product(self, session: Session, product: HeatProduct, now: datetime) -> bool:
        """Write a product's interval as it stands now; return whether anything was new for our county."""
        fact_id = f"heat/{product.product_id}"
        stands = session.get(FactRow, fact_id)
        if stands is None:
            fact = Fact(
                fact_id=fact_id,
                kind=FactKind.HEAT_PRODUCT,
                starts=product.starts_at,
                until=max(product.ends_at, product.starts_at),
                known_at=now,
                source=product.office,
                entered_by="weather service",
                details={"product": product.product, "county": product.county},
            )
            return bool(record_fact(session, fact=fact, known_at=now, county=product.county))
        until = max(product.ends_at, stands.starts)
        return bool(end_fact(session, fact_id=fact_id, known_at=now, until=until))

    def _field_acts(self) -> Iterator[Act]:
        assert self._at.folder is not None
        for path in self._at.folder.field().values():
            for report in whole(partial(read_field_reports, path, zone=ZoneInfo(self._calendar.zone))):
                meaning = order_meaning(report.type)
                if meaning is None or report.outcome is not FieldOutcome.COMPLETED:
                    continue
                service, purpose = meaning
                yield Act(
                    account_no=report.account_no,
                    at=report.done_at,
                    what=Tells.OUTSIDE_SERVICE,
                    ref=report.work_order,
                    service=service,
                    status=ServiceStatus.OFF if purpose is OrderPurpose.DISCONNECT else ServiceStatus.ON,
                    because=f"{NOT_OURS}: {report.type}, work order {report.work_order}",
                )

    def _agency_acts(self, day: date, sent: AgencyDay) -> list[Act]:
        at = self._calendar.at(day, MORNING)
        placed = [
            Act(
                account_no=reply.account_no,
                at=at,
                what=Tells.OUTSIDE_PLACEMENT,
                ref=reply.placement_ref,
                amount=Money(reply.placed_cents),
            )
            for reply in sent.replies
            if reply.answer is PlacementAnswer.ACCEPTED
        ]
        recalled = [
            Act(
                account_no=recall.account_no,
                at=at,
                what=Tells.OUTSIDE_RECALL,
                ref=f"recall/{recall.account_no}",
                amount=Money(recall.balance_cents),
                because=f"{NOT_OURS}: {_words(recall.action)}, {recall.reason}",
            )
            for recall in sent.recalls
        ]
        return placed + recalled

    def _court_acts(self, day: date, reports: Sequence[CourtReport]) -> list[Act]:
        """Take a won claim as a judgment, a continued one as a claim; the others moved nothing that we know of."""
        acts = []
        for report in reports:
            if report.result in _WON:
                what, cents = Tells.OUTSIDE_JUDGMENT, report.judgment_cents
            elif report.result is CourtResult.CONTINUED:
                what, cents = Tells.OUTSIDE_CLAIM, report.claimed_cents
            else:
                continue
            acts.append(
                Act(
                    account_no=report.account_no,
                    at=self._calendar.at(day, MORNING),
                    what=what,
                    ref=report.claim_no,
                    amount=Money(cents),
                    because=f"{NOT_OURS}: {_words(report.result)}",
                )
            )
        return acts

    async def _put(self, acts: Sequence[Act]) -> None:
        """Tell each act to its account's open case; for an account without one keep it as a fact."""
        if not acts:
            return
        at = self._at
        named = sorted({act.account_no for act in acts})
        unknown = await mirror(at.engine, at.systems.billing, at.policy, named, at=at.clock.now())
        for act in acts:
            if act.account_no not in unknown:
                verdict = await self._would_have_allowed(act)
                await asyncio.to_thread(self._put_one, act, verdict)

    async def _would_have_allowed(self, act: Act) -> Verdict | None:
        """Return what our gate says of an outside cut at its own instant; none where there is nothing to ask."""
        if act.status is not ServiceStatus.OFF:
            return None
        at = self._at
        with reading(at.engine) as session:
            row = open_case_of(session, act.account_no)
            case = retold(session, row) if row else None
        if case is None:
            return None
        known = await read_account(at.engine, at.clock, at.systems.billing, act.account_no)
        return gate(Action.ACKNOWLEDGE_DISCONNECTION, case.looking(replace(known, at=act.at)), at.policy, act.at)

    def _put_one(self, act: Act, verdict: Verdict | None) -> None:
        now = self._at.clock.now()
        with transaction(self._at.engine) as session:
            if session.get(FactRow, _fact_id(act)) is not None:
                return  # on record since before there was a case
            if open_case_of(session, act.account_no) is None:
                record_fact(session, fact=_fact(act, now), known_at=now, account_no=act.account_no)
            else:
                tell(session, account_no=act.account_no, told=_told(act, verdict, now), at=now)


def _told(act: Act, verdict: Verdict | None, now: datetime) -> Told:
    forbidden = verdict is not None and not verdict.allows
    rules = ", ".join(outcome.rule for outcome in verdict.blocking) if verdict else ""
    return Told(
        key=act.key,
        at=now,
        what=act.what,
        service=act.service,
        status=act.status,
        ref=act.ref,
        on=act.at.date(),
        amount=act.amount,
        because=f"{act.because}; our rules forbade it: {rules}" if forbidden else act.because,
        urgent=forbidden,
    )


def _fact_id(act: Act) -> str:
    return f"{act.account_no}/{act.key}"


def _fact(act: Act, now: datetime) -> Fact:
    details = {"what": str(act.what), "ref": act.ref, "because": act.because}
    if act.service and act.status:
        details |= {"service": str(act.service), "status": str(act.status)}
    return Fact(
        fact_id=_fact_id(act),
        kind=FactKind.OUTSIDE_ACT,
        starts=act.at,
        known_at=now,
        amount=act.amount,
        source="the outside's record",
        entered_by="outside",
        details=details,
    )


def _words(value: str) -> str:
    return value.replace("_", " ")
