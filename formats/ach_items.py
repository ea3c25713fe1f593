"""Which sums does an ACH file bring: credits, our own drafts, returns, and what a business says that it pays?"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Final

from domain.posting import Item
from formats import nacha
from formats.errors import FIELD, Malformed
from formats.items import Read, clearing, receipt, went_back
from formats.x12_820 import Remittance, is_interchange, read_820, read_rmr

LUMP: Final = "IK"  # RMR01 of a lump that settles a detail file, by the hand-over notes
# What the notes do not refuse: the filler may be missing, and the order of traces says nothing about the money. A trace
# that stands in a file twice is money in suspense, not a file refused.
_FORGIVEN: Final = nacha.Relaxations(missing_filler=True, unordered_traces=True, unordered_batches=True)


def read_ach(data: bytes, name: str, received_on: date) -> Read:
    """Return what the ACH file *data* brings."""
    file = nacha.read(data, relax=_FORGIVEN, name=name, received_on=received_on)
    return Read(str(file.identity), _of_ach(file))


def _of_ach(file: nacha.AchFile) -> Iterator[Item]:
    for header, entry in file.entries():
        if entry.change is not None or not entry.amount_cents:
            continue  # a notice of change, a prenote: no money
        if entry.returned is not None:
            yield went_back(
                "draft" if entry.is_debit else "ach",  # a credit that goes back is one that we refused
                entry.trace,
                entry.amount_cents,
                line=entry.line_no,
                original=entry.returned.original_trace,
                code=entry.returned.return_code,
            )
        elif header.sec == "RCK":  # a check that we presented again; its entry has no room for the account
            written = presented_check(entry.individual_id, entry.trace)
            yield receipt("draft", entry.trace, written, entry.amount_cents, line=entry.line_no, tender=nacha.RCK)
        elif entry.is_debit:  # a draft that we sent
            tender = "retry" if header.description == nacha.RETRY_DESCRIPTION else "draft"
            yield receipt(
                "draft", entry.trace, entry.individual_id, entry.amount_cents, line=entry.line_no, tender=tender
            )
        elif header.sec in {"CCD", "CTX"}:
            yield from _corporate(header, entry)
        else:
            yield receipt(
                "ach",
                entry.trace,
                entry.individual_id,
                entry.amount_cents,
                line=entry.line_no,
                payer=entry.individual_name,
                origin=(header.line, entry.line),
            )


def presented_check(check_no: str, trace: str) -> str:
    """Return what stands for the account where a check is presented again: its number, and the trace it goes by."""
    return f"{check_no} {trace}"


def _corporate(header: nacha.BatchHeader, entry: nacha.Entry) -> Iterator[Item]:
    """Yield what a business's entry pays, as its addenda say; unreadable addenda leave it without an account."""
    advice, called = entry.remittance, ""
    if is_interchange(advice):
        yield from lines_advised("ach", entry.trace, _sets(entry), line=entry.line_no, amount_cents=entry.amount_cents)
        return
    with suppress(Malformed):
        advised = read_rmr(advice)
        if advised.qualifier == LUMP:
            yield clearing("ach", entry.trace, entry.amount_cents, line=entry.line_no, called=advised.account_no)
            return
        called = advised.account_no
    yield receipt(
        "ach",
        entry.trace,
        called,
        entry.amount_cents,
        line=entry.line_no,
        payer=entry.individual_name,
        origin=(header.line, entry.line) if header.sec == "CCD" else (),
    )


def _sets(entry: nacha.Entry) -> tuple[Remittance, ...]:
    """Return the remittances of the 820 in an entry's addenda; what is wrong with it is wrong with the entry."""
    try:
        return read_820(entry.remittance.encode()).remittances
    except Malformed as fault:
        message = f"the 820 in its addenda, segment {fault.line}: {fault.message}"
        field, value = fault.field, fault.value
        raise Malformed(fault.rule, message, line=entry.line_no, record="6", field=field, value=value) from None


def lines_advised(
    source: str, trace: str, sets: tuple[Remittance, ...], *, line: int, amount_cents: int | None = None
) -> Iterator[Item]:
    """Yield what the lines of an 820 pay; the whole, with no account, if they do not make up *amount_cents*."""
    advised = [each for remittance in sets for each in remittance.lines]
    if any(each.paid_cents < 0 for each in advised):
        raise Malformed(FIELD, "an amount of nothing or more was expected", line=line, field="RMR04")
    if amount_cents is not None and amount_cents != sum(each.paid_cents for each in advised):
        yield receipt(source, trace, "", amount_cents, line=line)  # the advice is of another sum: a person looks
        return
    for place, each in enumerate(advised, start=1):
        called = f"{trace}.{place}"
        yield receipt(source, called, each.account_no, each.paid_cents, line=line or each.line_no)
