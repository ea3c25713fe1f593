"""Which of two packs is in force?"""

from datetime import timedelta

from sqlalchemy import Engine

from models.policies import activate, active_digest
from models.session import reading, transaction
from tests.builders import POLICY, a_policy, at

NOW = at("2026-09-01 08:00")


def test_of_two_packs_put_in_force_at_one_instant_the_later_word_holds(engine: Engine) -> None:
    packs = [POLICY, *(a_policy(reminder_days=days) for days in range(6, 12)), POLICY]
    for pack in packs:
        with transaction(engine) as session:
            activate(session, pack, NOW)
        with reading(engine) as session:
            assert active_digest(session) == pack.digest


def test_a_pack_put_in_force_again_later_is_the_one_in_force(engine: Engine) -> None:
    for hours, pack in enumerate((POLICY, a_policy(reminder_days=9), POLICY)):
        with transaction(engine) as session:
            activate(session, pack, NOW + timedelta(hours=hours))
    with reading(engine) as session:
        assert active_digest(session) == POLICY.digest
