"""What billing's master says of an account, kept in SQL with the facts that follow from it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy import Engine
from sqlmodel import col, select

from domain.account import Account, AccountStatus
from domain.facts import ALWAYS, Fact, FactKind
from domain.hear import Tells
from domain.parameters import HEAT_COUNTY
from domain.policy import Policy
from gateways.billing import AccountMaster, Billing
from gateways.errors import Rejected
from models.accounts import Personal, note_deposits, write_accounts
from models.facts import record_fact
from models.session import reading, transaction
from models.tables import AccountRow

PART = 500


async def mirror(
    engine: Engine, billing: Billing, policy: Policy, account_nos: Sequence[str], *, at: datetime
) -> set[str]:
    """Write what billing says of *account_nos*; return those that billing does not know.

    Raises:
        Outage: billing could not be read; what was mirrored until then stays.
    """
    unknown: set[str] = set()
    for start in range(0, len(account_nos), PART):
        part = account_nos[start : start + PART]
        masters, missing = await _masters(billing, part)
        unknown |= missing
        await asyncio.to_thread(_write, engine, masters, policy, at)
    return unknown


async def _masters(billing: Billing, account_nos: Sequence[str]) -> tuple[tuple[AccountMaster, ...], set[str]]:
    try:
        return await billing.accounts(account_nos), set()
    except Rejected:
        pass  # one unknown number rejects the whole question: ask one by one
    found, unknown = [], set()
    for account_no in account_nos:
        try:
            found.append(await billing.account(account_no))
        except Rejected:
            unknown.add(account_no)
    return tuple(found), unknown


def known_accounts(engine: Engine, account_nos: Sequence[str]) -> set[str]:
    """Return which of *account_nos* SQL has mirrored before."""
    with reading(engine) as session:
        return set(session.exec(select(AccountRow.account_no).where(col(AccountRow.account_no).in_(account_nos))).all())


def _write(engine: Engine, masters: Sequence[AccountMaster], policy: Policy, at: datetime) -> None:
    with transaction(engine) as session:
        write_accounts(session, ((_account(master, policy, at), _personal(master)) for master in masters))
        note_deposits(session, {m.account.account_no: held for m in masters if (held := _held(m))})
        for master in masters:
            for fact in facts_of_master(master, policy, at):
                record_fact(session, fact=fact, known_at=at, account_no=master.account.account_no)


def _held(master: AccountMaster) -> tuple[int, date] | None:
    """Return the deposit that billing still holds of an account whose service has ended, and the day; else none."""
    ended = master.account.status is not AccountStatus.ACTIVE
    return (master.deposit.cents, master.status_on) if ended and master.status_on and master.deposit.cents else None


def _account(master: AccountMaster, policy: Policy, at: datetime) -> Account:
    return replace(master.account, county=policy.at(HEAT_COUNTY, policy.calendar.day(at)))


def _personal(master: AccountMaster) -> Personal:
    designee = master.third_party_designee
    return Personal(
        name=master.name,
        premise_id=master.premise_id,
        premise_address=master.premise_address,
        zip_code=master.zip,
        mailing_address=master.mailing_address,
        phone=master.phone,
        email=master.email,
        consent_sms=master.consents.sms,
        consent_email=master.consents.email,
        consent_call=master.consents.call,
        third_party_designee=f"{designee.name} {designee.phone}".strip() if designee else "",
        meters=" ".join(master.meters),
    )


def facts_of_master(master: AccountMaster, policy: Policy, at: datetime) -> tuple[Fact, ...]:
    """Return the protections that the master's flags claim, each under an id of its own so that it is written once."""
    flags: tuple[tuple[FactKind, bool, dict[str, str]], ...] = (
        (FactKind.MEDICAL_EQUIPMENT, master.medical_equipment, {}),
        (FactKind.LIFE_SUPPORT, master.life_support, {}),
        (FactKind.MILITARY_ORDERS, master.military, {}),
        (FactKind.THIRD_PARTY_DESIGNEE, master.third_party_designee is not None, {}),
        (FactKind.OUTSIDE_ACT, master.agency_placed_on is not None, {"what": str(Tells.OUTSIDE_PLACEMENT)}),
        (FactKind.BANKRUPTCY, bool(master.bankruptcy_chapter), _petition(master)),
    )
    return tuple(
        Fact(
            fact_id=f"{master.account.account_no}-master-{kind}",
            kind=kind,
            starts=_since(master, kind, policy),
            known_at=at,
            source="billing master",
            entered_by="billing",
            details=dict(details),
        )
        for kind, stands, details in flags
        if stands
    )


def _petition(master: AccountMaster) -> dict[str, str]:
    on = master.bankruptcy_petition_on
    return {"chapter": master.bankruptcy_chapter} | ({"petition_on": on.isoformat()} if on else {})


def _since(master: AccountMaster, kind: FactKind, policy: Policy) -> datetime:
    days = {FactKind.BANKRUPTCY: master.bankruptcy_petition_on, FactKind.OUTSIDE_ACT: master.agency_placed_on}
    day = days.get(kind)
    if day:
        return policy.calendar.at(day, time(0))
    return ALWAYS  # the master does not say since when
