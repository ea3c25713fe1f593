"""What might happen to an account in most of a year? Lives drawn from a seed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from domain import commands as c
from domain.account import Account, AccountStatus, CustomerClass, Service
from domain.calendar import CityCalendar
from domain.facts import Fact, FactKind
from domain.hear import Tells, Told
from domain.money import Money
from domain.states import ServiceStatus
from simulator.life import (
    LATEST,
    Billed,
    Decided,
    Input,
    Learned,
    Life,
    Paid,
    Reported,
    Returned,
    Turned,
    Unread,
    Withdrawn,
)

FIRST = date(2026, 3, 2)  # the earliest opening; a life runs into the next winter
OPENINGS = 200  # days over which openings are spread
LASTS = timedelta(days=300)
TERM = timedelta(days=21)  # from bill to due date
TROUBLES = ("dog", "locked", "medical", "paid_at_door", "lock_broken", "not_confirmed", "not_confirmed", "nobody_home")
DESK = ("ann", "bob", "cho")
CALENDAR = CityCalendar(zone="America/Chicago")
"""For clock times alone: which days are open is the pack's to say."""


class _Draw(NamedTuple):
    chance: Random
    opened_on: date

    def instant(self, *, after: int = 0, opens: int = 6, closes: int = 20) -> datetime:
        """Return some second of city time within the life, at *opens* to *closes* o'clock."""
        day = self.opened_on + timedelta(days=self.chance.randrange(after, LASTS.days))
        return at(day, self.chance.randrange(opens * 3600, closes * 3600))

    def odds(self, pct: int) -> bool:
        """Return yes *pct* times in a hundred."""
        return self.chance.randrange(100) < pct

    def cents(self, low: int, high: int) -> Money:
        return Money(self.chance.randrange(low, high))


