"""The codec: what Temporal stores is sealed, and the Web UI's endpoint opens it."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from google.protobuf import json_format
from temporalio.api.common.v1 import Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from activities.codec import KeyUnknown, data_converter, decode_app
from domain.hear import Tells, Told

KEY = bytes(range(32))
UI = "http://localhost:8233"
TOLD = Told(key="k", at=datetime(2026, 9, 1, tzinfo=UTC), what=Tells.LOOK_AGAIN, because="Teal Court 12")


async def test_a_value_comes_back_as_it_went_and_stands_nowhere_in_clear() -> None:
    converter = data_converter(KEY)
    payloads = await converter.encode([TOLD])
    assert b"Teal" not in payloads[0].SerializeToString()
    assert await converter.decode(payloads, [Told]) == [TOLD]


async def test_the_message_of_a_failure_is_sealed() -> None:
    converter, failure = data_converter(KEY), Failure()
    await converter.encode_failure(ApplicationError("owed at Teal Court", TOLD, type="stage"), failure)
    assert b"Teal" not in failure.SerializeToString()
    opened = await converter.decode_failure(failure)
    assert isinstance(opened, ApplicationError)
    assert opened.message == "owed at Teal Court"


async def test_another_key_opens_nothing() -> None:
    sealed = await data_converter(KEY).encode([TOLD])
    with pytest.raises(KeyUnknown):
        await data_converter(bytes(32)).decode(sealed, [Told])


async def test_the_web_ui_is_shown_the_payload_in_clear() -> None:
    sealed = Payloads(payloads=await data_converter(KEY).encode([TOLD]))
    answer = TestClient(decode_app(KEY, [UI])).post(
        "/decode", content=json_format.MessageToJson(sealed), headers={"Origin": UI}
    )
    assert answer.headers["access-control-allow-origin"] == UI
    assert b"Teal" in json_format.Parse(answer.content, Payloads()).payloads[0].data


def test_another_site_is_not_allowed_to_ask() -> None:
    answer = TestClient(decode_app(KEY, [UI])).options(
        "/decode", headers={"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "POST"}
    )
    assert "access-control-allow-origin" not in answer.headers


def test_nonsense_is_refused_without_an_echo() -> None:
    answer = TestClient(decode_app(KEY, [UI])).post("/decode", content=b"Teal Court")
    assert (answer.status_code, answer.text) == (400, "no payloads")
