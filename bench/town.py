"""Which city do benchmarks work in? One of equal accounts, each with one electric bill just past due."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.settings import PACKS
from domain.policy import Policy
from formats.account_no import check_digit
from gateways.fakes.city import FakeCity
from gateways.packs import load_policy

PACK = PACKS / "demo-city.toml"
DUE_ON = date(2026, 9, 16)  # a Wednesday; the fifth day after it is a Monday on which the office is open
OPENS_AT = time(10)
BILL_CENTS = 48_000  # splits into 3 and into 24 equal instalments
_ACCOUNT = {
    "premise_id": "P000001",
    "premise_address": "1 Bench St",
    "zip": "55999",
    "customer_name": "Nobody",
    "class": "commercial",
    "services": "electric",
    "language": "en",
    "occupancy": "owner",
    "deposit_cents": "0",
    "status": "active",
    "status_date": "2020-01-01",
    "customer_since": "2020-01-01",
    "meter_type": "remote",
    "bill_cycle": "9",
    "opening_credit_cents": "0",
    "sms_consent": "0",
    "email_consent": "0",
    "call_consent": "0",
    "military": "0",
    "medical_equipment": "0",
    "life_support": "0",
    "late_12m": "0",
    "returned_12m": "0",
    "disconnected_12m": "0",
    "broken_arrangements_12m": "0",
}
_EMPTY = (
    "mailing_address",
    "phone",
    "email",
    "landlord",
    "owner_waiver_on",
    "heat_source",
    "income_band",
    "autopay",
    "third_party_designee",
    "bankruptcy_chapter",
    "bankruptcy_petition_on",
    "agency_placed_on",
)


def account_nos(count: int) -> tuple[str, ...]:
    """Return the numbers of a town's accounts."""
    stems = (f"97{serial:07d}" for serial in range(1, count + 1))
    return tuple(stem + check_digit(stem) for stem in stems)


def opening(policy: Policy) -> datetime:
    """Return the instant at which a town's cases open: the morning after its bills fell due."""
    return policy.calendar.at(DUE_ON + timedelta(days=1), OPENS_AT)


def found_town(root: Path, *, accounts: int, policy: Policy) -> FakeCity:
    """Write a town's folder under *root* and return its systems, at the opening."""
    numbers = account_nos(accounts)
    _write(root / "cis" / "accounts.csv", (_account(number) for number in numbers))
    _write(root / "cis" / "open_items.csv", (_bill(number, serial) for serial, number in enumerate(numbers, start=1)))
    _write(root / "cis" / f"aging_{DUE_ON}.csv", ({"as_of": DUE_ON.isoformat()},))
    city = FakeCity(root, zone=ZoneInfo(policy.calendar.zone))
    city.advance(opening(policy))
    return city


def town_policy() -> Policy:
    """Return the pack by which a town lives."""
    return load_policy(PACK)


def _account(number: str) -> Mapping[str, str]:
    return {"account_no": number, **_ACCOUNT, **dict.fromkeys(_EMPTY, "")}


def _bill(number: str, serial: int) -> Mapping[str, str]:
    return {
        "bill_no": f"{serial:06d}",
        "account_no": number,
        "service": "electric",
        "bill_date": (DUE_ON - timedelta(days=21)).isoformat(),
        "due_date": DUE_ON.isoformat(),
        "original_cents": str(BILL_CENTS),
        "remaining_cents": str(BILL_CENTS),
    }


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    found = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=found[0])
        writer.writeheader()
        writer.writerows(found)
