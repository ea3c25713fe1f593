"""Which words do letters use: each language's file and the offices' own, read once and checked as they are read?"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Final

from letters.letter import LetterKind

FOLDER: Final = Path(__file__).parent / "wording"
OFFICES: Final = "offices.toml"
FIELDS: Final = frozenset(
    {
        "account",
        "amount",
        "asked_on",
        "contact",
        "cure_days",
        "cut_on",
        "days",
        "down",
        "down_on",
        "due_on",
        "ended_on",
        "fee",
        "grace_days",
        "hours",
        "interest",
        "left",
        "missed_on",
        "parts",
        "pay_at",
        "pay_by",
        "payer",
        "payer_share",
        "pct",
        "phone",
        "happened_on",
        "restored_on",
        "returned_on",
        "reviewer",
        "season_on",
        "service",
        "since",
        "utility",
        "web",
        "whole",
    }
)
"""What the words may leave to be filled in."""

SUBSTANCE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "amount": frozenset({"amount"}),
        "cut_date": frozenset({"cut_on", "service"}),
        "dispute_procedure": frozenset({"phone", "reviewer"}),
        "contact_person": frozenset({"contact", "phone"}),
        "avoid_methods": frozenset({"amount"}),
        "inability_form": frozenset({"form"}),
        "assistance_provider_list": frozenset({"assistance"}),
    }
)
"""What a required part of a notice is there to tell: its words may change, but not lose this."""

MUST_TELL: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "reminder": frozenset({"amount", "phone"}),
        "breach_notice": frozenset({"missed_on", "amount", "pay_by", "phone"}),
        "agreement": frozenset({"amount", "parts", "grace_days", "cure_days", "phone"}),
        "door_hanger": frozenset({"service", "cut_on", "amount", "phone"}),
        "returned_payment": frozenset({"amount", "returned_on", "phone"}),
        "placement_notice": frozenset({"amount", "pay_by", "phone", "reviewer"}),
        "setoff_notice": frozenset({"amount", "phone", "reviewer"}),
        "court_demand": frozenset({"amount", "phone", "reviewer"}),
        "bankruptcy_acknowledgement": frozenset({"happened_on", "phone"}),
        "deposit_request": frozenset({"amount", "days", "phone", "reviewer"}),
        "deposit_receipt": frozenset({"amount", "since", "days"}),
        "deposit_returned": frozenset({"amount", "ended_on", "pay_by"}),
        "refund": frozenset({"amount", "pay_by", "phone"}),
        "inquiry_reply": frozenset({"asked_on", "phone"}),
    }
)
"""What a letter of a kind is there to tell, wherever in it: likewise."""

LABELS: Final = frozenset(
    {
        "account",
        "amount",
        "bill",
        "bills",
        "copies",
        "cut_on",
        "date",
        "down",
        "due",
        "for_service",
        "of",
        "page",
        "part",
        "pay_by",
        "schedule",
        "served",
        "signature",
        "signed_on",
        "sum",
        "total",
        "utility",
    }
)


COPIES: Final = frozenset({"premises", "owner", "third_party"})
"""Who else is sent a letter: whoever lives where the service is, the owner, the person whom the customer named."""


MESSAGES: Final = frozenset(
    {"subject", "instalment_sms", "instalment_email", "promise_sms", "promise_email", "reply_subject", "reply_email"}
)
"""The short messages: what one says of each kind of payment by each channel, beside an answer, and as a subject."""


class WordingFault(ValueError):
    """A file of wording cannot be used; the message says which, where and why, for the clerk who edited it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who writes and whom to ask, by language; *place* is the city and state as an envelope shows them."""

    name: str
    lines: tuple[str, ...]
    place: str
    phone: str
    contact: Mapping[str, str]
    reviewer: Mapping[str, str]
    web: str
    pay_at: str
    assistance: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A required part of a notice: a heading, paragraphs, points, and the agencies or the form where it names them."""

    heading: str
    says: tuple[str, ...]
    items: tuple[str, ...] = ()
    assistance: bool = False
    form: bool = False

    @property
    def tells(self) -> frozenset[str]:
        """Return what is filled into its words, and what hangs on it."""
        extras = {"assistance"} if self.assistance else set()
        return frozenset({name for text in (*self.says, *self.items) for name in fields_of(text)} | extras) | (
            frozenset({"form"}) if self.form else frozenset()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The words of one kind of letter; *more* holds sentences that only some letters of the kind need."""

    title: str
    lead: tuple[str, ...]
    after: tuple[str, ...]
    more: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    title: str
    says: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """All words of one language."""

    code: str
    name: str
    locale: str
    translation: str
    labels: Mapping[str, str]
    services: Mapping[str, str]
    copies: Mapping[str, str]
    copy_lines: Mapping[str, str]
    messages: Mapping[str, str]
    letters: Mapping[str, Text]
    parts: Mapping[str, Part]
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The languages that letters can be written in, by code, and the offices that write, by policy pack."""

    languages: Mapping[str, Wording]
    offices: Mapping[str, Office]


@lru_cache(maxsize=4)
def load_book(folder: Path = FOLDER) -> Book:
    """Return the words in *folder*, read once for each process.

    Raises:
        WordingFault: a file lacks words, or leaves something to be filled in that no letter knows.
    """
    files = sorted(path for path in folder.glob("*.toml") if path.name != OFFICES)
    languages = {path.stem: _wording(path) for path in files}
    if not languages:
        raise WordingFault(f"{folder.name}: there is no language to write in")
    return Book(languages=languages, offices=_offices(folder / OFFICES))


def fields_of(text: str) -> Iterator[str]:
    """Yield the names in braces in *text*."""
    return (name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _wording(path: Path) -> Wording:
    raw = _read(path)
    try:
        wording = Wording(
            code=path.stem,
            name=raw["name"],
            locale=raw["locale"],
            translation=raw["translation"],
            labels=raw["labels"],
            services=raw["services"],
            copies=raw["copies"],
            copy_lines=raw["copy_lines"],
            messages=raw["messages"],
            letters={entry: _text(given) for entry, given in raw["letter"].items()},
            parts={name: _part(given) for name, given in raw["element"].items()},
            form=Form(title=raw["form"]["title"], says=tuple(raw["form"]["says"]), fields=tuple(raw["form"]["fields"])),
        )
    except KeyError as missing:
        raise WordingFault(f"{path.name}: {missing} is not there") from None
    for fault in _faults(wording, raw):
        raise WordingFault(f"{path.name}: {fault}")
    return wording


def _faults(wording: Wording, raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what no letter could be written with: a kind without words, a label missing, a name nobody fills in."""
    yield from (f"letter.{kind.entry} is not there" for kind in LetterKind if kind.entry not in wording.letters)
    yield from (f"labels.{label} is not there" for label in sorted(LABELS - set(wording.labels)))
    yield from (f"messages.{name} is not there" for name in sorted(MESSAGES - set(wording.messages)))
    yield from (f"copy_lines.{name} is not there" for name in sorted(COPIES - set(wording.copy_lines)))
    for text in _texts(raw):
        try:
            unknown = set(fields_of(text)) - FIELDS
        except ValueError:
            yield f"a brace stands alone in {text!r}"
            continue
        yield from (f"nothing fills in {{{name}}} in {text!r}" for name in sorted(unknown))


def _texts(raw: object) -> Iterator[str]:
    match raw:
        case str():
            yield raw
        case dict():
            for value in raw.values():
                yield from _texts(value)
        case list():
            for value in raw:
                yield from _texts(value)


def _text(given: Mapping[str, Any]) -> Text:
    more = {name: words for name, words in given.items() if name not in {"title", "lead", "after"}}
    return Text(title=given["title"], lead=tuple(given["lead"]), after=tuple(given["after"]), more=more)


def _part(given: Mapping[str, Any]) -> Part:
    return Part(
        heading=given["heading"],
        says=tuple(given["says"]),
        items=tuple(given.get("items", ())),
        assistance=given.get("list") == "assistance",
        form=bool(given.get("form", False)),
    )


def _offices(path: Path) -> Mapping[str, Office]:
    try:
        return {
            pack: Office(**{**given, "lines": tuple(given["lines"]), "assistance": tuple(given["assistance"])})
            for pack, given in _read(path).items()
        }
    except (KeyError, TypeError) as fault:
        raise WordingFault(f"{path.name}: {fault}") from None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise WordingFault(f"{path.name}: {fault}") from None
