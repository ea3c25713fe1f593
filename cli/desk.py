"""How does the demo's desk work: representatives, a reviewer, a supervisor, each through the API with a token?"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import httpx2
from sqlmodel import Session, col, select

from cli.embedded import Embedded
from cli.people import Caller, caller
from cli.settle import each
from domain.calendar import DAY
from domain.facts import FactKind
from domain.states import ServiceStatus, Stage
from models.cases import open_case_of
from models.session import reading
from models.tables import CaseRow, FactRow
from models.users import Role

ROUNDS = (time(9, 0), time(13, 0))
LISTED = 500
REVIEW_DAYS = timedelta(days=5)  # what a reviewer takes to look into a dispute
HEARING_AFTER = timedelta(days=28)
SMALL_CENTS = 8_000  # what no agency wants: written off
ONE_IN_REJECTED = 12  # of the disconnections recommended, so many a supervisor turns down
WINTER_RULES = ("D05", "D06", "D07")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskStaff:
    """The people of the desk, as they take calls and decide; every refusal is an answer, and is counted by the case."""

    at: Embedded
    representatives: tuple[Caller, ...]
    senior: Caller
    reviewer: Caller
    supervisor: Caller
    cashier: Caller

    async def take_call(self, account_no: str, decision: Row, *, on: date) -> Row | None:
        """Note that the customer called and take *decision*; return the ruling, none when it was refused."""
        with reading(self.at.engine) as session:
            row = open_case_of(session, account_no)
        if row is None:
            return None
        who = self.representatives[_draw(account_no) % len(self.representatives)]
        call = {
            "type": "record_contact",
            "channel": "phone",
            "direction": "in",
            "outcome": "reached",
            "right_party": True,
            "who": "customer",
            "identity": ["name", "service_address", "phone"],
        }
        await self.decide(who, row.case_id, call, key=f"call.{on}")
        return await self.decide(who, row.case_id, decision, key=f"{decision['type']}.{on}")

    async def decide(self, who: Caller, case_id: str, decision: Row, *, key: str) -> Row | None:
        """Take *decision*; return the ruling, none when it was refused."""
        answered = await who.post(f"cases/{case_id}/decisions", decision, key=f"{case_id}.{key}")
        return answered.body if answered.ok else None


def hire(at: Embedded, http: httpx2.AsyncClient) -> DeskStaff:
    """Make the desk's users, if they are not there yet, and give each a token."""

    def person(username: str, role: Role) -> Caller:
        return caller(at.engine, http, username=username, role=role, password=secrets.token_urlsafe(12))

    return DeskStaff(
        at=at,
        representatives=(person("rep.one", Role.REPRESENTATIVE), person("rep.two", Role.REPRESENTATIVE)),
        senior=person("senior.one", Role.SENIOR),
        reviewer=person("reviewer.one", Role.REVIEWER),
        supervisor=person("supervisor.one", Role.SUPERVISOR),
        cashier=person("cashier.one", Role.ACCOUNTANT),
    )


