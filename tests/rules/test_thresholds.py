"""Would the worked examples notice a threshold that is off by one?"""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.gate import gate
from domain.policy import Dated, Policy
from domain.verdict import Finding
from tests.rules.worked import Example, case_of, examples, instant, policy

THRESHOLDS = (
    "path.min_balance_cents", "notice.min_days_mailed", "notice.min_days_mailed_winter", "notice.min_days_hand",
    "notice.min_days_hand_winter", "notice.valid_days", "dnp.min_days_past_due", "dnp.min_days_past_due_water",
    "dnp.min_balance_cents", "dnp.cancel_threshold_cents", "dnp.reading_minutes", "medical.phone_grace_open_days",
    "medical.max_days", "tenant.notice_days", "pledge.hold_days", "payment.claimed_open_days",
    "bankruptcy.assurance_days", "bankruptcy.chapter_11_days", "contact.quiet_days", "winter.provider_notice_days",
)  # fmt: skip
UNUSED = {("las-cruces-nm", "winter.provider_notice_days")}  # New Mexico asks for no notice to a provider
EXAMPLES = examples()


def noticed(example: Example, pack: Policy) -> bool:
    """Return whether *example* fails under *pack*."""
    verdict = gate(example.action, case_of(example), pack, instant(example.now, example.city))
    outcome = next(each for each in verdict.outcomes if each.rule == example.rule)
    expected = example.also | ({example.rule} if example.expect is Finding.BLOCKS else set())
    moved = isinstance(example.until, datetime) and outcome.until != instant(example.until, example.city)
    return moved or outcome.finding is not example.expect or {each.rule for each in verdict.blocking} != expected


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize(
    ("city", "key"),
    [(city, key) for city in ("rochester-mn", "las-cruces-nm") for key in THRESHOLDS if (city, key) not in UNUSED],
)
def test_a_threshold_off_by_one_fails_an_example(city: str, key: str, by: int) -> None:
    pack = policy(city)
    dated = pack.values[key][-1]
    assert isinstance(dated.value, int)
    off = replace(pack, values=pack.values | {key: (Dated(dated.since, dated.value + by, dated.source),)})
    assert any(noticed(example, off) for example in EXAMPLES if example.city == city)
