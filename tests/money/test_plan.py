"""What becomes of a sum, by what came before it."""

from dataclasses import dataclass, field

import pytest

from domain.posting import Call, Disposition, Item, ItemKind, Original, Plan, Resolved, Totals, moved, plan

HERE, CLOSED = "4100000000", "4199999999"


@dataclass
class Known:
    """A book with one open and one closed account."""

    traces: set[Call] = field(default_factory=set)
    came: dict[Call, Original] = field(default_factory=dict)
    waits: dict[Call, int] = field(default_factory=dict)

    def account(self, written: str) -> Resolved:
        if written in {HERE, CLOSED}:
            return Resolved(account_no=written, closed=written == CLOSED)
        return Resolved(reason="unknown_account")

    def seen(self, source: str, trace: str) -> bool:
        return (source, trace) in self.traces

    def original(self, source: str, called: str) -> Original | None:
        return self.came.get((source, called))

    def waiting(self, source: str, called: str) -> int | None:
        return self.waits.get((source, called))


def money(trace: str, cents: int = 5_00, *, written: str = HERE, original: str = "") -> Item:
    return Item(
        kind=ItemKind.RECEIPT,
        line=1,
        source="draft",
        trace=trace,
        original=original or trace,
        written=written,
        cents=cents,
    )


def back(original: str, cents: int = 5_00) -> Item:
    return Item(
        kind=ItemKind.RETURN,
        line=1,
        source="draft",
        trace=f"r{original}",
        original=original,
        written="",
        cents=cents,
        code="R01",
    )


def outcome(made: Plan) -> list[tuple[str, str]]:
    return [(str(entry.disposition), entry.reason) for entry in made.entries]


def test_money_for_a_known_account_is_posted_and_for_no_or_a_closed_one_suspended() -> None:
    made = plan([money("1"), money("2", written="x"), money("3", written=CLOSED)], Known())

    assert outcome(made) == [("posted", ""), ("suspense", "unknown_account"), ("suspense", "closed_account")]


@pytest.mark.parametrize("book", [Known(traces={("draft", "1")}), Known()])
def test_a_trace_is_taken_once_whether_it_came_in_this_file_or_before(book: Known) -> None:
    made = plan([money("1"), money("1")], book)

    assert outcome(made)[1] == ("suspense", "duplicate_trace")
    assert made.cents(Disposition.POSTED) == (0 if book.traces else 5_00)


def test_a_return_takes_back_what_came_before_once() -> None:
    book = Known(came={("draft", "1"): Original(cents=5_00, returned=False)})

    assert outcome(plan([back("1"), back("1")], book)) == [("returned", "R01"), ("suspense", "second_return")]


def test_a_return_written_above_its_money_in_the_same_file_finds_it() -> None:
    assert outcome(plan([back("1"), money("1")], Known())) == [("returned", "R01"), ("posted", "")]


def test_a_return_of_unknown_money_waits_and_is_released_when_the_money_comes() -> None:
    early = plan([back("1")], Known())
    late = plan([money("1")], Known(waits={("draft", "1"): 5_00}))

    assert outcome(early) == [("suspense", "original_unknown")]
    assert early.released == ()
    assert late.released == (("draft", "1"),)


def test_a_second_return_of_money_that_a_return_waits_for_is_a_second_return() -> None:
    assert outcome(plan([back("1")], Known(waits={("draft", "1"): 5_00}))) == [("suspense", "second_return")]
    assert outcome(plan([money("1"), back("1")], Known(waits={("draft", "1"): 5_00})))[1][1] == "second_return"


def test_a_return_takes_back_a_check_of_several_stubs_whole_or_not_at_all() -> None:
    stubs = [money("1.1", 3_00, original="1"), money("1.2", 2_00, original="1")]

    assert outcome(plan([*stubs, back("1")], Known()))[2] == ("returned", "R01")
    assert outcome(plan([*stubs, back("1", 3_00)], Known()))[2] == ("suspense", "amount_mismatch")


def test_totals_that_lose_a_cent_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="accounts for 499"):
        Totals(total=5_00, posted=4_99)

    waits = Totals(total=5_00, suspense=5_00)
    assert moved(waits, 2_00, away=Disposition.SUSPENSE, to=Disposition.RETURNED) == Totals(
        total=5_00, suspense=3_00, returned=2_00
    )
