"""What happens to one account, from outside and at the desk, as data?"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain import commands as c
from domain.account import Account, AccountStatus, Service
from domain.case import ApprovalState, Case
from domain.facts import Fact, FactKind, on_file
from domain.hear import Told
from domain.money import Money
from domain.states import Stage

LATEST = "latest"
"""Stands in a command for an id that only the run can know: the latest approval asked for, hold or dispute standing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """A bill for one service, issued on the day of *at*."""

    at: datetime
    bill_no: str
    service: Service
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money that billing has from *at* on; if nobody *told* the case, it finds out when it next looks."""

    at: datetime
    ref: str
    amount: Money
    told: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The bank took back the payment *ref*."""

    at: datetime
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A fact came in by another way than the desk: a weather product, a pledge, an import."""

    at: datetime
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A fact that had come in was taken back."""

    at: datetime
    fact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Billing shows the account with another status."""

    at: datetime
    status: AccountStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Billing cannot be read from *at* until *until*."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The outside's own record of an act; *told* is what the case hears."""

    at: datetime
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A person at the desk asks for something; ``LATEST`` stands for ids that only the run knows."""

    at: datetime
    by: str
    command: c.Command
    senior: bool = False


Input = Billed | Paid | Returned | Learned | Withdrawn | Turned | Unread | Reported | Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One case's life. *inputs* stand in order of their instants; those before *opened_at* are its past.

    *troubles*: by number of the case's work order, why the crew cannot complete it.
    """

    account: Account
    opened_at: datetime
    ends_at: datetime
    inputs: tuple[Input, ...]
    stage: Stage = Stage.PAST_DUE
    off: tuple[Service, ...] = ()
    troubles: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        instants = [each.at for each in self.inputs]
        assert instants == sorted(instants), "a life is told in order"

    @property
    def case_id(self) -> str:
        """Return the id of the one case that this life tells."""
        return f"{self.account.account_no}-1"


def addressed(command: c.Command, case: Case) -> c.Command:
    """Return *command* with ``LATEST`` replaced by what *case* holds; unchanged where it holds nothing of the kind."""
    match command:
        case c.Approve(approval_id="latest") | c.Reject(approval_id="latest"):
            asked = [a.approval_id for a in case.approvals if a.state is ApprovalState.ASKED]
            return replace(command, approval_id=asked[-1]) if asked else command
        case c.ReleaseHold(fact_id="latest"):
            return _about(command, case, FactKind.HOLD)
        case c.ResolveDispute(fact_id="latest"):
            return _about(command, case, FactKind.DISPUTE)
        case _:
            return command


def _about(command: c.ReleaseHold | c.ResolveDispute, case: Case, kind: FactKind) -> c.Command:
    facts = on_file(case.known.facts, kind)
    return replace(command, fact_id=facts[-1].fact_id) if facts else command
