"""Which decisions are open to this person now, and why is each of the others closed?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from casework.context import Desk
from casework.decisions import plain_decision
from casework.errors import forbidden
from casework.outlook import Looked, look
from casework.permissions import FOR_COMMAND, Permission
from domain import commands as c
from domain import parameters as par
from domain.adjustments import AdjustmentReason
from domain.calendar import DAY
from domain.case import Case
from domain.decide import decide
from domain.facts import FactKind, standing
from domain.money import Money
from domain.position import position
from domain.remedy import RemedyKind
from domain.states import ClosedReason
from domain.verdict import Refusal

NO_FACT = ""  # the id of a fact that stands on no account: the refusal then says that nothing of the kind stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A type of decision and, where it is closed to this person now, the refusal that says why."""

    type: str
    refusal: Refusal | None = None


async def choices(desk: Desk, case_id: str) -> tuple[Choice, ...]:
    """Return every type of decision in the order of the desk's book, each closed one with its reason.

    Each is tried as the most modest command of its type: *open* means that some such decision would be taken, not
    that any would.
    """
    desk.need(Permission.SEE_CASES)
    looked = await look(desk, case_id)
    return tuple(_choice(desk, looked, command) for command in modest_commands(looked))


def _choice(desk: Desk, looked: Looked, command: c.Command) -> Choice:
    permission = FOR_COMMAND[type(command)]
    if not desk.may(permission):
        return Choice(type=command.type, refusal=forbidden(permission, desk.person.role).refusal)
    outcome = decide(looked.case, plain_decision(desk, command, key="choice"), looked.policy, looked.now)
    return Choice(type=command.type, refusal=outcome if isinstance(outcome, Refusal) else None)


def modest_commands(looked: Looked) -> Iterator[c.Command]:
    """Yield the most modest command of each type that is posted to a case; approvals have a road of their own."""
    here = position(looked.case, looked.policy, looked.now)
    today, tomorrow = here.on, here.on + DAY
    yield c.RecordContact(channel="phone", direction="in", outcome="reached")
    yield c.RecordPromise(amount=Money(1), by=today)
    yield c.GrantExtension(until=tomorrow)
    yield from _about_agreements(looked)
    yield c.PlaceHold(because="")
    yield c.ReleaseHold(fact_id=_standing(looked.case, FactKind.HOLD, looked.now), because="")
    yield c.OpenDispute(about="")
    dispute = _standing(looked.case, FactKind.DISPUTE, looked.now)
    yield c.ResolveDispute(fact_id=dispute, outcome="rejected", because="")
    yield c.RecordFact(kind=FactKind.LANGUAGE, details=(("code", "en"),))
    facts = looked.case.known.facts
    yield c.CorrectFact(fact_id=facts[0].fact_id if facts else NO_FACT, because="")
    yield c.RecommendDisconnection()
    yield c.CancelDisconnection(because="")
    yield from _field_commands()
    yield c.RecordFinalBill()
    yield c.ReferToAgency(agency="")
    yield c.RecallFromAgency(because="")
    yield c.ReferToCourt(court="")
    yield c.RecordFiling(what="served", on=today)
    yield c.RecordHearing(on=today, result="heard")
    yield c.RecordJudgment(amount=Money(1), entered_on=today)
    yield c.RecordSatisfaction()
    yield c.FileBankruptcy(chapter="7", petition_on=today)
    yield c.ResolveBankruptcy(outcome="dismissed", because="")
    yield c.RecordPlanPayment(amount=Money(1), ref="")
    yield c.FollowDebt(to_account="", authority="")
    yield from _about_property(looked)
    yield c.ProposeSettlement(amount=Money(1), by=tomorrow, because="")
    yield c.ProposeWriteOff(because="")
    yield c.ReverseWriteOff(because="")
    service = looked.case.known.account.services[0]
    yield c.ProposeAdjustment(service=service, amount=Money(-1), reason=AdjustmentReason.OTHER, because="")
    yield c.ProposeRefund(amount=Money(1), because="")
    yield c.ReferToSupervisor(question="")
    yield c.AnswerReferral(answer="")
    yield c.Assign(to="")
    yield c.AddNote(note="-")
    yield c.AttachDocument(sha256="", media_type="", title="")
    yield c.SetFollowUp(on=tomorrow, about="")
    yield c.CloseCase(reason=ClosedReason.PAID, because="")


def _about_agreements(looked: Looked) -> Iterator[c.Command]:
    program = _programs(looked)[:1]
    yield c.AssessAbilityToPay(household_size=1)
    yield c.OfferArrangement()
    yield c.TellPrograms(programs=program)
    yield c.ReferForAssistance(program="".join(program))
    yield c.AgreeArrangement(months=1)
    yield c.SignArrangement()
    yield c.CancelArrangement(because="")
    yield c.RecordBreach(because="")
    yield c.CureBreach(because="")


def _about_property(looked: Looked) -> Iterator[c.Command]:
    yield c.FileSetoff()
    yield c.CertifyToTax()
    yield c.FileLien()
    held = [remedy for remedy in looked.case.remedies if remedy.open]
    lien = next((remedy.remedy_id for remedy in held if remedy.kind is RemedyKind.LIEN), "")
    yield c.WithdrawRemedy(remedy_id=held[0].remedy_id if held else "", because="")
    yield c.BillLienInterest(remedy_id=lien)
    yield c.GiveUpLienInterest(remedy_id=lien, because="")


def _programs(looked: Looked) -> tuple[str, ...]:
    on = position(looked.case, looked.policy, looked.now).on
    return tuple(row[0] for row in looked.policy.at(par.PROGRAMS, on))


def _field_commands() -> Iterator[c.Command]:
    yield c.RequestReactivation(because="")
    yield c.RequestVisit(purpose="occupancy_check", because="")
    yield c.EndService(why="new_occupant")


def _standing(case: Case, kind: FactKind, now: datetime) -> str:
    found = standing(case.known.facts, kind, now)
    return found[0].fact_id if found else NO_FACT