def at(day: date, second: int) -> datetime:
    """Return the instant *second* seconds into *day* of city time."""
    return CALENDAR.at(day, time(second // 3600, second // 60 % 60, second % 60))


def random_life(seed: int) -> Life:
    """Return the life that *seed* stands for: bills, money, facts, decisions good and bad, troubles of the crews."""
    chance = Random(seed)  # noqa: S311  # chance of a rehearsal, nothing secret hangs on it
    opened_on = FIRST + timedelta(days=chance.randrange(OPENINGS))
    draw = _Draw(chance, opened_on)
    account = _account(draw, seed)
    found = [*_bills(draw, account), *_money(draw), *_facts(draw), *_desk(draw), *_turns(draw)]
    return Life(
        account=account,
        opened_at=at(opened_on, 6 * 3600 + chance.randrange(3600)),
        ends_at=at(opened_on + LASTS, 0),
        inputs=_apart(sorted(found, key=lambda each: each.at)),
        troubles=tuple((n, draw.chance.choice(TROUBLES)) for n in range(1, 9) if draw.odds(25)),
    )


def _apart(inputs: list[Input]) -> tuple[Input, ...]:
    """Return *inputs* each at an instant of its own, so that their order is nobody's choice."""
    apart: list[Input] = []
    for each in inputs:
        earliest = apart[-1].at + timedelta(seconds=1) if apart else each.at
        apart.append(replace(each, at=max(each.at, earliest)))
    return tuple(apart)


def _account(draw: _Draw, seed: int) -> Account:
    return Account(
        account_no=f"{seed:07d}-0",
        customer_class=CustomerClass.RESIDENTIAL if draw.odds(90) else CustomerClass.COMMERCIAL,
        status=AccountStatus.ACTIVE,
        services=(Service.ELECTRIC, Service.WATER),
        county="Olmsted",
        income_band=draw.chance.choice(("le50smi", "gt50smi", "gt50smi", "")),
        meter_remote=draw.odds(50),
    )


def _bills(draw: _Draw, account: Account) -> Iterator[Input]:
    late = draw.chance.randrange(1, 3)
    for month in range(-late, LASTS.days // 30):
        on = draw.opened_on + timedelta(days=month * 30) - TERM + timedelta(days=20)
        for service in account.services:
            if service is Service.ELECTRIC or draw.odds(60):
                yield Billed(
                    at=at(on, 4 * 3600 + draw.chance.randrange(600)),
                    bill_no=f"B{on:%y%m%d}",
                    service=service,
                    due_on=on + TERM,
                    amount=draw.cents(2_000, 20_000),
                )


def _money(draw: _Draw) -> Iterator[Input]:
    for number in range(draw.chance.randrange(12)):
        whole = draw.odds(25)
        amount = draw.cents(500, 100_000 if whole else 15_000)
        paid = Paid(at=draw.instant(), ref=f"p{number}", amount=amount, told=draw.odds(80))
        yield paid
        if draw.odds(20):
            yield Returned(at=paid.at + timedelta(days=draw.chance.randrange(1, 10)), ref=paid.ref)

    if draw.odds(30):
        # Someone who pays every month, and so keeps what was agreed.
        monthly = draw.cents(10_000, 40_000)
        for month in range(LASTS.days // 30):
            on = draw.opened_on + timedelta(days=5 + 30 * month)
            yield Paid(at=at(on, draw.chance.randrange(6 * 3600, 20 * 3600)), ref=f"m{month}", amount=monthly)


def _facts(draw: _Draw) -> Iterator[Input]:
    kinds = (
        FactKind.PLEDGE,
        FactKind.MEDICAL_CERTIFICATE,
        FactKind.HEAT_PRODUCT,
        FactKind.CLAIMED_PAYMENT,
        FactKind.REFERRAL_GIVEN,
        FactKind.LIFE_SUPPORT,
        FactKind.DECEASED,
    )
    for number in range(draw.chance.randrange(4)):
        kind = draw.chance.choices(kinds, weights=(4, 4, 4, 4, 4, 1, 1))[0]
        starts = draw.instant()
        lasts = timedelta(days=draw.chance.randrange(1, 40))
        fact = Fact(
            fact_id=f"x{number}",
            kind=kind,
            starts=starts,
            until=starts + lasts,
            known_at=starts,
            details={"product": "Heat Advisory"} if kind is FactKind.HEAT_PRODUCT else {},
        )
        yield Learned(at=starts, fact=fact)
        if draw.odds(20):
            yield Withdrawn(at=starts + timedelta(days=1), fact_id=fact.fact_id)


def _turns(draw: _Draw) -> Iterator[Input]:
    """Yield what seldom happens: billing unread, an account ended, a service switched by others."""
    if draw.odds(20):
        began = draw.instant()
        yield Unread(at=began, until=began + timedelta(minutes=draw.chance.randrange(5, 90)))
    if draw.odds(20):
        yield from _ending(draw)
    if draw.odds(15):
        when = draw.instant(after=20)
        status = draw.chance.choice((ServiceStatus.OFF, ServiceStatus.ON))
        told = Told(key="others", at=when, what=Tells.OUTSIDE_SERVICE, service=Service.ELECTRIC, status=status)
        yield Reported(at=when, told=told)
    if draw.odds(10):
        when = draw.instant(after=100)
        what = draw.chance.choice((Tells.OUTSIDE_PLACEMENT, Tells.OUTSIDE_CLAIM, Tells.OUTSIDE_JUDGMENT))
        told = Told(key="handed", at=when, what=what, ref="out-1", amount=Money(10_000))
        yield Reported(at=when, told=told)


def _ending(draw: _Draw) -> Iterator[Input]:
    """Yield the end of an account and what the desk does with its final bill."""
    ended_at = draw.instant(after=30, opens=8, closes=16)
    yield Turned(at=ended_at, status=AccountStatus.FINAL)
    yield Decided(at=ended_at + timedelta(minutes=10), by="ann", command=c.RecordFinalBill())
    ways = (c.ReferToAgency(agency="agency"), c.ReferToCourt(court="county"), c.ProposeWriteOff(because="old"))
    later = ended_at + timedelta(days=draw.chance.randrange(1, 120))
    yield Decided(at=later, by="ann", command=draw.chance.choice(ways))
    yield Decided(at=later + timedelta(hours=1), by="bob", command=c.Approve(approval_id=LATEST))


def _desk(draw: _Draw) -> Iterator[Input]:
    """Yield what the desk asks for: cuts pressed for again and again, and some of everything else, often refused."""
    chance = draw.chance
    for number in range(chance.randrange(14)):
        asked_at = draw.instant(after=20, opens=8, closes=13)
        yield Decided(at=asked_at, by="ann", command=c.RecommendDisconnection())
        answer = c.Approve(approval_id=LATEST) if draw.odds(90) else c.Reject(approval_id=LATEST, because="no")
        answered_at = asked_at + timedelta(minutes=chance.randrange(5, 200 if draw.odds(80) else 3_000))
        yield Decided(at=answered_at, by=chance.choice(DESK), command=answer)
        if draw.odds(50):
            yield _at_the_last_moment(draw, number, answered_at + timedelta(seconds=chance.randrange(4 * 3600)))
    for _ in range(chance.randrange(16)):
        asked_at = draw.instant(opens=8, closes=17)
        make = chance.choice(_ASKED)
        yield Decided(at=asked_at, by=chance.choice(DESK), command=make(draw, asked_at), senior=draw.odds(20))


def _at_the_last_moment(draw: _Draw, number: int, when: datetime) -> Input:
    """Return something that comes in while an order may be out."""
    match draw.chance.randrange(4):
        case 0:
            return Paid(at=when, ref=f"q{number}", amount=draw.cents(5_000, 90_000), told=draw.odds(60))
        case 1:
            return Unread(at=when, until=when + timedelta(minutes=20))
        case 2:
            return Decided(at=when, by="cho", command=c.CancelDisconnection(because="asked"))
        case _:
            kind = FactKind.MEDICAL_CERTIFICATE
            ends = when + timedelta(days=20)
            return Learned(at=when, fact=Fact(fact_id=f"y{number}", kind=kind, starts=when, until=ends, known_at=when))


def _later(draw: _Draw, asked_at: datetime, days: int) -> date:
    return CALENDAR.day(asked_at) + timedelta(days=draw.chance.randrange(days))


_ASKED: tuple[Callable[[_Draw, datetime], c.Command], ...] = (
    lambda draw, _: c.AgreeArrangement(months=draw.chance.randrange(1, 15)),
    lambda draw, _: c.AgreeArrangement(months=draw.chance.randrange(1, 6)),
    lambda draw, _: c.AgreeArrangement(months=draw.chance.randrange(1, 6), down=Money(0)),
    lambda _, __: c.CancelArrangement(because="asked"),
    lambda draw, when: c.RecordPromise(amount=draw.cents(1_000, 20_000), by=_later(draw, when, 12)),
    lambda draw, when: c.GrantExtension(until=_later(draw, when, 10)),
    lambda draw, when: c.PlaceHold(because="check", until=_later(draw, when, 20)),
    lambda _, __: c.PlaceHold(because="look into it"),
    lambda _, __: c.ReleaseHold(fact_id=LATEST, because="done"),
    lambda _, __: c.OpenDispute(about="the reading"),
    lambda _, __: c.ResolveDispute(fact_id=LATEST, outcome="rejected", because="read right"),
    lambda _, __: c.CancelDisconnection(because="asked"),
    lambda _, __: c.RequestReactivation(because="asked"),
    lambda _, __: c.RequestVisit(purpose="tamper_check", because="asked"),
    lambda _, __: c.EndService(why="new_occupant"),
    lambda _, __: c.RecordBreach(because="seen"),
    lambda _, __: c.CureBreach(because="seen"),
    lambda _, __: c.RecordContact(channel="phone", direction="out", outcome="reached", right_party=True),
    lambda draw, when: c.SetFollowUp(on=_later(draw, when, 15), about="call"),
    lambda _, __: c.ReferToSupervisor(question="may we wait?"),
    lambda _, __: c.AnswerReferral(answer="yes"),
    lambda _, __: c.AddNote(note="called"),
    lambda _, __: c.Assign(to="bob"),
    lambda _, __: c.RecordFinalBill(),
    lambda _, __: c.ReferToAgency(agency="agency"),
    lambda _, __: c.RecallFromAgency(because="paid there"),
    lambda _, __: c.ReferToCourt(court="county"),
    lambda draw, when: c.RecordJudgment(amount=draw.cents(1_000, 9_000), entered_on=CALENDAR.day(when)),
    lambda _, __: c.ProposeWriteOff(because="old"),
    lambda _, when: c.FileBankruptcy(chapter="7", petition_on=CALENDAR.day(when)),
    lambda _, __: c.ResolveBankruptcy(outcome="dismissed", because="dismissed"),
)
