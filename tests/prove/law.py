"""Which rule of the law, told a second time from its own words, forbids this cut at this moment?

Shares no line with `domain.rules`, `domain.gate`, `domain.policy` or `domain.calendar`: it reads the packs' files as
plain tables, keeps its own holidays and counts days by their ordinals. It knows the values of `domain` by their names.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.case import Approval, Case, Notice, Order
from domain.facts import Fact

PACKS = Path(__file__).parents[2] / "policies"
BY_HAND = {"hand", "door", "door_hanger", "in_person", "posted"}
DOOR = "acknowledge_disconnection"
ON_PAPER = {"recommend_disconnection", "approve_disconnection"}
"""Acts by which nobody loses service yet: neither hour nor leave is asked for, and a supervisor may yet decide."""
JUNETEENTH_SINCE = 2021


@dataclass(frozen=True)
class Law:
    """One city's law: what its pack states, its zone, its holidays."""

    zone: ZoneInfo
    state: str
    extra: tuple[str, ...]
    tables: dict[str, list[dict[str, Any]]]

    def says(self, key: str, on: date) -> Any:
        """Return the latest value that was in force on *on*."""
        return [each["value"] for each in self.tables[key] if each["from"] <= on][-1]

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def open_days_after(self, day: date, count: int) -> date:
        while count:
            day = plus(day, 1)
            count -= not closed(self, day)
        return day


@cache
def law_of(city: str) -> Law:
    """Return the law of *city*, read from its pack's own file."""
    tables = tomllib.loads((PACKS / f"{city}.toml").read_text())
    said = {
        f"{group}.{name}": entry["values"]
        for group, entries in tables.items()
        if isinstance(entries, dict)
        for name, entry in entries.items()
        if isinstance(entry, dict)
    }
    return Law(ZoneInfo(tables["zone"]), tables["closed"]["state"], tuple(tables["closed"]["extra"]), said)


def plus(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


@cache
def holidays(state: str, year: int) -> frozenset[date]:
    """Return the legal holidays of *year*: 5 U.S.C. 6103, and in New Mexico the day after Thanksgiving."""

    def nth(month: int, weekday: int, n: int) -> date:
        first = date(year, month, 1)
        return plus(first, (weekday - first.weekday()) % 7 + 7 * (n - 1))

    last_of_may = date(year, 5, 31)
    thanksgiving = nth(11, 3, 4)
    moving = {nth(1, 0, 3), nth(2, 0, 3), plus(last_of_may, -last_of_may.weekday()), nth(9, 0, 1), nth(10, 0, 2)}
    fixed = {date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)}
    fixed |= {date(year, 6, 19)} if year >= JUNETEENTH_SINCE else set()
    fixed.add(date(year + 1, 1, 1))  # kept on the last day of this year where it falls on a Saturday
    kept = {plus(day, {5: -1, 6: 1}.get(day.weekday(), 0)) for day in fixed}
    of_state = {plus(thanksgiving, 1)} if state == "NM" else set()
    return frozenset(fixed | kept | moving | of_state | {thanksgiving})


def holiday(law: Law, day: date) -> bool:
    return day in holidays(law.state, day.year)


def closed(law: Law, day: date) -> bool:
    """Say whether the offices are closed on *day*."""
    first_friday_after = date(day.year, 11, 23)  # the earliest day that can follow a fourth Thursday
    friday = plus(first_friday_after, (4 - first_friday_after.weekday()) % 7)
    extra = {"day_after_thanksgiving": friday, "christmas_eve": date(day.year, 12, 24)}
    return day.weekday() > 4 or holiday(law, day) or day in {extra[name] for name in law.extra}


