"""Where is the shared sample data, and what does a small lawful file of each format look like?"""

import os
from datetime import date, datetime
from pathlib import Path

import pytest

from formats.columns import Record
from formats.nacha import AchFile, Draft, Originator, drafts_file
from formats.nacha import records as layouts

SHARED = Path(os.environ.get("ARREARS_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data absent (ARREARS_SHARED or ../shared)")
RECORDS: list[type[Record]] = [
    value
    for value in vars(layouts).values()
    if isinstance(value, type) and issubclass(value, Record) and value not in {Record, layouts.Addenda}
]
CITIES = ("rochester", "las-cruces")

ORIGINATOR = Originator(
    destination="031300012",
    destination_name="FEDERAL RESERVE TEST",
    origin="091400606",
    origin_name="FIRST TEST BANK",
    company_name="EXAMPLE UTILITY",
    company_id="9410000001",
    odfi="09140060",
)
CREATED = datetime(2026, 10, 9, 6, 15)


def bank_files(name: str, *cities: str) -> list[Path]:
    """Return the bank files of that name, in the order of their days."""
    return [path for city in cities or CITIES for path in sorted((SHARED / city / "bank").glob(f"*/{name}"))]


def draft(sequence: int = 1, **changes: object) -> Draft:
    values: dict[str, object] = {
        "sec": "PPD",
        "transaction_code": "27",
        "routing": "231380104",
        "account": "93805448061",
        "amount_cents": 9339,
        "individual_id": "4166766289",
        "name": "Gideon Montelar",
        "sequence": sequence,
    }
    return Draft(**(values | changes))


def ach(*drafts: Draft) -> AchFile:
    chosen = drafts or (draft(1), draft(2, amount_cents=16245))
    return drafts_file(ORIGINATOR, chosen, created_at=CREATED, effective_on=date(2026, 10, 13))


def lines(file: AchFile) -> list[str]:
    return file.to_bytes().decode().splitlines()


def joined(rows: list[str], end: str = "\n") -> bytes:
    return (end.join(rows) + end).encode()


def put(rows: list[str], at: int, first: int, text: str) -> list[str]:
    """Return *rows* with *text* written into line *at* (from 1) beginning at column *first*."""
    row = rows[at - 1]
    return [*rows[: at - 1], row[: first - 1] + text + row[first - 1 + len(text) :], *rows[at:]]


BAI2 = b"""01,091400606,9410000001,261009,2230,282,,,2/
02,9410000001,091400606,1,261009,2359,USD,2/
03,4100778201,USD,010,100000,,,015,100700,,,100,1200,2,,400,500,1,/
16,142,1000,Z,2610090001,,PAYWISE BILLPAY, CIE/
88,UTILITY RECEIPTS/
16,115,200,Z,2610090002,,LOCKBOX DEPOSIT 0411207/
16,557,500,Z,2610090003,,ACH RETURN ITEMS/
49,204100,6/
98,204100,1,8/
99,204100,1,10/
"""

X12 = (
    b"ISA*00*          *00*          *ZZ*LINDENCOURTMGMT*ZZ*9410000001     *260902*0700*U*00401*000046966*0*P*>~\n"
    b"GS*RA*LINDENCOURTMGMT*9410000001*20260902*0700*46966*X*004010~\n"
    b"ST*820*0001~\n"
    b"BPR*C*847.66*C*ACH*CTX*01*123456780*DA*77001*1410000001**01*091400606*DA*4100778201*20260902~\n"
    b"TRN*1*PM2609025295~\n"
    b"N1*PR*LINDEN COURT MGMT~\n"
    b"N1*PE*EXAMPLE UTILITY~\n"
    b"ENT*1~\n"
    b"RMR*14*4120844081**137.37*142.37~\n"
    b"ADX*-5*53~\n"
    b"RMR*14*4115460711**710.29~\n"
    b"SE*10*0001~\n"
    b"GE*1*46966~\n"
    b"IEA*1*000046966~\n"
)


def _80(text: str) -> str:
    return text.ljust(80)


LOCKBOX_LINES = [
    _80("1009410000001 0914006062610090930"),
    _80("29410000001 091400606LOCKBOX   40008000010"),
    _80("500100004112072610099410000001 091400606"),
    "600100100000020300914006062661219080      91420000004153487543Yucca Gate Dental ",
    "600100200000160000914006062661219080      91430000004153487543Harbor Motel      ",
    _80("4001002601000000041703163170000007000"),
    _80("4001002602900000041535486950000009000"),
    _80("700100004112072610090020000018030"),
    _80("8001000041120726100900020000018030"),
    _80("9000010"),
]
LOCKBOX = joined(LOCKBOX_LINES)

AGGREGATOR = b"""H,BPX26100901,2026-10-09,2026-10-09T04:16:11,EXAMPLE UTILITY
P,A000250846,4170763058,7000,2026-10-09,web,Edith Jimeno,
P,A000250847,4103723062,14145,2026-10-09,mobile,Abdi Warsamy,
R,V000250848,4103723062,1000,2026-10-06,reversal,Abdi Warsamy,A000250810
T,3,21145,1000,20145
"""

CARDS = b"""rec,ref,account_no,kind,requested_cents,approved_cents,response,auth_code,card_last4,recurring,original_ref
D,C26100940449,4156728729,sale,13790,13790,00,258686,0477,0,
D,C26100940450,4190301640,sale,16360,10000,10,256442,3015,1,
D,K26102706600,5725448673,chargeback,9204,9204,,,,,C26090306124
T,3,23790,9204,14586
"""

DECLINES = b"""ref,account_no,instrument_id,card_last4,amount_cents,response,merchant_advice,attempt
D26100922726,4160615698,I02435,0081,16037,R0,21,1
"""

EAP = b"""payment_id,list_id,household_id,vendor_account_no,name,benefit_type,amount_cents,payment_date
EAP-27-00001,EAP261015,H7768622,4153551405,Verna Lindqvale,primary_heat,53846,2026-10-15
EAP-27-00002,EAP261015,H1434544,4108455033,Dewey Montelar,refund,-540,2026-10-15
"""

PLEDGES = b"""pledge_id,account_no,agency,amount_cents,pledged_on,expires_on,status
PL340716,4168191288,Three Rivers Fund,12400,2026-10-06,2026-11-05,new
"""

CHECK_RETURNS = b"""return_id,reason,amount_cents,deposited_on,source,batch,item,receipt_no,payer_routing,payer_account\
,check_no,represented
RI2609049015,D,7709,2026-09-01,counter,,,R2609010001,987654320,707911365,259,N
RI2610029017,A,7641,2026-09-28,lockbox,2,8,,111111118,5309951562,2872,Y
"""

RECEIPTS = b"""receipt_no,time,till,clerk,account_no,tender,amount_cents,check_no,void
R2610090001,08:59,1,clerk1,4116978927,cash,7186,,
R2610090002,09:02,1,clerk1,4116978927,check,9000,12,VOID
R2610090003,09:11,2,clerk2,4129562098,cash,28311,,
"""

REGISTERS = b"""till,tender,count,amount_cents,counted_cents,over_short_cents
1,cash,1,7186,7176,-10
2,cash,1,28311,28311,0
"""
