"""What do a pack's values say: is each one stated, readable, and at peace with the others?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from domain import parameters as par
from domain.check.finding import Finding, Kind
from domain.facts import FactKind
from domain.money import Money
from domain.parameters import PARAMETERS
from domain.policy import Parameter, Policy, PolicyGap, T
from domain.rules.slots import EVE

LEFT_UNSAID = ("recapture.", "lien.", "rck.")
"""What one state's law knows and another's does not, or a city does not do: a pack may leave the whole group unsaid."""
WINTER_RULES = ("cold_weather", "moratorium", "none")
COLLECTS = ("representative", "senior", "collections")
WEEK = range(7)
PERCENT_MAX = 1_000
HOUR = 60
SWEEP_DAYS_MAX = 92  # a sweep begun longer before the season would be forgotten by its first day


def gaps(policy: Policy) -> Iterator[Finding]:
    """Yield each value that is not stated, or stated only from a day after the pack's first."""
    first = first_day(policy)
    for key in PARAMETERS:
        dated = policy.values.get(key, ())
        if not dated:
            if not _left_unsaid(policy, key):
                says = f"{key} is not stated at all."
                yield Finding(kind=Kind.GAP, keys=(key,), since=first, says=says, way_out=f"State it from {first} on.")
        elif dated[0].since > first:
            says = f"{key} is stated from {dated[0].since} on; the pack begins on {first}."
            way_out = f"State what was in force from {first} on."
            yield Finding(kind=Kind.GAP, keys=(key,), since=first, says=says, way_out=way_out)


def _left_unsaid(policy: Policy, key: str) -> bool:
    group = next((group for group in LEFT_UNSAID if key.startswith(group)), None)
    return group is not None and not any(stated.startswith(group) for stated in policy.values)


def first_day(policy: Policy) -> date:
    """Return the day from which the pack holds: the one from which most of its values do."""
    days = [dated[0].since for dated in policy.values.values() if dated]
    return max(sorted(set(days)), key=days.count) if days else date.min


# --- is each value what it stands for? --------------------------------------------------------------------------------


def unreadable(policy: Policy) -> Iterator[Finding]:
    """Yield each value that cannot be what it stands for: a day no month has, a word that nothing reads."""
    for key, dated in policy.values.items():
        for each in dated:
            problem = _number(key, each.value) or _READ.get(key, _anything)(policy, each.value)
            if problem:
                kind = Kind.UNKNOWN if problem.startswith("nobody knows") else Kind.UNREADABLE
                says = f"{key} from {each.since} on cannot be meant so: {problem}."
                yield Finding(kind=kind, keys=(key,), since=each.since, says=says, way_out="State another value.")
                break


def _number(key: str, value: object) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value < 0:
        return f"{value} is less than nothing"
    if isinstance(value, Decimal) and key.endswith("pct") and value > PERCENT_MAX:
        return f"{value} per cent is no share"
    return ""


def _anything(policy: Policy, value: object) -> str:
    del policy, value
    return ""


def _one_of(*words: str) -> "Read":
    return lambda _, value: "" if value in words else f"nobody knows {value!r}, but {', '.join(words)}"


def _all_of(words: Callable[[Policy], tuple[object, ...]], *, least: int = 0) -> "Read":
    def read(policy: Policy, value: object) -> str:
        told = value if isinstance(value, tuple) else (value,)
        strange = [word for word in told if word not in words(policy)]
        if strange:
            return f"nobody knows {', '.join(map(repr, strange))}"
        return "" if len(told) >= least else "it is empty"

    return read


def _some(policy: Policy, value: object) -> str:
    del policy
    return "" if value else "it is empty"


def _clock(policy: Policy, value: object) -> str:
    del policy
    try:
        time.fromisoformat(str(value))
    except ValueError:
        return f"{value!r} is no time of day"
    return ""


def _early_close(policy: Policy, value: object) -> str:
    for each in value if isinstance(value, tuple) else ():
        match each:
            case (int() | str() as on, str(clock)):
                if on not in {*WEEK, EVE}:
                    return f"nobody knows the day {on!r}: a weekday is 0 to 6, or {EVE}"
                if problem := _clock(policy, clock):
                    return problem
            case _:
                return f"{each} is not (weekday or {EVE}, time of day)"
    return ""


