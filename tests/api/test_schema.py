"""The application keeps what its OpenAPI schema promises, whatever is sent."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, not_a_server_error

from api.app import create_app
from casework.context import Installation
from tests.casework.paper import SHOP, SHOP_CASE, Paper, on_paper

EXAMPLES = max(10, settings().max_examples // 25)  # for each of some thirty operations
# Temporal is not here: these answer 503.
NEED_TEMPORAL = {
    "GET /readyz",
    "GET /api/v1/cases/{case_id}/history",
    "POST /api/v1/accounts/{account_no}/contacts",
}
ON_RECORD = {"case_id": SHOP_CASE, "account_no": SHOP}
DECIDING = {"POST /api/v1/cases/{case_id}/decisions"}  # as previews: there is no Temporal here

# Whether data is acceptable is also a matter of what is on record, of which the schema knows nothing.
OF_THE_RECORD = {"positive_data_acceptance", "negative_data_rejection"}


HELD: dict[str, Installation | None] = {"at": None}  # the schema is read before there is an installation


@asynccontextmanager
async def _connect() -> AsyncIterator[Installation | None]:
    yield HELD["at"]


APP: FastAPI = create_app(_connect)  # type: ignore[arg-type]  # nothing is asked before the fixture has run
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
CHOSEN = [check for check in CHECKS.get_all() if check.__name__ not in OF_THE_RECORD]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    folder: Path = tmp_path_factory.mktemp("schema")
    with on_paper(folder) as paper:
        asyncio.run(paper.open())
        yield paper


@pytest.fixture(scope="module")
def supervisor(paper: Paper) -> dict[str, str]:
    HELD["at"] = APP.state.installation = paper.at
    return {"Authorization": f"Bearer {paper.tokens()['sven']}"}


@pytest.mark.parametrize("label", OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_that_the_schema_names(label: str, supervisor: dict[str, str]) -> None:
    @given(st.data())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def sent(data: st.DataObject) -> None:
        case = data.draw(OPERATIONS[label].as_strategy())
        for name, number in ON_RECORD.items():
            if name in case.path_parameters and data.draw(st.booleans(), label=f"{name} on record"):
                case.path_parameters[name] = number
        if label in DECIDING:
            case.query["preview"] = "true"
        checks = [check for check in CHOSEN if label not in NEED_TEMPORAL or check is not not_a_server_error]
        case.call_and_validate(headers=supervisor, checks=checks)

    sent()