class Asked:
    """A cut about to be made, and the words of the law about it; each `dNN` says whether that one forbids it."""

    def __init__(self, law: Law, case: Case, action: str, now: datetime) -> None:
        self.law, self.case, self.action, self.now = law, case, action, now
        self.today = law.local(now).date()
        self.account = case.known.account
        self.home = self.account.customer_class == "residential"
        self.known = case.known.facts
        late = [bill for bill in case.known.bills if bill.due_on < self.today and bill.open.cents > 0]
        self.late = sorted(late, key=lambda bill: bill.due_on)
        self.order: Order | None = next(
            (o for o in case.orders if o.purpose == "disconnect" and o.state in STILL_OPEN), None
        )
        self.service = self.order.service if self.order else self._nominated()

    def says(self, key: str, on: date | None = None) -> Any:
        return self.law.says(key, on or self.today)

    def now_true(self, *kinds: str) -> list[Fact]:
        """Return the facts of *kinds* that have begun and not ended, earliest first."""
        found = [f for f in self.begun(*kinds) if f.until is None or self.now < f.until]
        return sorted(found, key=lambda fact: (fact.starts, fact.fact_id))

    def begun(self, *kinds: str) -> list[Fact]:
        found = [fact for fact in self.of(*kinds) if fact.starts <= self.now]
        return sorted(found, key=lambda fact: (fact.starts, fact.fact_id))

    def of(self, *kinds: str) -> list[Fact]:
        """Return the facts of *kinds* that nobody withdrew; facts are read through this door alone."""
        return [fact for fact in self.known if fact.kind in kinds and fact.withdrawn_at is None]

    def day(self, instant: datetime) -> date:
        return self.law.local(instant).date()

    def noted(self, fact: Fact, key: str) -> date:
        return date.fromisoformat(fact.details[key]) if key in fact.details else self.day(fact.starts)

    @property
    def money_in(self) -> int:
        return self.case.known.unposted.cents + self.case.known.credit.cents

    @property
    def named(self) -> list[Any]:
        """Return the late bills that the notice names; without a notice, all late bills."""
        if self.case.notice is None:
            return self.late
        refs = [bill.ref for bill in self.case.notice.bills]
        return [bill for bill in self.late if f"{bill.bill_no}/{bill.service}" in refs]

    @property
    def owed(self) -> int:
        """Return the cents that are left of what the notice names."""
        whole = {bill.ref: bill.amount.cents for bill in self.case.notice.bills} if self.case.notice else {}
        left = (min(b.open.cents, whole.get(f"{b.bill_no}/{b.service}", b.open.cents)) for b in self.named)
        return max(0, sum(left) - self.money_in)

    def _nominated(self) -> str | None:
        """Return the first service of the pack's order that is on and whose own bills the notice names."""
        off = {s.service for s in self.case.services if s.status != "on"}
        owing = {bill.service for bill in self.named}
        return next((name for name in self.says("dnp.service_order") if name in owing and name not in off), None)

    # --- winter ---------------------------------------------------------------------------------------------------

    def season(self) -> tuple[date, date, date] | None:
        """Return the first and last day of the season that holds today, and the last day of the one before."""
        (m1, d1), (m2, d2) = self.says("winter.season")
        for year in (self.today.year - 1, self.today.year):
            first, last = date(year, m1, d1), date(year + 1, m2, d2)
            if first <= self.today <= last:
                return first, last, date(year, m2, d2)
        return None

    def heat(self, rule: str | None = None) -> bool:
        """Say whether this cut would take heat from a home in winter, under *rule* if one is named."""
        told = self.says("winter.rule")
        counts = self.service is None or self.service in self.says("winter.services")
        return self.home and counts and self.season() is not None and told != "none" and rule in {None, told}

    def income(self) -> str:
        bands = self.says("winter.income_bands")
        shown = [fact.details.get("band", "") for fact in self.now_true("income_qualification")]
        on_account = self.account.income_band
        if self.now_true("public_assistance") or on_account in bands or any(band in bands for band in shown):
            return "low"
        return "high" if on_account or any(shown) else "unknown"

    def this_season(self, kind: str) -> list[Fact]:
        """Return what was done in this season, or since a notice that was served before it began."""
        season = self.season()
        assert season is not None
        first = min([season[0], *([self.case.notice.served_on] if self.case.notice else [])])
        return [fact for fact in self.now_true(kind) if self.day(fact.starts) >= first]

    # --- the table ------------------------------------------------------------------------------------------------

    def d01(self) -> bool:
        notice = self.case.notice
        if notice is None:
            return True
        aged = (self.today - notice.served_on).days
        stale = aged > self.says("notice.valid_days", notice.served_on)
        if notice.stale_on is not None:
            stale = self.today >= notice.stale_on
        parts = list(self.says("notice.required_elements", notice.served_on))
        parts += self.says("notice.winter_elements") if self.heat() else []
        return stale or not set(parts) <= set(notice.elements) or self._told_too_much(notice)

    def _told_too_much(self, notice: Notice) -> bool:
        told = notice.stated_at
        wrong = [f for f in self.of("put_right") if told and f.starts <= told and f.known_at > told]
        cents = sum((1 if f.details["change"] == "came" else -1) * f.amount.cents for f in wrong if f.amount)
        return cents > 0 and bool(self.says("notice.overstated_anew"))

    def d02(self) -> bool:
        notice = self.case.notice
        if notice is None:
            return False
        how = "hand" if notice.method in BY_HAND else "mailed"
        days = self.says(f"notice.min_days_{how}{'_winter' if self.heat() else ''}", notice.served_on)
        ran = (self.today - notice.served_on).days - self._under_review(notice.served_on) >= days
        return not ran or (notice.earliest_cut_on is not None and self.today < notice.earliest_cut_on)

    def _under_review(self, served_on: date) -> int:
        """Count the days since *served_on* on some moment of which a fact that stops the notice's clock was true."""
        kinds, held = self.says("notice.paused_by", served_on), 0
        reviews = [fact for fact in self.of(*kinds) if fact.until is None or fact.until > fact.starts]
        for ordinal in range(served_on.toordinal() + 1, self.today.toordinal() + 1):
            day = date.fromordinal(ordinal)
            night = datetime(day.year, day.month, day.day, tzinfo=self.law.zone)
            held += any(self.day(f.starts) <= day and (f.until is None or f.until > night) for f in reviews)
        return held

    def d03(self) -> bool:
        own = [bill for bill in self.named if bill.service == self.service]
        key = "dnp.min_days_past_due_water" if self.service == "water" else "dnp.min_days_past_due"
        young = not own or (self.today - own[0].due_on).days <= self.says(key)
        return young or self.owed < self.says("dnp.min_balance_cents")

    def d04(self) -> bool:
        return bool(self.now_true("dispute", "appeal"))

    def d05(self) -> bool:
        if not self.heat("cold_weather") or self.income() != "low":
            return False
        agreement = self.case.arrangement
        kept = agreement is not None and agreement.status in BINDS
        # Who agreed by voice and never made the down payment was offered one, and makes no timely payments under it.
        broken = agreement is not None and agreement.status in {"defaulted", "cancelled", "lapsed"}
        refused = broken or bool(self.this_season("agreement_declined"))
        return kept or not refused or not self.this_season("referral_given")

    def d06(self) -> bool:
        if self.heat("moratorium"):
            notice, tried = self.case.notice, self.case.last_contact_on
            asked = self.says("winter.contact_attempt") and notice is not None
            return asked and (tried is None or tried < notice.served_on)
        if not self.heat("cold_weather") or not self.says("winter.unknown_holds"):
            return False
        forms = self.now_true("inability_to_pay_form")
        if forms and forms[-1].details.get("step") == "returned":
            return True
        if self.income() != "unknown":
            return False
        sent = set(self.case.notice.elements) if self.case.notice else set()
        referrals = self.this_season("referral_given")
        form = "inability_form" in sent or self.this_season("inability_to_pay_form")
        listed = "assistance_provider_list" in sent or any(r.details.get("providers") == "yes" for r in referrals)
        return not (form and listed and referrals)

    def d07(self) -> bool:
        if not self.heat("cold_weather") or self.income() != "unknown":
            return False
        seen = self.this_season("occupancy_check")
        if not seen:
            return True
        if seen[-1].details.get("result") != "vacant":
            return seen[-1].details.get("informed") != "yes"
        looked_on = self.day(seen[-1].starts)
        told = [self.day(f.starts) for f in self.begun("provider_notice") if self.day(f.starts) >= looked_on]
        return not told or (self.today - min(told)).days < self.says("winter.provider_notice_days")

    def d08(self) -> bool:
        opens, closes = self.says("dnp.window").split("-")
        weekday = self.today.weekday()
        for on, ends in self.says("dnp.early_close"):
            if on == weekday or (on == "eve" and closed(self.law, plus(self.today, 1))):
                closes = min(closes, ends)
        declined = any(
            self.day(fact.starts) == self.today and fact.details.get("by") in {"phone", "in_person"}
            for fact in self.begun("agreement_declined")
        )
        blocked = weekday in self.says("dnp.blocked_weekdays") and not (weekday == 4 and declined)
        eve = self.says("dnp.block_day_before_holiday") and holiday(self.law, plus(self.today, 1))
        clock = f"{self.law.local(self.now):%H:%M:%S}"
        return bool(blocked or eve or closed(self.law, self.today) or not opens <= clock < closes)

    def d09(self) -> bool:
        names = {name.lower() for name in self.says("heat.products")} | {"unread"}
        near = {self.says("heat.county").lower(), self.account.county.lower(), ""}
        for fact in self.of("heat_product"):
            coming = fact.starts > self.now and self.day(fact.starts) == self.today
            over = fact.until is not None and fact.until <= (fact.starts if coming else self.now)
            if over or not (coming or fact.starts <= self.now):
                continue
            named = fact.details.get("product", "unread").lower() in names
            if named and self.home and fact.details.get("county", "").lower() in near:
                return True
        return False

    def d10(self) -> bool:
        return self.heat("moratorium") and self.income() == "low" and not self.d11()

    def d11(self) -> bool:
        """Say whether debt of last season, unpaid, bars the moratorium; by itself it forbids nothing."""
        season, agreement = self.season(), self.case.arrangement
        if not self.heat("moratorium") or season is None or not self.says("winter.prior_arrears_bar"):
            return False
        old = sum(bill.open.cents for bill in self.late if bill.due_on <= season[2])
        return old > max(0, self.money_in) and not (agreement is not None and agreement.status in BINDS)

    def d12(self) -> bool:
        if self.now_true("life_support", "medical_equipment"):
            return True
        for fact in self.now_true("medical_certificate"):
            certified_on = self.noted(fact, "certified_on")
            last = plus(certified_on, self.says("medical.max_days"))
            if fact.details.get("form") == "phone":
                last = self.law.open_days_after(certified_on, self.says("medical.phone_grace_open_days"))
            if self.today <= last:
                return True
        return False

    def d13(self) -> bool:
        orders = self.now_true("military_orders")
        if not orders or not self.home or not self.says("military.protected"):
            return False
        return not any(fact.starts >= orders[0].starts for fact in self.begun("agreement_declined"))

    def d14(self) -> bool:
        for petition in self.now_true("bankruptcy"):
            filed_on = self.noted(petition, "petition_on")
            chapter_11 = petition.details.get("chapter") == "11"
            days = self.says("bankruptcy.chapter_11_days" if chapter_11 else "bankruptcy.assurance_days")
            older = not self.named or any(self._stayed(bill, filed_on) for bill in self.named)
            if older or (self.today - filed_on).days <= days:
                return True
        return False

    def _stayed(self, bill: Any, filed_on: date) -> bool:
        """Say whether *bill* asks for service used before the petition, unless that part of it was set aside."""
        if bill.bill_on <= filed_on:
            return True
        split = self.case.bankruptcy
        aside = split is not None and not split.ended and split.petition_on == filed_on
        if aside and f"{bill.bill_no}/{bill.service}" in split.refs:
            return False
        year, month = divmod(bill.bill_on.year * 12 + bill.bill_on.month - 2, 12)
        first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
        a_month_back = date(year, month + 1, min(bill.bill_on.day, plus(first_of_next, -1).day))
        others = [b.bill_on for b in self.case.known.bills if b.service == bill.service and b.bill_on < bill.bill_on]
        since = max([day for day in others if day >= plus(a_month_back, -10)], default=a_month_back)
        return since < filed_on

    def d15(self) -> bool:
        agreement, extension = self.case.arrangement, self.case.extension
        binds = agreement is not None and agreement.status in BINDS
        return binds or (extension is not None and self.today <= extension.until)

    def d16(self) -> bool:
        hold = self.says("pledge.hold_days")
        pledges = [f for f in self.begun("pledge") if f.until is None or (self.today - self.day(f.until)).days <= hold]
        return bool(pledges) and self._left_by(pledges) < self.says("dnp.min_balance_cents")

    def d17(self) -> bool:
        enough = self.says("dnp.cancel_threshold_cents")
        shown = self.says("payment.claimed_open_days")
        claims = [
            f
            for f in self.now_true("claimed_payment")
            if self.today <= self.law.open_days_after(self.day(f.starts), shown)
        ]
        return self.owed <= enough or (bool(claims) and self._left_by(claims) <= enough)

    def _left_by(self, facts: list[Fact]) -> int:
        sums = [fact.amount.cents if fact.amount is not None else self.owed for fact in facts]
        return max(0, self.owed - sum(sums))

    def d18(self) -> bool:
        if not self.now_true("tenant_occupied"):
            return False
        since = self.case.notice.served_on if self.case.notice else self.today
        told = [self.day(f.starts) for f in self.begun("tenant_notice") if self.day(f.starts) >= since]
        return not told or (self.today - min(told)).days < self.says("tenant.notice_days")

    def d19(self) -> bool:
        if self.action in ON_PAPER:
            return False
        flags = self.now_true(*self.says("dnp.supervisor_flags"))
        leave = self._leave()
        return bool(flags) and (leave is None or max(fact.known_at for fact in flags) > leave.asked_at)

    def d20(self) -> bool:
        return bool(self.now_true("deceased"))

    def d21(self) -> bool:
        if not self.says("third_party.copy_required") or not self.now_true("third_party_designee"):
            return False
        since = self.case.notice.served_on if self.case.notice else self.today
        return not any(self.day(fact.starts) >= since for fact in self.begun("third_party_copy"))

    def d22(self) -> bool:
        leave = self._leave()
        if leave is None or leave.lapses_at is None or leave.lapses_at <= self.now:
            return True
        if self.action != DOOR:
            return False
        order = self.order
        out = order is not None and order.state in {"dispatched", "acknowledged"} and order.dispatched_at is not None
        return not (out and self.day(order.dispatched_at) == self.today)

    def _leave(self) -> Approval | None:
        for approval in reversed(self.case.approvals):
            mine = approval.service is None or approval.service == self.service
            if approval.act == "disconnection" and approval.state in {"granted", "used"} and mine:
                return approval
        return None

    # --- the house's own ------------------------------------------------------------------------------------------

    def g01(self) -> bool:
        aged = self.now - self.case.known.at > timedelta(minutes=self.says("dnp.reading_minutes"))
        old = aged and self.action not in ON_PAPER
        return old or not self.case.known.billing_read

    def g02(self) -> bool:
        for fact in self.now_true("stop_switch"):
            scope, service = fact.details.get("scope", "all").split(), fact.details.get("service", "")
            if {"all", "cuts"} & set(scope) and service in {"", self.service or service}:
                return True
        return False

    def g03(self) -> bool:
        return bool(self.now_true("hold"))


STILL_OPEN = {"requested", "dispatched", "acknowledged", "beyond_recall"}
BINDS = {"agreed", "in_force", "breached"}
TABLE = (*(f"D{n:02d}" for n in range(1, 23) if n != 11), "G01", "G02", "G03")
"""What can forbid. D11 forbids nothing by itself: it takes D10's protection away."""


def table(action: str) -> tuple[str, ...]:
    """Return what can forbid *action*."""
    return tuple(rule for rule in TABLE if action not in ON_PAPER or rule not in {"D08", "D22"})


def forbidden(city: str, case: Case, action: str, now: datetime) -> frozenset[str]:
    """Return the rules that forbid the cut of *case* at *now*; empty if it is lawful."""
    asked = Asked(law_of(city), case, action, now)
    return frozenset(rule for rule in table(action) if getattr(asked, rule.lower())())


def barred(city: str, case: Case, action: str, now: datetime) -> bool:
    """Say whether D11 takes winter protection away."""
    return Asked(law_of(city), case, action, now).d11()
