"""How does a letter read in one language: every word of it, in the order of the page?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from domain.calendar import Window
from domain.money import Money
from letters.book import MUST_TELL, SUBSTANCE, Book, Office, Part, Text, Wording, fields_of
from letters.letter import Letter, LetterKind

_ON_NOTICES: Final = frozenset(
    {
        *(LetterKind.REMINDER, LetterKind.DISCONNECTION_NOTICE, LetterKind.AGREEMENT),
        *(LetterKind.PLACEMENT_NOTICE, LetterKind.SETOFF_NOTICE, LetterKind.COURT_DEMAND),
    }
)
_NOT_PAST_DUE: Final = frozenset(
    {
        *(LetterKind.AGREEMENT, LetterKind.RETURNED_PAYMENT, LetterKind.REFUND, LetterKind.INQUIRY_REPLY),
        *(LetterKind.DEPOSIT_REQUEST, LetterKind.DEPOSIT_RECEIPT, LetterKind.DEPOSIT_RETURNED),
    }
)
"""What these name is not past due: it stands in their words alone."""
WRITTEN_MAX: Final = 4_096
_TO: Final = "\N{NO-BREAK SPACE}\N{EN DASH} "
_NOBODY: Final = Office(
    name="", lines=(), place="", phone="", contact={}, reviewer={}, web="", pay_at="", assistance=()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a heading; its last row, if *total* is not empty, sums it up."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    heading: str
    says: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One language of a letter. *facts* are label and value; *form* is a page of its own to be filled in."""

    lang: str
    title: str
    copy: str
    facts: tuple[tuple[str, str], ...]
    lead: tuple[str, ...]
    tables: tuple[Table, ...]
    sections: tuple[Section, ...]
    after: tuple[str, ...]
    copies: str
    signatures: tuple[str, ...]
    form: Section | None
    page: str
    of: str


def sheets(letter: Letter, book: Book) -> tuple[Sheet, ...]:
    """Return the letter in each of its languages."""
    return tuple(_sheet(letter, book.languages[code], office_of(letter, book)) for code in letter.languages)


def office_of(letter: Letter, book: Book) -> Office:
    """Return who writes the letter; nobody known, if the pack has no office in the book."""
    return book.offices.get(letter.pack, _NOBODY)


def translations(letter: Letter, book: Book) -> tuple[tuple[str, str], ...]:
    """Return, for each language in the book, its code and where to get help in it."""
    phone = office_of(letter, book).phone
    return tuple((code, wording.translation.format(phone=phone)) for code, wording in book.languages.items())


def lacks(letter: Letter, book: Book) -> tuple[str, ...]:
    """Return what the letter cannot be written without and does not have, in words; nothing if it is whole."""
    office = office_of(letter, book)
    found = [f"{what} of the office" for what in ("name", "lines", "phone") if not getattr(office, what)]
    if not letter.languages:
        found.append("words in any of its languages")
    for code in letter.languages:
        wording = book.languages[code]
        values = _values(letter, wording, office)
        texts = _own_texts(wording.letters[letter.kind.entry], letter)
        told = {name for text in texts for name in fields_of(text)}
        untold = sorted(MUST_TELL.get(letter.kind.entry, frozenset()) - told)
        found += [f"{name.replace('_', ' ')} in its words ({code})" for name in untold]
        found += _unfilled(texts, values)
        for element in letter.elements:
            found += _part_lacks(element, wording, office, values)
        found += [f"the name of {copy} ({code})" for copy in letter.copies if copy not in wording.copies]
    return tuple(dict.fromkeys(found))


def wordless(elements: Iterable[str], languages: Iterable[str], book: Book) -> tuple[str, ...]:
    """Return which *elements* have no words in which language, or have lost what they are there to tell."""
    return tuple(
        lack for code in languages for element in elements for lack in _wordless(element, book.languages[code])
    )


def _wordless(element: str, wording: Wording) -> Iterator[str]:
    spoken = element.replace("_", " ")
    part = wording.parts.get(element)
    if part is None:
        yield f"words for the part “{spoken}” ({wording.code})"
        return
    gone = sorted(SUBSTANCE.get(element, frozenset()) - part.tells)
    yield from (f"{name.replace('_', ' ')} in the part “{spoken}” ({wording.code})" for name in gone)


def _part_lacks(element: str, wording: Wording, office: Office, values: Mapping[str, str]) -> Iterator[str]:
    yield from _wordless(element, wording)
    part = wording.parts.get(element)
    if part is None:
        return
    spoken = element.replace("_", " ")
    yield from (f"{name} for the part “{spoken}”" for name in _unfilled((*part.says, *part.items), values))
    if part.assistance and not office.assistance:
        yield f"agencies for the part “{spoken}”"


def _unfilled(texts: Iterable[str], values: Mapping[str, str]) -> Iterator[str]:
    for text in texts:
        yield from (name.replace("_", " ") for name in fields_of(text) if not values.get(name))


def _own_texts(text: Text, letter: Letter) -> tuple[str, ...]:
    return (text.title, *text.lead, *text.after, *(text.more[name] for name in letter.more))


# --- one language -------------------------------------------------------------------------------------------------


def _sheet(letter: Letter, wording: Wording, office: Office) -> Sheet:
    values = _values(letter, wording, office)
    text, labels = wording.letters[letter.kind.entry], wording.labels
    parts = [wording.parts[element] for element in letter.elements]
    asks_form = any(part.form for part in parts)
    return Sheet(
        lang=wording.code,
        title=text.title.format_map(values),
        copy=wording.copy_lines[letter.copy_for] if letter.copy_for else "",
        facts=tuple(_facts(letter, wording)),
        lead=(*_filled(text.lead, values), *letter.answer),
        tables=tuple(_tables(letter, wording)),
        sections=tuple(_section(part, office, values) for part in parts),
        after=_filled((*(text.more[name] for name in letter.more), *text.after), values),
        copies=f"{labels['copies']}: {'; '.join(wording.copies[c] for c in letter.copies)}." if letter.copies else "",
        signatures=(labels["signature"], labels["utility"]) if letter.kind is LetterKind.AGREEMENT else (),
        form=_form(wording, values) if asks_form else None,
        page=labels["page"],
        of=labels["of"],
    )


