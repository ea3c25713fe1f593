"""Does the console speak both languages throughout, and write dates and money as each does?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.errors import forbidden
from casework.permissions import WORDS, Permission
from console.catalogue import forgotten, kept, missing
from console.forms import ALL, CHOICES, COMMANDS, LABELS
from console.labels import BOOKS
from console.labels_asked import DECISIONS
from console.labels_case import FACTS, SERVICES, STAGES, STATUSES, STEPS
from console.labels_kept import CHAPTERS
from console.labels_policy import PARAMETER_NAMES
from console.sentences import in_spanish
from console.stating import stated
from console.telling import SENTENCES, Teller
from console.words import Speech, chosen_language
from domain import events as ev
from domain.calendar import Window
from domain.facts import FactKind
from domain.money import Money
from domain.parameters import PARAMETERS
from domain.states import ServiceStatus, Stage
from domain.step import StepKind
from gateways.packs import load_policy
from models.users import Role

EN, ES = Speech("en", "America/Chicago"), Speech("es", "America/Chicago")
NIGHT = datetime(2026, 12, 2, 4, 30, tzinfo=UTC)  # still the evening of the first in the city


def test_every_word_has_its_spanish_and_no_spanish_is_left_over() -> None:
    assert missing() == []
    assert forgotten() == []


def test_no_translation_loses_or_invents_a_value() -> None:
    for message in kept():
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = set(re.findall(r"%\((\w+)\)s", ids[-1]))
        assert all(set(re.findall(r"%\((\w+)\)s", text)) == wanted for text in texts if message.id), message.id


def test_every_event_has_its_sentence() -> None:
    types = {str(field.default) for body in get_args(ev.Body) for field in fields(body) if field.name == "type"}
    assert set(SENTENCES) >= types


@pytest.mark.parametrize("body", get_args(ev.Body), ids=lambda body: body.__name__)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_event_is_told_whatever_it_holds(body: type, data: st.DataObject) -> None:
    told = Teller(ES).tell(data.draw(any_of(body)))
    assert told
    assert "%(" not in told


def any_of(kind: type) -> st.SearchStrategy:
    """Values of any shape that *kind* allows; instants know their zone, as they do on record."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _any(hints[field.name]) for field in fields(kind)})


def _any(hint: object) -> st.SearchStrategy:
    parts = get_args(hint)
    if is_dataclass(hint):
        return any_of(hint)
    if hint is datetime:
        return st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
    if hint is str:
        return st.text(st.characters(exclude_characters="%"))  # no word of a person looks like a gap in ours
    if hint is date:
        return st.dates(date(2020, 1, 1), date(2030, 1, 1))
    if get_origin(hint) is tuple:
        return st.lists(_any(parts[0]), max_size=2).map(tuple)
    if type(None) in parts:
        return st.none() | _any(next(part for part in parts if part is not type(None)))
    return st.integers(-(10**9), 10**9) if hint is int else st.from_type(hint)


def test_every_stage_status_step_fact_and_decision_has_its_word() -> None:
    assert set(STAGES) >= set(Stage)
    assert set(STATUSES) >= set(ServiceStatus)
    assert set(STEPS) >= set(StepKind)
    assert set(FACTS) >= set(FactKind)
    assert set(DECISIONS) >= set(COMMANDS)


def test_every_question_of_every_form_has_its_words() -> None:
    asked = {field.name for kind in COMMANDS.values() for field in fields(kind)} - {"type"}
    assert asked - set(LABELS) == set()
    assert set(CHOICES) <= asked


def test_every_value_of_a_pack_has_its_name() -> None:
    assert PARAMETER_NAMES.keys() == PARAMETERS.keys()


