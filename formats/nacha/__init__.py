"""NACHA files: read strictly, written strictly, every code explained.

This package stands by itself: it needs nothing outside the standard library and `formats.columns`, `formats.text` and
`formats.errors`. Others import from here, not from its modules.

    file = read(data, relax=Relaxations(missing_filler=True))
    for header, entry in file.entries():
        print(header.sec, entry.amount_cents, entry.trace)
"""

from formats.nacha.reader import FILE_DATE_DAYS_MAX, STRICT, Relaxations, read, scan
from formats.nacha.records import (
    Addenda,
    AddendaChange,
    AddendaContested,
    AddendaDishonored,
    AddendaPayment,
    AddendaReturn,
    AddendaTerminal,
    BatchControl,
    BatchHeader,
    CieEntry,
    CtxEntry,
    Entry,
    FileControl,
    FileHeader,
    entry_type,
)
from formats.nacha.returns import (
    ADMINISTRATIVE,
    CHANGES,
    RETRIES_MAX,
    RETRY_DESCRIPTION,
    RETRY_WINDOW_DAYS,
    RETURN_FEE_DESCRIPTION,
    RETURNS,
    UNAUTHORIZED,
    Action,
    Correction,
    Reason,
    Retry,
    Window,
    correction,
    reason,
)
from formats.nacha.rules import SECS, Sec, check_digit
from formats.nacha.values import AchFile, Batch, Entries, FileIdentity
from formats.nacha.writer import Draft, Originator, Refusal, compose_batch, compose_file, drafts_file, refusals_file

__all__ = [
    "ADMINISTRATIVE",
    "CHANGES",
    "FILE_DATE_DAYS_MAX",
    "RETRIES_MAX",
    "RETRY_DESCRIPTION",
    "RETRY_WINDOW_DAYS",
    "RETURNS",
    "RETURN_FEE_DESCRIPTION",
    "SECS",
    "STRICT",
    "UNAUTHORIZED",
    "AchFile",
    "Action",
    "Addenda",
    "AddendaChange",
    "AddendaContested",
    "AddendaDishonored",
    "AddendaPayment",
    "AddendaReturn",
    "AddendaTerminal",
    "Batch",
    "BatchControl",
    "BatchHeader",
    "CieEntry",
    "Correction",
    "CtxEntry",
    "Draft",
    "Entries",
    "Entry",
    "FileControl",
    "FileHeader",
    "FileIdentity",
    "Originator",
    "Reason",
    "Refusal",
    "Relaxations",
    "Retry",
    "Sec",
    "Window",
    "check_digit",
    "compose_batch",
    "compose_file",
    "correction",
    "drafts_file",
    "entry_type",
    "read",
    "reason",
    "refusals_file",
    "scan",
]
