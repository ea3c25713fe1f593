"""Which bytes does the folder demo-city/ hold? The same on every machine; `python -m data.generate` writes them."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from data.ledger import HOLIDAYS, Bill, aging_row, opening_bills, period_bills
from data.outside import Table, agency_tables, court_tables, field_tables, heat_table, place_with_agency
from data.people import OPENING, Household, settle

SEED = 20260901
FOLDER = Path(__file__).parent / "demo-city"

_ACCOUNTS = (
    "account_no,customer_name,premise_id,premise_address,zip,mailing_address,class,services,phone,email,sms_consent,"
    "email_consent,call_consent,language,occupancy,landlord,owner_waiver_on,military,medical_equipment,life_support,"
    "heat_source,income_band,autopay,deposit_cents,status,status_date,customer_since,meter_type,third_party_designee,"
    "bankruptcy_chapter,bankruptcy_petition_on,late_12m,returned_12m,disconnected_12m,broken_arrangements_12m,"
    "bill_cycle,opening_credit_cents,agency_placed_on,meters"
)
_OPEN_ITEMS = "bill_no,account_no,service,bill_date,due_date,original_cents,remaining_cents"
_BILLS = "bill_no,account_no,bill_date,due_date,electric_cents,water_cents"
_AGING = (
    "account_no,as_of,oldest_due,current_cents,d1_30_cents,d31_60_cents,d61_90_cents,d91_120_cents,d121_up_cents,"
    "past_due_cents,electric_cents,water_cents,total_cents"
)
_DRAFTS = "trace,posted_on,account_no,instrument_id,amount_cents,unapplied_cents,applied"
_CUSTOMERS = "account_no,temperament,delay_days,seed"


def build(rng: Random) -> dict[str, bytes]:
    """Return the files of the city by their path in the folder; all chance comes from *rng*."""
    city = settle(rng)
    place_with_agency(city)
    opening = opening_bills(rng, city)
    of_account: defaultdict[str, list[Bill]] = defaultdict(list)
    for bill in opening:
        of_account[bill.account_no].append(bill)
    owed = {account_no: sum(sum(bill.remaining.values()) for bill in bills) for account_no, bills in of_account.items()}
    tables: dict[str, Table] = {
        "customers.csv": (_CUSTOMERS, [(h.account_no, h.temperament, str(h.delay_days), str(h.seed)) for h in city]),
        "cis/accounts.csv": (_ACCOUNTS, [tuple(h.cells[column] for column in _ACCOUNTS.split(",")) for h in city]),
        "cis/open_items.csv": (_OPEN_ITEMS, _open_items(city, of_account)),
        "cis/posted_drafts.csv": (_DRAFTS, []),
        f"cis/aging_{OPENING}.csv": (_AGING, _aging(city, of_account)),
        **_bill_tables(period_bills(rng, city)),
        **agency_tables(city, owed),
        **court_tables(city, owed),
        **field_tables(city),
        "weather/heat_products.csv": heat_table(),
        "weather/holidays.csv": ("date,name,bank_closed,city_closed", list(HOLIDAYS)),
    }
    return {path: _csv(table) for path, table in tables.items()}


def write(files: dict[str, bytes], folder: Path) -> None:
    """Make *folder* hold *files* and no other CSV file."""
    for stale in set(folder.rglob("*.csv")) - {folder / path for path in files}:
        stale.unlink()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def _open_items(city: Sequence[Household], of_account: dict[str, list[Bill]]) -> list[tuple[str, ...]]:
    return [
        (bill.bill_no, bill.account_no, service, f"{bill.bill_date}", f"{bill.due_date}", f"{cents}", f"{left}")
        for bill in _by_account(city, of_account)
        for service, cents in bill.cents.items()
        if (left := bill.remaining[service])
    ]


def _aging(city: Sequence[Household], of_account: dict[str, list[Bill]]) -> list[tuple[str, ...]]:
    rows = (aging_row(of_account[home.account_no]) for home in city if home.account_no in of_account)
    return [tuple(row[column] for column in _AGING.split(",")) for row in rows if row is not None]


def _by_account(city: Sequence[Household], of_account: dict[str, list[Bill]]) -> Iterable[Bill]:
    return (bill for home in city for bill in of_account.get(home.account_no, ()))


def _bill_tables(bills: Sequence[Bill]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for bill in bills:
        amounts = [str(bill.cents.get(service, "")) for service in ("electric", "water")]
        row = (bill.bill_no, bill.account_no, f"{bill.bill_date}", f"{bill.due_date}", *amounts)
        tables.setdefault(f"cis/bills/{bill.bill_date}.csv", (_BILLS, []))[1].append(row)
    return tables


def _csv(table: Table) -> bytes:
    header, rows = table
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue().encode()


if __name__ == "__main__":
    write(build(Random(SEED)), FOLDER)
