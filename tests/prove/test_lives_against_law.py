"""Is anybody wrongfully cut in a million days of random lives?"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from domain import events as ev
from domain.account import Service
from domain.case import Case
from domain.hear import Tells
from domain.verdict import Action
from gateways.fakes.field import Reply
from gateways.field import CallbackKind, FieldAnswer, FieldCallback
from simulator.chance import random_life
from simulator.life import Billed, Input, Life, Reported
from simulator.run import Living
from tests.prove.conftest import Tell
from tests.prove.law import forbidden
from tests.prove.places import CITIES, HIGH, LOW
from tests.rules.worked import policy

CASE_DAYS = 1_000_000
QUICK_DAYS = 6_000


class Watched(Living):
    """A life of which each dispatch and each leave at the door is held against what was true in its world just then."""

    def __init__(self, life: Life, city: str) -> None:
        self.city, self.wrong, self.seen = city, list[str](), Counter[str]()
        super().__init__(life, policy(city))

    def advance(self) -> None:
        heard = len(self.body.events)
        super().advance()
        for event in self.body.events[heard:]:
            if isinstance(event.body, ev.OrderDispatched):
                self._judge("dispatched", Action.DISPATCH_DISCONNECTION, self.body.case, event.at)
            self.seen["cuts"] += isinstance(event.body, ev.ServiceDisconnected)
            self.seen["recalls"] += isinstance(event.body, ev.OrderWithdrawn) and event.body.recalled

    def _answer(self, callback: FieldCallback) -> Reply:
        before = self.body.case
        reply = super()._answer(callback)
        if callback.kind is CallbackKind.ACKNOWLEDGE and reply.answer is FieldAnswer.PROCEED:
            self._judge("at the door", Action.ACKNOWLEDGE_DISCONNECTION, before, self.world.now)
        return reply

    def _judge(self, moment: str, action: Action, case: Case, at: datetime) -> None:
        self.seen[moment] += 1
        rules = forbidden(self.city, case.looking(self.world.snapshot()), action, at)
        if rules:
            self.wrong.append(f"{case.case_id} {moment} at {at}: {sorted(rules)}")


def life_in(city: str, seed: int) -> Life:
    """Return the life of *seed*, moved to *city*: its services, its bands of income."""
    life = random_life(seed)
    if city == "rochester-mn":
        return life
    bands = {"le50smi": LOW[city], "gt50smi": HIGH[city], "": ""}
    services = (Service.GAS, Service.WATER)
    account = replace(life.account, services=services, income_band=bands[life.account.income_band], county="Dona Ana")
    return replace(life, account=account, inputs=tuple(_moved(each) for each in life.inputs))


def _moved(what: Input) -> Input:
    if isinstance(what, Billed) and what.service is Service.ELECTRIC:
        return replace(what, service=Service.GAS)
    if isinstance(what, Reported) and what.told.what is Tells.OUTSIDE_SERVICE:
        return replace(what, told=replace(what.told, service=Service.GAS))
    return what


def lives(city: str, days: int, first: int) -> Iterator[tuple[Watched, int]]:
    """Yield lives lived to their end until *days* case-days are over, each with its own."""
    seed = first
    while days > 0:
        living = Watched(life_in(city, seed), city)
        while living.next_at is not None:
            living.advance()
        over = living.world.now if living.body.case.closed is not None else living.life.ends_at
        lived = max(1, (over - living.life.opened_at).days)
        yield living, lived
        days, seed = days - lived, seed + 1


@pytest.mark.timeout(0)
@pytest.mark.parametrize("days", [QUICK_DAYS, pytest.param(CASE_DAYS // 2, marks=pytest.mark.prove)])
@pytest.mark.parametrize("city", CITIES)
def test_nobody_is_wrongfully_cut_in_any_life(city: str, days: int, tell: Tell) -> None:
    started, total, count, seen = time.perf_counter(), 0, 0, Counter[str]()
    for living, lived in lives(city, days, first=100_000):
        assert not living.wrong, living.wrong
        total, count = total + lived, count + 1
        seen += living.seen
    counts = ", ".join(f"{what} {number:,}" for what, number in sorted(seen.items()))
    tell(f"{city}: {total:,} case-days, {count:,} lives in {time.perf_counter() - started:.0f} s; {counts}")
    assert seen["cuts"] > 0
