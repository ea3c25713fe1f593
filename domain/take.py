"""How an event changes a case: the only way it ever changes."""

from dataclasses import replace

from domain import events as ev
from domain.account import Service, Snapshot
from domain.arrangement import Arrangement, ArrangementStatus
from domain.case import (
    CONTACTS_KEPT,
    DISCONNECTION,
    Approval,
    ApprovalState,
    Case,
    Contact,
    Extension,
    Order,
    OrderPurpose,
    OrderState,
    Remedy,
    ServiceState,
)
from domain.facts import Fact
from domain.states import ServiceStatus, Stage, Trigger, may_move, move


def take(case: Case, event: ev.Event) -> Case:
    """Return *case* after *event*.

    Raises:
        UnlawfulMove: the event asks for a move that the table does not hold (a bug).
        AssertionError: the event's number is not the next one (a bug).
    """
    assert event.seq == case.seq + 1, f"{case.case_id}: event {event.seq} cannot follow {case.seq}"
    return replace(_changed(case, event), seq=event.seq)


def _changed(case: Case, event: ev.Event) -> Case:
    body = event.body
    for part in (_take_record, _take_path, _take_arrangement, _take_approval, _take_order, _take_remedy):
        changed = part(case, event)
        if changed is not None:
            return changed
    raise AssertionError(f"no one takes {body.type}")


def _move(case: Case, trigger: Trigger) -> Case:
    return replace(case, stage=move(case.stage, trigger))


def _move_if_lawful(case: Case, trigger: Trigger) -> Case:
    return _move(case, trigger) if may_move(case.stage, trigger) else case


