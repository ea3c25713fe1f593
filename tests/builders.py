"""Cases, bills, facts and a pack with every value written out: what a claim about the core is made on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import Account, AccountStatus, CustomerClass, NamedBill, OpenBill, Service, Snapshot
from domain.arrangement import ArrangedBill, Arrangement, Instalment
from domain.calendar import CityCalendar, Window
from domain.case import Case, Notice, ServiceState
from domain.decide import decide, stamp
from domain.effects import Receipt
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.perform import performed
from domain.policy import Dated, Policy, Source, Standing
from domain.states import ServiceStatus, Stage
from domain.step import Step
from domain.take import take
from domain.verdict import Refusal

ZONE = ZoneInfo("America/Chicago")
HOLIDAYS = frozenset(
    {
        date(2026, 1, 1),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 11, 26),
        date(2026, 12, 25),
        date(2027, 1, 1),
    }
)
CALENDAR = CityCalendar(zone="America/Chicago", bank_closed=HOLIDAYS, city_closed=HOLIDAYS, legal_holidays=HOLIDAYS)
VALUES: dict[p.Parameter[object], object] = {
    p.REMINDER_DAYS: 5,
    p.NOTICE_DAYS: 15,
    p.NOTICE_GAP_DAYS: 7,
    p.MIN_BALANCE: 2_000,
    p.OFFICE_HOURS: Window(time(8), time(17)),
    p.NOTICE_MIN_DAYS_MAILED: 10,
    p.NOTICE_MIN_DAYS_MAILED_WINTER: 30,
    p.NOTICE_MIN_DAYS_HAND: 7,
    p.NOTICE_MIN_DAYS_HAND_WINTER: 30,
    p.NOTICE_VALID_DAYS: 60,
    p.NOTICE_OVERSTATED: True,
    p.NOTICE_ELEMENTS: ("amount", "cut_date", "dispute_procedure"),
    p.NOTICE_WINTER_ELEMENTS: ("rights_statement", "inability_form", "assistance_provider_list"),
    p.NOTICE_WINTER_COPIES: (),
    p.NOTICE_LANGUAGES: ("en",),
    p.DNP_WINDOW: Window(time(8), time(15)),
    p.DNP_EARLY_CLOSE: (),
    p.DNP_BLOCKED_WEEKDAYS: (4, 5, 6),
    p.DNP_BLOCK_EVE: True,
    p.DNP_MIN_DAYS: 20,
    p.DNP_MIN_DAYS_WATER: 20,
    p.DNP_MIN_BALANCE: 5_000,
    p.DNP_SERVICE_ORDER: ("electric", "water"),
    p.DNP_SUPERVISOR_FLAGS: ("master_meter", "critical_facility"),
    p.APPROVAL_OPEN_DAYS: 1,
    p.ACK_VALID_MINUTES: 15,
    p.READING_VALID_MINUTES: 15,
    p.DISPUTE_REVIEWER: "reviewer",
    p.DISPUTE_ANSWER_DAYS: 10,
    p.NOTICE_COPY_DAYS: 1,
    p.MEDICAL_OFFER_DAYS: 5,
    p.OBLIGATION_WARN_DAYS: 3,
    p.RELEASE_BATCH: 20,
    p.INCIDENT_DAYS: 1,
    p.INQUIRY_REPLY_DAYS: 5,
    p.WINTER_ANNUAL_NOTICE: ((8, 15), (10, 1)),
    p.CITY_LIST_ON: ((10, 15), (11, 1)),
    p.DEPOSIT_REFUND_DAYS: 45,
    p.RETURN_RESUMES: "notice",
    p.CHANGE_DAYS: 6,
    p.RETURN_RESEND_DAYS: 60,
    p.RCK_NOTICE: True,
    p.RCK_MAX: 2_499_99,
    p.RCK_DAYS: 180,
    p.ASSISTANCE_SERVICES: (),
    p.CREDIT_ESCHEAT_YEARS: 3,
    p.WINTER_RULE: "cold_weather",
    p.WINTER_SEASON: ((10, 1), (4, 30)),
    p.WINTER_SERVICES: ("electric", "gas"),
    p.WINTER_BANDS: ("le50smi",),
    p.WINTER_NEEDS_AGREEMENT: True,
    p.WINTER_UNKNOWN_HOLDS: True,
    p.WINTER_PRIOR_ARREARS_BAR: False,
    p.WINTER_PROVIDER_NOTICE_DAYS: 7,
    p.WINTER_CONTACT_ATTEMPT: False,
    p.WINTER_RECONNECTS: True,
    p.HEAT_PRODUCTS: ("Heat Advisory",),
    p.HEAT_COUNTY: "Olmsted",
    p.MEDICAL_PHONE_GRACE: 5,
    p.MEDICAL_MAX_DAYS: 184,
    p.TENANT_NOTICE_DAYS: 30,
    p.MILITARY_PROTECTED: True,
    p.PLEDGE_HOLD_DAYS: 3,
    p.CLAIMED_PAYMENT_DAYS: 2,
    p.CLAIMED_CHANNELS: (("counter", 1), ("online", 2), ("pay_station", 3)),
    p.CLAIMED_FALSE_DAYS: 365,
    p.THIRD_PARTY_COPY: True,
    p.CANCEL_THRESHOLD: 4_999,
    p.BANKRUPTCY_ASSURANCE_DAYS: 20,
    p.BANKRUPTCY_CH11_DAYS: 30,
    p.BANKRUPTCY_CLAIM_DAYS: 180,
    p.ARRANGEMENT_MUST_OFFER: True,
    p.ARRANGEMENT_DOWN_PCT: Decimal(10),
    p.ARRANGEMENT_MAX_MONTHS: 6,
    p.ARRANGEMENT_GRACE_DAYS: 5,
    p.ARRANGEMENT_CURE_DAYS: 7,
    p.ARRANGEMENT_MAX_REINSTATE: 1,
    p.ARRANGEMENT_DOWN_OPEN_DAYS: 3,
    p.ARRANGEMENT_CURRENT_BILLS: True,
    p.ARRANGEMENT_AFTER_LOCK: True,
    p.ARRANGEMENT_WINTER_END: (),
    p.ARRANGEMENT_TERMS: (),
    p.ARRANGEMENT_TERMS_AFTER_LOCK: (),
    p.ARRANGEMENT_DOWN_FLOOR: False,
    p.ARRANGEMENT_SENIOR_MONTHS: 24,
    p.ARRANGEMENT_MAX_PER_YEAR: 0,
    p.ARRANGEMENT_MAX_BROKEN: 0,
    p.ARRANGEMENT_FIRST_DUE_DAYS: 45,
    p.ARRANGEMENT_SIGN_DAYS: 10,
    p.ARRANGEMENT_MONEY_FIRST: "instalment",
    p.ARRANGEMENT_REOPEN_DAYS: 60,
    p.ARRANGEMENT_REOPEN_GRACE: False,
    p.CHRONIC_LATE_BILLS: 0,
    p.CHRONIC_CUTS: 0,
    p.AFFORDABLE_PCT: Decimal(10),
    p.ABILITY_VALID_DAYS: 180,
    p.INCOME_MEASURE: "smi",
    p.INCOME_TABLE: (120_000,),
    p.INCOME_SIZES: (52, 68, 84, 100, 116, 132, 3),
    p.INCOME_BANDS: (("le50smi", 50), ("50to100smi", 100), ("gt100smi", 0)),
    p.INCOME_DEEMING: ("snap", "energy_assistance"),
    p.PROGRAMS: (("energy_assistance", "Energy Assistance Program", "band", "le50smi", "pays part of the bill"),),
    p.PREFERRED_DATE_GROUNDS: ("elderly", "disabled"),
    p.ASSISTANCE_HOLD_DAYS: 14,
    p.EXTENSION_DAYS: 10,
    p.EXTENSION_MAX_PER_YEAR: 2,
    p.PROMISE_MAX_DAYS: 14,
    p.REMIND_DAYS: 3,
    p.PLEDGE_MAX_EXTENSIONS: 1,
    p.RECONNECT_CUTOFF: "15:00",
    p.RECONNECT_FEE: 0,
    p.RECONNECT_PLAN_ALLOWED: True,
    p.RECONNECT_REMOTE_ADULT: True,
    p.RECONNECT_DEPOSIT: 0,
    p.RECONNECT_AFTER_HOURS: False,
    p.RECONNECT_PRESENCE: ("gas",),
    p.FIELD_CREWS: 2,
    p.FIELD_SHIFT: Window(time(8), time(16, 30)),
    p.FIELD_RESERVE: 90,
    p.FIELD_STOP: 15,
    p.FIELD_TRAVEL: 10,
    p.FIELD_AREA: 25,
    p.FIELD_REMOTE_TRIES: 2,
    p.FIELD_VISITS_MAX: 3,
    p.FIELD_CONTRACTOR: (),
    p.FIELD_ACCEPT_MINUTES: 60,
    p.FIELD_REMINDERS: 2,
    p.OFF_FINAL_DAYS: 30,
    p.CONTACT_HOURS: Window(time(8), time(21)),
    p.CONTACT_MAX_CALLS: 7,
    p.CONTACT_WINDOW_DAYS: 7,
    p.CONTACT_QUIET_DAYS: 7,
    p.REVOCATION_OPEN_DAYS: 10,
    p.FINAL_DUE_DAYS: 21,
    p.REMEDIES_OPEN: ("placement", "claim", "setoff", "certification", "lien"),
    p.AGENCY_AFTER_DAYS: 45,
    p.AGENCY_RECALL_DAYS: 365,
    p.AGENCY_NOTICE_DAYS: 30,
    p.AGENCY_MIN: 2_500,
    p.AGENCY_NAMES: ("agency",),
    p.AGENCY_CHOICE: "least_placed",
    p.AGENCY_SHARES: (),
    p.AGENCY_COMMISSION_PCT: Decimal(30),
    p.COURT_NAME: "county",
    p.COURT_FEE: 7_500,
    p.COURT_MARGIN_DAYS: 90,
    p.COURT_SERVICE_DAYS: 14,
    p.COURT_DISCLOSURE_DAYS: 10,
    p.SETTLEMENT_FORGIVEN_MAX: 100_000,
    p.SETTLEMENT_REPRESENTATIVE_MAX: 10_000,
    p.SETTLEMENT_SENIOR_MAX: 25_000,
    p.FOLLOW_SENIOR_MAX: 100_000,
    p.FOLLOW_MAX: 500_000,
    p.COURT_JUDGMENT_YEARS: 10,
    p.LIMITATION_YEARS: 6,
    p.SETTLEMENT_MIN_PCT: Decimal(80),
    p.SETTLEMENT_MAX_DAYS: 60,
    p.RECAPTURE_MIN: 2_500,
    p.RECAPTURE_NOTICE_DAYS: 5,
    p.RECAPTURE_UPDATE_DAYS: 30,
    p.RECAPTURE_UPDATE_DELTA: 20_000,
    p.RECAPTURE_MAX_YEARS: 6,
    p.CERTIFY_SERVICES: ("water",),
    p.CERTIFY_HEARING: True,
    p.LIEN_OWNER_WAIVER: True,
    p.WRITE_OFF_RESOLUTION: False,
    p.COURT_LIMIT: 2_000_000,
    p.COURT_STAY_DAYS: 21,
    p.WRITE_OFF_MIN_DAYS: 20,
    p.APPROVAL_REMEDIES: ("disconnection", "write_off"),
}


def a_policy(*, calendar: CityCalendar = CALENDAR, **values: object) -> Policy:
    """Return the test pack, with *values* by the names of `domain.parameters` in lower case."""
    stated = VALUES | {getattr(p, name.upper()): value for name, value in values.items()}
    return Policy(
        pack="test",
        version="1",
        title="Test",
        calendar=calendar,
        services=("electric", "water"),
        labels={},
        values={
            parameter.key: (Dated(date(2020, 1, 1), value, Source(f"test pack: {parameter.key}", Standing.POLICY)),)
            for parameter, value in stated.items()
        },
    )


POLICY = a_policy()


def at(text: str) -> datetime:
    """Return the UTC instant of city time *text*, ``"2026-06-08 09:00"``; a bare date is its midnight."""
    local = datetime.fromisoformat(text)
    return CALENDAR.at(local.date(), local.time())


def day(text: str) -> date:
    return date.fromisoformat(text)


def a_bill(
    due: str = "2026-06-01",
    cents: int = 10_000,
    *,
    open_cents: int | None = None,
    service: Service = Service.ELECTRIC,
    no: str = "",
) -> OpenBill:
    """Return a bill of *cents* due on *due*, wholly unpaid unless *open_cents* says otherwise."""
    due_on = day(due)
    return OpenBill(
        bill_no=no or f"B{due_on:%y%m%d}",
        service=service,
        bill_on=date.fromordinal(due_on.toordinal() - 21),
        due_on=due_on,
        original=Money(cents),
        open=Money(cents if open_cents is None else open_cents),
    )


def an_account(**traits: object) -> Account:
    plain = Account(
        account_no="4000001-2",
        customer_class=CustomerClass.RESIDENTIAL,
        status=AccountStatus.ACTIVE,
        services=(Service.ELECTRIC, Service.WATER),
        county="Olmsted",
        income_band="gt50smi",
    )
    return replace(plain, **traits)  # type: ignore[arg-type]  # traits are Account's own names


def a_fact(kind: FactKind, starts: str, until: str | None = None, *, cents: int | None = None, **details: str) -> Fact:
    return Fact(
        fact_id=f"fact-{kind}-{starts}",
        kind=kind,
        starts=at(starts),
        until=at(until) if until else None,
        known_at=at(starts),
        amount=None if cents is None else Money(cents),
        details=details,
    )


def a_snapshot(
    now: str = "2026-06-02 07:00",
    *bills: OpenBill,
    account: Account | None = None,
    facts: Sequence[Fact] = (),
    unposted: int = 0,
    policy: Policy = POLICY,
) -> Snapshot:
    return Snapshot(
        at=at(now),
        version="",
        account=account or an_account(),
        bills=bills,
        unposted=Money(unposted),
        facts=tuple(facts),
        policy=policy.digest,
    )


def a_case(*bills: OpenBill, now: str = "2026-06-02 07:00", facts: Sequence[Fact] = (), **changes: object) -> Case:
    """Return a past-due case opened on 2026-06-02 with one bill of $100 due on 2026-06-01, unless told otherwise."""
    opened = Case(
        case_id="4000001-2-1",
        account_no="4000001-2",
        opened_on=day("2026-06-02"),
        known=a_snapshot(now, *(bills or (a_bill(),)), facts=facts),
        seq=1,
        services=tuple(ServiceState(service=service) for service in an_account().services),
    )
    return replace(opened, **changes)  # type: ignore[arg-type]  # changes are Case's own names


def a_notice(
    *bills: OpenBill, served: str = "2026-06-16", kind: str = "disconnection notice", **changes: object
) -> Notice:
    """Return a notice of *bills*, complete, which runs out ten days after and stands for sixty; or a plain reminder."""
    served_on = day(served)
    plain = Notice(
        kind=kind,
        served_on=served_on,
        method="mailed",
        bills=tuple(NamedBill(ref=b.ref, amount=b.open, due_on=b.due_on) for b in bills),
        amount=Money(sum(b.open.cents for b in bills)),
    )
    if kind != "reminder":
        plain = replace(
            plain,
            elements=("amount", "cut_date", "dispute_procedure"),
            earliest_cut_on=date.fromordinal(served_on.toordinal() + 10),
            stale_on=date.fromordinal(served_on.toordinal() + 61),
        )
    return replace(plain, **changes)  # type: ignore[arg-type]  # changes are Notice's own names


def an_agreement(bill: OpenBill, *parts: tuple[str, int], **changes: object) -> Arrangement:
    """Return an agreement of 2026-06-08 over *bill*, with instalments given as (due, cents)."""
    plain = Arrangement(
        number=1,
        agreed_on=day("2026-06-08"),
        bills=(ArrangedBill(ref=bill.ref, open=bill.original),),
        schedule=tuple(Instalment(n, day(due), Money(cents)) for n, (due, cents) in enumerate(parts)),
        signed=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # changes are Arrangement's own names


def noticed(*bills: OpenBill, now: str, facts: Sequence[Fact] = (), **changes: object) -> Case:
    """Return a case whose notice of 2026-06-16 names *bills*."""
    named = bills or (a_bill(),)
    plain = a_case(
        *named,
        now=now,
        facts=facts,
        stage=Stage.NOTICED,
        reminder=a_notice(*named, served="2026-06-08", kind="reminder"),
        notice=a_notice(*named),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # changes are Case's own names


def off(case: Case, service: Service = Service.ELECTRIC, since: str = "2026-07-01") -> Case:
    """Return *case* with *service* off."""
    others = tuple(state for state in case.services if state.service is not service)
    gone = ServiceState(service=service, status=ServiceStatus.OFF, since=day(since))
    return replace(case, services=(*others, gone))


def knowing(case: Case, now: str, *bills: OpenBill, **known: object) -> Case:
    """Return *case* after it looked at *now* and found *bills*."""
    changes: dict[str, object] = {"at": at(now), "bills": bills, **known}
    return replace(case, known=replace(case.known, **changes))  # type: ignore[arg-type]  # Snapshot's own names


def happened(case: Case, now: str, *bodies: ev.Body, by: str = "system", policy: Policy = POLICY) -> Case:
    """Return *case* after *bodies* happened at *now*."""
    for event in stamp(case, bodies, key=f"{now}/{case.seq}", at=at(now), by=by, policy=policy):
        case = take(case, event)
    return case


def asked(
    case: Case,
    now: str,
    command: c.Command,
    *,
    by: str = "rep",
    senior: bool = False,
    supervisor: bool = False,
    policy: Policy = POLICY,
) -> tuple[ev.Event, ...] | Refusal:
    """Return what *command*, asked for by *by* at *now*, leads to."""
    decision = c.Decision(
        key=f"{by}/{now}/{command.type}",
        at=at(now),
        by=by,
        command=command,
        senior=senior or supervisor,
        supervisor=supervisor,
    )
    return decide(case, decision, policy, at(now))


def decided(
    case: Case,
    now: str,
    command: c.Command,
    *,
    by: str = "rep",
    senior: bool = False,
    supervisor: bool = False,
    policy: Policy = POLICY,
) -> Case:
    """Return *case* after *command* was decided at *now*; a refusal is an error here."""
    events = asked(case, now, command, by=by, senior=senior, supervisor=supervisor, policy=policy)
    assert not isinstance(events, Refusal), events
    for event in events:
        case = take(case, event)
    return case


def refused(
    case: Case, now: str, command: c.Command, *, by: str = "rep", senior: bool = False, policy: Policy = POLICY
) -> Refusal:
    """Return the refusal of *command*; anything else is an error here."""
    answer = asked(case, now, command, by=by, senior=senior, policy=policy)
    assert isinstance(answer, Refusal), answer
    return answer


def done(case: Case, step: Step, now: str, *, receipt: Receipt | None = None, policy: Policy = POLICY) -> Case:
    """Return *case* after *step* was performed at *now*."""
    for event in performed(case, step, receipt or Receipt(), policy, at(now)):
        case = take(case, event)
    return case
