"""Which accounts does Demo City have at the close of 2026-08-31, and how will each customer behave?"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data.fiction import LANDLORDS, TOWN, address, between, chance, person, phone, pick, shop, shuffled
from formats.account_no import check_digit

OPENING = date(2026, 8, 31)
PREFIX = "99"
CYCLES = 18

# How many accounts of each kind, by temperament. The order is that of the desk's day, gentlest first.
PAST_DUE = {
    "pays_on_reminder": 14,
    "pays_on_notice": 14,
    "calls_and_arranges_keeps": 13,
    "calls_and_arranges_breaks": 9,
    "calls_then_cures": 8,
    "promises_keeps": 8,
    "promises_breaks": 7,
    "disputes": 6,
    "pays_when_cut": 12,
    "silent": 10,
    "pledge": 5,
}
CURRENT = {
    "pays_on_time": 304,
    "pays_on_reminder": 24,
    "pays_on_notice": 12,
    "calls_and_arranges_keeps": 4,
    "promises_keeps": 4,
    "pays_when_cut": 4,
    "silent": 4,
}
FINAL = {"silent": 18, "pays_on_notice": 4, "calls_and_arranges_keeps": 3, "promises_keeps": 3}
CLOSED = {"silent": 10}

# Days between what moves the customer (the bill, the letter, the cut) and the act; see data/README.md.
DELAYS = {
    "pays_on_time": (5, 19),
    "pays_on_reminder": (2, 8),
    "pays_on_notice": (2, 9),
    "calls_and_arranges_keeps": (1, 6),
    "calls_and_arranges_breaks": (1, 6),
    "calls_then_cures": (1, 6),
    "promises_keeps": (1, 5),
    "promises_breaks": (1, 5),
    "disputes": (1, 6),
    "pays_when_cut": (0, 3),
    "silent": (0, 0),
    "pledge": (3, 10),
}


@dataclass(slots=True, kw_only=True)
class Household:
    """One account and its behaviour while the city is being made up; `cells` are the columns of accounts.csv."""

    account_no: str
    group: str
    """`past_due`, `current`, `final` or `closed`."""
    temperament: str
    nth: int
    """Its place among the accounts of the same group and temperament, from 0."""
    delay_days: int
    seed: int
    cycle: int
    commercial: bool
    electric_base: int
    """Cents of an average month; 0 where the service is not taken."""
    water_base: int
    left_on: date | None
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def services(self) -> tuple[str, ...]:
        bases = (("electric", self.electric_base), ("water", self.water_base))
        return tuple(service for service, base in bases if base)

    @property
    def remedy(self) -> str:
        """Return where the final bill stands at the opening: `agency`, `court`, or blank for the desk itself."""
        if self.group != "final":
            return ""
        if self.temperament != "silent":
            return "agency" if self.nth == 2 else ""
        return "agency" if self.nth < 10 else "court" if self.nth < 15 else ""


def settle(rng: Random) -> list[Household]:
    """Return the households of the city, in the order of accounts.csv."""
    groups = {"past_due": PAST_DUE, "current": CURRENT, "final": FINAL, "closed": CLOSED}
    kinds = [
        (group, temperament, nth)
        for group, counts in groups.items()
        for temperament, count in counts.items()
        for nth in range(count)
    ]
    numbers = _account_numbers(rng, len(kinds))
    taken: set[str] = set()
    city = []
    for place, (group, temperament, nth) in enumerate(shuffled(rng, kinds)):
        home = _household(rng, account_no=numbers[place], group=group, temperament=temperament, nth=nth)
        home.left_on = _left_on(rng, home)
        home.cells = _cells(rng, home, place=place, taken=taken)
        city.append(home)
    _protect(rng, city)
    return city


def _account_numbers(rng: Random, count: int) -> list[str]:
    numbers: list[str] = []
    while len(numbers) < count:
        stem = f"{PREFIX}{between(rng, 0, 9_999_999):07d}"
        if stem + check_digit(stem) not in numbers:
            numbers.append(stem + check_digit(stem))
    return numbers


def _household(rng: Random, *, account_no: str, group: str, temperament: str, nth: int) -> Household:
    # Among those who pay only when cut, every fourth is a shop and every fourth takes water alone: both can be cut
    # in the winter season too, so that the desk has such work after October 1.
    stubborn = temperament in ("pays_when_cut", "silent")
    commercial = nth % 4 == 0 if stubborn else temperament != "pledge" and chance(rng, 9)
    size = between(rng, 60, 160) * (between(rng, 2, 9) if commercial else 1)
    mix = between(rng, 1, 100)
    water_only = mix <= 4 or (stubborn and nth % 4 == 1)
    electric_only = mix > 76 and not water_only
    return Household(
        account_no=account_no,
        group=group,
        temperament=temperament,
        nth=nth,
        delay_days=between(rng, *DELAYS[temperament]),
        seed=between(rng, 1, 999_999),
        cycle=between(rng, 1, CYCLES),
        commercial=commercial,
        electric_base=0 if water_only else 90 * size,
        water_base=0 if electric_only else 28 * size,
        left_on=None,
    )


def _left_on(rng: Random, home: Household) -> date | None:
    """Return the day on which the customer moved out, none for an active account."""
    if home.group not in ("final", "closed"):
        return None
    spans = {
        "agency": (date(2024, 1, 8), 700),
        "court": (date(2025, 3, 3), 300),
        "": (date(2026, 5, 4), 70),
    }
    first, days = spans[home.remedy] if home.group == "final" else (date(2023, 2, 6), 1_100)
    return first + timedelta(days=between(rng, 0, days))


def _cells(rng: Random, home: Household, *, place: int, taken: set[str]) -> dict[str, str]:
    """Return the columns of accounts.csv, protections and opening credit aside."""
    spanish = chance(rng, 24)
    tenant = not home.commercial and chance(rng, 42)
    since = date(2011, 1, 3) + timedelta(days=between(rng, 0, 4_200))
    return {
        "account_no": home.account_no,
        "customer_name": shop(rng) if home.commercial else person(rng, spanish=spanish),
        "premise_id": f"P{place + 1:06d}",
        "premise_address": address(rng, taken),
        "zip": TOWN[-5:],
        "mailing_address": f"PO Box {between(rng, 100, 999)} {TOWN}" if home.left_on or chance(rng, 5) else "",
        "class": "commercial" if home.commercial else "residential",
        "services": "|".join(home.services),
        "phone": phone(rng) if chance(rng, 93) else "",
        "email": f"customer{place + 1}@example.com" if chance(rng, 65) else "",
        "sms_consent": _flag(chance(rng, 52)),
        "email_consent": _flag(chance(rng, 54)),
        "call_consent": _flag(chance(rng, 89)),
        "language": "es" if spanish and not home.commercial and chance(rng, 60) else "en",
        "occupancy": "tenant" if tenant else "owner",
        "landlord": pick(rng, LANDLORDS) if tenant else "",
        "owner_waiver_on": "",
        "military": "0",
        "medical_equipment": "0",
        "life_support": "0",
        "heat_source": "" if home.commercial else pick(rng, ("natural_gas", "electric", "natural_gas", "propane")),
        "income_band": "" if home.commercial else _income_band(rng, home),
        "autopay": "",
        "deposit_cents": _deposit(rng, home) if tenant else "0",
        "status": home.group if home.left_on else "active",
        "status_date": (home.left_on or since).isoformat(),
        "customer_since": since.isoformat(),
        "meter_type": "remote" if chance(rng, 84) else "manual",
        "third_party_designee": "",
        "bankruptcy_chapter": "",
        "bankruptcy_petition_on": "",
        **_past_year(rng, home),
        "bill_cycle": str(home.cycle),
        "opening_credit_cents": "0",
        "agency_placed_on": "",
        "meters": "|".join(f"{service[0].upper()}{place + 1:06d}" for service in home.services),
    }


def _deposit(rng: Random, home: Household) -> str:
    """Return the cents held; whoever moved out has had the deposit set against the final bill."""
    cents = pick(rng, (10_000, 15_000, 20_000, 25_000, 0, 0, 0, 0, 0, 0, 0, 0))
    return "0" if home.left_on else str(cents)


def _income_band(rng: Random, home: Household) -> str:
    """Return what the city knows of the income: who waits for a pledge is known to be poor, most are not known."""
    if home.temperament == "pledge":
        return "le50smi"
    if home.temperament in ("pays_when_cut", "silent"):
        return pick(rng, ("gt100smi", "gt100smi", "50to100smi", ""))
    return pick(rng, ("", "", "", "", "", "", "gt100smi", "gt100smi", "50to100smi", "le50smi"))


def _past_year(rng: Random, home: Household) -> dict[str, str]:
    behind = home.group in ("past_due", "final")
    broke = home.temperament in ("calls_and_arranges_breaks", "promises_breaks")
    return {
        "late_12m": str(between(rng, 1, 7) if behind else between(rng, 0, 3) // 3),
        "returned_12m": _flag(chance(rng, 12 if behind else 2)),
        "disconnected_12m": _flag(chance(rng, 40 if home.temperament == "pays_when_cut" else 4 if behind else 0)),
        "broken_arrangements_12m": _flag(chance(rng, 60 if broke else 4 if behind else 0)),
    }


def _protect(rng: Random, city: list[Household]) -> None:
    """Give some households what keeps their service on, and some a second reader of their letters.

    Half of each protection stands on an account in arrears. Those who pay only when cut keep none, so that the
    demo reaches the cut; one of the silent has life support, and must never be cut.
    """
    homes = {"past_due": _at_home(city, "past_due"), "current": _at_home(city, "current")}
    for kind, each in (("military", 2), ("medical_equipment", 3), ("life_support", 1)):
        for candidates in homes.values():
            for _ in range(each):
                candidates.pop().cells[kind] = "1"
    silent = next(h for h in city if h.group == "past_due" and h.temperament == "silent" and not h.commercial)
    silent.cells["life_support"] = "1"
    for chapter, petition_on in (("7", "2026-08-14"), ("13", "2026-05-20")):
        homes["past_due"].pop().cells.update(bankruptcy_chapter=chapter, bankruptcy_petition_on=petition_on)
    for group, count in (("past_due", 6), ("current", 4)):
        for _ in range(count):
            home = homes[group].pop()
            home.cells["third_party_designee"] = f"{person(rng, spanish=chance(rng, 30))}|{phone(rng)}"
    for cents in ("4210", "655"):
        homes["current"].pop().cells["opening_credit_cents"] = cents


def _at_home(city: list[Household], group: str) -> list[Household]:
    unprotected = ("pays_when_cut", "silent")
    return [h for h in city if h.group == group and not h.commercial and h.temperament not in unprotected]


def _flag(truth: bool) -> str:
    return "1" if truth else "0"
