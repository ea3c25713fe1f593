"""What is owed to customers in general and to authorities?"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from domain import parameters as p
from domain.calendar import DAY
from domain.money import Money
from domain.obligations.asked import Asked, spanning
from domain.obligations.owing import Duty, Obligation, Unapplied, Unplaced
from domain.verdict import Arithmetic


def annual_notice(ask: Asked, since: date) -> Iterator[Obligation]:
    window = ask.value(p.WINTER_ANNUAL_NOTICE)
    if not window:
        return
    (first_month, first_day), (last_month, last_day) = window
    for year in range(since.year, ask.on.year + 1):
        opens, closes = date(year, first_month, first_day), date(year, last_month, last_day)
        if opens > ask.on:
            continue
        due = spanning("window closes", opens, closes)
        yield ask.owe(
            Duty.ANNUAL_NOTICE,
            f"{year}",
            owner="supervisor",
            owed_to="every residential customer",
            due=due,
            says=f"Every residential customer is told of the winter rule between {opens} and {closes}.",
            under=p.WINTER_ANNUAL_NOTICE,
        )


def city_lists(ask: Asked, since: date) -> Iterator[Obligation]:
    horizon = timedelta(days=45)  # a list is on the desk this long before its day
    for year in range(since.year, ask.on.year + 1):
        for month, day in ask.value(p.CITY_LIST_ON):
            named = date(year, month, day)
            result = ask.policy.calendar.open_day(named)
            if named - horizon > ask.on:
                continue
            due = spanning("list due", named - horizon, result)
            yield ask.owe(
                Duty.CITY_LIST,
                f"{named}",
                owner="supervisor",
                owed_to="the city",
                due=due,
                says=f"The list of homes whose service is off goes to the city on {result}.",
                under=p.CITY_LIST_ON,
            )


def daily_lists(ask: Asked, off_on: Iterable[date]) -> Iterator[Obligation]:
    """One list for each day on which homes lost their service, on the next day that the offices are open."""
    for day in sorted(set(off_on)):
        if not ask.value(p.CITY_LIST_DAILY, day):
            continue
        result = ask.policy.calendar.add_open_days(day, 1)
        due = Arithmetic(label="the day's list due", start=day, days=1, result=result, calendar="open")
        yield ask.owe(
            Duty.CITY_LIST_DAILY,
            f"{day}",
            owner="supervisor",
            owed_to="the city",
            due=due,
            says=f"The list of homes whose service went off on {day} goes to the city by {result}.",
            under=p.CITY_LIST_DAILY,
        )


def copies(ask: Asked, notices_on: Iterable[date]) -> Iterator[Obligation]:
    """One obligation for all winter notices of a day and each who receives copies: they go out in one file."""
    for mailed_on in sorted(set(notices_on)):
        for recipient in ask.value(p.NOTICE_WINTER_COPIES, mailed_on):
            due = ask.open_days("copies due", mailed_on, p.NOTICE_COPY_DAYS)
            yield ask.owe(
                Duty.NOTICE_COPIES,
                f"{mailed_on}.{recipient}",
                owner="representative",
                owed_to=_spoken(recipient),
                due=due,
                says=f"Copies of the disconnection notices of {mailed_on} go to {_spoken(recipient)} by {due.result}.",
                under=p.NOTICE_WINTER_COPIES,
            )


def unclaimed(ask: Asked, unplaced: Iterable[Unplaced]) -> Iterator[Obligation]:
    years = ask.value(p.CREDIT_ESCHEAT_YEARS)
    for money in unplaced:
        result = _years_after(money.since, years)
        due = spanning("presumed abandoned on", money.since, result)
        yield ask.owe(
            Duty.UNCLAIMED_CREDIT,
            money.name,
            owner="accountant",
            owed_to="the state",
            due=due,
            says=f"{Money(money.cents)} that nobody claimed since {money.since} are placed or reported by {result}.",
            under=p.CREDIT_ESCHEAT_YEARS,
        )


def changes(ask: Asked, unapplied: Iterable[Unapplied]) -> Iterator[Obligation]:
    """What a notice of change says is right is in place within the network's banking days; applied, nothing is owed."""
    for change in unapplied:
        days = ask.value(p.CHANGE_DAYS, change.since)
        result = change.since
        for _ in range(days):
            result = ask.policy.calendar.bank_day(result + DAY)
        due = Arithmetic(label="applied by", start=change.since, days=days, result=result, calendar="bank")
        yield ask.owe(
            Duty.CHANGE_APPLIED,
            change.name,
            owner="accountant",
            owed_to="the bank network",
            due=due,
            says=f"The notice of change {change.code} of {change.since} is applied by {result}, before any new draft.",
            under=p.CHANGE_DAYS,
        )


def _spoken(recipient: str) -> str:
    """Return who receives copies as the desk calls them; a name that no pack of ours has, without its underscores."""
    return {
        "local_eap_provider": "the local energy assistance provider",
        "mn_commerce": "the Minnesota Department of Commerce",
    }.get(recipient, recipient.replace("_", " "))


def _years_after(day: date, years: int) -> date:
    """Return the same day *years* later; of a leap day the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
