"""How does a deep check say how much it tried? And both databases, as the tests of `models` have them."""

from collections.abc import Callable

import pytest

from tests.models.conftest import database_url, engine, postgres_server, postgres_template, sqlite_template

__all__ = ["Tell", "database_url", "engine", "postgres_server", "postgres_template", "sqlite_template", "tell"]

Tell = Callable[[str], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """A sentence for the end of the run, whichever process the test ran in."""
    return lambda sentence: record_property("told", sentence)
