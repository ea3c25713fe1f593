"""Which agency is given a debt, what does it cost, and does what it reports of its contacts keep Regulation F?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from fractions import Fraction

from domain import parameters as p
from domain.money import ZERO, Money
from domain.policy import Policy

CALLS_MAX, CALLS_DAYS, QUIET_DAYS = 7, 7, 7
"""12 CFR 1006.14(b)(2): above seven calls in seven days, or within seven days of a conversation, is presumed too much.

The numbers are the regulation's own and bind the agency wherever it works; a pack states what the city asks of itself.
"""
NO_LIMIT: Mapping[str, date] = {}
OPENS, CLOSES = time(8), time(21)
"""12 CFR 1006.6(b)(1): after eight in the morning and before nine in the evening, where the consumer is."""


class Choice(StrEnum):
    """The rules by which a pack may choose between its agencies."""

    LEAST_PLACED = "least_placed"
    PERFORMANCE = "performance"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an agency stands: what it *holds* now, what it was *given* in all, what *came* of that."""

    agency: str
    holds: Money = ZERO
    given: Money = ZERO
    came: Money = ZERO


def choose(policy: Policy, on: date, known: Iterable[Standing] = ()) -> tuple[str, str]:
    """Return the agency that is next by the pack's rule, and why; of equals the one that the pack names first.

    An agency of which nothing is known holds nothing and was given nothing.
    """
    rule, names = Choice(policy.at(p.AGENCY_CHOICE, on)), policy.at(p.AGENCY_NAMES, on)
    found = {standing.agency: standing for standing in known}
    all_of_them = [found.get(str(name), Standing(agency=str(name))) for name in names]
    shares = [int(part) for part in policy.at(p.AGENCY_SHARES, on)]
    best, why = _BY_RULE[rule](all_of_them, shares)
    if len(all_of_them) == 1:
        return best.agency, "the one agency under contract"
    return best.agency, f"{rule.replace('_', ' ')}: {why}"


def _least(agencies: Sequence[Standing], _shares: Sequence[int]) -> tuple[Standing, str]:
    best = min(agencies, key=lambda each: each.holds.cents)
    return best, f"{best.agency} holds {best.holds}"


def _performance(agencies: Sequence[Standing], _shares: Sequence[int]) -> tuple[Standing, str]:
    """Choose by what came of what was given; one that was given nothing yet is tried first."""
    best = max(agencies, key=lambda each: (each.given <= ZERO, _part(each.came, each.given)))
    if best.given <= ZERO:
        return best, f"{best.agency} was given nothing yet"
    return best, f"{best.agency} brought in {best.came} of {best.given}"


def _share(agencies: Sequence[Standing], shares: Sequence[int]) -> tuple[Standing, str]:
    """Choose who is furthest behind its share of all that is given; without stated shares they are equal."""
    parts = list(shares) if len(shares) == len(agencies) else [1] * len(agencies)
    place = min(range(len(agencies)), key=lambda at: Fraction(agencies[at].given.cents, parts[at]))
    best = agencies[place]
    return best, f"{best.agency} was given {best.given} on {parts[place]} of {sum(parts)} parts"


def _part(came: Money, given: Money) -> Fraction:
    return Fraction(came.cents, given.cents) if given > ZERO else Fraction(0)


_BY_RULE = {Choice.LEAST_PLACED: _least, Choice.PERFORMANCE: _performance, Choice.SHARE: _share}


def commission(policy: Policy, amount: Money, on: date) -> Money:
    """Return what the agency earns by *amount*, cut to the cent; of money that was returned it gives its part back."""
    exact = Decimal(amount.cents) * policy.at(p.AGENCY_COMMISSION_PCT, on) / 100
    return Money(int(exact.to_integral_value(ROUND_DOWN)))


