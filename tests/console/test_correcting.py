"""A fact is corrected by its own questions, with what it says filled in, or withdrawn; nothing else of it moves."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from console.correcting import typed_as
from console.forms import Around, fields_of, read
from domain import commands as c
from domain.facts import Fact, FactKind
from domain.money import Money
from tests.casework.paper import on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.console.tour import HELD, NOTICED, furnish
from tests.rules.worked import policy

CALENDAR = policy("rochester-mn").calendar
PLEDGE = Fact(
    fact_id="P1",
    kind=FactKind.PLEDGE,
    starts=datetime(2026, 9, 1, 15, 30, tzinfo=UTC),
    until=datetime(2026, 9, 21, 21, 0, tzinfo=UTC),
    known_at=datetime(2026, 9, 1, 15, 30, tzinfo=UTC),
    amount=Money(123_45),
    source="county",
    details={"agency": "Three Rivers", "extended": "1"},
)
AROUND = Around(facts=(PLEDGE,), remedies=(), colleagues=(), calendar=CALENDAR, now=PLEDGE.known_at)


def corrected(**changed: str) -> c.CorrectFact:
    typed = {"fact_id": "P1", "kind": "pledge", "because": "The letter says so.", **typed_as(PLEDGE, CALENDAR)}
    command = read(c.CorrectFact, typed | changed, {}, AROUND).command
    assert isinstance(command, c.CorrectFact)
    return command


def test_what_is_left_as_it_was_stays_to_the_minute_and_with_what_nobody_types() -> None:
    command = corrected()
    assert (command.starts, command.until, command.amount) == (PLEDGE.starts, PLEDGE.until, PLEDGE.amount)
    assert dict(command.details) == PLEDGE.details


def test_only_what_was_typed_anew_changes() -> None:
    command = corrected(until="2026-09-30", amount="200.00")
    assert command.until is not None
    assert CALENDAR.day(command.until).isoformat() == "2026-09-30"
    assert command.amount == Money(200_00)
    assert replace(command, until=PLEDGE.until, amount=PLEDGE.amount) == corrected()


def test_withdrawing_asks_for_the_reason_alone() -> None:
    typed = {"fact_id": "P1", "because": "Never pledged."}
    assert [field.name for field in fields_of(c.CorrectFact, AROUND, typed)] == ["fact_id", "because"]
    assert read(c.CorrectFact, typed, {}, AROUND).command == c.CorrectFact(fact_id="P1", because="Never pledged.")


@pytest.mark.parametrize("typed", ["electric: 84.20\nwater: 1,005", "Electricidad: $84.20\nAGUA: 1005.00"])
def test_sums_are_typed_in_dollars_by_either_name_of_a_service_and_kept_in_cents(typed: str) -> None:
    asked = {"kind": "bankruptcy", "source": "court", "detail-chapter": "7", "detail-paid_since": "12.50"}
    command = read(c.RecordFact, asked | {"detail-read": typed}, {}, AROUND).command
    assert isinstance(command, c.RecordFact)
    assert dict(command.details) == {"chapter": "7", "paid_since": "1250", "read": "electric=8420,water=100500"}
    petition = replace(PLEDGE, kind=FactKind.BANKRUPTCY, details=dict(command.details))
    shown = typed_as(petition, CALENDAR)
    assert (shown["detail-paid_since"], shown["detail-read"]) == ("12.50", "electric: 84.20\nwater: 1005.00")


@pytest.mark.parametrize("typed", ["electric", "electric: many", "steam: 84.20"])
def test_a_line_that_names_no_service_and_amount_is_sent_back_with_an_example(typed: str) -> None:
    asked = {"kind": "bankruptcy", "source": "court", "detail-chapter": "7", "detail-read": typed}
    filled = read(c.RecordFact, asked, {}, AROUND)
    assert filled.command is None
    assert set(filled.faults) == {"detail-read"}


@pytest.fixture
def sven(tmp_path: Path) -> Iterator[Browser]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(furnish(paper))
        browser = Browser(TestClient(console_over(paper.at)))
        browser.sign_in("sven")
        yield browser


def test_one_goes_from_the_list_to_the_form_of_that_kind_and_sees_what_would_follow(sven: Browser) -> None:
    way = f"/cases/{HELD}-1/decide/correct_fact"
    listed = sven.get(way).text
    assert "Medical certificate" in listed
    found = re.search(r"\?fact_id=([^&\"]+)&amp;kind=medical_certificate", listed)
    assert found is not None
    form = sven.get(way, fact_id=found[1], kind="medical_certificate").text
    assert "name: value" not in form
    assert 'name="detail-form"' in form
    assert '<option value="written" selected>' in form
    typed = dict(re.findall(r'name="([a-z_-]+)" value="([^"]*)"', form)) | {"because": "It ends sooner."}
    seen = sven.post(f"{way}/preview", **typed | {"detail-form": "written", "until": "2026-10-15"}).text
    assert "Recorded: medical certificate, until" in seen
    withdrawal = sven.post(f"{way}/preview", fact_id=found[1], because="Wrong account.").text
    assert "Withdrawn: medical certificate" in withdrawal


def test_an_account_without_facts_says_so(sven: Browser) -> None:
    assert "No fact stands on this account." in sven.get(f"/cases/{NOTICED}-1/decide/correct_fact").text
