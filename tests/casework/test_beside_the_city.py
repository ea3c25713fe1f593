"""What an installation that observes would have done stands beside what the city did, act by act, and is told so."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.errors import Refused
from casework.observed import BOTH, CITY, OURS, compared
from cli.observe import tell_compared
from domain import events as ev
from domain.hear import Tells
from domain.states import ServiceStatus
from models.observed import note_observed
from models.session import transaction
from tests.casework.paper import Paper
from tests.workflows.world import SHOP

SINCE, THROUGH = date(2026, 9, 1), date(2026, 9, 30)


def would(paper: Paper, what: str, *, on: date = SINCE, service: str = "") -> None:
    with transaction(paper.engine) as session:
        note_observed(
            session,
            key=f"{SHOP}-1/{what}/{on}",
            system="field",
            what=what,
            account_no=SHOP,
            service=service,
            on=on,
            at=datetime.combine(on, datetime.min.time(), tzinfo=UTC),
            cents=0,
            content="",
            answer={},
        )


async def test_the_citys_act_within_a_month_is_the_same_act_and_one_of_another_kind_is_not(paper: Paper) -> None:
    case = await paper.open()
    would(paper, "order: disconnect", service="electric")
    would(paper, "letter: reminder")
    paper.clock.set(paper.clock.now() + timedelta(days=9))
    cut = ev.OutsideActNoted(
        what=Tells.OUTSIDE_SERVICE,
        service=case.known.account.services[0],
        status=ServiceStatus.OFF,
        ref="WO-1",
        urgent=False,
        because="",
    )
    case = paper.happen(case, cut, by="outside")
    placed = replace(cut, what=Tells.OUTSIDE_PLACEMENT, service=None, status=None, ref="PL-1")
    paper.happen(case, placed, by="outside")
    found = compared(paper.desk("sven"), SINCE, THROUGH)
    assert found.counts == {
        "letter: reminder": {OURS: 1},
        "order: disconnect": {BOTH: 1},
        "place": {CITY: 1},
    }
    (both,) = [act for act in found.acts if act.who == BOTH]
    assert (both.ours_on, both.city_on, both.ref) == (SINCE, date(2026, 9, 10), "WO-1")


async def test_what_the_citys_files_never_tell_of_is_not_counted_against_it(
    paper: Paper, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    await paper.mirrored()
    tell_compared(compared(paper.desk("sven"), SINCE, THROUGH))
    said = capsys.readouterr().out
    assert "From 2026-09-01 to 2026-09-30 nothing would have been done" in said
    would(paper, "letter: reminder")
    would(paper, "order: disconnect")
    tell_compared(compared(paper.desk("sven"), SINCE, THROUGH))
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    (letters,) = [line for line in lines if "letter: reminder" in line]
    assert "0" not in letters, "the city may have written, too"
    assert any("order: disconnect" in line and "0" in line for line in lines)
    assert any("2 acts are written by `--out FILE`" in line for line in lines)


async def test_days_in_the_wrong_order_are_no_quiet_nothing(paper: Paper) -> None:
    with pytest.raises(Refused, match="days-reversed"):
        compared(paper.desk("sven"), THROUGH, SINCE)
