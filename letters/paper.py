"""What does a paper for a court or a council read like: parties, statements, itemised accounts, an oath?"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_currency

from domain.money import Money, total
from letters.book import Office, WordingFault
from letters.sheet import Table

COURTS: Final = Path(__file__).parent / "courts.toml"
CLAIM, AFFIDAVIT, PROOF, WRITE_OFFS = "claim", "affidavit", "proof_of_claim", "write_offs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bill of an itemised account, or one debt of a list; *paid* is what came of *original*."""

    ref: str
    what: str
    on: date
    due_on: date
    original: Money
    left: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    label: str
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as a value: the same paper is the same bytes."""

    title: str
    form: str
    court: str
    number: str
    on: date
    parties: tuple[Party, ...]
    facts: tuple[tuple[str, str], ...]
    says: tuple[str, ...]
    tables: tuple[Table, ...]
    oath: str
    signatures: tuple[str, ...]
    account: str


@lru_cache(maxsize=1)
def _courts() -> Mapping[str, Any]:
    return tomllib.loads(COURTS.read_text("utf-8"))


def words_for(pack: str, kind: str) -> Mapping[str, Any]:
    """Return the words of *kind* for the courts of *pack*.

    Raises:
        WordingFault: there are none.
    """
    try:
        words: Mapping[str, Any] = _courts()[pack][kind]
    except KeyError:
        raise WordingFault(f"{COURTS.name}: there are no words for {kind} in {pack}") from None
    return words


def written(kind: str, *, pack: str, values: Mapping[str, str], parts: Mapping[str, Any]) -> Paper:
    """Return the paper of *kind*: the pack's words filled with *values*, and *parts* as they are.

    Raises:
        WordingFault: the words ask for something that is not known, or leave it empty.
    """
    words = words_for(pack, kind)
    try:
        says = tuple(text.format_map(values) for text in words["says"])
        oath = words.get("oath", "").format_map(values)
    except KeyError as missing:
        raise WordingFault(f"{COURTS.name}: nothing fills in {missing} of {kind} in {pack}") from None
    return Paper(
        title=words["title"],
        form=words.get("form", ""),
        says=says,
        oath=oath,
        signatures=tuple(words.get("signatures", ())),
        **parts,
    )


def account_table(lines: tuple[Line, ...], heading: str) -> Table:
    """Return an itemised account with its total."""
    return Table(
        heading=heading,
        head=("Bill", "For", "Dated", "Due", "Billed", "Unpaid"),
        rows=tuple(
            (line.ref, line.what, day(line.on), day(line.due_on), money(line.original), money(line.left))
            for line in lines
        ),
        total=("Total", "", "", "", "", money(total(line.left for line in lines))),
    )


def sums_table(heading: str, sums: tuple[tuple[str, Money], ...]) -> Table:
    """Return what is asked for, sum by sum."""
    whole = total(amount for _, amount in sums)
    return Table(
        heading=heading,
        head=("What", "Amount"),
        rows=tuple((what, money(amount)) for what, amount in sums),
        total=("Together", money(whole)),
    )


def of_office(office: Office) -> tuple[str, ...]:
    return tuple(line for line in (office.name, *office.lines, office.phone) if line)


def money(amount: Money) -> str:
    return format_currency(Decimal(amount.cents).scaleb(-2), "USD", locale="en_US")


def day(on: date) -> str:
    return format_date(on, "long", locale="en_US")