# --- what an agency did, against Regulation F ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One attempt that the agency reports. *at* is local to the consumer; *ref* its own number for it.

    *spoke*: it came to a conversation. *opt_out*: a text or e-mail said how to stop. *ceased*: the consumer asked, in
    writing or by a lawyer, not to be written or called any more. *threat*: a suit was threatened or begun.
    """

    ref: str
    account_no: str
    at: datetime
    channel: str
    spoke: bool = False
    opt_out: bool = True
    ceased: bool = False
    notice: bool = False
    threat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What in an agency's report does not keep the rule."""

    ref: str
    account_no: str
    on: date
    rule: str
    says: str


def findings(
    contacts: Iterable[Contact], *, validation_days: int, barred_from: Mapping[str, date] = NO_LIMIT
) -> tuple[Finding, ...]:
    """Return what the report of *contacts* shows to be against Regulation F.

    *barred_from*: by account, the day from which all of the placed debt is too old to be sued for.
    """
    by_account: dict[str, list[Contact]] = {}
    for contact in contacts:
        by_account.setdefault(contact.account_no, []).append(contact)
    found: list[Finding] = []
    for account_no in sorted(by_account):
        made = sorted(by_account[account_no], key=lambda each: (each.at, each.ref))
        found += _hours(made)
        found += _counted(made)
        found += _ceased(made)
        found += _validated(made, validation_days)
        limit = barred_from.get(account_no, date.max)
        late = (contact for contact in made if contact.threat and contact.at.date() >= limit)
        found += (_finding(c, "1006.26(b)", f"a suit is threatened over a debt barred since {limit}") for c in late)
    return tuple(sorted(found, key=lambda each: (each.account_no, each.on, each.ref, each.rule)))


def _hours(made: Sequence[Contact]) -> Iterator[Finding]:
    for contact in made:
        if contact.channel != "letter" and not OPENS <= contact.at.time() <= CLOSES:
            yield _finding(contact, "1006.6(b)(1)", f"a {contact.channel} at {contact.at:%H:%M}")
        if contact.channel in {"text", "email"} and not contact.opt_out:
            yield _finding(contact, "1006.6(e)", f"a {contact.channel} that does not say how to stop")


def _counted(made: Sequence[Contact]) -> Iterator[Finding]:
    calls = [contact for contact in made if contact.channel == "phone"]
    for place, call in enumerate(calls):
        since = call.at - timedelta(days=CALLS_DAYS)
        within = sum(1 for earlier in calls[: place + 1] if earlier.at > since)
        if within > CALLS_MAX:
            yield _finding(call, "1006.14(b)(2)(i)(A)", f"call {within} within {CALLS_DAYS} days")
        spoken = [earlier for earlier in calls[:place] if earlier.spoke]
        if spoken and (call.at.date() - spoken[-1].at.date()).days < QUIET_DAYS:
            says = f"a call after the conversation of {spoken[-1].at.date()}"
            yield _finding(call, "1006.14(b)(2)(i)(B)", says)


def _ceased(made: Sequence[Contact]) -> Iterator[Finding]:
    stop = next((contact.at for contact in made if contact.ceased), None)
    if stop is not None:
        after = (contact for contact in made if contact.at > stop)
        yield from (_finding(c, "1006.6(c)", f"a {c.channel} after the consumer asked to stop") for c in after)


def _validated(made: Sequence[Contact], days: int) -> Iterator[Finding]:
    """Ask for the validation notice in or within the days after the first communication."""
    spoken = [contact for contact in made if contact.spoke or contact.channel in {"letter", "text", "email"}]
    if not spoken:
        return
    first = spoken[0]
    last = first.at.date() + timedelta(days=days)
    if not any(contact.notice and contact.at.date() <= last for contact in made):
        says = f"no validation notice by {last}, {days} days after the first communication"
        yield _finding(first, "1006.34(a)(1)", says)


def _finding(contact: Contact, rule: str, says: str) -> Finding:
    return Finding(
        ref=contact.ref, account_no=contact.account_no, on=contact.at.date(), rule=f"12 CFR {rule}", says=says
    )
