"""How does a case become lines of an opening folder, and lines a case?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from domain.account import Snapshot, balance
from domain.case import Case, Counters, Lifted, Notice
from domain.states import Stage
from formats.opening.layout import (
    LIFTED_NOTICE,
    LIFTED_REMINDER,
    NOTICE,
    REMINDER,
    CaseLine,
    LetterLine,
)

Lines = Mapping[str, Sequence[Any]]
"""The lines of one account, by the name of their file."""


def lines_of(case: Case) -> dict[str, tuple[Any, ...]]:
    """Return *case*, with what it knows of its account, as lines by file; of a file without one it has none."""
    found: dict[str, tuple[Any, ...]] = {
        "cases": (_case_line(case),),
        "counters": () if case.counters == Counters() else (case.counters,),
        "services": case.services,
        "letters": tuple(_letters(case)),
        "agreements": _one(case.arrangement),
        "extensions": _one(case.extension),
        "promises": _one(case.promise),
        "orders": case.orders,
        "leave": case.approvals,
        "visits": case.wanted,
        "fees": case.fees,
        "final_bills": _one(case.final),
        "remedies": case.remedies,
        "settlements": _one(case.settlement),
        "petitions": _one(case.bankruptcy),
        "assessments": _one(case.assessment),
        "contacts_lately": case.recent_contacts,
    }
    return {name: lines for name, lines in found.items() if lines}


def case_of(account_no: str, lines: Lines) -> Case:
    """Return the case that *lines* tell, knowing nothing of its account."""
    line: CaseLine = lines["cases"][0]
    letters = {each.place: each for each in lines.get("letters", ())}
    return Case(
        case_id=f"{account_no}-{line.number}",
        account_no=account_no,
        opened_on=line.opened_on,
        known=Snapshot.unread(account_no),
        stage=Stage.CLOSED if line.closed else line.stage,
        services=tuple(lines.get("services", ())),
        reminder=_notice(letters.get(REMINDER)),
        notice=_notice(letters.get(NOTICE)),
        lifted=_lifted(letters),
        arrangement=_first(lines, "agreements"),
        arrangements_made=line.arrangements_made,
        extension=_first(lines, "extensions"),
        promise=_first(lines, "promises"),
        approvals=tuple(lines.get("leave", ())),
        orders=tuple(lines.get("orders", ())),
        orders_made=line.orders_made,
        wanted=tuple(lines.get("visits", ())),
        fees=tuple(lines.get("fees", ())),
        ending=line.ending,
        final=_first(lines, "final_bills"),
        remedies=tuple(lines.get("remedies", ())),
        settlement=_first(lines, "settlements"),
        bankruptcy=_first(lines, "petitions"),
        moves_to=line.moves_to,
        written_off=line.written_off,
        given_up=line.given_up,
        assessment=_first(lines, "assessments"),
        assessments_made=line.assessments_made,
        counters=_first(lines, "counters") or Counters(),
        assigned_to=line.assigned_to,
        follow_up_on=line.follow_up_on,
        follow_up_about=line.follow_up_about,
        referral=line.referral,
        last_contact_on=line.last_contact_on,
        recent_contacts=tuple(lines.get("contacts_lately", ())),
        offered_for=line.offered_for,
        reminded_of=line.reminded_of,
        linked_to=line.linked_to,
        closed=line.closed,
        closed_on=line.closed_on,
    )


def _case_line(case: Case) -> CaseLine:
    return CaseLine(
        stage=case.stage,
        opened_on=case.opened_on,
        balance=balance(case.known.bills),
        number=int(case.case_id.rpartition("-")[2]),
        closed=case.closed,
        closed_on=case.closed_on,
        linked_to=case.linked_to,
        assigned_to=case.assigned_to,
        follow_up_on=case.follow_up_on,
        follow_up_about=case.follow_up_about,
        referral=case.referral,
        ending=case.ending,
        moves_to=case.moves_to,
        written_off=case.written_off,
        given_up=case.given_up,
        orders_made=case.orders_made,
        arrangements_made=case.arrangements_made,
        assessments_made=case.assessments_made,
        last_contact_on=case.last_contact_on,
        offered_for=case.offered_for,
        reminded_of=case.reminded_of,
    )


def _letters(case: Case) -> Iterator[LetterLine]:
    lifted = case.lifted or Lifted(on=case.opened_on)
    for place, notice, on in (
        (REMINDER, case.reminder, None),
        (NOTICE, case.notice, None),
        (LIFTED_REMINDER, lifted.reminder, lifted.on),
        (LIFTED_NOTICE, lifted.notice, lifted.on),
    ):
        if notice is not None:
            told = {field.name: getattr(notice, field.name) for field in fields(Notice)}
            yield LetterLine(place=place, lifted_on=on, **told)


def _notice(line: LetterLine | None) -> Notice | None:
    return line and Notice(**{field.name: getattr(line, field.name) for field in fields(Notice)})


def _lifted(letters: Mapping[str, LetterLine]) -> Lifted | None:
    reminder, notice = letters.get(LIFTED_REMINDER), letters.get(LIFTED_NOTICE)
    latest = notice or reminder
    if latest is None or latest.lifted_on is None:
        return None
    return Lifted(on=latest.lifted_on, reminder=_notice(reminder), notice=_notice(notice))


def _one(value: Any) -> tuple[Any, ...]:  # noqa: ANN401  # whatever the file holds one of
    return () if value is None else (value,)


def _first(lines: Lines, name: str) -> Any:  # noqa: ANN401  # as above
    return next(iter(lines.get(name, ())), None)
