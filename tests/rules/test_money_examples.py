"""Do the rules of money answer as their worked examples say?"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import parameters as par
from domain.money import Money
from domain.policy import Dated, Policy
from domain.returned import Past, ReturnedItem, card_again, consequences
from formats.returned import decline_of, reason_of
from tests.rules.worked import policy

FOLDER = Path(__file__).parents[2] / "policies" / "worked_examples" / "money"
ON = date(2026, 9, 9)
PRESENTED = date(2026, 9, 4)
AMOUNT = Money(84_20)


def said(kind: str) -> list[Any]:
    return list(_said(kind))


def _said(kind: str) -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(path.read_text())
        for each in tables.get(kind, ()):
            yield pytest.param(each, id=f"{tables['rule']}: {each['name']}")


def with_value(pack: Policy, key: str, value: object) -> Policy:
    """Return *pack* with *value* in force from its first day."""
    first = pack.values[key][0]
    return replace(pack, values={**pack.values, key: (Dated(first.since, value, first.source),)})


def pack_of(example: dict[str, Any]) -> Policy:
    pack = policy(example.get("city", "rochester-mn"))
    return with_value(pack, par.NSF_POSTED.key, example["posted"]) if "posted" in example else pack


@pytest.mark.parametrize("example", said("returned"))
def test_what_follows_from_a_returned_item(example: dict[str, Any]) -> None:
    item = ReturnedItem(
        amount=AMOUNT,
        reason=reason_of(example["source"], example["code"]),
        presented_on=example.get("presented", PRESENTED),
        returned_on=example.get("returned", ON),
        presentment=example.get("presentment", 1),
    )
    past = Past(strikes=example.get("strikes", ()), fee_charged=example.get("fee_charged", False))
    found = consequences(item, past, pack_of(example))
    answers = {
        "retry": found.retry_on or False,
        "fee": f"{found.fee}".removeprefix("$"),
        "instrument": str(found.instrument),
        "autopay": str(found.autopay),
        "cash_only": found.cash_only_until or False,
        "deceased": found.deceased,
        "task": found.tasks[0] if found.tasks else False,
        "rate": str(item.reason.rate),
    }
    assert {key: answers[key] for key in example["expect"]} == example["expect"], found
    assert found.fee_why.endswith(".")
    assert found.retry_why.endswith((".", ")."))


@pytest.mark.parametrize("example", said("declined"))
def test_what_follows_from_a_declined_card(example: dict[str, Any]) -> None:
    reason = decline_of(example["code"], example.get("advice", ""))
    again, since, says = card_again(example.get("attempts", ()), reason, pack_of(example), on=example.get("on", ON))
    answers = {
        "again": str(again),
        "from": since,
        "instrument": str(reason.instrument),
        "autopay": str(reason.autopay),
        "task": reason.task or False,
    }
    assert {key: answers[key] for key in example["expect"]} == example["expect"], says


def test_every_code_of_every_table_has_its_treatment() -> None:
    from formats import nacha  # noqa: PLC0415
    from formats.codes import CARDS, CHECKS  # noqa: PLC0415

    for code in {**nacha.RETURNS, **nacha.CHANGES}:
        assert reason_of("draft", code).known, code
    for code in CHECKS:
        assert reason_of("lockbox", code).known, code
    for code in CARDS:
        assert decline_of(code, "").known, code