def _days_of_year(count: int | None, *, empty: bool) -> "Read":
    """Return what reads *count* (month, day) pairs, any number if none is given; a single pair stands by itself."""

    def read(policy: Policy, value: object) -> str:
        del policy
        if value == () and empty:
            return ""
        pairs = (value,) if count == 1 else value
        if not isinstance(pairs, tuple) or (count is not None and len(pairs) != count) or not pairs:
            return f"{value} is not {count or 'a list of'} (month, day)"
        return next((f"{pair} is no day of the year" for pair in pairs if not _a_day(pair)), "")

    return read


def _a_day(pair: object) -> bool:
    match pair:
        case (int(month), int(day)):
            try:
                date(2023, month, day)
            except ValueError:
                return False
            return True
        case _:
            return False


Read = Callable[[Policy, object], str]
_READ: Mapping[str, Read] = {
    par.WINTER_RULE.key: _one_of(*WINTER_RULES),
    par.WINTER_INCOME_MEASURE.key: _one_of("state_median", "federal_poverty"),
    par.ALLOCATION.key: _one_of("oldest_due_first"),  # billing's order; nothing here knows another (ADR 0016)
    par.RETURN_RESUMES.key: _one_of("reminder", "notice", "standing"),
    par.ASSISTANCE_LEFT_OVER.key: _one_of("return_to_fund", "customer_credit"),
    par.DNP_SERVICE_ORDER.key: _all_of(lambda policy: tuple(policy.services), least=1),
    par.WINTER_SERVICES.key: _all_of(lambda policy: tuple(policy.services)),
    par.CERTIFY_SERVICES.key: _all_of(lambda policy: tuple(policy.services)),
    par.DNP_SUPERVISOR_FLAGS.key: _all_of(lambda _: tuple(FactKind)),
    par.NOTICE_PAUSED_BY.key: _all_of(lambda _: tuple(FactKind)),
    par.DNP_BLOCKED_WEEKDAYS.key: _all_of(lambda _: tuple(WEEK)),
    par.DNP_EARLY_CLOSE.key: _early_close,
    par.NOTICE_ELEMENTS.key: _some,
    par.NOTICE_LANGUAGES.key: _some,
    par.DISPUTE_REVIEWER.key: _some,
    par.RECONNECT_CUTOFF.key: _clock,
    par.WINTER_SEASON.key: _days_of_year(2, empty=False),
    par.WINTER_SWEEP_FROM.key: _days_of_year(1, empty=True),
    par.WINTER_ANNUAL_NOTICE.key: _days_of_year(2, empty=True),
    par.CITY_LIST_ON.key: _days_of_year(None, empty=True),
    par.CERTIFY_BY.key: _days_of_year(1, empty=True),
    par.ARRANGEMENT_WINTER_END.key: _days_of_year(1, empty=True),
}


# --- do two values say what cannot both be meant? ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """The pack's values on one day."""

    policy: Policy
    on: date

    def __call__(self, parameter: Parameter[T]) -> T:
        return self.policy.at(parameter, self.on)


