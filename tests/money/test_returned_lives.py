"""A payment that the bank returned is no mistake: the debt stands again as of its own days, and the path resumes.

Two lives of one account by production's own code: in one it never pays; in the other it pays by a draft that comes
back. Balance and aging are then the same, but for the fee; fee and strike stay, once; no late fee is charged; what the
payment had stopped resumes at the step that the pack names, under no notice that ran for fewer days than the law says.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from domain import parameters as p
from domain.account import CustomerClass
from domain.agenda import next_step
from domain.case import Case
from domain.rules.notices import earliest_cut
from domain.states import Stage
from domain.step import Step, StepKind
from models.session import reading
from models.tables import BillingEffectRow, ReturnedItemRow
from tests.money.banking import city_with_instruments, drafts, returns
from tests.money.living import Living, living
from tests.workflows.world import SHOP

FEE = 30_00
NSF = {"R01", "R09"}
STRIKES = {"R01", "R02", "R09"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_with_instruments(tmp_path_factory.mktemp("city"), SHOP)


@dataclass(frozen=True)
class Plan:
    """When it is paid, how much, when and why it comes back, and where the pack lets the path resume."""

    paid_on: date
    cents: int
    back_on: date
    code: str
    resumes_at: str

    @classmethod
    def of(cls, seed: int) -> "Plan":
        chance = random.Random(seed)
        resumes_at = ("standing", "notice", "reminder")[seed % 3]
        paid_on = date(2026, 9, 3) + timedelta(days=chance.randrange(20))
        code = chance.choice(["R01", "R09", "R02", "R10"])
        days = chance.randrange(1, 58) if code == "R10" else chance.choice([1, 2, 3])
        cents = chance.choice([195_61, 445_70, 779_66, 1_101_40, 1_800_00])
        return cls(paid_on, cents, paid_on + timedelta(days=days), code, resumes_at)


@contextmanager
def opened(folder: Path, city: Path, plan: Plan) -> Iterator[Living]:
    with living(folder, city, SHOP) as life:
        life.say(p.NSF_POSTED.key, True)
        life.say(p.NSF_FEE.key, FEE)
        life.say(p.RETURN_RESUMES.key, plan.resumes_at)
        life.until(life.at(f"{plan.paid_on} 12:00"))
        yield life


def open_bills(life: Living) -> list[tuple[str, date, int]]:
    return [each for each in life.account(SHOP).bills if not each[0].startswith("FE")]


def charged(life: Living) -> list[tuple[str, int]]:
    """Return what billing was asked to charge: not a late fee among it."""
    with reading(life.teller.engine) as session:
        query = select(BillingEffectRow).where(BillingEffectRow.name == "charge")
        return [(row.key.partition("/")[0], row.cents) for row in session.exec(query).all()]


def the_case(life: Living) -> Case:
    body = life.cases.open(SHOP)
    assert body is not None, "what came back is past due"
    return body.case


def goes_back_whole(folder: Path, city: Path, plan: Plan) -> None:
    with opened(folder / "unpaid", city, plan) as life:
        life.until(life.at(f"{plan.back_on} 12:00"))
        unpaid = open_bills(life)
    with opened(folder / "paid", city, plan) as life:
        before = the_case(life)
        policy = life.teller.policy
        drawn = drafts(policy, plan.cents, on=life.today)
        life.file(drawn, name="autopay.ach")
        stopped = life.cases.open(SHOP)
        lifted = stopped is None or stopped.case.stage is Stage.PAST_DUE
        life.until(life.at(f"{plan.back_on} 12:00"))
        life.file(returns(policy, [drawn], plan.code, on=life.today), name="returns.ach")
        once = life.account(SHOP)
        life.file(returns(policy, [drawn], plan.code, on=life.today, minute=9), name="returns-again.ach")
        again = life.account(SHOP)

        assert open_bills(life) == unpaid, plan
        assert charged(life) == ([("nsf", FEE)] if plan.code in NSF else []), plan
        assert (once.strikes, once.credit) == (again.strikes, again.credit), plan
        assert len(again.strikes) == (plan.code in STRIKES), plan
        with reading(life.teller.engine) as session:
            assert len(session.exec(select(ReturnedItemRow)).all()) == 1
        if lifted and before.notice is not None:
            resumes(life, before, plan)


def resumes(life: Living, before: Case, plan: Plan) -> None:
    case, policy = the_case(life), life.teller.policy
    step = next_step(case, policy, life.teller.clock.now())
    notice = before.notice
    assert notice is not None, "it was asked before"
    match plan.resumes_at:
        case "reminder":
            again = [kind for kind, on in life.sent(SHOP) if on >= plan.back_on]
            awaited = isinstance(step, Step) and step.kind is StepKind.SEND_REMINDER
            assert again[:1] == ["reminder_sent"] or awaited, (plan, step)
        case "notice":
            fresh = case.notice is not None and case.notice.served_on >= plan.back_on
            awaited = isinstance(step, Step) and step.kind is StepKind.SERVE_NOTICE
            assert fresh or awaited, (plan, step)
        case "standing" if case.notice is not None and case.notice.letter == notice.letter:
            assert case.notice.earliest_cut_on is not None, plan
            ran = (plan.paid_on - notice.served_on).days + (case.notice.earliest_cut_on - plan.back_on).days
            lawful = earliest_cut(
                policy,
                served_on=notice.served_on,
                method=notice.method,
                residential=case.known.account.customer_class is CustomerClass.RESIDENTIAL,
                service=case.known.account.services[0],
            )
            assert ran >= (lawful - notice.served_on).days, plan
            assert case.stage is Stage.NOTICED, plan


@pytest.mark.parametrize("seed", range(9))
def test_what_came_back_stands_as_of_its_own_days_and_the_path_resumes(tmp_path: Path, city: Path, seed: int) -> None:
    goes_back_whole(tmp_path, city, Plan.of(seed))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(9, 180))
def test_what_came_back_stands_again_in_many_lives(tmp_path: Path, city: Path, seed: int) -> None:
    goes_back_whole(tmp_path, city, Plan.of(seed))
