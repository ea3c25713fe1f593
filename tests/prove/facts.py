"""Which facts may be known of a household: every kind, every phase of its life, both sides of every threshold?"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from domain.case import (
    Case,
)
from domain.facts import Fact, FactKind
from domain.money import Money
from tests.prove.law import law_of, plus
from tests.prove.places import (
    DAY,
    HOUR,
    LOW,
    MINUTE,
    Place,
    stated,
)

Make = Callable[[Place], Fact]
WORDS: dict[FactKind, dict[str, str]] = {
    FactKind.HEAT_PRODUCT: {"product": "heat advisory"},
    FactKind.INCOME_QUALIFICATION: {"band": "low"},
    FactKind.REFERRAL_GIVEN: {"providers": "yes"},
    FactKind.OCCUPANCY_CHECK: {"informed": "yes"},
    FactKind.AGREEMENT_DECLINED: {"by": "phone"},
    FactKind.PUT_RIGHT: {"change": "came"},
}
CONCERN = tuple(
    kind
    for kind in FactKind
    if kind
    not in {
        FactKind.CONSENT, FactKind.REVOCATION, FactKind.LANGUAGE, FactKind.REPRESENTED, FactKind.OWNER_WAIVER,
        FactKind.OUTSIDE_ACT,
    }
)  # fmt: skip
"""The kinds that may bear on a cut; the others are tried once each, to show that they do not."""


def a_fact(place: Place, kind: FactKind, starts: datetime, until: datetime | None = None, **said: Any) -> Fact:
    known_at, amount = said.pop("known_at", starts), said.pop("amount", None)
    details = {**WORDS.get(kind, {}), **said}
    if details.get("band") == "low":
        details["band"] = LOW[place.city]
    return Fact(
        fact_id=f"{kind}/{starts.isoformat()}/{until}/{sorted(said.items())}",
        kind=kind,
        starts=starts,
        until=until,
        known_at=known_at,
        amount=None if amount is None else Money(amount),
        details={key: str(value) for key, value in details.items()},
    )


def _phases(kind: FactKind) -> Iterator[tuple[str, Make]]:
    yield f"{kind} active", lambda p: a_fact(p, kind, p.ago(3))
    yield f"{kind} expired", lambda p: a_fact(p, kind, p.ago(30), p.now - MINUTE)
    yield f"{kind} entered late", lambda p: a_fact(p, kind, p.ago(30), known_at=p.now - MINUTE)


def _edges(kind: FactKind) -> Iterator[tuple[str, Make]]:
    yield f"{kind} begun this minute", lambda p: a_fact(p, kind, p.now)
    yield f"{kind} about to end", lambda p: a_fact(p, kind, p.ago(3), p.now + MINUTE)
    yield f"{kind} ends this minute", lambda p: a_fact(p, kind, p.ago(3), p.now)
    yield f"{kind} about to begin", lambda p: a_fact(p, kind, p.now + MINUTE)
    yield f"{kind} withdrawn", lambda p: replace(a_fact(p, kind, p.ago(3)), withdrawn_at=p.now - MINUTE)


def _open_days_ago(place: Place, count: int) -> date:
    """Return the latest day whose *count*-th open day after it is today or earlier."""
    law, day = law_of(place.city), place.today
    while law.open_days_after(day, count) > place.today:
        day = plus(day, -1)
    return day


def _either_side(name: str, key: str, make: Callable[[Place, int], Fact]) -> Iterator[tuple[str, Make]]:
    """Yield facts as old as the value of *key*, a day younger and a day older."""
    for by, word in ((-1, "the day before"), (0, "on"), (1, "the day after")):
        yield f"{name} {word}", lambda p, by=by: make(p, stated(p, key) + by)


def _thresholds() -> Iterator[tuple[str, Make]]:
    kinds = FactKind
    yield from _either_side(
        "written certificate", "medical.max_days", lambda p, n: a_fact(p, kinds.MEDICAL_CERTIFICATE, p.ago(n))
    )
    for by in (-1, 0, 1):
        yield (
            f"telephone certificate {by:+} day",
            lambda p, by=by: a_fact(
                p,
                kinds.MEDICAL_CERTIFICATE,
                p.ago(10),
                form="phone",
                certified_on=plus(_open_days_ago(p, stated(p, "medical.phone_grace_open_days")), by),
            ),
        )
        yield (
            f"claimed payment {by:+} day",
            lambda p, by=by: a_fact(
                p,
                kinds.CLAIMED_PAYMENT,
                p.midnight(plus(_open_days_ago(p, stated(p, "payment.claimed_open_days")), min(by, 0)))
                - (DAY if by < 0 else timedelta(0)),
            ),
        )
    yield from _either_side(
        "pledge expired", "pledge.hold_days", lambda p, n: a_fact(p, kinds.PLEDGE, p.ago(40), p.ago(n))
    )
    yield from _either_side(
        "petition, later debt",
        "bankruptcy.assurance_days",
        lambda p, n: a_fact(p, kinds.BANKRUPTCY, p.ago(3), chapter="7", petition_on=plus(p.today, -n)),
    )
    yield from _either_side(
        "petition of chapter 11, later debt",
        "bankruptcy.chapter_11_days",
        lambda p, n: a_fact(p, kinds.BANKRUPTCY, p.ago(3), chapter="11", petition_on=plus(p.today, -n)),
    )
    yield "petition before every bill", lambda p: a_fact(p, kinds.BANKRUPTCY, p.ago(3), petition_on=p.ago(82).date())
    yield "petition on the bill's day", lambda p: a_fact(p, kinds.BANKRUPTCY, p.ago(3), petition_on=p.ago(81).date())
    yield from _either_side("tenants told", "tenant.notice_days", lambda p, n: a_fact(p, kinds.TENANT_NOTICE, p.ago(n)))
    yield from _either_side(
        "provider told", "winter.provider_notice_days", lambda p, n: a_fact(p, kinds.PROVIDER_NOTICE, p.ago(n))
    )
    for days, word in ((36, "before"), (35, "on the day of")):
        yield f"copy {word} the notice", lambda p, n=days: a_fact(p, kinds.THIRD_PARTY_COPY, p.ago(n))
        yield f"tenants told {word} the notice", lambda p, n=days: a_fact(p, kinds.TENANT_NOTICE, p.ago(n))
    for kind in (kinds.PLEDGE, kinds.CLAIMED_PAYMENT):
        for amount in (7_000, 7_001):
            yield (
                f"{kind} of {amount} cents",
                lambda p, k=kind, a=amount: a_fact(p, k, p.midnight(p.today), amount=a),
            )


def _words() -> Iterator[tuple[str, Make]]:
    kinds = FactKind
    said: tuple[tuple[FactKind, dict[str, str]], ...] = (
        (kinds.STOP_SWITCH, {"scope": "cuts"}),
        (kinds.STOP_SWITCH, {"scope": "letters calls"}),
        (kinds.STOP_SWITCH, {"service": "water"}),
        (kinds.INCOME_QUALIFICATION, {"band": "gt100smi"}),
        (kinds.INABILITY_TO_PAY_FORM, {"step": "returned"}),
        (kinds.INABILITY_TO_PAY_FORM, {"step": "decided"}),
        (kinds.REFERRAL_GIVEN, {"providers": "no"}),
        (kinds.OCCUPANCY_CHECK, {"result": "occupied", "informed": "no"}),
        (kinds.OCCUPANCY_CHECK, {"result": "vacant"}),
        (kinds.MILITARY_ORDERS, {"income": "above"}),
        (kinds.HEAT_PRODUCT, {"product": "Frost Advisory"}),
        (kinds.HEAT_PRODUCT, {"product": "unread"}),
        (kinds.HEAT_PRODUCT, {"county": "Elsewhere"}),
    )
    for kind, words in said:
        yield f"{kind} {words}", lambda p, k=kind, w=words: a_fact(p, k, p.ago(3), **w)
    yield "vacant, seen ten days ago", lambda p: a_fact(p, kinds.OCCUPANCY_CHECK, p.ago(10), result="vacant")
    for by in ("phone", "in_person", "letter"):
        yield f"declined today by {by}", lambda p, by=by: a_fact(p, kinds.AGREEMENT_DECLINED, p.now - HOUR, by=by)
    for change in ("came", "left"):
        yield (
            f"money {change}, found since the notice",
            lambda p, c=change: a_fact(p, kinds.PUT_RIGHT, p.ago(40), known_at=p.ago(2), amount=100, change=c),
        )
    yield "heat later today", lambda p: a_fact(p, kinds.HEAT_PRODUCT, p.now + HOUR, p.now + 9 * HOUR)
    yield "heat tomorrow", lambda p: a_fact(p, kinds.HEAT_PRODUCT, p.now + DAY, p.now + 2 * DAY)
    for kind in FactKind:
        if kind not in CONCERN:
            yield f"{kind} active", lambda p, k=kind: a_fact(p, k, p.ago(3))


FACTS: dict[str, Make] = {
    **{name: make for kind in CONCERN for name, make in _phases(kind)},
    **dict(_thresholds()),
    **dict(_words()),
}
"""Every kind active, expired and entered late, and one value each side of each threshold."""
EDGES: dict[str, Make] = {name: make for kind in FactKind for name, make in _edges(kind)}
"""Every kind in the minutes about its beginning and its end, or withdrawn."""
SETS: tuple[tuple[str, ...], ...] = ((), *((name,) for name in FACTS), *itertools.combinations(FACTS, 2))


@cache
def facts_at(place: Place) -> dict[str, Fact]:
    """Return every fact by its name, as it stands at *place*."""
    return {name: make(place) for name, make in (*FACTS.items(), *EDGES.items())}


def knowing(case: Case, place: Place, names: tuple[str, ...]) -> Case:
    """Return *case* with the facts of these names known."""
    table = facts_at(place)
    return replace(case, known=replace(case.known, facts=tuple(table[name] for name in names)))