Mend = Callable[[Day], object]
AnyParameter = Parameter[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Values that must agree. *clash* says how they do not, empty if they do; *mend* what *mended* would have to be."""

    keys: tuple[str, ...]
    clash: Callable[[Day], str]
    mended: str
    mend: Mend


def contradictions(policy: Policy) -> Iterator[Finding]:
    """Yield each pair of values that cannot both be meant, on the first day on which both are in force."""
    for pair in PAIRS:
        for on in sorted({dated.since for key in pair.keys for dated in policy.values.get(key, ())}):
            day = Day(policy, on)
            try:
                clash = pair.clash(day)
            except PolicyGap:  # one of them is not stated yet: that is a fault of its own
                continue
            if clash:
                mend = {pair.mended: pair.mend(day)}
                way_out = "Change one of them."
                yield Finding(kind=Kind.CONTRADICTORY, keys=pair.keys, since=on, says=clash, way_out=way_out, mend=mend)
                break


def _threshold(day: Day) -> str:
    least, left = day(par.DNP_MIN_BALANCE), day(par.CANCEL_THRESHOLD)
    says = f"A debt of {Money(least)} may be cut for, but an order is withdrawn at {Money(left)}."
    return says if left >= least else ""


def _stale(day: Day) -> str:
    valid = day(par.NOTICE_VALID_DAYS)
    longest = max(day(parameter) for parameter in _PERIODS)
    return f"A notice runs {longest} days and goes stale after {valid}." if valid <= longest else ""


def _after_lock(day: Day) -> str:
    clash = day(par.RECONNECT_PLAN_ALLOWED) and not day(par.ARRANGEMENT_AFTER_LOCK)
    return "An agreement reopens service, but none may be made once service is off." if clash else ""


def _no_offer(day: Day) -> str:
    winter = day(par.WINTER_RULE) != "none" and day(par.WINTER_NEEDS_AGREEMENT)
    none = not day(par.ARRANGEMENT_MUST_OFFER)
    return "The winter law protects who keeps an agreement, and none need be offered." if winter and none else ""


def _no_months(day: Day) -> str:
    none = day(par.ARRANGEMENT_MUST_OFFER) and day(par.ARRANGEMENT_MAX_MONTHS) < 1
    return "An agreement must be offered, of no months." if none else ""


def _order_of_letters(day: Day) -> str:
    remind, warn = day(par.REMINDER_DAYS), day(par.NOTICE_DAYS)
    return f"The notice is due after {warn} days, the reminder before it after {remind}." if warn < remind else ""


def _waivers(day: Day) -> str:
    alone, senior, most = day(par.WAIVERS_REPRESENTATIVE), day(par.WAIVERS_SENIOR), day(par.WAIVERS_MAX)
    says = f"A representative waives {alone} fees a year alone, a senior {senior}, and {most} are waived in all."
    return says if not alone <= senior <= most else ""


def _cutting_hours(day: Day) -> str:
    cut, office = day(par.DNP_WINDOW), day(par.OFFICE_HOURS)
    outside = cut.opens < office.opens or cut.closes > office.closes
    return "Service is cut at hours at which the offices are closed." if outside else ""


def _no_hour_to_cut(day: Day) -> str:
    opens = day(par.DNP_WINDOW).opens
    soon = [
        clock for _, clock in day(par.DNP_EARLY_CLOSE) if _minutes(time.fromisoformat(clock)) < _minutes(opens) + HOUR
    ]
    return f"Cuts begin at {opens:%H:%M} and end at {soon[0]}: no crew could be sent out." if soon else ""


def _minutes(clock: time) -> int:
    return clock.hour * HOUR + clock.minute


def _calling_hours(day: Day) -> str:
    call, office = day(par.CONTACT_HOURS), day(par.OFFICE_HOURS)
    apart = call.closes <= office.opens or office.closes <= call.opens
    return "Nobody may be called while the offices are open." if apart else ""


def _cutoff(day: Day) -> str:
    office, cutoff = day(par.OFFICE_HOURS), time.fromisoformat(day(par.RECONNECT_CUTOFF))
    outside = not office.opens <= cutoff <= office.closes
    return f"The same-day cutoff {cutoff:%H:%M} lies outside the office hours." if outside else ""


def _every_weekday(day: Day) -> str:
    blocked = day(par.DNP_BLOCKED_WEEKDAYS)
    return "Every day on which the offices are open is blocked." if set(range(5)) <= set(blocked) else ""


def _reviewer(day: Day) -> str:
    role = day(par.DISPUTE_REVIEWER)
    return f"Disputes are decided by the {role}, who collects the debt." if role in COLLECTS else ""


def _calls(day: Day) -> str:
    none = day(par.CONTACT_MAX_CALLS) < 1 or day(par.CONTACT_WINDOW_DAYS) < 1
    return "No call may ever be made." if none else ""


def _sweep(day: Day) -> str:
    start, *_ = day(par.WINTER_SEASON)
    sweep = day(par.WINTER_SWEEP_FROM)
    if day(par.WINTER_RULE) == "none" or not day(par.WINTER_RECONNECTS) or not sweep:
        return ""
    season, begins = date(2023, *start), date(2023, *sweep)
    begins = begins if begins <= season else date(2022, *sweep)
    late = season - begins > timedelta(days=SWEEP_DAYS_MAX)
    return "The sweep for homes still off begins after the season it is for." if late else ""


def _no_minute(day: Day) -> str:
    none = day(par.READING_VALID_MINUTES) < 1 or day(par.ACK_VALID_MINUTES) < 1
    return "An answer at the door that holds for no minute lets nobody be cut." if none else ""


_PERIODS = (
    par.NOTICE_MIN_DAYS_MAILED,
    par.NOTICE_MIN_DAYS_MAILED_WINTER,
    par.NOTICE_MIN_DAYS_HAND,
    par.NOTICE_MIN_DAYS_HAND_WINTER,
)


def _longer(day: Day) -> object:
    return max(day(parameter) for parameter in _PERIODS) + 30


def _of_office(day: Day) -> object:
    return day(par.OFFICE_HOURS)


def _at_closing(day: Day) -> object:
    return day(par.OFFICE_HOURS).closes.isoformat("minutes")


def _pair(clash: Callable[[Day], str], mend: tuple[AnyParameter, Mend], *others: AnyParameter) -> Pair:
    """Return the rule that *clash* finds broken between the parameter of *mend* and *others*."""
    mended, value = mend
    return Pair(keys=(mended.key, *(each.key for each in others)), clash=clash, mended=mended.key, mend=value)


PAIRS: tuple[Pair, ...] = (
    _pair(_threshold, (par.CANCEL_THRESHOLD, lambda d: max(0, d(par.DNP_MIN_BALANCE) - 1)), par.DNP_MIN_BALANCE),
    _pair(_stale, (par.NOTICE_VALID_DAYS, _longer), *_PERIODS),
    _pair(_after_lock, (par.ARRANGEMENT_AFTER_LOCK, lambda _: True), par.RECONNECT_PLAN_ALLOWED),
    _pair(_no_offer, (par.ARRANGEMENT_MUST_OFFER, lambda _: True), par.WINTER_RULE, par.WINTER_NEEDS_AGREEMENT),
    _pair(_no_months, (par.ARRANGEMENT_MAX_MONTHS, lambda _: 1), par.ARRANGEMENT_MUST_OFFER),
    _pair(_order_of_letters, (par.NOTICE_DAYS, lambda d: d(par.REMINDER_DAYS)), par.REMINDER_DAYS),
    _pair(
        _waivers,
        (par.WAIVERS_SENIOR, lambda d: d(par.WAIVERS_REPRESENTATIVE)),
        par.WAIVERS_REPRESENTATIVE,
        par.WAIVERS_MAX,
    ),
    _pair(_cutting_hours, (par.DNP_WINDOW, _of_office), par.OFFICE_HOURS),
    _pair(_no_hour_to_cut, (par.DNP_EARLY_CLOSE, lambda _: ()), par.DNP_WINDOW),
    _pair(_calling_hours, (par.CONTACT_HOURS, _of_office), par.OFFICE_HOURS),
    _pair(_cutoff, (par.RECONNECT_CUTOFF, _at_closing), par.OFFICE_HOURS),
    _pair(_every_weekday, (par.DNP_BLOCKED_WEEKDAYS, lambda _: (4, 5, 6))),
    _pair(_reviewer, (par.DISPUTE_REVIEWER, lambda _: "reviewer")),
    _pair(_calls, (par.CONTACT_MAX_CALLS, lambda _: 7), par.CONTACT_WINDOW_DAYS),
    _pair(_sweep, (par.WINTER_SWEEP_FROM, lambda d: d(par.WINTER_SEASON)[0]), par.WINTER_SEASON),
    _pair(_no_minute, (par.READING_VALID_MINUTES, lambda _: 15), par.ACK_VALID_MINUTES),
)