def _filled(texts: Iterable[str], values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(text.format_map(values) for text in texts)


def _facts(letter: Letter, wording: Wording) -> Iterator[tuple[str, str]]:
    labels = wording.labels
    yield labels["account"], letter.account_no
    yield labels["date"], _day(letter.on, wording)
    yield labels["served"], letter.addressee.premises
    if letter.amount and letter.kind not in _NOT_PAST_DUE:
        yield labels["amount"], _money(letter.amount, wording)
    if letter.pay_by and letter.kind not in _NOT_PAST_DUE:
        yield labels["pay_by"], _day(letter.pay_by, wording)
    if letter.cut_on:
        yield labels["cut_on"], _day(letter.cut_on, wording)


def _tables(letter: Letter, wording: Wording) -> Iterator[Table]:
    labels = wording.labels
    if letter.kind in _ON_NOTICES and letter.bills:
        total = sum(bill.amount.cents for bill in letter.bills)
        yield Table(
            heading=labels["bills"],
            head=(labels["bill"], labels["for_service"], labels["due"], labels["sum"]),
            rows=tuple(
                (
                    bill.number,
                    wording.services[bill.service],
                    _day(bill.due_on, wording),
                    _money(bill.amount, wording),
                )
                for bill in letter.bills
            ),
            total=(labels["total"], "", "", _money(Money(total), wording)),
        )
    if letter.schedule:
        total = sum(part.amount.cents for part in letter.schedule)
        yield Table(
            heading=labels["schedule"],
            head=(labels["part"], labels["due"], labels["sum"]),
            rows=tuple(
                (
                    str(part.number) if part.number else labels["down"],
                    _day(part.due_on, wording),
                    _money(part.amount, wording),
                )
                for part in letter.schedule
            ),
            total=(labels["total"], "", _money(Money(total), wording)),
        )


def _section(part: Part, office: Office, values: Mapping[str, str]) -> Section:
    return Section(
        heading=part.heading,
        says=_filled(part.says, values),
        items=(*_filled(part.items, values), *(office.assistance if part.assistance else ())),
    )


def _form(wording: Wording, values: Mapping[str, str]) -> Section:
    return Section(heading=wording.form.title, says=_filled(wording.form.says, values), items=wording.form.fields)


def _values(letter: Letter, wording: Wording, office: Office) -> Mapping[str, str]:
    """Return what the braces in the words stand for; empty where it is not known."""

    def day(on: date | None) -> str:
        return _day(on, wording) if on else ""

    down = next((part for part in letter.schedule if part.number == 0), None)
    return {
        "amount": _money(letter.amount, wording) if letter.amount else "",
        "contact": office.contact.get(wording.code, ""),
        "cure_days": str(letter.cure_days),
        "cut_on": day(letter.cut_on),
        "down": _money(down.amount, wording) if down else "",
        "down_on": day(down.due_on if down else None),
        "fee": _money(letter.fee, wording),
        "grace_days": str(letter.grace_days),
        "hours": _hours(letter.hours, wording),
        "days": str(letter.days) if letter.days else "",
        "interest": _money(letter.interest, wording) if letter.interest else "",
        "pct": _pct_in(wording.locale, letter.pct) if letter.pct else "",
        "since": day(letter.since),
        "whole": _money(letter.amount + letter.interest, wording) if letter.amount else "",
        "left": _money(letter.left, wording),
        "missed_on": day(letter.missed_on),
        "parts": str(len(letter.schedule)),
        "pay_at": office.pay_at,
        "pay_by": day(letter.pay_by),
        "payer": letter.payer,
        "payer_share": _money(letter.payer_share, wording) if letter.payer_share else "",
        "phone": office.phone,
        "restored_on": day(letter.happened_on),
        "season_on": day(letter.happened_on),
        "returned_on": day(letter.happened_on),
        "ended_on": day(letter.happened_on),
        "asked_on": day(letter.happened_on),
        "reviewer": office.reviewer.get(wording.code, ""),
        "happened_on": day(letter.happened_on),
        "service": wording.services.get(letter.service, "") if letter.service else "",
        "utility": office.name,
        "web": office.web,
    }


def _money(amount: Money, wording: Wording) -> str:
    return _money_in(wording.locale, amount.cents)


def _day(on: date, wording: Wording) -> str:
    return _day_in(wording.locale, on)


def _hours(hours: Window, wording: Wording) -> str:
    return f"{_clock_in(wording.locale, hours.opens)}{_TO}{_clock_in(wording.locale, hours.closes)}"


# The letters of a day write the same few days, hours and sums, and the library reads its patterns anew each time.


@lru_cache(maxsize=WRITTEN_MAX)
def _money_in(locale: str, cents: int) -> str:
    return str(format_currency(Decimal(cents).scaleb(-2), "USD", locale=locale))


@lru_cache(maxsize=WRITTEN_MAX)
def _day_in(locale: str, on: date) -> str:
    return format_date(on, "long", locale=locale)


@lru_cache(maxsize=WRITTEN_MAX)
def _pct_in(locale: str, pct: Decimal) -> str:
    return str(format_decimal(pct, locale=locale))


@lru_cache(maxsize=WRITTEN_MAX)
def _clock_in(locale: str, at: time) -> str:
    return format_time(at, "short", locale=locale)
