"""Does the notice on file carry this cut: is it complete, old enough, fresh enough, and is enough of it still owed?"""

from datetime import date, timedelta

from domain import parameters as par
from domain.account import Service
from domain.calendar import SEARCH_DAYS_MAX
from domain.case import Notice
from domain.facts import FactKind
from domain.misstated import misstated_by
from domain.money import ZERO, Money
from domain.policy import Parameter, Policy, Source, Standing
from domain.rules.pauses import counted_days, paused_days, pausing_kinds
from domain.rules.question import Question, blocks, days_after, ids, passes, silent
from domain.rules.season import winter_service
from domain.verdict import Outcome

DUE_PROCESS = Source("Memphis Light, Gas & Water Div. v. Craft, 436 U.S. 1 (1978)", Standing.LAW)
HANDED = frozenset({"hand", "door", "door_hanger", "in_person", "posted"})


def d01_notice(ask: Question) -> Outcome:
    """Forbid a cut without a notice that tells amount, day, how to dispute and whom to ask; or under a stale one."""
    notice = ask.case.notice
    if notice is None:
        return blocks("D01", "No disconnection notice is on file.", DUE_PROCESS, way_out="Serve a notice.")
    if notice.returned_on is not None:
        says = f"The notice of {notice.served_on} came back undelivered on {notice.returned_on}."
        way_out = "Find where mail reaches the customer and record that an address was found; it is then served again."
        return blocks("D01", says, DUE_PROCESS, way_out=way_out, facts=(notice.letter,))
    if notice.awaited:
        says = f"Nobody has confirmed yet on which day the notice prepared for {notice.served_on} was mailed."
        way_out = "Ask whoever mails it to confirm the day; until then no day of it counts."
        return blocks("D01", says, DUE_PROCESS, way_out=way_out, facts=(notice.letter,))
    stale_on = stale_day(ask.policy, notice)
    if ask.on >= stale_on:
        says = f"The notice of {notice.served_on} is too old to act on since {stale_on}."
        return blocks("D01", says, ask.source(par.NOTICE_VALID_DAYS, notice.served_on), way_out="Serve a fresh notice.")
    too_much = misstated_by(notice, ask.filed(FactKind.PUT_RIGHT))
    if too_much > ZERO and ask.value(par.NOTICE_OVERSTATED):
        says = f"By a mistake put right since, the notice of {notice.served_on} stated {too_much} more than was owed."
        way_out = "Serve a notice that states what is owed."
        return blocks("D01", says, ask.source(par.NOTICE_OVERSTATED), way_out=way_out, facts=(notice.letter,))
    parts = [(par.NOTICE_ELEMENTS, notice.served_on)]
    if winter_service(ask.policy, ask.on, residential=ask.residential, service=ask.service):
        parts.append((par.NOTICE_WINTER_ELEMENTS, ask.on))
    for parameter, on in parts:
        missing = [element for element in ask.value(parameter, on) if element not in notice.elements]
        if missing:
            says = f"The notice of {notice.served_on} lacks: {', '.join(missing).replace('_', ' ')}."
            way_out = "Serve a notice that holds every required part."
            return blocks("D01", says, ask.source(parameter, on), way_out=way_out)
    return passes("D01", f"The notice of {notice.served_on} holds every required part.", DUE_PROCESS)


def d02_notice_period(ask: Question) -> Outcome:
    """Forbid a cut before the notice has run: its full days since mailing or delivery, by the policy of that day.

    Days on which a fact that the pack names was in effect, such as a dispute, do not count.
    """
    notice = ask.case.notice
    if notice is None:
        return silent("D02", "There is no notice whose days could be counted.", DUE_PROCESS)
    if notice.awaited:
        return silent("D02", "The notice's days are counted once its mailing is confirmed.", DUE_PROCESS)
    paused = _paused(ask, notice)
    first = earliest_cut(
        ask.policy,
        served_on=notice.served_on,
        method=notice.method,
        residential=ask.residential,
        service=ask.service,
        not_before=max(ask.on, notice.earliest_cut_on or ask.on),
        paused=paused,
    )
    winter = winter_service(ask.policy, first, residential=ask.residential, service=ask.service)
    parameter = notice_parameter(notice.method, winter=winter)
    basis, days = ask.source(parameter, notice.served_on), ask.value(parameter, notice.served_on)
    label, left_out = "notice has run on", sum(notice.served_on < day <= first for day in paused)
    if left_out:
        label = f"notice has run on, {left_out} days of a review not counted"
    sums = (days_after(label, notice.served_on, days + left_out),)
    if ask.on < first:
        says = f"The notice of {notice.served_on} carries a cut from {first} on, not before."
        way_out = f"Wait until {first}, or take payment or an agreement."
        return blocks("D02", says, basis, way_out=way_out, arithmetic=sums, until=ask.opens(first))
    says = f"The notice of {notice.served_on} ran {days} days, until {sums[0].result}."
    return passes("D02", says, basis, arithmetic=sums)


