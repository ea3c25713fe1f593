"""Which payment that was agreed or promised is the customer told of beforehand, when, and by which channel?"""

from collections.abc import Iterator
from datetime import date

from domain import parameters as p
from domain.arrangement import ArrangementStatus, unmet_parts
from domain.calendar import DAY
from domain.facts import FactKind, standing
from domain.money import ZERO, Money
from domain.policy import PolicyGap
from domain.step import Next, Step, StepKind
from domain.tracks.track import Look, adding

CHANNELS = ("sms", "email")  # a text message is read within the hour
INSTALMENT, PROMISE = "instalment", "promise"
_SILENCES = (FactKind.DECEASED, FactKind.BANKRUPTCY, FactKind.REPRESENTED, FactKind.VIOLENCE_VICTIM)


def reminders(look: Look) -> Iterator[Next]:
    """Tell of the next instalment and of a promise the pack's days before; nothing where nobody agreed to be told."""
    channel = channel_of(look) if look.case.arrangement or look.case.promise else ""
    days = _days_before(look) if channel else 0
    if not days:
        return
    for about, due_on, amount in _coming(look):
        first = adding("days before", due_on, -days)
        told_on = first.result
        while not look.policy.calendar.is_open(told_on):
            told_on -= DAY  # rather a day early than on the day itself
        at = look.office_slot(told_on, about=f"{about} {due_on}")
        on = look.policy.calendar.day(at)
        if key_of(about, due_on) in look.case.reminded_of or on >= due_on:
            continue  # on the day itself the payment is either made or late: a word then helps nobody
        yield Step(
            kind=StepKind.REMIND_PAYMENT,
            at=at,
            rule=p.REMIND_DAYS.key,
            citation=look.cite(p.REMIND_DAYS),
            arithmetic=(first,),
            amount=amount,
            ref=f"{about}/{due_on}/{channel}",
            says=f"On {on} the customer is told by {channel} that {amount} falls due on {due_on}.",
        )


def _days_before(look: Look) -> int:
    """Return the pack's days; none in a pack from before anybody was told, which cases may still go by."""
    try:
        return look.days(p.REMIND_DAYS)
    except PolicyGap:
        return 0


def key_of(about: str, due_on: date) -> str:
    return f"{about}/{due_on}"


def channel_of(look: Look) -> str:
    """Return how the customer may be told: by what they agreed to and have not taken back; blank for not at all."""
    facts = look.case.known.facts
    if any(standing(facts, kind, look.now) for kind in _SILENCES):
        return ""
    revoked = standing(facts, FactKind.REVOCATION, look.now)
    again = standing(facts, FactKind.CONSENT, look.now)
    for channel in CHANNELS:
        of_it = {"", "all", channel}
        given = channel in look.case.known.account.consents
        last_no = max((fact.starts for fact in revoked if fact.details.get("channel", "") in of_it), default=None)
        last_yes = max((fact.starts for fact in again if fact.details.get("channel", "") in of_it), default=None)
        if given and (last_no is None or (last_yes is not None and last_yes > last_no)):
            return channel
    return ""


def _coming(look: Look) -> Iterator[tuple[str, date, Money]]:
    """Yield what falls due next: kind, day and sum, of what the calendar has not yet reached."""
    case, bills = look.case, look.case.known.bills
    agreement, promise = case.arrangement, case.promise
    if agreement is not None and agreement.status is ArrangementStatus.IN_FORCE:
        unmet = unmet_parts(agreement, bills, unposted=look.here.unposted)
        ahead = all(part.due_on >= look.on + DAY for part in unmet)  # whoever is behind hears of that instead
        coming = [part for part in unmet if part.instalment]  # of a current bill billing has told
        if coming and ahead:
            yield INSTALMENT, coming[0].due_on, coming[0].amount
    if promise is not None and promise.by >= look.on + DAY:
        left = promise.amount - promise.paid(bills) - look.here.unposted
        if left > ZERO:
            yield PROMISE, promise.by, left
