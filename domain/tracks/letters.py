"""Which letter is next, from the oldest unpaid bill, and when does one no longer stand?"""

from collections.abc import Iterator
from datetime import date

from domain import parameters as p
from domain.account import AccountStatus
from domain.case import Notice
from domain.facts import FactKind, standing
from domain.gate import gate
from domain.misstated import overstated
from domain.money import ZERO
from domain.rules.notices import stale_day
from domain.rules.switches import notice_floor
from domain.states import Stage
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.resuming import resumption
from domain.tracks.track import PATH_STAGES, Look, adding, blocked, next_change
from domain.verdict import Action, certify

LETTER_FLOOR = "G04"  # past the least sum it speaks of debt for which no service may be cut


def letters(look: Look) -> Iterator[Next]:
    """Remind, serve notice, and withdraw what no longer stands; counted from the oldest unpaid bill."""
    case, here = look.case, look.here
    if case.stage not in PATH_STAGES or case.off:
        return
    if case.known.account.status is not AccountStatus.ACTIVE:
        says = "The account is no longer active: a representative records its final bill."
        yield Wait(says=says, who=Who.REPRESENTATIVE, task="record_final_bill")
        return
    again = resumption(look)
    if again:
        yield again
        return
    standing_letter = case.notice or case.reminder
    if standing_letter and case.stage is not Stage.DISCONNECTION_PENDING:
        withdrawal = _withdrawal(look, standing_letter)
        if withdrawal:
            yield withdrawal
            return
    if case.notice or not here.pursued:
        return
    yield _below(look) or _next_letter(look)


def _below(look: Look) -> Wait | None:
    """Return the wait of a debt too small for the next letter: a notice of less than may be cut for is never sent."""
    amount, reminds = look.here.pursued_amount, _reminds_next(look)
    floor = look.policy.at(p.MIN_BALANCE if reminds else notice_floor(look.policy, look.on), look.on)
    if amount > ZERO and amount.cents >= floor:
        return None
    for_what = "letters go out" if reminds else "a disconnection notice goes out"
    says = f"{amount} past due is below the sum for which {for_what}."
    return Wait(says=says, who=Who.CUSTOMER, until=next_change(look))


def _reminds_next(look: Look) -> bool:
    """Say whether the next letter is a reminder. After a default it is a notice, whether or not there had been one."""
    return look.case.reminder is None and look.case.stage is Stage.PAST_DUE


def _withdrawal(look: Look, letter: Notice) -> Step | None:
    case, rule = look.case, "notice.stands"
    left = letter.left(look.case.known.bills) - look.here.unposted
    too_much = overstated(letter, case.known.facts, look.policy, look.on) if letter is case.notice else ZERO
    if left <= ZERO and look.here.pursued:
        because, paid = "what it names is paid", letter.amount
    elif too_much > ZERO:
        because = f"by a mistake put right since it stated {too_much} more than was owed, and is served anew"
        paid, rule = too_much, p.NOTICE_OVERSTATED.key
    elif letter is case.notice and not letter.awaited and look.on >= stale_day(look.policy, letter):
        because, paid = f"it went stale on {stale_day(look.policy, letter)}", ZERO
    elif letter.returned_on is not None and _address_found(look, letter.returned_on):
        because = f"it came back on {letter.returned_on}, and is served again where mail reaches the customer"
        paid = ZERO
    else:
        return None
    return Step(
        kind=StepKind.WITHDRAW_NOTICE,
        at=look.now,
        ref=letter.kind,
        amount=paid,
        rule=rule,
        citation=look.cite(p.NOTICE_OVERSTATED) if rule == p.NOTICE_OVERSTATED.key else "",
        says=f"The {letter.kind} of {letter.served_on} no longer stands: {because}.",
    )


def _address_found(look: Look, returned_on: date) -> bool:
    """Say whether someone has recorded, since the letter came back, where mail reaches the customer."""
    return any(
        look.policy.calendar.day(fact.starts) >= returned_on
        for fact in standing(look.case.known.facts, FactKind.ADDRESS_FOUND, look.now)
    )


def _next_letter(look: Look) -> Next:
    case, oldest = look.case, look.here.pursued[0]
    if _reminds_next(look):
        kind, action, parameter = StepKind.SEND_REMINDER, Action.SEND_REMINDER, p.REMINDER_DAYS
    else:
        kind, action, parameter = StepKind.SERVE_NOTICE, Action.SERVE_NOTICE, p.NOTICE_DAYS
    sums = [adding(f"{parameter.unit}, bill {oldest.ref}", oldest.due_on, look.days(parameter))]
    if case.reminder is not None:
        sums.append(adding(p.NOTICE_GAP_DAYS.unit, case.reminder.served_on, look.days(p.NOTICE_GAP_DAYS)))
    at = look.office_slot(max(each.result for each in sums), about=kind)
    verdict = gate(action, case, look.policy, at)
    if not verdict.allows:
        who = Who.CALENDAR if verdict.until else Who.REPRESENTATIVE
        alone = [outcome.rule for outcome in verdict.blocking] == [LETTER_FLOOR]
        return blocked(verdict, who=who, task="collect_otherwise" if alone else "")
    what = "a reminder" if kind is StepKind.SEND_REMINDER else "the disconnection notice"
    return Step(
        kind=kind,
        at=at,
        rule=parameter.key,
        citation=look.cite(parameter),
        arithmetic=tuple(sums),
        amount=look.here.pursued_amount,
        certificate=certify(verdict, look.policy.pack),
        says=f"On {look.policy.calendar.day(at)} {what} for {look.here.pursued_amount} goes out, "
        f"{look.days(parameter)} days or more after the oldest bill fell due on {oldest.due_on}.",
    )
