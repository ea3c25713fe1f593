"""Which of our money does a line of the bank's statement settle?

The code of a line says so by itself, but for credits that a bank gives one code whatever they are: there the text
tells. Another bank's lines are another mapping with the same fields.

What each code rests on. 115, 142, 166, 301, 555 and 557 are those of our banks' statements, with these meanings, in the
hand-over of both cities. 165, 169 and 174 (other ACH credits, other deposit) and 466 (ACH settlement, as a debit) are
the published meanings of the BAI2 code table. 468 is there "ACH return item or adjustment settlement" and 469
"miscellaneous ACH debit": that a bank books the credits which we send back (R22, R23) under one of them is assumed, for
no statement that we have shows one. A bank that books returned drafts under 468 needs a mapping of its own, or the day
does not tie by that sum, under its name. A code that is not here, as 409 (any debit), is for a person to explain.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class BankLine:
    """Lines with one of *codes* whose text holds *text* settle money of *source*, as `domain.ledger` names it."""

    codes: tuple[str, ...]
    text: str
    source: str


BANK_LINES: Final = (
    BankLine(("142", "165", "169"), r"^MERCHANT CARD", "card"),
    BankLine(("142", "165", "169"), "", "ach"),
    BankLine(("468", "469"), "", "ach"),  # credits that we sent back
    BankLine(("166", "466"), "", "draft"),
    BankLine(("557",), "", "draft"),
    BankLine(("115",), "", "lockbox"),
    BankLine(("301", "174"), "", "counter"),
    BankLine(("555",), "", "check_returns"),
)
"""The lines of our banks, first match first. What matches none is for a person to explain."""


def settles(type_code: str, text: str, lines: Sequence[BankLine] = BANK_LINES) -> str:
    """Return the source whose money a line settles; blank when the mapping does not say."""
    for line in lines:
        if type_code in line.codes and re.search(line.text, text):
            return line.source
    return ""
