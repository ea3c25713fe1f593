"""Take what is only written down: looks, contacts, notes, facts."""

from dataclasses import replace

from domain import events as ev
from domain.ability import read_household
from domain.account import Snapshot
from domain.case import (
    CONTACTS_KEPT,
    Case,
    Contact,
    ServiceState,
)
from domain.facts import Fact
from domain.states import ServiceStatus
from domain.take.remedies import found_outside, looked


def take_record(case: Case, event: ev.Event) -> Case | None:
    """Take what is only written down: looks, contacts, notes, facts."""
    match event.body:
        case ev.CaseOpened() as opened:
            return _opened(case, event, opened)
        case ev.AccountRead(known=known):
            return looked(case, known, event.on)
        case ev.ContactRecorded(corrects=str() as earlier) if earlier:
            return case  # a word about an earlier contact is none of its own
        case ev.ContactRecorded(channel=channel, direction=direction, outcome=outcome):
            contact = Contact(
                on=event.on,
                channel=channel,
                outbound=direction == "out",
                spoke=outcome in {"reached", "stop_requested", "call_back_requested"}
                and channel in {"phone", "in_person", "door"},
            )
            kept = (*case.recent_contacts, contact)[-CONTACTS_KEPT:]
            return replace(case, last_contact_on=event.on, recent_contacts=kept)
        case ev.FactRecorded(fact=fact, replaces=replaces):
            return replace(case, known=_with_fact(case.known, fact, replaces))
        case ev.FactEnded(fact_id=fact_id, until=until, withdrawn=withdrawn):
            ended = (
                replace(fact, until=until) if fact.fact_id == fact_id else fact
                for fact in case.known.facts
                if not (withdrawn and fact.fact_id == fact_id)
            )
            return replace(case, known=replace(case.known, facts=tuple(ended)))
        case ev.Assigned(to=to):
            return replace(case, assigned_to=to)
        case ev.FollowUpSet(on=on, about=about):
            return replace(case, follow_up_on=on, follow_up_about=about)
        case ev.TaskRaised(kind="follow_up"):
            return replace(case, follow_up_on=None, follow_up_about="")
        case ev.Referred(question=question):
            return replace(case, referral=question)
        case ev.ReferralAnswered():
            return replace(case, referral="")
        case ev.NoteAdded() | ev.DocumentAttached() | ev.TaskRaised() | ev.DecisionRefused():
            return case
        case _:
            return None


def _opened(case: Case, event: ev.Event, opened: ev.CaseOpened) -> Case:
    off = opened.services_off
    services = tuple(
        ServiceState(service=s, status=ServiceStatus.OFF if s in off else ServiceStatus.ON, since=event.on)
        for s in opened.known.account.services
    )
    begun = replace(
        case,
        opened_on=event.on,
        known=opened.known,
        stage=opened.stage,
        services=services,
        linked_to=opened.linked_to,
        spread_by=opened.spread_by,
        remedies=found_outside(case.case_id, opened.stage, opened.known),
    )
    carried = opened.carried
    if carried is None:
        return begun
    arrangement, assessment = carried.arrangement, carried.assessment
    return replace(
        begun,
        counters=carried.counters,
        lifted=carried.lifted,
        arrangements_made=carried.arrangements_made,
        arrangement=arrangement and replace(arrangement, third_party=opened.third_party, authority=opened.authority),
        assessment=assessment and replace(assessment, household=read_household(opened.household)),
        assessments_made=assessment.number if assessment else 0,
    )


def _with_fact(known: Snapshot, fact: Fact, replaces: str) -> Snapshot:
    """Return *known* with *fact*, in the order in which SQL tells them; what it replaces is withdrawn and gone."""
    kept = (other for other in known.facts if other.fact_id not in {fact.fact_id, replaces})
    return replace(known, facts=tuple(sorted((*kept, fact), key=lambda f: (f.starts, f.fact_id))))
