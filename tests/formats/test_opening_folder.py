"""An opening folder says a case and nothing else; whatever is wrong in it is told by file, line and column."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.ways_out import of_file
from domain.ability import Assessment, Household, Income
from domain.account import Snapshot
from domain.bankruptcy import Bankruptcy, StayedPart
from domain.case import Case, Counters, Fee, Promise
from domain.money import Money
from domain.states import Stage
from domain.take import take
from domain.taking_over import carried_over
from formats.errors import Malformed
from formats.opening.cases import case_of, lines_of
from formats.opening.cells import Unfit, cells_of, field_of, read_cell, value_of, write_cell
from formats.opening.folder import OpeningFolder, read_opening, write_opening
from formats.opening.layout import LAYOUTS
from formats.opening.ways_out import of_opening
from models.registers import BY_NAME
from simulator.chance import random_life
from simulator.run import live
from tests.builders import POLICY, a_bill, a_case, an_agreement, at, day, noticed

AS_OF = at("2026-06-30 10:00")
ACCOUNT = "9906282455"
BILL = a_bill()


def written(root: Path, *cases: Case) -> Path:
    lines = {case.account_no: lines_of(case) for case in cases}
    write_opening(root, as_of=AS_OF, pack="test", lines=lines, registers={})
    return root


def numbered(case: Case) -> Case:
    """Return what a folder holds of *case*; its place in the day it has of its account."""
    told = replace(carried_over(case), case_id=f"{ACCOUNT}-3", account_no=ACCOUNT, spread_by="")
    return replace(told, known=Snapshot.unread(ACCOUNT))


def changed(root: Path, name: str, old: str, new: str) -> OpeningFolder:
    path = root / f"{name}.csv"
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new, 1))
    return read_opening(root)


@pytest.mark.parametrize("seed", range(12))
def test_wherever_a_life_has_come_to_its_case_is_read_back_as_it_was_written(seed: int, tmp_path: Path) -> None:
    life = random_life(seed)
    known = Snapshot.unread(life.account.account_no)
    case = Case(case_id=life.case_id, account_no=life.account.account_no, opened_on=known.at.date(), known=known)
    for event in live(life, POLICY):
        case = take(case, event)
        told = numbered(case)
        assert case_of(ACCOUNT, _again(lines_of(told))) == told


def _again(lines: dict[str, tuple[object, ...]]) -> dict[str, tuple[object, ...]]:
    """Return *lines* as they come back from their cells."""
    kinds = {layout.name: layout.kind for layout in LAYOUTS}
    return {name: tuple(_line(kinds[name], cells_of(each)) for each in of_file) for name, of_file in lines.items()}


def _line(kind: type, cells: dict[str, str]) -> object:
    return kind(**{field_of(column, kind): value_of(kind, column, text) for column, text in cells.items()})


def test_what_no_random_life_has_is_read_back_too(tmp_path: Path) -> None:
    household = Household(size=3, incomes=(Income(source="wages; nights=2", monthly=Money(210_000)),), aid=("snap",))
    told = numbered(
        replace(
            noticed(now="2026-06-30 10:00"),
            assessment=Assessment(
                number=1,
                assessed_on=day("2026-06-01"),
                expires_on=day("2027-06-01"),
                band="low",
                reasons=("a; b", "c=d\\\\e"),
                household=household,
            ),
            assessments_made=1,
            bankruptcy=Bankruptcy(
                petition="f1",
                petition_on=day("2026-06-20"),
                chapter="13",
                parts=(StayedPart(ref=BILL.ref, service=BILL.service, due_on=BILL.due_on, amount=Money(100)),),
                refs=(BILL.ref,),
            ),
            fees=(Fee(order_id="o1", kind="reconnection", ref="B9/electric", amount=Money(3_000)),),
            orders_made=1,
            promise=Promise(amount=Money(5_000), by=day("2026-07-03"), made_on=day("2026-06-29"), bills=()),
            counters=Counters(extensions=2, extended_on=(day("2026-01-01"), day("2026-02-01"))),
            follow_up_on=day("2026-07-08"),
            follow_up_about="call, then write; she asked\\nfor both",
        )
    )
    folder = read_opening(written(tmp_path / "f", told))
    assert folder.problems == ()
    assert folder.cases[ACCOUNT] == replace(told, fees=told.fees)


@given(st.text(alphabet=st.sampled_from("a;=\\\\ ,|"), min_size=1).map(str.strip).filter(bool), st.integers(1, 4))
def test_a_word_may_hold_whatever_parts_words(word: str, times: int) -> None:
    words = (word,) * times
    assert read_cell(write_cell(words, tuple[str, ...]), tuple[str, ...]) == words


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (date, "30.06.2026"),
        (Money, "12.50"),
        (int, "1e3"),
        (bool, "maybe"),
        (Stage, "asleep"),
        (int, "\u0661"),
    ],
)
def test_a_cell_that_means_nothing_is_told(kind: type, text: str) -> None:
    with pytest.raises(Unfit):
        read_cell(text, kind)


def test_a_column_that_nobody_knows_is_refused_since_a_clock_could_be_lost_by_a_slip(tmp_path: Path) -> None:
    root = written(tmp_path / "f", numbered(noticed(now="2026-06-30 10:00")))
    folder = changed(root, "letters", "earliest_cut_on", "earliest_cut")
    assert [(p.file, p.column, p.rule) for p in folder.problems] == [("letters.csv", "earliest_cut", "unknown_column")]


def test_every_fault_is_told_not_the_first_alone(tmp_path: Path) -> None:
    root = written(tmp_path / "f", numbered(noticed(now="2026-06-30 10:00")))
    changed(root, "letters", "2026-06-16", "16.6.2026")
    folder = changed(root, "cases", "2026-06-02", "June")
    found = {(p.file, p.line, p.column, p.rule) for p in folder.problems}
    assert found == {("letters.csv", 3, "served_on", "unfit"), ("cases.csv", 2, "opened_on", "unfit")}


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (a_case(opened_on=day("2026-08-01")), "in_the_future"),
        (a_case(closed_on=day("2026-06-03")), "half_closed"),
        (a_case(arrangement=an_agreement(BILL, ("2026-07-01", 9_999)), arrangements_made=1), "schedule_sum"),
        (a_case(arrangement=an_agreement(BILL, ("2026-07-01", 10_000)), arrangements_made=0), "count"),
    ],
)
def test_lines_that_cannot_be_true_together_are_refused(case: Case, rule: str, tmp_path: Path) -> None:
    folder = read_opening(written(tmp_path / "f", numbered(case)))
    assert rule in {problem.rule for problem in folder.problems}


def test_a_folder_that_lost_lines_is_refused_whole(tmp_path: Path) -> None:
    root = written(tmp_path / "f", numbered(a_case()))
    with pytest.raises(Malformed) as refused:
        changed(root, "services", f"{ACCOUNT},water,on,,,,no,,no\n", "")
    assert refused.value.rule == "control_count"


def test_a_second_line_of_one_account_and_a_line_without_a_case_are_told(tmp_path: Path) -> None:
    root = written(tmp_path / "f", numbered(a_case()))
    (root / "opening.toml").write_text(f'as_of = {AS_OF.isoformat()}\npack = "test"\n')
    path = root / "cases.csv"
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    (root / "extensions.csv").write_text("account_no,granted_on,until,refs\n9978281013,2026-06-01,2026-06-20,\n")
    rules = {problem.rule for problem in read_opening(root).problems}
    assert rules == {"duplicate_account", "no_case"}


def test_no_register_has_the_name_of_a_file_of_cases() -> None:
    assert {layout.name for layout in LAYOUTS}.isdisjoint(BY_NAME)


def test_each_rule_by_which_a_folder_is_refused_says_what_to_do() -> None:
    rooms = Path(__file__).parents[2]
    files = [*(rooms / "formats" / "opening").glob("*.py"), *(rooms / "casework").glob("opening*.py")]
    text = "".join(path.read_text() for path in files)
    found = set(re.findall(r'rule="(\w+)"|yield \(?\s*"(\w+)"|raise Malformed\("(\w+)"|"(\w+)", says\)', text))
    rules = {rule for each in found for rule in each if rule}
    assert {"balance_differs", "two_remedies", "half_closed", "no_manifest"} <= rules
    assert [rule for rule in sorted(rules) if not of_file(rule)] == []
    of_a_cell = rules - {"control_count", "column_count", "duplicate_column", "unreadable"}
    assert [rule for rule in sorted(of_a_cell) if not of_opening(rule)] == []


def test_a_folder_that_is_none_is_told_so_by_name(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="no opening folder") as refused:
        read_opening(tmp_path / "nowhere")
    assert (refused.value.rule, refused.value.file) == ("no_manifest", "nowhere")
