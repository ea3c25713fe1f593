"""Is money that came in the payment that someone had said was made?"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from domain.claimed import MATCHED, Arrival, ended, matching
from domain.facts import Fact, FactKind
from models.facts import record_fact
from models.tables import FactRow

ASKED_AT_ONCE = 500  # account numbers in one question


def match_claims(session: Session, arrivals: Sequence[tuple[str, Arrival]]) -> None:
    """Let each of *arrivals* (account, money) settle the claim that it is the payment of; the caller holds the locks.

    The claim is replaced by one that says so: it holds nothing up any more, and is not counted as false.
    """
    claims = _claims(session, sorted({account_no for account_no, _ in arrivals}))
    for account_no, arrival in arrivals if claims else ():
        claim = matching(claims.get(account_no, ()), arrival)
        if claim is None:
            continue
        claims[account_no].remove(claim)
        found = ended(
            claim, MATCHED, fact_id=f"{claim.fact_id}-m", at=arrival.at, by="system", payment=arrival.payment_id
        )
        record_fact(session, fact=found, known_at=arrival.at, account_no=account_no, replaces=claim.fact_id)


def _claims(session: Session, account_nos: Sequence[str]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for start in range(0, len(account_nos), ASKED_AT_ONCE):
        query = select(FactRow).where(
            col(FactRow.account_no).in_(account_nos[start : start + ASKED_AT_ONCE]),
            FactRow.kind == FactKind.CLAIMED_PAYMENT.value,
            col(FactRow.withdrawn_at).is_(None),
        )
        for row in session.exec(query):
            assert row.account_no is not None, "the question named accounts"
            found.setdefault(row.account_no, []).append(row.to_domain())
    return found
