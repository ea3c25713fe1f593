"""A city folder of four invented accounts, written where a test wants it."""

from collections.abc import Iterable
from pathlib import Path

from formats.account_no import check_digit


def number(serial: int) -> str:
    stem = f"99{serial:07d}"
    return stem + check_digit(stem)


ANN, BEN, SHOP, GONE = number(1), number(2), number(3), number(4)
PRIVATE = ("Ann Larkspur", "12 Teal Ct", "507-555-0101", "ann@example.com")

_ACCOUNTS = (
    "account_no,customer_name,premise_id,premise_address,zip,mailing_address,class,services,phone,email,sms_consent,"
    "email_consent,call_consent,language,occupancy,landlord,owner_waiver_on,military,medical_equipment,life_support,"
    "heat_source,income_band,autopay,deposit_cents,status,status_date,customer_since,meter_type,third_party_designee,"
    "bankruptcy_chapter,bankruptcy_petition_on,late_12m,returned_12m,disconnected_12m,broken_arrangements_12m,"
    "bill_cycle,opening_credit_cents,agency_placed_on"
)
_ROWS = (
    (
        f"{ANN},Ann Larkspur,P000001,12 Teal Ct,55901,PO Box 7,residential,electric|water,507-555-0101,ann@example.com,"
        "1,0,1,es,tenant,Elm Homes LP,2025-01-02,1,0,1,electric,le50smi,ach,15000,active,2019-02-28,2019-02-28,remote,"
        "Ole Ek|507-555-0111,13,2026-04-01,4,3,2,1,9,0,"
    ),
    (
        f"{BEN},Ben Tansy,P000002,14 Teal Ct,55901,,residential,electric|water,,,0,0,0,en,owner,,,0,0,0,,,,0,active,"
        "2020-01-01,2020-01-01,manual,,,,0,0,0,0,9,500,"
    ),
    (
        f"{SHOP},Elm Bakery,P000003,2 Elm St,55901,,commercial,water,,,0,0,0,en,owner,,,0,0,0,,,,0,final,2026-07-01,"
        "2020-01-01,remote,,,,0,0,0,0,18,0,2026-08-01"
    ),
    (
        f"{GONE},Cy Reed,P000004,3 Elm St,55901,,residential,water,,,0,0,0,en,owner,,,0,0,0,,,,0,closed,2026-07-01,"
        "2020-01-01,remote,,,,0,0,0,0,18,0,"
    ),
)
OPEN_ITEMS = (
    f"1001,{ANN},electric,2026-07-15,2026-08-05,9000,6000",
    f"1001,{ANN},water,2026-07-15,2026-08-05,3000,3000",
    f"1009,{ANN},electric,2026-08-17,2026-09-07,8000,8000",
    f"1002,{BEN},electric,2026-08-17,2026-09-07,4000,4000",
    f"1003,{SHOP},water,2026-07-01,2026-07-22,2500,2500",
)
_BILLS = {
    "2026-09-15": (f"2001,{ANN},2026-09-15,2026-10-06,7000,2000", f"2002,{BEN},2026-09-15,2026-10-06,4100,"),
    "2026-10-15": (f"3001,{ANN},2026-10-15,2026-11-05,7100,2100", f"3002,{BEN},2026-10-15,2026-11-05,4200,900"),
}
DRAFT = "091400600085264"
BANK_ACCOUNT = "73180346204"


def write_city(root: Path, *, open_items: Iterable[str] = OPEN_ITEMS) -> Path:
    """Write the folder under *root* and return it. It opens at the close of 2026-08-31 in America/Chicago."""
    _write(root / "cis" / "accounts.csv", _ACCOUNTS, _ROWS)
    header = "bill_no,account_no,service,bill_date,due_date,original_cents,remaining_cents"
    _write(root / "cis" / "open_items.csv", header, open_items)
    for day, rows in _BILLS.items():
        header = "bill_no,account_no,bill_date,due_date,electric_cents,water_cents"
        _write(root / "cis" / "bills" / f"{day}.csv", header, rows)
    header = "trace,posted_on,account_no,instrument_id,amount_cents,unapplied_cents,applied"
    draft = f"{DRAFT},2026-08-20,{ANN},I1,3500,0,1001/electric/2026-08-05/3000;0999/water/2026-07-06/500"
    _write(root / "cis" / "posted_drafts.csv", header, (draft,))
    header = "instrument_id,account_no,kind,sec,routing,bank_account,tran_code,card_last4,card_expiry,authorized_on"
    instruments = (
        f"I1,{ANN},ach,PPD,123456780,{BANK_ACCOUNT},27,,,2025-05-06",
        f"I2,{BEN},card,,,,,0381,05/30,2025-02-02",
    )
    _write(root / "cis" / "instruments.csv", header, instruments)
    _write(root / "cis" / "aging_2026-08-31.csv", "as_of", ())
    _write_outside(root)
    return root


def _write_outside(root: Path) -> None:
    header = "work_order,account_no,type,requested_on,at,result,reason,meter_read,crew"
    row = f"WO1,{BEN},DNP-ELEC-FIELD,2026-09-09,2026-09-10T13:11:00,completed,,13458,crew5"
    _write(root / "field" / "2026-09-10.csv", header, (row,))
    header = "account_no,action,reason,balance_cents,effective_on"
    _write(
        root / "agency" / "2026-09-10_recall.csv", header, (f"{SHOP},returned_by_agency,no_contact,2500,2026-09-10",)
    )
    header = (
        "claim_no,account_no,court,hearing_date,result,claimed_cents,judgment_cents,costs_cents,final_on,continued_to"
    )
    _write(root / "court" / "2026-09-03.csv", header, (f"CV1,{SHOP},Elm Court,2026-09-03,settled,2500,0,0,,",))
    header = "product_id,action,product,office,county,issued,starts,ends"
    heat = "Heat Advisory,ARX,Olmsted"
    _write(
        root / "weather" / "heat_products.csv",
        header,
        (
            f"A1,NEW,{heat},2026-09-01T14:00:00-05:00,2026-09-02T11:00:00-05:00,2026-09-02T20:00:00-05:00",
            f"A1,EXT,{heat},2026-09-02T15:00:00-05:00,2026-09-02T11:00:00-05:00,2026-09-03T20:00:00-05:00",
        ),
    )
    _write(root / "weather" / "holidays.csv", "date,name,bank_closed,city_closed", ("2026-09-07,Labor Day,1,1",))


def _write(path: Path, header: str, rows: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
