"""Take what became of a letter: it counts from the day of mailing, and not at all once it came back."""

from dataclasses import replace
from datetime import date

from domain import events as ev
from domain.case import Case, Notice

REMINDED_KEPT = 4  # an instalment and a promise at a time; the earlier ones are over


def take_mail(case: Case, event: ev.Event) -> Case | None:
    """Take the day on which a letter was mailed, and that one came back; of any other letter nothing changes."""
    match event.body:
        case ev.MailingConfirmed(letter=letter, mailed_on=mailed_on):
            final = case.final
            if final is not None and final.awaited and final.letter == letter:
                final = replace(final, noticed_on=mailed_on, awaited=False)
            return replace(
                case,
                notice=_mailed(case.notice, letter, mailed_on),
                reminder=_mailed(case.reminder, letter, mailed_on),
                final=final,
            )
        case ev.LetterReturned(letter=letter, returned_on=returned_on):
            notice = case.notice
            if notice is not None and notice.letter == letter:
                notice = replace(notice, returned_on=returned_on)
            return replace(case, notice=notice)
        case ev.PaymentReminded(reminds_of=about, due_on=due_on):
            return replace(case, reminded_of=(*case.reminded_of, f"{about}/{due_on}")[-REMINDED_KEPT:])
        case _:
            return None


def _mailed(notice: Notice | None, letter: str, mailed_on: date) -> Notice | None:
    """Return the letter as of its mailing: its days are those of the pack, no longer those it was planned with."""
    if notice is None or notice.letter != letter or not notice.awaited:
        return notice
    return replace(notice, served_on=mailed_on, awaited=False, earliest_cut_on=None, stale_on=None)
