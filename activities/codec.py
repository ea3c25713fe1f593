"""How does what Temporal stores become unreadable to whoever has no key, and readable again in its Web UI?"""

import dataclasses
import os
from collections.abc import Iterable, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import CompositePayloadConverter, DataConverter, DefaultFailureConverter, PayloadCodec

ENCODING: Final = b"binary/encrypted"
KEY_BYTES: Final = 32  # AES-256
NONCE_BYTES: Final = 12
KEY_ID: Final = "k1"  # written in front of every ciphertext, so that a later key can stand beside this one


class KeyUnknown(ValueError):
    """A payload was sealed under a key that this installation does not hold, or was changed since."""


class SealedPayloads(PayloadCodec):
    """AES-256-GCM over the whole payload, metadata included. *keys* by id; new payloads take the one *current*."""

    def __init__(self, keys: dict[str, bytes], *, current: str = KEY_ID) -> None:
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise ValueError(f"a payload key has {KEY_BYTES} bytes")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads opened; one that was never sealed comes back as it is.

        Raises:
            KeyUnknown: the key is not held, or the payload was changed.
        """
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE_BYTES)
        key_id = self._current.encode()
        sealed = self._ciphers[self._current].encrypt(nonce, payload.SerializeToString(), key_id)
        return Payload(
            metadata={"encoding": ENCODING, "encryption-key-id": key_id}, data=key_id + b":" + nonce + sealed
        )

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id, _, rest = payload.data.partition(b":")
        cipher = self._ciphers.get(key_id.decode(errors="replace"))
        if cipher is None:
            raise KeyUnknown("the payload was sealed under a key that is not held here")
        try:
            return Payload.FromString(cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], key_id))
        except InvalidTag:
            raise KeyUnknown("the payload does not open under its key: another key, or it was changed") from None


def data_converter(key: bytes) -> DataConverter:
    """Return the one converter of clients and workers: pydantic values, failures and summaries, all sealed by *key*.

    Failure messages and stack traces travel as payloads too (`encode_common_attributes`): a refusal may name amounts.
    """
    return dataclasses.replace(
        pydantic_data_converter,
        payload_converter_class=SharedAdapters,
        payload_codec=SealedPayloads({KEY_ID: key}),
        failure_converter_class=SealedFailures,
    )


_CONVERTERS: Final = tuple(PydanticPayloadConverter().converters.values())


class SharedAdapters(CompositePayloadConverter):
    """Pydantic values by one set of type adapters for the whole process.

    The SDK makes a converter for each workflow, and adapters for a case's messages take 70 ms of CPU to build.
    """

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


class SealedFailures(DefaultFailureConverter):
    """Failures whose message and stack trace go through the codec."""

    def __init__(self) -> None:
        super().__init__(encode_common_attributes=True)


def decode_app(key: bytes, origins: Iterable[str]) -> FastAPI:
    """Return the endpoint (`POST /decode`) by which the Temporal Web UI at *origins* shows payloads in clear.

    Whoever reaches it reads every case: it is served on localhost alone.
    """
    codec = SealedPayloads({KEY_ID: key})
    app = FastAPI(openapi_url=None)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["POST"],
        allow_headers=["content-type", "x-namespace"],
    )

    @app.post("/decode")
    async def decode(request: Request) -> Response:
        try:
            asked = json_format.Parse(await request.body(), Payloads())
            opened = await codec.decode(list(asked.payloads))
        except (json_format.ParseError, KeyUnknown) as fault:
            return Response(str(fault) if isinstance(fault, KeyUnknown) else "no payloads", status_code=400)
        return Response(json_format.MessageToJson(Payloads(payloads=opened)), media_type="application/json")

    return app