def _take_record(case: Case, event: ev.Event) -> Case | None:
    """Take what is only written down: looks, contacts, notes, facts."""
    match event.body:
        case ev.CaseOpened(known=known, stage=stage, services_off=off, linked_to=linked):
            services = tuple(
                ServiceState(service=s, status=ServiceStatus.OFF if s in off else ServiceStatus.ON, since=event.on)
                for s in known.account.services
            )
            return replace(case, opened_on=event.on, known=known, stage=stage, services=services, linked_to=linked)
        case ev.AccountRead(known=known):
            return replace(case, known=known)
        case ev.ContactRecorded(channel=channel, direction=direction, outcome=outcome):
            contact = Contact(
                on=event.on,
                channel=channel,
                outbound=direction == "out",
                spoke=outcome == "reached" and channel in {"phone", "in_person", "door"},
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


def _with_fact(known: Snapshot, fact: Fact, replaces: str) -> Snapshot:
    """Return *known* with *fact*, in the order in which SQL tells them; what it replaces is withdrawn and gone."""
    kept = (other for other in known.facts if other.fact_id not in {fact.fact_id, replaces})
    return replace(known, facts=tuple(sorted((*kept, fact), key=lambda f: (f.starts, f.fact_id))))


def _take_path(case: Case, event: ev.Event) -> Case | None:
    """Take the letters, promises and extensions on the way to a disconnection, and the end of the case."""
    match event.body:
        case ev.ReminderSent(notice=notice):
            return replace(_move(case, Trigger.REMIND), reminder=notice)
        case ev.NoticeServed(notice=notice):
            counters = replace(case.counters, notices=case.counters.notices + 1)
            return replace(_move(case, Trigger.SERVE_NOTICE), notice=notice, counters=counters)
        case ev.NoticeWithdrawn(kind="reminder"):
            return replace(_move(case, Trigger.START_AGAIN), reminder=None)
        case ev.NoticeWithdrawn():
            return replace(_move(case, Trigger.START_AGAIN), notice=None)
        case ev.PromiseRecorded(promise=promise):
            return replace(case, promise=promise)
        case ev.PromiseKept():
            return replace(case, promise=None)
        case ev.PromiseBroken():
            broken = replace(case.counters, promises_broken=case.counters.promises_broken + 1)
            return replace(case, promise=None, counters=broken)
        case ev.ExtensionGranted(until=until, refs=refs):
            counted = replace(case.counters, extensions=case.counters.extensions + 1)
            return replace(case, extension=Extension(granted_on=event.on, until=until, refs=refs), counters=counted)
        case ev.ExtensionEnded():
            return replace(case, extension=None)
        case ev.CaseClosed(reason=reason):
            return replace(_move(case, Trigger.CLOSE), closed=reason)
        case _:
            return None


def _take_arrangement(case: Case, event: ev.Event) -> Case | None:
    body = event.body
    if isinstance(body, ev.ArrangementAgreed):
        made = replace(case.counters, arrangements=case.counters.arrangements + 1)
        return replace(
            _move(case, Trigger.ARRANGE),
            arrangement=body.arrangement,
            arrangements_made=body.arrangement.number,
            notice=None,
            extension=None,
            counters=made,
        )
    arrangement = case.arrangement
    if arrangement is None:
        return None
    match body:
        case ev.InstalmentsMet(met=met):
            in_force = arrangement.status is ArrangementStatus.AGREED and met > 0
            status = ArrangementStatus.IN_FORCE if in_force else arrangement.status
            return replace(case, arrangement=replace(arrangement, met=met, status=status))
        case ev.ArrangementBreached(cure_by=cure_by):
            breached = _status(arrangement, ArrangementStatus.BREACHED)
            breached = replace(breached, breach_noticed_on=event.on, cure_by=cure_by)
            return replace(_move(case, Trigger.BREACH), arrangement=breached)
        case ev.BreachCured(undone=undone):
            cured = replace(
                _status(arrangement, ArrangementStatus.IN_FORCE),
                reinstated=arrangement.reinstated + (0 if undone else 1),
                breach_noticed_on=None,
                cure_by=None,
            )
            return replace(_move(case, Trigger.CURE), arrangement=cured)
        case ev.ArrangementDefaulted():
            broken = replace(case.counters, arrangements_broken=case.counters.arrangements_broken + 1)
            defaulted = _status(arrangement, ArrangementStatus.DEFAULTED)
            return replace(_move(case, Trigger.DEFAULT), arrangement=defaulted, counters=broken)
        case ev.ArrangementCompleted():
            return replace(
                _move(case, Trigger.RESUME),
                arrangement=_status(arrangement, ArrangementStatus.COMPLETED),
                reminder=None,
            )
        case ev.ArrangementCancelled():
            return replace(
                _move(case, Trigger.RESUME),
                arrangement=_status(arrangement, ArrangementStatus.CANCELLED),
                reminder=None,
            )
        case _:
            return None


def _status(arrangement: Arrangement, status: ArrangementStatus) -> Arrangement:
    return replace(arrangement, status=status)


def _take_approval(case: Case, event: ev.Event) -> Case | None:
    match event.body:
        case ev.ApprovalAsked() as asked:
            approval = Approval(
                approval_id=asked.approval_id,
                act=asked.act,
                state=ApprovalState.ASKED,
                asked_by=event.by,
                asked_at=event.at,
                amount=asked.amount,
                decision=asked.decision,
                service=asked.service,
                proposal=asked.proposal,
            )
            return replace(case, approvals=(*case.approvals, approval))
        case ev.ApprovalGranted(approval_id=approval_id, lapses_at=lapses_at):
            return _decide_approval(
                case, approval_id, state=ApprovalState.GRANTED, decided_by=event.by, lapses_at=lapses_at
            )
        case ev.ApprovalRejected(approval_id=approval_id):
            return _stand_down(
                _decide_approval(case, approval_id, state=ApprovalState.REJECTED, decided_by=event.by, lapses_at=None)
            )
        case ev.ApprovalLapsed(approval_id=approval_id):
            return _stand_down(_set_approval(case, approval_id, ApprovalState.LAPSED))
        case ev.DisconnectionRecommended():
            return _move(case, Trigger.RECOMMEND)
        case _:
            return None


def _decide_approval(case: Case, approval_id: str, **changes: object) -> Case:
    return replace(
        case,
        approvals=tuple(
            replace(a, **changes) if a.approval_id == approval_id else a  # type: ignore[arg-type]  # keyword names are fixed above
            for a in case.approvals
        ),
    )


def _set_approval(case: Case, approval_id: str, state: ApprovalState) -> Case:
    return _decide_approval(case, approval_id, state=state)


def _stand_down(case: Case) -> Case:
    """Return to the notice if no disconnection is left in hand, asked for or granted."""
    return case if _in_hand(case) else _move_if_lawful(case, Trigger.STAND_DOWN)


def _in_hand(case: Case) -> bool:
    pending = case.approval(DISCONNECTION, ApprovalState.ASKED) or case.approval(DISCONNECTION, ApprovalState.GRANTED)
    return bool(pending or case.open_order(OrderPurpose.DISCONNECT) or case.off)


def _take_order(case: Case, event: ev.Event) -> Case | None:
    match event.body:
        case ev.OrderPlaced(order=order):
            pending = (
                ServiceStatus.ORDER_PENDING
                if order.purpose is OrderPurpose.DISCONNECT
                else ServiceStatus.REACTIVATION_PENDING
            )
            placed = replace(case, orders=(*case.orders, order), orders_made=case.orders_made + 1)
            return _service(placed, order.service, pending, event)
        case ev.OrderDispatched(order_id=order_id):
            used = case.approval(DISCONNECTION, ApprovalState.GRANTED)
            case = _set_approval(case, used.approval_id, ApprovalState.USED) if used else case
            return _order(case, order_id, state=OrderState.DISPATCHED, dispatched_at=event.at)
        case ev.OrderAcknowledged(order_id=order_id, service=service, proceed=True):
            return _order(case, order_id, state=OrderState.ACKNOWLEDGED)
        case ev.OrderAcknowledged(order_id=order_id, service=service):
            return _undone(case, order_id, service, OrderState.RECALLED, event)
        case ev.OrderWithdrawn(order_id=order_id, service=service, recalled=recalled):
            state = OrderState.RECALLED if recalled else OrderState.CANCELLED
            return _undone(case, order_id, service, state, event)
        case ev.RecallFailed(order_id=order_id):
            return _order(case, order_id, state=OrderState.BEYOND_RECALL)
        case ev.OrderNotCompleted(order_id=order_id, service=service):
            return _undone(case, order_id, service, OrderState.COULD_NOT_COMPLETE, event)
        case ev.ServiceDisconnected(order_id=order_id, service=service):
            too_late = any(
                o.order_id == order_id and (not o.open or o.state is OrderState.BEYOND_RECALL) for o in case.orders
            )
            case = _order(case, order_id, state=OrderState.COMPLETED, reason="recalled too late" if too_late else "")
            case = _service(case, service, ServiceStatus.OFF, event)
            return replace(case, counters=replace(case.counters, disconnections=case.counters.disconnections + 1))
        case ev.ServiceRestored(order_id=order_id, service=service):
            return _restored(_order(case, order_id, state=OrderState.COMPLETED), service, event)
        case ev.OutsideActNoted(service=Service() as service, status=ServiceStatus.ON) if case.off:
            return _restored(case, service, event)
        case ev.OutsideActNoted(service=service, status=status):
            return case if service is None or status is None else _service(case, service, status, event)
        case _:
            return None


def _restored(case: Case, service: Service, event: ev.Event) -> Case:
    """Take *service* back on; the disconnection is over when nothing of it is left, and the path starts again."""
    case = _service(case, service, ServiceStatus.ON, event)
    over = case.stage is Stage.DISCONNECTION_PENDING and not _in_hand(case)
    return replace(_move(case, Trigger.START_AGAIN), reminder=None, notice=None) if over else case


def _order(case: Case, order_id: str, **changes: object) -> Case:
    return replace(
        case,
        orders=tuple(
            replace(o, **changes) if o.order_id == order_id else o  # type: ignore[arg-type]  # keyword names are fixed above
            for o in case.orders
        ),
    )


def _undone(case: Case, order_id: str, service: Service, state: OrderState, event: ev.Event) -> Case:
    """Take an order that came to nothing: the service is as it was before the order."""
    order: Order | None = next((o for o in case.orders if o.order_id == order_id), None)
    before = ServiceStatus.OFF if order and order.purpose is OrderPurpose.RECONNECT else ServiceStatus.ON
    lapsed = case.approval(DISCONNECTION, ApprovalState.GRANTED)
    if lapsed and before is ServiceStatus.ON:
        case = _set_approval(case, lapsed.approval_id, ApprovalState.LAPSED)
    case = _order(case, order_id, state=state)
    # What the outside did to the service meanwhile stands.
    pending = case.service(service).status in {ServiceStatus.ORDER_PENDING, ServiceStatus.REACTIVATION_PENDING}
    return _stand_down(_service(case, service, before, event) if pending else case)


def _service(case: Case, service: Service, status: ServiceStatus, event: ev.Event) -> Case:
    others = tuple(state for state in case.services if state.service is not service)
    return replace(case, services=(*others, ServiceState(service=service, status=status, since=event.on)))


def _take_remedy(case: Case, event: ev.Event) -> Case | None:
    """Take what comes after service has ended: final bill, agency, court, write-off."""
    match event.body:
        case ev.FinalBilled(due_on=due_on, amount=amount):
            remedy = Remedy(kind="final_bill", ref="", since=event.on, amount=amount, due_on=due_on)
            return replace(_move(case, Trigger.FINAL_BILL), remedy=remedy, notice=None, reminder=None)
        case ev.PlacedWithAgency(ref=ref, agency=agency, amount=amount):
            remedy = Remedy(kind="placement", ref=ref, since=event.on, amount=amount, with_whom=agency)
            return replace(_move(case, Trigger.PLACE), remedy=remedy)
        case ev.RecalledFromAgency():
            return replace(_move(case, Trigger.RECALL), remedy=None)
        case ev.ClaimFiled(ref=ref, court=court, amount=amount, hearing_on=hearing_on):
            remedy = Remedy(kind="claim", ref=ref, since=event.on, amount=amount, with_whom=court, due_on=hearing_on)
            return replace(_move(case, Trigger.FILE_CLAIM), remedy=remedy)
        case ev.ClaimEnded():
            return replace(_move(case, Trigger.END_CLAIM), remedy=None)
        case ev.JudgmentEntered(ref=ref, amount=amount, final_on=final_on):
            remedy = Remedy(kind="judgment", ref=ref, since=event.on, amount=amount, due_on=final_on)
            return replace(_move(case, Trigger.ENTER_JUDGMENT), remedy=remedy)
        case ev.WrittenOff():
            return replace(_move(case, Trigger.WRITE_OFF), remedy=None)
        case ev.WriteOffReversed():
            return _move(case, Trigger.REINSTATE)
        case _:
            return None
