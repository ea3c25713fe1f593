"""A customer who is drawn on, the drafts, and the returns that a bank sends."""

import shutil
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from casework.returned import originator_of
from domain.policy import Policy
from formats.nacha import (
    AchFile,
    AddendaReturn,
    BatchHeader,
    Draft,
    check_digit,
    compose_batch,
    compose_file,
    drafts_file,
    read,
)
from tests.workflows.world import CITY, SHOP

OPERATOR = "03130001"
BANK_ACCOUNT = "93805448061"
_HEADER = "instrument_id,account_no,kind,sec,routing,bank_account,tran_code,card_last4,card_expiry,authorized_on"


def city_with_instruments(folder: Path, *account_nos: str) -> Path:
    """Return a copy of Demo City in which the accounts can be drawn on."""
    city = folder / "city"
    shutil.copytree(CITY, city)
    rows = [f"I{n},{no},ach,PPD,231380104,{BANK_ACCOUNT},27,,,2025-05-06" for n, no in enumerate(account_nos)]
    (city / "cis" / "instruments.csv").write_text("\n".join([_HEADER, *rows]) + "\n")
    return city


def drafts(policy: Policy, *cents: int, on: date, first: int = 1, account_no: str = SHOP) -> bytes:
    """Return the file of drafts on one account, as the billing engine sends it."""
    made = [
        Draft(
            sec="PPD",
            transaction_code="27",
            routing="231380104",
            account=BANK_ACCOUNT,
            amount_cents=sum_,
            individual_id=account_no,
            name="A Payer",
            sequence=first + place,
        )
        for place, sum_ in enumerate(cents)
    ]
    created = datetime.combine(on, time(6, 15))
    return drafts_file(originator_of(policy, on), made, created_at=created, effective_on=on).to_bytes()


def returns(policy: Policy, sent: Sequence[bytes], code: str, *, on: date, minute: int = 0) -> bytes:
    """Return the file in which every entry of the files *sent* comes back for *code*."""
    originator = originator_of(policy, on)
    batches = []
    for header, entry in (pair for data in sent for pair in read(data).entries()):
        trace = f"{OPERATOR}{entry.trace[8:]}"
        back = AddendaReturn.build(
            return_code=code,
            original_trace=entry.trace,
            original_rdfi=entry.routing[:8],
            information="",
            trace=trace,
        )
        origin = entry.trace[:8]
        line = f"6{entry.transaction_code[0]}6{origin}{check_digit(origin)}{entry.line[12:78]}1{trace}"
        came = BatchHeader.build(
            service_class="200",
            company_name=header.company_name,
            company_id=header.company_id,
            sec=header.sec,
            description=header.description,
            descriptive_date=header.descriptive_date,
            effective_on=on,
            originator_status="1",
            odfi=OPERATOR,
            batch_no=str(len(batches) + 1),
        )
        batches.append(compose_batch(came, [type(entry)(line, 0, (back,))]))
    head = originator.header(datetime.combine(on, time(8, minute)), "R")
    file: AchFile = compose_file(head, batches)
    return file.to_bytes()