def _paused(ask: Question, notice: Notice) -> frozenset[date]:
    kinds = pausing_kinds(ask.policy, notice.served_on)
    facts = [fact for kind in kinds for fact in ask.filed(FactKind(kind))]
    return paused_days(facts, kinds, ask.policy.calendar, after=notice.served_on, through=ask.on)


def d03_debt(ask: Question) -> Outcome:
    """Forbid a cut for a debt that is too young, too small, or not of the service to be cut.

    The days are those of that service's own oldest bill: an old bill for gas does not make a young one for water older.
    """
    basis = ask.source(par.DNP_MIN_BALANCE)
    if ask.service is None:
        says = "No service that is on has past-due debt of its own."
        return blocks("D03", says, basis, way_out="None is needed: there is nothing to cut.")
    floor, named = ask.value(par.DNP_MIN_BALANCE), ask.named
    refs = tuple(bill.ref for bill in named)
    if not named or ask.owed.cents < floor:
        says = f"{ask.owed} is left of what the notice names; nobody is cut for less than {Money(floor)}."
        return blocks("D03", says, basis, way_out="Wait for the next notice if new bills stay unpaid.", facts=refs)
    own = tuple(bill for bill in named if bill.service is ask.service)
    if not own:
        says = f"The notice names no unpaid bill for {ask.service}; nobody loses one service for another's debt alone."
        way_out = f"Serve a notice that names a bill for {ask.service}."
        return blocks("D03", says, basis, way_out=way_out, facts=refs)
    parameter = par.DNP_MIN_DAYS_WATER if ask.service is Service.WATER else par.DNP_MIN_DAYS
    basis, days, due_on = ask.source(parameter), ask.value(parameter), own[0].due_on
    sums = (days_after("past due for the whole minimum", due_on, days),)
    if ask.on <= sums[0].result:
        first = sums[0].result + timedelta(days=1)
        says = (
            f"The oldest bill for {ask.service} fell due on {due_on}; it must be more than {days} days past due, "
            f"as it is on {first}."
        )
        return blocks(
            "D03", says, basis, way_out=f"Wait until {first}.", facts=refs, arithmetic=sums, until=ask.opens(first)
        )
    says = f"{ask.owed} is owed, for {ask.service} since {due_on}, more than {days} days."
    return passes("D03", says, basis, facts=refs, arithmetic=sums)


def d21_third_party(ask: Question) -> Outcome:
    """Forbid a cut while the person whom the customer named for copies has not been sent this notice's copy."""
    basis = ask.source(par.THIRD_PARTY_COPY)
    designees = ask.facts(FactKind.THIRD_PARTY_DESIGNEE)
    if not designees or not ask.value(par.THIRD_PARTY_COPY):
        return silent("D21", "No third party is to have a copy.", basis)
    served_on = ask.case.notice.served_on if ask.case.notice else ask.on
    copies = [fact for fact in ask.begun(FactKind.THIRD_PARTY_COPY) if ask.day(fact) >= served_on]
    if not copies:
        says = f"The third party whom the customer named has had no copy of the notice of {served_on}."
        return blocks("D21", says, basis, way_out="Send the copy and record it.", facts=ids(designees))
    return passes("D21", "The third party has had a copy of the notice.", basis, facts=ids((*designees, *copies)))


def notice_parameter(method: str, *, winter: bool) -> Parameter[int]:
    """Return the parameter that holds the days of notice for *method* of service, in the season or out of it."""
    if method in HANDED:
        return par.NOTICE_MIN_DAYS_HAND_WINTER if winter else par.NOTICE_MIN_DAYS_HAND
    return par.NOTICE_MIN_DAYS_MAILED_WINTER if winter else par.NOTICE_MIN_DAYS_MAILED


def earliest_cut(
    policy: Policy,
    *,
    served_on: date,
    method: str,
    residential: bool,
    service: Service | None,
    not_before: date | None = None,
    paused: frozenset[date] = frozenset(),
) -> date:
    """Return the first day, from *not_before* on, on which a notice *served_on* has run.

    Calendar days, the day of service is day 0. Whether the winter period counts depends on the day of the cut, not on
    that of the notice, so a notice that had run in September may have to run on in October; the lengths are those in
    force when the notice was served. A day on which nobody is cut at all still counts: D08 moves the cut, not this.
    *paused* days do not count.
    """
    start = max(served_on, not_before or served_on)
    for offset in range(SEARCH_DAYS_MAX):
        day = start + timedelta(days=offset)
        winter = winter_service(policy, day, residential=residential, service=service)
        if counted_days(served_on, day, paused) >= policy.at(notice_parameter(method, winter=winter), served_on):
            return day
    raise ValueError(f"a notice of {served_on} does not run out within {SEARCH_DAYS_MAX} days")


def stale_day(policy: Policy, notice: Notice) -> date:
    """Return the first day on which *notice* can no longer be acted on."""
    valid = timedelta(days=policy.at(par.NOTICE_VALID_DAYS, notice.served_on) + 1)
    return notice.stale_on or notice.served_on + valid
