"""A mistake that is put right leaves balances, aging, steps, fees and counters as if neither had come.

Two lives of the same accounts by production's own code: in one nothing goes wrong; in the other a mistake is made on
one day and put right on another. Letters that the mistake sent, or kept back, are listed and not hidden; all else is
as it would be.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from pathlib import Path

import pytest

from casework.corrections import move_payment, undo_return
from casework.counter import open_drawer, take_money, void_receipt
from casework.reversals import ask, put_reversal
from domain import parameters as p
from domain.behaviour import Behaviour
from domain.money import Money
from formats.counter import Tender
from models.session import transaction
from models.users import Role
from tests.money.banking import city_with_instruments, drafts, returns
from tests.money.living import Living, living, run
from tests.money.test_workflow import aggregator, paid
from tests.workflows.world import SHOP, SHOPS

ONE, OTHER = SHOP, SHOPS[2]
FIRST = date(2026, 9, 2)
AFTER = timedelta(days=20)
Undo = Callable[[], None]
Letters = list[tuple[list[tuple[str, date]], list[int], int]]
"""Of each account: the letters that went out, the cents that its present ones state, how many stated too much."""
Mistake = Callable[[Living, int], Undo]
"""What makes the mistake, of so many cents; what it returns puts it right."""
SAME_DAY = "voided at the counter"


def misposted(life: Living, cents: int) -> Undo:
    wrong = life.pay(OTHER, cents, trace="M1", source="lockbox")

    def put_right() -> None:
        run(move_payment(life.teller.desk("sven", Role.SUPERVISOR), wrong, to=ONE, because="The stub names it."))
        life.settle()

    return put_right


def rightly_posted(life: Living, cents: int) -> None:
    life.pay(ONE, cents, trace="M1", source="lockbox")


def moved_and_moved_back(life: Living, cents: int) -> Undo:
    rightly_posted(life, cents)
    anew = run(move_payment(life.teller.desk("sven", Role.SUPERVISOR), "lockbox-M1", to=OTHER, because="By mistake."))
    life.settle()

    def put_right() -> None:
        run(move_payment(life.teller.desk("ann", Role.SUPERVISOR), anew.payment_id, to=ONE, because="It was right."))
        life.settle()

    return put_right


def returned_by_mistake(code: str) -> Mistake:
    def mistake(life: Living, _cents: int) -> Undo:
        back = returns(life.teller.policy, [life.drawn], code, on=life.today)
        life.file(back, name="returns.ach")

        def put_right() -> None:
            payment_id = next(each for each, _ in life.payments(ONE) if each.startswith("draft-"))
            undo_return(life.teller.desk("sven", Role.SUPERVISOR), payment_id, because="The bank wrote so.")
            life.settle()

        return put_right

    return mistake


def take_back(life: Living, file_id: str) -> None:
    ask(life.teller.desk(), file_id, because="It was the wrong day's file.")
    with transaction(life.teller.engine) as session:
        reversal = put_reversal(life.teller.desk("sven", Role.SUPERVISOR), session, file_id)
    run(life.teller.work_off(reversal.file_id))
    life.settle()


def foreign_file(life: Living, cents: int) -> Undo:
    file_id = life.file(aggregator(paid("A1", ONE, cents), paid("A2", OTHER, 5_00), file_id="F7"), name="wrong.csv")
    return lambda: take_back(life, file_id)


def file_of_returns(life: Living, _cents: int) -> Undo:
    file_id = life.file(returns(life.teller.policy, [life.drawn], "R01", on=life.today), name="returns.ach")
    return lambda: take_back(life, file_id)


def reversal_reversed(life: Living, cents: int) -> Undo:
    data = aggregator(paid("A1", ONE, cents), file_id="F7")
    take_back(life, life.file(data, name="right.csv"))
    return lambda: life.file(data, name="right-again.csv") and None


def rightful_file(life: Living, cents: int) -> None:
    life.file(aggregator(paid("A1", ONE, cents), file_id="F7"), name="right.csv")


def nothing(_life: Living, _cents: int) -> None:
    pass


def voided(life: Living, cents: int) -> Undo:
    clerk = life.teller.desk("rosa", Role.REPRESENTATIVE)
    open_drawer(clerk, till="1", float_=Money(0))
    receipt = run(take_money(clerk, ONE, amount=Money(cents), tender=Tender.CASH, key="a"))
    life.settle()

    def put_right() -> None:
        void_receipt(life.teller.desk("senta", Role.SENIOR), receipt.receipt_no, because="The wrong account.")
        life.settle()

    return put_right


KINDS: dict[str, tuple[Mistake, Callable[[Living, int], None]]] = {
    "misposted": (misposted, rightly_posted),
    "moved by mistake and moved back": (moved_and_moved_back, rightly_posted),
    "returned R01 by mistake": (returned_by_mistake("R01"), nothing),
    "returned R08 by mistake": (returned_by_mistake("R08"), nothing),
    "a file that was none": (foreign_file, nothing),
    "a file of returns that was none": (file_of_returns, nothing),
    SAME_DAY: (voided, nothing),
    "a reversal reversed": (reversal_reversed, rightful_file),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_with_instruments(tmp_path_factory.mktemp("city"), ONE)


@contextmanager
def begun(folder: Path, city: Path, *, drawn_cents: int) -> Iterator[Living]:
    """Yield the accounts on the morning of the first day, a draft on one of them just sent."""
    with living(folder, city, ONE, OTHER) as life:
        life.say(p.NSF_POSTED.key, True)
        life.until(life.at("2026-09-01 12:00"))
        if drawn_cents:
            life.drawn = drafts(life.teller.policy, drawn_cents, on=life.today, account_no=ONE)
            life.file(life.drawn, name="autopay.ach")
        yield life


def noon(life: Living, day: date) -> datetime:
    return life.at(f"{day} 12:00")


class Alike(Enum):
    """What must be alike: all; where letters were sent or kept back, not which of them stands and until when.

    When the mistake is put right, a notice that it kept back has yet to go out, and its points with it.
    """

    ALL = auto()
    STANDING = auto()
    BUT_LETTERS = auto()


def essence(life: Living, alike: Alike) -> dict[str, object]:
    stands = {name: life.account(name) for name in (ONE, OTHER)}
    if alike is not Alike.ALL:
        stands = {name: replace(each, case=()) for name, each in stands.items()}
    if alike is Alike.BUT_LETTERS:
        stands = {name: replace(each, points=_but_notices(each.points)) for name, each in stands.items()}
    return {**stands, "ledger": life.ledger(), "sent": life.sent(ONE) if alike is Alike.ALL else ()}


def _but_notices(points: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    return tuple((event, given) for event, given in points if event != Behaviour.NOTICE)


@dataclass(frozen=True)
class Plan:
    """A mistake, how much it is of, the days on which it is made and put right, and what was drawn before."""

    kind: str
    cents: int
    made_on: date
    days: int
    drawn_cents: int

    @classmethod
    def of(cls, seed: int) -> "Plan":
        chance = random.Random(seed)
        kind = sorted(KINDS)[seed % len(KINDS)]
        return cls(
            kind=kind,
            cents=chance.choice([10_00, 195_61, 195_62, 779_66, 1_500_00]),
            made_on=FIRST + timedelta(days=chance.randrange(24)),
            days=0 if kind == SAME_DAY else chance.choice([0, 0, 1, 3, 8]),
            drawn_cents=chance.choice([50_00, 445_70, 779_66]) if "return" in kind else 0,
        )


def lived(folder: Path, city: Path, plan: Plan, *, mistaken: bool) -> list[tuple[dict[Alike, object], Letters]]:
    """Return what stands when the mistake is put right, and some weeks later; and the letters with what they state."""
    mistake, right = KINDS[plan.kind]
    found = []
    with begun(folder, city, drawn_cents=plan.drawn_cents) as life:
        life.until(noon(life, plan.made_on))
        put_right = mistake(life, plan.cents) if mistaken else right(life, plan.cents) or None
        life.until(noon(life, plan.made_on + timedelta(days=plan.days)))
        if put_right:
            put_right()
        for _ in range(2):
            found.append(
                (
                    {each: essence(life, each) for each in Alike},
                    [(life.sent(name), life.stated(name), life.overstated(name)) for name in (ONE, OTHER)],
                )
            )
            life.until(noon(life, life.today + AFTER))
    return found


def hold_alike(folder: Path, city: Path, plan: Plan) -> None:
    right = lived(folder / "right", city, plan, mistaken=False)
    wrong = lived(folder / "wrong", city, plan, mistaken=True)
    same_letters = right[0][1] == wrong[0][1]
    for place, (here, there) in enumerate(zip(right, wrong, strict=True)):
        alike = Alike.ALL if same_letters else Alike.STANDING if place else Alike.BUT_LETTERS
        assert there[0][alike] == here[0][alike], (plan, place)
    if same_letters:
        return
    # What was kept back goes out, and what stated too much goes out anew: in the end nobody is spared a step, and
    # nobody has one more but for such a notice, and for what the mistake had let go out when it was put right.
    for place, (rightly, *_) in enumerate(right[1][1]):
        sent, _, anew = wrong[1][1][place]
        more = max(0, len(wrong[0][1][place][0]) - len(right[0][1][place][0]))
        assert len(rightly) <= len(sent) <= len(rightly) + anew + more, plan


# Beside one of each kind, two in which the mistake pays all that is past due, so that the case closes over it; one that
# keeps a case open over a later bill; one with a notice that was never owed; one with a reminder of a later bill alone.
@pytest.mark.parametrize("seed", [*range(len(KINDS)), 10, 17, 56, 122, 175])
def test_a_mistake_put_right_is_as_if_neither_had_come(tmp_path: Path, city: Path, seed: int) -> None:
    hold_alike(tmp_path, city, Plan.of(seed))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(len(KINDS), 25 * len(KINDS)))
def test_a_mistake_put_right_is_as_if_neither_had_come_in_many_lives(tmp_path: Path, city: Path, seed: int) -> None:
    hold_alike(tmp_path, city, Plan.of(seed))