class DeskWork:
    """The rounds of a working day: the worklist is worked, and what waits for a second person is decided."""

    def __init__(self, staff: DeskStaff, *, seed: int) -> None:
        self._staff = staff
        self._at = staff.at
        self._calendar = staff.at.policy.calendar
        self._seed = seed
        self._hearings: dict[str, date] = {}
        self._done: set[str] = set()  # what is done once for a case, by case and act

    def next_at(self, now: datetime) -> datetime | None:
        """Return the next round; the desk works on open days."""
        day = self._calendar.day(now)
        while True:
            if self._calendar.is_open(day):
                for clock in ROUNDS:
                    if (at := self._calendar.at(day, clock)) > now:
                        return at
            day += DAY

    async def act(self, now: datetime) -> None:
        """Work one round."""
        today = self._calendar.day(now)
        key = now.isoformat()
        for who in (*self._staff.representatives, self._staff.reviewer):
            listed = await who.get("worklist", limit=LISTED)
            await each(partial(self._work, who, today=today, key=key), listed["cases"])
        if now == self._calendar.at(today, ROUNDS[0]):
            await self._look_after_noticed(today, key)
            await self._hear_judgments(today, key)
            await self._do_duties()
        await self._second_person(key)

    async def _work(self, who: Caller, row: Row, *, today: date, key: str) -> None:
        """Do what the case asks a person for; each representative takes the cases that are his by their number."""
        case_id, task = row["case_id"], row["task"]
        if (task == "review_dispute") != (who is self._staff.reviewer) or not self._once(case_id, f"{task}/{key}"):
            return
        match task:
            case "recommend_disconnection":
                await self._staff.decide(self._own(who, case_id), case_id, {"type": task}, key=f"{task}.{key}")
            case "record_final_bill":
                await self._staff.decide(self._staff.senior, case_id, {"type": task}, key=f"{task}.{key}")
            case "refer_final_bill":
                await self._pursue(row, today, key)
            case "review_dispute":
                await self._review(row, today, key)

    def _own(self, who: Caller, case_id: str) -> Caller:
        staff = self._staff.representatives
        return staff[_draw(case_id) % len(staff)] if who in staff else staff[0]

    async def _pursue(self, row: Row, today: date, key: str) -> None:
        """Send an unpaid final bill where it belongs: written off when small, else to the agency or to court."""
        case_id = row["case_id"]
        if row["balance_cents"] < SMALL_CENTS:
            decision = {"type": "propose_write_off", "because": "too small to be placed"}
        elif self._chance(case_id, "court") % 3 == 0:
            hearing = self._calendar.open_day(today + HEARING_AFTER)
            decision = {"type": "refer_to_court", "court": "conciliation court", "hearing_on": hearing.isoformat()}
            self._hearings[case_id] = hearing
        elif self._chance(case_id, "write-off") % 6 == 0:
            decision = {"type": "propose_write_off", "because": "no assets were found"}
        else:
            decision = {"type": "refer_to_agency"}  # which one, the pack says
        await self._staff.decide(self._staff.senior, case_id, decision, key=f"pursue.{key}")

    async def _review(self, row: Row, today: date, key: str) -> None:
        with reading(self._at.engine) as session:
            disputes = _open_disputes(session, row["account_no"])
        for dispute in disputes:
            if self._calendar.day(dispute.starts) + REVIEW_DAYS <= today:
                decision = {
                    "type": "resolve_dispute",
                    "fact_id": dispute.fact_id,
                    "outcome": "rejected",
                    "because": "The reading was confirmed by a second one.",
                }
                who = self._staff.reviewer
                await self._staff.decide(who, row["case_id"], decision, key=f"{dispute.fact_id}.{key}")

    async def _look_after_noticed(self, today: date, key: str) -> None:
        """Before a cut in winter do what the law asks first; note a doctor's certificate where someone is ill."""
        with reading(self._at.engine) as session:
            noticed = _standing_at(session, Stage.NOTICED)
            ill = set(session.exec(select(FactRow.account_no).where(FactRow.kind == FactKind.MEDICAL_EQUIPMENT)))
        for row in noticed:
            who = self._own(self._staff.senior, row.case_id)
            if row.next_says.startswith(WINTER_RULES) and self._once(row.case_id, "winter"):
                await self._tell_of_winter_rights(who, row.case_id, key)
            if row.account_no in ill and self._once(row.case_id, "certificate"):
                until = self._calendar.at(today + timedelta(days=90), time(0)).isoformat()
                certificate = {"kind": "medical_certificate", "until": until, "source": "clinic"}
                decision = {"type": "record_fact", **certificate, "details": {"form": "written"}}
                await self._staff.decide(who, row.case_id, decision, key=f"certificate.{key}")

    async def _tell_of_winter_rights(self, who: Caller, case_id: str, key: str) -> None:
        facts: tuple[tuple[str, dict[str, str]], ...] = (
            ("referral_given", {"providers": "yes"}),
            ("occupancy_check", {"result": "occupied", "informed": "yes"}),
        )
        for kind, details in facts:
            decision = {"type": "record_fact", "kind": kind, "source": "visit", "details": details}
            await self._staff.decide(who, case_id, decision, key=f"{kind}.{key}")

    async def _hear_judgments(self, today: date, key: str) -> None:
        for case_id, hearing in sorted(self._hearings.items()):
            if hearing > today:
                continue
            del self._hearings[case_id]
            row = await self._staff.senior.get(f"cases/{case_id}")
            if row["stage"] == Stage.IN_COURT:
                amount = {"amount_cents": row["balance_cents"], "entered_on": today.isoformat()}
                await self._staff.decide(
                    self._staff.senior, case_id, {"type": "record_judgment", **amount}, key=f"judgment.{key}"
                )

    async def _do_duties(self) -> None:
        """Send the copies and lists that are due soon, and say so; what facts alone can show stays as it is."""
        owed = (await self._staff.supervisor.get("obligations", state="warned", limit=LISTED))["obligations"]
        sent = {"evidence": "copy in the day's outgoing folder"}

        async def do(duty: Row) -> None:
            await self._staff.supervisor.post(f"obligations/{duty['key']}/met", sent, key=f"duty.{duty['key']}")

        await each(do, owed)

    async def _second_person(self, key: str) -> None:
        """Decide what was asked for: nearly always yes, for the gate is asked again anyway."""
        for asked in (await self._staff.supervisor.get("approvals"))["approvals"]:
            approval_id = asked["approval_id"]
            if not asked["mine_to_decide"]:
                continue
            body: Row = {"type": "approve"}
            if asked["act"] == "disconnection" and self._chance(approval_id, "reject") % ONE_IN_REJECTED == 0:
                body = {"type": "reject", "because": "Call the customer once more first."}
            answered = await self._staff.supervisor.post(f"approvals/{approval_id}", body, key=f"{approval_id}.{key}")
            if answered.status == HTTPStatus.CONFLICT and asked["act"] != "disconnection":
                self._done.add(approval_id)

    def _chance(self, about: str, what: str) -> int:
        return _draw(f"{self._seed}/{what}/{about}")

    def _once(self, case_id: str, act: str) -> bool:
        """Say whether *act* has not been done for the case yet; from now on it has."""
        key = f"{case_id}/{act}"
        new = key not in self._done
        self._done.add(key)
        return new


def _open_disputes(session: Session, account_no: str) -> list[FactRow]:
    query = select(FactRow).where(
        FactRow.account_no == account_no, FactRow.kind == FactKind.DISPUTE, col(FactRow.until).is_(None)
    )
    return list(session.exec(query.order_by(col(FactRow.fact_id))).all())


def _standing_at(session: Session, stage: Stage) -> list[CaseRow]:
    query = select(CaseRow).where(CaseRow.stage == stage, CaseRow.status == ServiceStatus.ON)
    return list(session.exec(query.order_by(col(CaseRow.case_id))).all())


def _draw(about: str) -> int:
    """Return a number that depends on *about* alone, whatever happened before."""
    return int.from_bytes(sha256(about.encode()).digest()[:4])
