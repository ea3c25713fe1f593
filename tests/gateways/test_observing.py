"""An installation that observes reads billing as it is, asks nothing of anyone, and writes down what it would have."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.account import Service
from domain.case import OrderPurpose
from domain.money import Money
from gateways.errors import Rejected
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from gateways.fakes.faults import Faults
from gateways.messages import Channel, SendMessage
from gateways.observing import observing
from gateways.systems import Systems
from models.clock import ClockMode, SqlClock
from models.session import reading
from models.tables import ObservedRow
from tests.ready import open_ready
from tests.workflows.world import CITY, OPENING, SHOP

ZONE = "America/Chicago"


@pytest.fixture
async def seen(tmp_path: Path) -> AsyncIterator[tuple[Systems, FakeCity, Engine]]:
    engine = open_ready(f"sqlite:///{tmp_path / 'arrears.db'}", master_key=bytes(32))
    SqlClock(engine).start(ClockMode.STEPPED, at=OPENING)
    city = FakeCity(CITY, zone=ZoneInfo(ZONE))
    city.advance(OPENING)
    systems = direct_systems(city, Faults())
    yield observing(systems, engine=engine, zone=ZONE, posts=False), city, engine
    engine.dispose()


def rows(engine: Engine) -> list[ObservedRow]:
    with reading(engine) as session:
        return list(session.exec(select(ObservedRow).order_by(ObservedRow.key)).all())


async def test_every_effect_is_written_down_once_and_asked_of_nobody(
    seen: tuple[Systems, FakeCity, Engine],
) -> None:
    systems, city, engine = seen
    day = OPENING.date()
    for _ in range(2):
        letter = await systems.mail.send("k1", letter_id="k1", kind="reminder", account_no=SHOP, language="en")
        assert letter.day("mailed_on") == day
        await systems.field.create_order(
            "o1",
            order_id="o1",
            account_no=SHOP,
            premise_id="p",
            service=Service.ELECTRIC,
            purpose=OrderPurpose.DISCONNECT,
            remote=False,
        )
        await systems.field.dispatch("o1/dispatch", order_id="o1", on=day)
        placed = await systems.agency.place("k3", account_no=SHOP, amount=Money(5_000), on=day)
        await systems.agency.direct_payment("k4", placement_ref=placed.ref, amount=Money(100), on=day)
        claim = await systems.court.file_claim("k5", account_no=SHOP, amount=Money(5_000), on=day)
        assert claim.day("hearing_on") > day
        fee = await systems.billing.charge(
            "k6", account_no=SHOP, service=Service.ELECTRIC, kind="reconnection", amount=Money(3_000), on=day
        )
        assert fee.day("due_on") > day
        await systems.billing.post_payment(
            "k7", account_no=SHOP, amount=Money(1_000), on=day, source="counter", trace="t"
        )
        message = SendMessage(message_id="k8", channel=Channel.SMS, account_no=SHOP, to="555", text="words")
        await systems.messages.send("k8", message)
    done = (city.mail, city.field, city.agency, city.court, city.billing, city.messages)
    assert [each.effects_done for each in done] == [0] * len(done)
    found = rows(engine)
    assert [row.key for row in found] == ["k1", "k3", "k4", "k5", "k6", "k7", "k8", "o1", "o1/dispatch"]
    assert {row.account_no for row in found} == {SHOP}
    assert not any("555" in str(row) or "words" in str(row) for row in found)


async def test_a_recall_of_what_the_city_had_placed_itself_is_its_accounts(
    seen: tuple[Systems, FakeCity, Engine],
) -> None:
    systems, _, engine = seen
    await systems.agency.recall(f"{SHOP}-1-r0/recall", placement_ref="PL-77", on=OPENING.date(), reason="protected")
    await systems.agency.direct_payment("x1", placement_ref="PL-77", amount=Money(1), on=OPENING.date())
    assert [(row.key, row.account_no) for row in rows(engine)] == [(f"{SHOP}-1-r0/recall", SHOP), ("x1", "")]


async def test_the_same_key_with_other_content_is_rejected_as_the_system_would(
    seen: tuple[Systems, FakeCity, Engine],
) -> None:
    systems, _, _ = seen
    await systems.agency.place("k", account_no=SHOP, amount=Money(5_000), on=OPENING.date())
    with pytest.raises(Rejected, match="key-used-otherwise"):
        await systems.agency.place("k", account_no=SHOP, amount=Money(5_001), on=OPENING.date())


async def test_billing_is_read_as_it_is_and_the_stubs_are_paid_where_nobody_else_does(
    seen: tuple[Systems, FakeCity, Engine], tmp_path: Path
) -> None:
    systems, city, engine = seen
    direct = direct_systems(city, Faults())
    assert await systems.billing.open_bills(SHOP) == await direct.billing.open_bills(SHOP)
    posting = observing(direct, engine=engine, zone=ZONE, posts=True)
    await posting.billing.post_payment(
        "k", account_no=SHOP, amount=Money(1_000), on=OPENING.date(), source="counter", trace="t"
    )
    assert city.billing.effects_done == 1
    assert replace(systems, outside=direct.outside).outside is posting.outside
