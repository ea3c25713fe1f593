from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casework.paper import Paper, on_paper


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        yield paper
