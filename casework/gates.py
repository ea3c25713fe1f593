"""May this be done, on these facts? Asked by anyone, of facts they bring along; nothing is stored."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from domain.account import Account, OpenBill, Service, Snapshot
from domain.arrangement import Arrangement
from domain.case import (
    DISCONNECTION,
    Approval,
    ApprovalState,
    Case,
    Contact,
    Extension,
    Notice,
    Order,
    OrderPurpose,
    OrderState,
    ServiceState,
)
from domain.check import Finding
from domain.facts import Fact
from domain.gate import gate
from domain.money import ZERO, Money
from domain.policy import Policy
from domain.states import ServiceStatus, Stage
from domain.verdict import Action, Verdict
from gateways.packs import check_policy, check_text

ASKED_FOR = "asked"  # the id of a case, and of an order, that exist in the question alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A second person's approval of a cut; *service* none covers whichever is cut."""

    asked_at: datetime
    lapses_at: datetime
    service: Service | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The facts of an imagined case. *at* none means now.

    *bills* are open; *unposted* is money received that they do not show yet, *credit* what billing holds beside them.
    *order_out*: a crew has the order to cut this service, sent at *sent_at* (the instant asked about if none).
    *read_at*: when billing was last read, at the instant asked about if none. *contacts*: calls and letters of late.
    """

    account: Account
    at: datetime | None = None
    stage: Stage = Stage.PAST_DUE
    bills: tuple[OpenBill, ...] = ()
    credit: Money = ZERO
    unposted: Money = ZERO
    facts: tuple[Fact, ...] = ()
    notice: Notice | None = None
    arrangement: Arrangement | None = None
    extension: Extension | None = None
    approval: Leave | None = None
    services_off: tuple[Service, ...] = ()
    order_out: Service | None = None
    sent_at: datetime | None = None
    contacts: tuple[Contact, ...] = ()
    last_contact_on: date | None = None
    billing_read: bool = True
    read_at: datetime | None = None


def ask_gate(desk: Desk, action: Action, question: Question) -> Verdict:
    """Return what every rule about *action* says of the facts in *question*, under the pack in force."""
    desk.need(Permission.ASK_GATE)
    return judge(action, question, desk.policy(), question.at or desk.now)


def judge(action: Action, question: Question, policy: Policy, at: datetime) -> Verdict:
    """Return what every rule about *action* says of the facts in *question* at *at*, under any pack."""
    return gate(action, _imagined(question, at, policy), policy, at)


def _imagined(question: Question, at: datetime, policy: Policy) -> Case:
    order = question.order_out and Order(
        order_id=ASKED_FOR,
        purpose=OrderPurpose.DISCONNECT,
        service=question.order_out,
        state=OrderState.DISPATCHED,
        requested_at=question.sent_at or at,
        dispatched_at=question.sent_at or at,
    )
    leave = question.approval and Approval(
        approval_id=ASKED_FOR,
        act=DISCONNECTION,
        state=ApprovalState.GRANTED,
        asked_by=ASKED_FOR,
        asked_at=question.approval.asked_at,
        lapses_at=question.approval.lapses_at,
        service=question.approval.service,
    )
    return Case(
        case_id=ASKED_FOR,
        account_no=question.account.account_no,
        opened_on=policy.calendar.day(at),
        stage=question.stage,
        known=Snapshot(
            at=question.read_at or at,
            version=ASKED_FOR,
            account=question.account,
            bills=question.bills,
            credit=question.credit,
            unposted=question.unposted,
            facts=question.facts,
            policy=policy.digest,
            billing_read=question.billing_read,
        ),
        services=tuple(_state(service, question) for service in question.account.services),
        notice=question.notice,
        arrangement=question.arrangement,
        extension=question.extension,
        approvals=(leave,) if leave else (),
        orders=(order,) if order else (),
        last_contact_on=question.last_contact_on,
        recent_contacts=question.contacts,
    )


def _state(service: Service, question: Question) -> ServiceState:
    if service in question.services_off:
        return ServiceState(service=service, status=ServiceStatus.OFF)
    pending = service is question.order_out
    return ServiceState(service=service, status=ServiceStatus.ORDER_PENDING if pending else ServiceStatus.ON)


def check_pack(desk: Desk, pack: str, text: str | None) -> tuple[Finding, ...]:
    """Return what is wrong with the pack in force, or with the one that *text* states; nothing is stored."""
    policy = the_policy(desk, pack)
    return check_policy(policy) if text is None else check_text(text)


def the_policy(desk: Desk, pack: str) -> Policy:
    """Return the pack in force, by its name; refused (404) for any other: one installation has one."""
    desk.need(Permission.SEE_POLICY)
    policy = desk.policy()
    if pack != policy.pack:
        raise missing("policy", pack)
    return policy
