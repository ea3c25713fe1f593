"""Does the console speak both languages throughout, and write dates and money as each does?"""

import re
from dataclasses import fields
from datetime import UTC, datetime
from typing import get_args

import pytest

from console.catalogue import forgotten, kept, missing
from console.forms import CHOICES, COMMANDS, LABELS
from console.labels import BOOKS, DECISIONS, FACTS, STAGES, STATUSES, STEPS
from console.telling import SENTENCES
from console.words import Speech, chosen_language
from domain import events as ev
from domain.facts import FactKind
from domain.money import Money
from domain.states import ServiceStatus, Stage
from domain.step import StepKind

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


@pytest.mark.parametrize(
    ("speech", "money", "day", "instant"),
    [
        (EN, "$1,234.50", "Tue, Dec 1, 2026", "Dec 1, 2026, 10:30:00 PM"),
        (ES, "$1,234.50", "mar 1 dic 2026", "1 dic 2026, 10:30:00 p.m."),
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
