"""Which households are one value away from the plain one?"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from domain.account import CustomerClass, OpenBill
from domain.arrangement import ArrangementStatus
from domain.bankruptcy import Bankruptcy
from domain.case import (
    ApprovalState,
    Case,
    Extension,
    OrderState,
    ServiceState,
)
from domain.money import Money
from domain.states import ServiceStatus
from tests.prove.law import plus
from tests.prove.places import (
    DAY,
    HIGH,
    LOW,
    MINUTE,
    OTHER,
    PARTS,
    SERVICE,
    Place,
    a_bill,
    a_notice,
    an_agreement,
    an_approval,
    an_order,
    plain,
    stated,
)


def _bills(place: Place, *bills: OpenBill, named: tuple[OpenBill, ...] | None = None, **known: Any) -> Case:
    base = plain(place)
    notice = a_notice(place, *(bills if named is None else named))
    return replace(base, notice=notice, known=replace(base.known, bills=bills, **known))


def _money(place: Place, **known: Any) -> Case:
    base = plain(place)
    return replace(base, known=replace(base.known, **known))


def _noticed(place: Place, **notice: Any) -> Case:
    return replace(plain(place), notice=a_notice(place, a_bill(place), **notice))


def _sent(place: Place, **changes: Any) -> Case:
    return replace(plain(place), **changes)


def _later_debt(place: Place) -> Case:
    """Return a household whose notice names a bill for the ten days since the bill before it, which is not due yet."""
    before = a_bill(place, no="B0", age=-1, bill_on=plus(place.today, -20))
    later = a_bill(place, age=25, bill_on=plus(place.today, -10))
    return _bills(place, before, later, named=(later,))


def _set_aside(place: Place) -> Case:
    """Return a household whose one bill straddles a petition, with the earlier part of it set aside."""
    bill = a_bill(place, age=25, bill_on=plus(place.today, -10))
    on = plus(place.today, -stated(place, "bankruptcy.assurance_days") - 1)
    split = Bankruptcy(petition="F", petition_on=on, chapter="7", refs=(bill.ref,))
    return replace(_bills(place, bill), bankruptcy=split)


def _season_debt(place: Place, **known: Any) -> Case:
    """Return a household with $30 left of the season before and a newer bill."""
    last = date(place.today.year, 3, 15)
    if (place.today - last).days < 60:
        last = date(last.year - 1, 3, 15)
    old = a_bill(place, no="old", cents=3_000, age=(place.today - last).days)
    return _bills(place, old, a_bill(place), **known)


def _ages(name: str, key: str, make: Callable[[Place, int], Case]) -> Iterator[tuple[str, Callable[[Place], Case]]]:
    for by in (-1, 0, 1):
        yield f"{name} {by:+}", lambda p, by=by: make(p, stated(p, key) + by)


def _households() -> Iterator[tuple[str, Callable[[Place], Case]]]:
    yield "plain", plain
    for how in ("mailed", "hand"):
        for winter in ("", "_winter"):
            key = f"notice.min_days_{how}{winter}"
            yield from _ages(key, key, lambda p, n, how=how: _noticed(p, age=n, method=how))
    yield from _ages("notice.valid_days", "notice.valid_days", lambda p, n: _noticed(p, age=n))
    yield "cut day printed later", lambda p: _noticed(p, earliest_cut_on=plus(p.today, 1))
    yield "cut day printed today", lambda p: _noticed(p, earliest_cut_on=p.today)
    yield "stale from today", lambda p: _noticed(p, stale_on=p.today)
    yield "stale from tomorrow", lambda p: _noticed(p, stale_on=plus(p.today, 1))
    for part in PARTS:
        lacking = tuple(each for each in PARTS if each != part)
        yield f"notice lacks {part}", lambda p, parts=lacking: _noticed(p, elements=parts)
    yield "no notice", lambda p: _sent(p, notice=None)
    yield from _ages("own debt", "dnp.min_days_past_due", lambda p, n: _bills(p, a_bill(p, age=n)))
    yield from _ages("water debt", "dnp.min_days_past_due_water", _water)
    yield "old debt of another service", lambda p: _bills(p, a_bill(p, age=5), _other(p))
    yield "notice names another service", lambda p: _bills(p, a_bill(p), _other(p), named=(_other(p),))
    yield "bill issued ten days ago", lambda p: _bills(p, a_bill(p, age=25, bill_on=plus(p.today, -10)))
    yield "later debt alone", _later_debt
    yield "earlier part set aside", _set_aside
    yield "debt since the eleventh day", lambda p: _bills(p, a_bill(p, age=25, bill_on=plus(p.today, -19)))
    for cents in (4_999, 5_000, 5_001):
        yield f"{cents} cents owed", lambda p, c=cents: _bills(p, a_bill(p, cents=c))
        yield f"{cents} cents after a payment", lambda p, c=cents: _money(p, unposted=Money(12_000 - c))
    yield "credit covers it", lambda p: _money(p, credit=Money(12_000))
    yield "a payment went back", lambda p: _money(p, unposted=Money(-4_000))
    yield "debt of last season", _season_debt
    yield "debt of last season, paid but unposted", lambda p: _season_debt(p, unposted=Money(3_000))
    yield "debt of last season, a cent unpaid", lambda p: _season_debt(p, unposted=Money(2_999))
    for status in (s for s in ArrangementStatus if s is not ArrangementStatus.REPLACED):  # never the case's own
        yield f"agreement {status}", lambda p, s=status: _sent(p, arrangement=an_agreement(p, s))
    for by in (-1, 0, 1):
        yield f"extension ends {by:+} day", lambda p, by=by: _sent(p, extension=_extension(p, by))
    yield "reading of fifteen minutes", lambda p: _money(p, at=p.now - 15 * MINUTE)
    yield "reading of sixteen minutes", lambda p: _money(p, at=p.now - 16 * MINUTE)
    yield "billing not read", lambda p: _money(p, billing_read=False)
    for word, lapses in (("now", timedelta(0)), ("in a second", timedelta(seconds=1)), ("tomorrow", DAY)):
        yield f"leave lapses {word}", lambda p, d=lapses: _leave(p, lapses_at=p.now + d)
    yield "leave of another service", lambda p: _leave(p, service=OTHER[p.city])
    yield "leave rejected", lambda p: _leave(p, state=ApprovalState.REJECTED)
    yield "no leave", lambda p: _sent(p, approvals=())
    yield "leave asked after every fact", lambda p: _leave(p, asked_at=p.now)
    yield "sent yesterday", lambda p: _sent(p, orders=(an_order(p, OrderState.DISPATCHED, sent=p.now - DAY),))
    yield "no order", lambda p: _sent(p, orders=())
    yield (
        "no order, service off",
        lambda p: _sent(p, orders=(), services=(ServiceState(service=SERVICE[p.city], status=ServiceStatus.OFF),)),
    )
    for word, tried_on in (("never", None), ("the day before the notice", -36), ("on its day", -35)):
        yield (
            f"contact {word}",
            lambda p, n=tried_on: _sent(p, last_contact_on=None if n is None else plus(p.today, n)),
        )
    yield "a business", lambda p: _account(p, customer_class=CustomerClass.COMMERCIAL)
    for word, bands in (("not known", None), ("low", LOW), ("high", HIGH)):
        yield f"income on file {word}", lambda p, b=bands: _account(p, income_band=b[p.city] if b else "")


def _water(place: Place, age: int) -> Case:
    bill = a_bill(place, age=age, service=OTHER[place.city])
    order = replace(an_order(place, OrderState.DISPATCHED), service=OTHER[place.city])
    return replace(_bills(place, bill), orders=(order,))


def _other(place: Place) -> OpenBill:
    return a_bill(place, no="B2", service=OTHER[place.city])


def _extension(place: Place, by: int) -> Extension:
    return Extension(granted_on=plus(place.today, -5), until=plus(place.today, by), refs=())


def _leave(place: Place, **changes: Any) -> Case:
    leave = an_approval(place, ApprovalState.GRANTED, lapses=place.now + DAY)
    return _sent(place, approvals=(replace(leave, **changes),))


def _account(place: Place, **traits: Any) -> Case:
    base = plain(place)
    return replace(base, known=replace(base.known, account=replace(base.known.account, **traits)))


HOUSEHOLDS: dict[str, Callable[[Place], Case]] = dict(_households())
