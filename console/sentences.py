"""What does a sentence of the rules say in Spanish?

Rules, refusals and recorded histories speak English for good. Here a sentence is found again by the template it was
made from (`console/harvest.py`), and its Spanish said with the same values: days and sums as Spanish writes them,
stored names by their labels, a sentence within a sentence likewise. What is not found is left to be shown as it is.
"""

import re
from functools import lru_cache
from typing import Final

from babel.dates import get_month_names as month_names

from console.labels import BOOKS
from console.words import LOCALES, WRITTEN_MAX, catalogue, plain_days, translations

CONTEXT: Final = "rule"
"""The catalogue files templates apart from the words of pages by this name."""
_ENDS: Final = re.compile(r"(?<=[.!?]) (?=[\[A-Z0-9$“\"])")
_RULE: Final = re.compile(r"([A-Z]\d\d): ")
_GAP: Final = re.compile(r"\{(\d+)\}")
_LONG_DAY: Final = re.compile(
    r"(?P<weekday>[A-Z][a-z]+day), (?P<month>[A-Z][a-z]+) (?P<day>\d{1,2})(?:, (?P<year>\d{4}))?"
)
_DATUM: Final = re.compile(r"\S*\d\S*")
_WORD: Final = re.compile(r"[A-Za-z']+")
_FEW: Final = 3
_CLOCK: Final = re.compile(r"(?<=\d) ([AP])M\b")
_JOINTS: Final = {", ": ", ", "; ": "; ", " and ": " y ", " or ": " o "}
_WEEKDAYS: Final = {
    "Monday": "lunes",
    "Tuesday": "martes",
    "Wednesday": "miércoles",
    "Thursday": "jueves",
    "Friday": "viernes",
    "Saturday": "sábado",
    "Sunday": "domingo",
}
_MONTHS: Final = dict(
    zip(month_names(locale=LOCALES["en"]).values(), month_names(locale=LOCALES["es"]).values(), strict=True)
)


@lru_cache(maxsize=WRITTEN_MAX)
def in_spanish(text: str) -> str | None:
    """Return the Spanish of *text*, one sentence or several; none if one of them is not known."""
    found = _said(text) if text else ""
    return found and plain_days(_CLOCK.sub(_clock, _LONG_DAY.sub(_long_day, found)), LOCALES["es"])


def _said(text: str) -> str | None:
    """Say *text* sentence by sentence: the shortest piece that is known, then the rest."""
    word = translations("es").gettext(text)
    if word != text:
        return word
    rule = _RULE.match(text)
    if rule:
        rest = _said(text[rule.end() :])
        return rest and f"{rule[1]}: {rest}"
    ends = [end.start() for end in _ENDS.finditer(text)]
    for end in (*ends, len(text)):
        head = _sentence(text[:end])
        rest = head and (_said(text[end + 1 :]) if end < len(text) else "")
        if head and rest is not None:
            return f"{head} {rest}".strip()
    return None


def _sentence(text: str) -> str | None:
    return _by_template(text) or _by_clauses(text) or _by_reason(text)


def _by_template(text: str) -> str | None:
    plain, gapped = _templates()
    if text in plain:
        return plain[text]
    for begins, pattern, spanish, slight in gapped:
        found = text.startswith(begins) and pattern.fullmatch(text)
        if found:
            said = [_value(value) for value in found.groups()]
            if not slight or all(
                word or _DATUM.fullmatch(value) for word, value in zip(said, found.groups(), strict=True)
            ):
                return spanish.format(*(word or value for word, value in zip(said, found.groups(), strict=True)))
    return None


def _by_clauses(text: str) -> str | None:
    """Say clauses that were put together with semicolons."""
    if not text.endswith("."):
        return None
    clauses = [_by_template(clause) or _by_template(f"{clause}.") for clause in text[:-1].split("; ")]
    return "; ".join(clause.rstrip(".") for clause in clauses if clause) + "." if all(clauses) else None


def _by_reason(text: str) -> str | None:
    """Say what is done and, after a colon, why: each was said by itself."""
    what, colon, why = text.removesuffix(".").partition(": ")
    if not colon or not text.endswith("."):
        return None
    said = [_by_template(part) or _by_template(f"{part}.") for part in (what, why)]
    return ": ".join(part.rstrip(".") for part in said if part) + "." if all(said) else None


def _value(text: str) -> str | None:
    """Say what stood in a gap: a word of ours, a sentence within the sentence, a list of such; none if it is other."""
    bare = text.strip()
    if not bare or _LONG_DAY.fullmatch(bare):
        return None
    known = _WEEKDAYS.get(bare) or _label(bare) or _said(bare) or _listed(bare)
    return text.replace(bare, known) if known else None


def _label(text: str) -> str | None:
    word = _labels().get((text[:1].lower() + text[1:]).replace(" ", "_"))
    said = word and translations("es").gettext(word)
    return said[:1].lower() + said[1:] if said else None


def _listed(text: str) -> str | None:
    for joint, spanish in _JOINTS.items():
        if joint in text:
            said = [_value(part) or (part if _DATUM.fullmatch(part) else None) for part in text.split(joint)]
            return spanish.join(part for part in said if part) if all(said) else None
    return None


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    """Return the label of every name that is stored, the first book's where several know it."""
    found: dict[str, str] = {}
    for book in ("service", "fact", "stage", "letter", "role", *BOOKS):
        for name, word in BOOKS[book].items():
            found.setdefault(str(name), word)
    return found


@lru_cache(maxsize=1)
def _templates() -> tuple[dict[str, str], list[tuple[str, re.Pattern[str], str, bool]]]:
    """Return what is said without values; and of what has some its beginning, pattern, Spanish, and if it is slight.

    The most words come first.
    """
    said = {str(each.id): str(each.string) for each in catalogue() if each.context == CONTEXT and each.string}
    gapped = sorted((text for text in said if _GAP.search(text)), key=lambda text: -len(_GAP.sub("", text)))
    patterns = [
        (
            text.partition("{")[0],
            re.compile(_GAP.sub("(.*?)", _escaped(text)), re.DOTALL),
            said[text],
            len(_WORD.findall(text)) < _FEW,
        )
        for text in gapped
    ]
    return {text: spanish for text, spanish in said.items() if not _GAP.search(text)}, patterns


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\{", "{").replace(r"\}", "}")


def _long_day(found: re.Match[str]) -> str:
    weekday, month = _WEEKDAYS.get(found["weekday"]), _MONTHS.get(found["month"])
    if weekday is None or month is None:
        return found[0]
    return f"{weekday}, {found['day']} de {month}" + (f" de {found['year']}" if found["year"] else "")


def _clock(found: re.Match[str]) -> str:
    return f" {found[1].lower()}m"
