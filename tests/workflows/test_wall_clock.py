"""By the wall's clock the calendar is kept by Temporal's own timers: one at a time, each on its business instant."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from activities.codec import data_converter
from bench.skipping import KEY, Skipper, skipping
from bench.town import account_nos
from domain import commands as c
from domain.events import Event
from domain.money import Money
from models.cases import decode, last_case_of, timeline_of
from models.session import reading

(ACCOUNT,) = account_nos(1)  # one bill, due Wednesday 2026-09-16; the case opens on the day after at ten
SOON = timedelta(seconds=5)
DAY = timedelta(days=1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Skipper]:
    """A world on the time-skipping server; its worker keeps no case in its cache, so that every task is a replay."""
    async with skipping(tmp_path, cached=0) as world:
        yield world


async def test_the_reminder_goes_out_on_its_day_and_minute(world: Skipper) -> None:
    await world.open(ACCOUNT)
    planned = due(world)
    assert world.policy.calendar.day(planned) == date(2026, 9, 21)  # the fifth day past due
    await world.until(ACCOUNT, planned - timedelta(minutes=1))
    assert "reminder_sent" not in types(world)
    await world.until(ACCOUNT, planned + SOON)
    (reminder,) = [event for event in events(world) if event.body.type == "reminder_sent"]
    assert planned <= reminder.at < planned + SOON
    assert reminder.on == date(2026, 9, 21)


async def test_a_clerk_can_read_what_the_timer_waits_for(world: Skipper) -> None:
    await world.open(ACCOUNT)
    (timer,) = await timers(world)
    converter = data_converter(KEY)
    assert converter.payload_codec is not None
    (summary,) = await converter.payload_codec.decode([timer.user_metadata.summary])
    said = converter.payload_converter.from_payload(summary, str)
    assert said.startswith("On 2026-09-21 a reminder for $480.00 goes out")


async def test_never_two_timers_at_a_time(world: Skipper) -> None:
    await lived_through(world)
    running, most = 0, 0
    for event in (await world.history(ACCOUNT)).events:
        running += event.event_type == EventType.EVENT_TYPE_TIMER_STARTED
        running -= event.event_type in {EventType.EVENT_TYPE_TIMER_FIRED, EventType.EVENT_TYPE_TIMER_CANCELED}
        most = max(most, running)
    assert most == 1


async def test_a_timer_stands_when_its_instant_has_not_moved(world: Skipper) -> None:
    await world.open(ACCOUNT)
    before = await timers(world)
    await world.decide(ACCOUNT, c.AddNote(note="asked for a copy of the bill"))
    assert [timer.event_id for timer in await timers(world)] == [timer.event_id for timer in before]


async def test_a_timer_gives_way_when_the_next_step_moves(world: Skipper) -> None:
    await world.open(ACCOUNT)
    await world.decide(ACCOUNT, c.AgreeArrangement(months=3, down=Money(0), signed=True))
    first, second = await timers(world)
    canceled = [
        event.timer_canceled_event_attributes.started_event_id
        for event in (await world.history(ACCOUNT)).events
        if event.event_type == EventType.EVENT_TYPE_TIMER_CANCELED
    ]
    assert canceled == [first.event_id]
    assert world.policy.calendar.day(due(world)) == date(2026, 10, 26)  # due Monday 2026-10-19, five days of grace
    waits = second.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
    assert abs(world.clock.now() + waits - due(world)) < SOON


async def test_breach_and_default_come_without_anyone_s_word(world: Skipper) -> None:
    await lived_through(world)
    told = [(event.body.type, event.on) for event in events(world) if event.body.type != "account_read"]
    assert told == [
        ("case_opened", date(2026, 9, 17)),
        ("reminder_sent", date(2026, 9, 21)),
        ("arrangement_agreed", date(2026, 9, 22)),
        ("arrangement_breached", date(2026, 10, 28)),  # due on the 22nd; the grace ran through the 27th
        ("arrangement_defaulted", date(2026, 11, 5)),  # the cure ran through the 4th
        ("notice_served", date(2026, 11, 5)),
    ]


async def lived_through(world: Skipper) -> None:
    """A reminder, an agreement on the day after, and nothing paid."""
    await world.open(ACCOUNT)
    await world.until(ACCOUNT, at(world, date(2026, 9, 22)))
    await world.decide(ACCOUNT, c.AgreeArrangement(months=3, down=Money(0), signed=True))
    await world.until(ACCOUNT, at(world, date(2026, 11, 6)))


async def timers(world: Skipper) -> list[HistoryEvent]:
    history = await world.history(ACCOUNT)
    return [event for event in history.events if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED]


def at(world: Skipper, day: date) -> datetime:
    return world.policy.calendar.at(day, time(10))


def due(world: Skipper) -> datetime:
    with reading(world.engine) as session:
        row = last_case_of(session, ACCOUNT)
    assert row is not None
    assert row.next_at is not None
    return row.next_at


def events(world: Skipper) -> list[Event]:
    with reading(world.engine) as session:
        return [decode(session, row) for row in timeline_of(session, f"{ACCOUNT}-1", limit=1_000)]


def types(world: Skipper) -> list[str]:
    return [event.body.type for event in events(world)]
