"""How fast are letters set beside bare typst on the same template, and does setting them use up memory?

``python -m bench letters``. Both set the same letters alternately, in one process and one run. The bare side is handed
the finished words; ours composes nothing either, but finds each word in the book and writes dates and sums by locale.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from datetime import time as clock
from pathlib import Path

import typst

from domain.account import Service
from domain.calendar import Window
from domain.money import Money
from letters.book import Book, load_book
from letters.letter import Addressee, BillLine, Letter, LetterKind
from letters.render import TEMPLATE, inputs_of, render

TURN, TURNS = 50, 12
MANY = 5_000
WARM = 500  # the press keeps what it has set of late; from here on nothing may grow
SHARE_MIN = 0.9
GROWTH_MAX_MB = 32.0
_BYTES_OF_KB = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Letters a second of bare typst and of ours, and how many MB the process grew over the many."""

    bare_per_second: float
    ours_per_second: float
    many: int
    grew_mb: float

    @property
    def share(self) -> float:
        return self.ours_per_second / self.bare_per_second


def press(*, say: Callable[[str], None], turns: int = TURNS, many: int = MANY) -> Pressed:
    """Return what was seen of one-page reminders, no two alike."""
    book, each = load_book(), _letters()
    compiler = typst.Compiler(input=str(TEMPLATE), ignore_system_fonts=True)
    say(f"{turns} turns of {TURN} letters, bare typst and ours")
    bare = ours = 0.0
    for turn in range(turns + 1):
        letters = [next(each) for _ in range(TURN)]
        finished = [inputs_of(letter, book) for letter in letters]
        began = time.perf_counter()
        for inputs in finished:
            compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=0)
        between = time.perf_counter()
        for letter in letters:
            render(letter, book)
        if turn:  # the first turn reads fonts and template on both sides
            bare, ours = bare + between - began, ours + time.perf_counter() - between
    count = turns * TURN
    return Pressed(
        bare_per_second=count / bare, ours_per_second=count / ours, many=many, grew_mb=_grew(each, book, many, say=say)
    )


def _grew(each: Iterator[Letter], book: Book, many: int, *, say: Callable[[str], None]) -> float:
    say(f"{many:,} letters, and what they leave in memory")
    for _ in range(min(WARM, many)):
        render(next(each), book)
    gc.collect()
    before = _resident_mb()
    for _ in range(max(0, many - WARM)):
        render(next(each), book)
    gc.collect()
    return _resident_mb() - before


def _resident_mb() -> float:
    """Return what the process holds now; where the system does not say, the most that it ever held."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / _BYTES_OF_KB**2
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (_BYTES_OF_KB**2 if sys.platform == "darwin" else _BYTES_OF_KB)


def _letters() -> Iterator[Letter]:
    """Yield reminders of one page, no two alike: what is set twice would come out of the press's memory."""
    blank = Letter(
        kind=LetterKind.REMINDER,
        languages=("en",),
        pack="demo-city",
        addressee=Addressee(name="", lines=(), premises=""),
        account_no="",
        on=date(2026, 9, 1),
        hours=Window(clock(8), clock(17)),
    )
    number = 0
    while True:
        number += 1
        street = f"{number} Bench Street NW"
        bill = BillLine(
            number=f"{1_000_000 + number}",
            service=Service.WATER,
            due_on=date(2026, 7, 22),
            amount=Money(4_000 + number),
        )
        yield replace(
            blank,
            addressee=Addressee(name=f"Bench Quill {number}", lines=(street, "Demo City MN 55999"), premises=street),
            account_no=f"{7_000_000_000 + number}",
            amount=bill.amount,
            bills=(bill,),
        )


def kept(found: Pressed) -> bool:
    """Say whether the bounds are kept."""
    return found.share >= SHARE_MIN and found.grew_mb <= GROWTH_MAX_MB


def print_pressed(found: Pressed) -> bool:
    """Print what was seen; say whether the bounds are kept."""
    print(f"one-page letters a second: bare typst {found.bare_per_second:.0f}, ours {found.ours_per_second:.0f}")
    print(f"ours beside bare: {found.share:.2f} (at least {SHARE_MIN})")
    print(f"over {found.many:,} letters the process grew by {found.grew_mb:.1f} MB (at most {GROWTH_MAX_MB:.0f})")
    return kept(found)


def as_written(found: Pressed) -> dict[str, float]:
    """Return the figures with their share, for JSON."""
    return {**asdict(found), "share": found.share}
