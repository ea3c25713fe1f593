"""How does a deep check say how much it tried? And both databases, as the tests of `models` have them."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.models.conftest import database_url, engine, postgres_server, postgres_template, sqlite_template

__all__ = ["Tell", "Tried", "database_url", "engine", "postgres_server", "postgres_template", "sqlite_template", "tell"]

Tell = Callable[[str], None]
Tried = Callable[[int], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """A sentence for the end of the run, whichever process the test ran in."""
    return lambda sentence: record_property("told", sentence)


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    """How many states a test tried; they are summed at the end of the run."""
    return lambda states: record_property("states", states)


@pytest.fixture(autouse=True)
def seconds(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """How long a test took, by the processor and by the clock; summed likewise."""
    processor, clock = time.process_time(), time.perf_counter()
    yield
    record_property("seconds", (time.process_time() - processor, time.perf_counter() - clock))
