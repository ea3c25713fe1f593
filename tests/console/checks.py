"""A check taken at the counter, and the bank's word that it came back."""

RECEIPTS = "receipt_no,time,till,clerk,account_no,tender,amount_cents,check_no,void"
BACK = (
    "return_id,reason,amount_cents,deposited_on,source,batch,item,receipt_no,payer_routing,payer_account,check_no"
    ",represented"
)
CENTS, CHECK_NO = 31_00, "259"
ROUTING, ACCOUNT = "231380104", "707911365"


def a_check(account_no: str) -> bytes:
    """Return the counter's file with one check for *account_no*."""
    return f"{RECEIPTS}\nR1,08:49,2,kim,{account_no},check,{CENTS},{CHECK_NO},\n".encode()


def a_check_back(reason: str = "A", *, deposited_on: str = "2026-09-01") -> bytes:
    """Return the bank's file in which that check comes back."""
    row = f"RI1,{reason},{CENTS},{deposited_on},counter,,,R1,{ROUTING},{ACCOUNT},{CHECK_NO},N"
    return f"{BACK}\n{row}\n".encode()