@pytest.mark.parametrize(
    ("value", "unit", "english", "spanish"),
    [
        (2_500, "cents up to which nobody else is asked", "$25.00", "$25.00"),
        (True, "yes or no", "yes", "sí"),
        (((10, 1), (4, 30)), "(month, day) through (month, day)", "Oct 1, Apr 30", "1 oct, 30 abr"),
        ((4, 6), "weekday numbers, Monday 0", "Fri, Sun", "vie, dom"),
        (Window(time(8), time(15, 30)), "local clock", "8:00 AM \u2013 3:30 PM", "8:00 am \u2013 3:30 pm"),
        ("15:00", "local clock", "3:00 PM", "3:00 pm"),
        (("electric", "water"), "services, the first billed one is cut", "Electric, Water", "Electricidad, Agua"),
        ((), "services that may be certified", "\u2013", "\u2013"),
        (Decimal("0.65"), "per cent", "0.65", "0.65"),
    ],
)
def test_a_value_of_a_pack_is_written_as_people_write_it(value: object, unit: str, english: str, spanish: str) -> None:
    assert stated(EN, value, unit).replace("\xa0", " ") == english
    assert stated(ES, value, unit).replace("\xa0", " ") == spanish


def test_every_choice_of_every_form_has_its_word() -> None:
    for name, hint in [pair for kind in COMMANDS.values() for pair in get_type_hints(kind).items()]:
        values = [each for part in (hint, *get_args(hint)) for each in _choices(part)]
        known = SERVICES.keys() if name == "services" else CHOICES.get(name, {}).keys() | ALL.keys()
        assert {str(each) for each in values} <= known, name


def _choices(hint: object) -> Sequence[object]:
    if get_origin(hint) is Literal and len(get_args(hint)) > 1:
        return get_args(hint)
    return list(hint) if isinstance(hint, type) and issubclass(hint, StrEnum) else []


@pytest.mark.parametrize(
    ("speech", "money", "day", "instant"),
    [
        (EN, "$1,234.50", "Tue, Dec 1, 2026", "Dec 1, 2026, 10:30 PM"),
        (ES, "$1,234.50", "mar 1 dic 2026", "1 dic 2026, 10:30 pm"),
    ],
)
def test_money_days_and_hours_are_written_as_the_language_writes_them(
    speech: Speech, money: str, day: str, instant: str
) -> None:
    assert speech.money(Money(123_450)) == money
    assert speech.money(-50).startswith("-$0.50")
    assert speech.weekday(speech.local_day(NIGHT)) == day
    assert speech.instant(NIGHT).replace("\xa0", " ") == instant


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("es", "en", "es"),
        (None, "es-MX,en;q=0.5", "es"),
        (None, "fr,es;q=0.8", "es"),
        (None, "", "en"),
        ("xx", "fr", "en"),
    ],
)
def test_the_language_is_the_one_chosen_else_the_browser_s(cookie: str | None, accepted: str, language: str) -> None:
    assert chosen_language(cookie, accepted) == language


def test_every_book_of_labels_is_complete_in_spanish() -> None:
    same = {"Gas", "Supervisor", "Temporal", "Auditor"}
    words = {word for book in BOOKS.values() for word in book.values()} - same
    assert [word for word in words if ES.say(word) == word] == []


@pytest.mark.parametrize("pack", sorted(Path("policies").glob("*.toml")), ids=lambda path: path.stem)
def test_no_name_that_a_pack_chooses_is_shown_as_it_is_stored(pack: Path) -> None:
    policy = load_policy(pack)
    for key, parameter in PARAMETERS.items():
        for dated in policy.values.get(key, ()):
            for name in _names(dated.value):
                for speech in (EN, ES):
                    assert name not in stated(speech, dated.value, parameter.unit), f"{key}: {name}"


def test_every_chapter_of_a_pack_has_its_name() -> None:
    assert CHAPTERS.keys() == {key.partition(".")[0] for key in PARAMETERS}


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str) and "_" in value:
        yield value
    if isinstance(value, tuple):
        for each in value:
            yield from _names(each)


def test_what_a_role_may_not_do_is_said_in_words_in_both_languages() -> None:
    assert WORDS.keys() == set(Permission)
    for permission in Permission:
        said = forbidden(permission, Role.CUSTOMER_CARE).refusal.detail
        assert "_" not in said
        assert (
            in_spanish(said) == f"El rol «atención al cliente» no tiene permiso para {in_spanish(WORDS[permission])}."
        )
