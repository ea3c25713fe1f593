"""What have crews, agency, court and weather service on record about Demo City?"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from data.people import Household

Row = tuple[str, ...]
Table = tuple[str, list[Row]]
"""A header and its rows."""

_COURT = "Demo County Conciliation Court"
_ACKNOWLEDGMENT = "placement_ref,account_no,placed_cents,result,reason,acknowledged_on"
_RECALL = "account_no,action,reason,balance_cents,effective_on"
_REMITTANCE = "rec,line_id,account_no,paid_on,paid_to,gross_cents,commission_cents,net_cents"
_HEARING = (
    "claim_no,account_no,court,hearing_date,result,claimed_cents,judgment_cents,costs_cents,final_on,continued_to"
)
_FIELD = "work_order,account_no,type,requested_on,at,result,reason,meter_read,crew"
_HEAT = "product_id,action,product,office,county,issued,starts,ends"
_COSTS_CENTS = 7_500
_COMMISSION_PCT = 30


def place_with_agency(city: Sequence[Household]) -> None:
    """Write the placement day of each account that the agency has: months after it left, three only last week."""
    placed = [home for home in city if home.remedy == "agency"]
    for nth, home in enumerate(placed):
        assert home.left_on is not None
        on = date(2026, 8, 26) if nth < 3 else home.left_on + timedelta(days=150 + 7 * nth)
        home.cells["agency_placed_on"] = min(on, date(2026, 8, 26)).isoformat()


def agency_tables(city: Sequence[Household], owed: Mapping[str, int]) -> dict[str, Table]:
    """Return the agency's monthly files; *owed* holds each account's cents at the opening."""
    placed = [home.account_no for home in city if home.remedy == "agency"]
    new, others = placed[:3], placed[3:]
    replies: list[Row] = [
        (f"PLCD{1001 + nth}", account_no, str(owed[account_no]), "accepted", "", "2026-09-10")
        for nth, account_no in enumerate(new)
    ]
    tables: dict[str, Table] = {
        "agency/2026-09-10_acknowledgment.csv": (_ACKNOWLEDGMENT, replies),
        "agency/2026-10-09_recall.csv": (
            _RECALL,
            [(others[0], "returned_by_agency", "dispute", str(owed[others[0]]), "2026-10-09")],
        ),
        "agency/2026-12-10_recall.csv": (
            _RECALL,
            [(others[1], "returned_by_agency", "uncollectible", str(owed[others[1]]), "2026-12-10")],
        ),
    }
    for nth, day in enumerate(("2026-09-10", "2026-10-09", "2026-11-10", "2026-12-10")):
        payers = others[2 + 2 * nth : 4 + 2 * nth]
        tables[f"agency/{day}_remittance.csv"] = (_REMITTANCE, _remittance(day, payers, owed))
    return tables


def _remittance(day: str, payers: Sequence[str], owed: Mapping[str, int]) -> list[Row]:
    batch = f"RMD{day[2:].replace('-', '')}"
    paid_on = (date.fromisoformat(day) - timedelta(days=8)).isoformat()
    gross = [owed[account_no] * 2 // 5 for account_no in payers]
    commission = [cents * _COMMISSION_PCT // 100 for cents in gross]
    rows: list[Row] = [
        ("D", f"{batch}-{nth:03d}", account_no, paid_on, "agency", str(cents), str(fee), str(cents - fee))
        for nth, (account_no, cents, fee) in enumerate(zip(payers, gross, commission, strict=True), start=1)
    ]
    net = sum(gross) - sum(commission)
    return [*rows, ("T", batch, str(len(rows)), "", "", str(sum(gross)), str(sum(commission)), str(net))]


def court_tables(city: Sequence[Household], owed: Mapping[str, int]) -> dict[str, Table]:
    """Return the hearings of the accounts in court: one before the opening, the others within the period."""
    first, second, third, fourth, fifth = (home.account_no for home in city if home.remedy == "court")
    hearings = (
        (1, first, "2026-08-20", "continued", "", "2026-09-17"),
        (1, first, "2026-09-17", "judgment_for_plaintiff", "2026-10-08", ""),
        (2, second, "2026-09-17", "default_judgment", "2026-10-08", ""),
        (3, third, "2026-10-15", "dismissed_not_served", "", ""),
        (4, fourth, "2026-10-15", "continued", "", "2026-11-12"),
        (4, fourth, "2026-11-12", "settled", "", ""),
        (5, fifth, "2026-11-12", "default_judgment", "2026-12-03", ""),
    )
    tables: dict[str, Table] = {}
    for nth, account_no, on, result, final_on, continued_to in hearings:
        won = "judgment" in result
        claimed = str(owed[account_no])
        sums = (claimed, claimed if won else "0", str(_COSTS_CENTS) if won else "0")
        row = (f"CV-26-9{nth:04d}", account_no, _COURT, on, result, *sums, final_on, continued_to)
        tables.setdefault(f"court/{on}.csv", (_HEARING, []))[1].append(row)
    return tables


def field_tables(city: Sequence[Household]) -> dict[str, Table]:
    """Return the one report of the crews that no order of ours stands behind: a reconnection asked for in August."""
    home = next(
        each
        for each in city
        if each.group == "past_due" and each.cells["disconnected_12m"] == "1" and "electric" in each.services
    )
    kind = "RNP-ELEC-REMOTE" if home.cells["meter_type"] == "remote" else "RNP-ELEC-FIELD"
    row = ("WOD0001", home.account_no, kind, "2026-08-31", "2026-09-01T09:40:00", "completed", "paid", "48211", "crew1")
    return {"field/2026-09-01.csv": (_FIELD, [row])}


def heat_table() -> Table:
    """Return the weather service's products: a hot first week, two advisories in mid-September, one called off."""
    bulletins = (
        ("041", "NEW", "Extreme Heat Watch", "Olmsted", "09-01T14:10", "09-02T11:00", "09-04T20:00"),
        ("042", "NEW", "Heat Advisory", "Olmsted", "09-01T21:35", "09-02T11:00", "09-02T21:00"),
        ("043", "NEW", "Extreme Heat Warning", "Olmsted", "09-02T15:20", "09-02T15:20", "09-03T20:00"),
        ("043", "EXT", "Extreme Heat Warning", "Olmsted", "09-03T13:05", "09-03T13:05", "09-03T22:00"),
        ("044", "NEW", "Heat Advisory", "Dodge", "09-09T04:00", "09-10T12:00", "09-11T19:00"),
        ("045", "NEW", "Heat Advisory", "Olmsted", "09-15T03:50", "09-16T12:00", "09-17T20:00"),
        ("046", "NEW", "Heat Advisory", "Olmsted", "09-21T03:50", "09-22T12:00", "09-22T20:00"),
        ("046", "CAN", "Heat Advisory", "Olmsted", "09-22T07:15", "09-22T12:00", "09-22T07:15"),
        ("061", "NEW", "Wind Chill Advisory", "Olmsted", "12-08T15:00", "12-08T21:00", "12-09T10:00"),
    )
    rows: list[Row] = []
    for number, action, product, county, *times in bulletins:
        # Central daylight time until November 1, standard time after.
        instants = (f"2026-{time}:00-{'06' if time > '11-01' else '05'}:00" for time in times)
        rows.append((f"DMO-26-{number}", action, product, "DMO", county, *instants))
    return _HEAT, rows
