"""How is an event written as JSON, its private words apart, and read back?"""

import json
from dataclasses import fields
from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter

from domain.events import PRIVATE_FIELDS, Body
from domain.verdict import Certificate, Verdict

REDACTED = "[redacted]"

_BODY: TypeAdapter[Body] = TypeAdapter(Annotated[Body, Field(discriminator="type")])
_CERTIFICATE = TypeAdapter(Certificate)
_VERDICT = TypeAdapter(Verdict)

# The fields of each kind of event, by its type.
_FIELDS = {
    kind.__dataclass_fields__["type"].default: frozenset(field.name for field in fields(kind))
    for kind in get_args(Body)
}

Written = dict[str, Any]


def write_body(body: Body) -> tuple[Written, bytes | None]:
    """Return the public part of *body*, and its private words as bytes to be sealed; none if there are none."""
    public: Written = _BODY.dump_python(body, mode="json")
    private = {name: public.pop(name) for name in sorted(PRIVATE_FIELDS & public.keys()) if public[name]}
    return public, write_words(private) if private else None


def read_words(plaintext: bytes) -> dict[str, str]:
    """Return the private words that `write_body` set apart, by field."""
    words: dict[str, str] = json.loads(plaintext)
    return words


def write_words(words: dict[str, str]) -> bytes:
    """Return private words as bytes to be sealed, as `read_words` reads them."""
    return json.dumps(words).encode()


def read_body(public: Written, words: dict[str, str] | None) -> Body:
    """Return the body of *public* with its private *words*; with none (their key is gone) they read ``[redacted]``."""
    if words is None:
        missing = PRIVATE_FIELDS & _FIELDS[public["type"]] - public.keys()
        words = dict.fromkeys(missing, REDACTED)
    return _BODY.validate_python({**public, **words})


def write_certificate(certificate: Certificate | None) -> Written | None:
    return None if certificate is None else _CERTIFICATE.dump_python(certificate, mode="json")


def read_certificate(written: Written | None) -> Certificate | None:
    return None if written is None else _CERTIFICATE.validate_python(written)


def write_verdict(verdict: Verdict) -> Written:
    written: Written = _VERDICT.dump_python(verdict, mode="json")
    return written


def read_verdict(written: Written) -> Verdict:
    return _VERDICT.validate_python(written)
