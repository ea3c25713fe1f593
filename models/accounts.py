"""What does SQL hold of an account, and how is its row locked so that commit order is the order of the world?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from domain.account import Account, AccountStatus
from models.tables import AccountRow
from models.upsert import rows_of

_THIS = col(AccountRow.account_no) == bindparam("of_account")
_ONE = select(AccountRow).where(_THIS).execution_options(populate_existing=True)
_LOCKED = _ONE.with_for_update()
_HELD = select(AccountRow.account_no).where(_THIS).with_for_update()

LOCKED_AT_ONCE = 500

_ZIP_AT_END = re.compile(r"\b(\d{5}(?:-\d{4})?)\s*$", re.ASCII)


class AccountUnknown(LookupError):
    """Billing's master has not told us of this account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Who and where the customer is. Stays in SQL: in no event, log, id or payload. *meters*: numbers, with blanks."""

    name: str = ""
    premise_id: str = ""
    premise_address: str = ""
    zip_code: str = ""
    mailing_address: str = ""
    phone: str = ""
    email: str = ""
    consent_sms: bool = False
    consent_email: bool = False
    consent_call: bool = False
    third_party_designee: str = ""
    meters: str = ""

    @property
    def written_to(self) -> tuple[str, str]:
        """The address that mail goes to, and its own ZIP code; none where the address does not end in one."""
        if not self.mailing_address:
            return self.premise_address, self.zip_code
        found = _ZIP_AT_END.search(self.mailing_address)
        return self.mailing_address, found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Versions:
    """What changes with each payment or return (*money*) and with each fact or trait (*facts*) of an account."""

    money: int
    facts: int


def lock_account(session: Session, account_no: str) -> AccountRow:
    """Return the account's row as committed, held until this transaction ends.

    Raises:
        AccountUnknown: there is no such account.
    """
    row = session.exec(_LOCKED, params={"of_account": account_no}).one_or_none()
    if row is None:
        raise AccountUnknown(f"account {account_no} is not known")
    return row


def lock_accounts(session: Session, account_nos: Iterable[str]) -> None:
    """Hold the rows of many accounts until this transaction ends, in one order for everyone.

    Raises:
        AccountUnknown: there is no such account.
    """
    wanted = sorted(set(account_nos))
    for start in range(0, len(wanted), LOCKED_AT_ONCE):
        part = wanted[start : start + LOCKED_AT_ONCE]
        query = select(AccountRow.account_no).where(col(AccountRow.account_no).in_(part))
        found = set(session.exec(query.order_by(AccountRow.account_no).with_for_update()).all())
        for account_no in part:
            if account_no not in found:
                raise AccountUnknown(f"account {account_no} is not known")


def hold_account(session: Session, account_no: str) -> None:
    """Hold the account's row until this transaction ends, for a caller that does not ask what is in it.

    Raises:
        AccountUnknown: there is no such account.
    """
    if rows_of(session, _HELD, {"of_account": account_no}).first() is None:
        raise AccountUnknown(f"account {account_no} is not known")


def account_of(session: Session, account_no: str) -> Account:
    """Return the account's traits, without personal data.

    Raises:
        AccountUnknown: there is no such account.
    """
    return _row_of(session, account_no).to_domain()


def personal_of(session: Session, account_no: str) -> Personal:
    """Return who and where the customer is.

    Raises:
        AccountUnknown: there is no such account.
    """
    row = _row_of(session, account_no)
    return Personal(**{field.name: getattr(row, field.name) for field in fields(Personal)})


def premise_of(session: Session, account_no: str) -> str:
    """Return the number of the place that the account serves.

    Raises:
        AccountUnknown: there is no such account.
    """
    return _row_of(session, account_no).premise_id


def area_of(session: Session, account_no: str) -> str:
    """Return the part of the city in which the account's place lies: its postal zone.

    Raises:
        AccountUnknown: there is no such account.
    """
    return _row_of(session, account_no).zip_code[:5]


def versions_of(session: Session, account_no: str) -> Versions:
    """Return the account's versions; read them before billing, so that what changes meanwhile shows.

    Raises:
        AccountUnknown: there is no such account.
    """
    row = _row_of(session, account_no)
    return Versions(money=row.money_version, facts=row.facts_version)


def bump_facts(session: Session, account_nos: Iterable[str]) -> None:
    """Let every later reader see that something known of the accounts has changed; the caller holds their locks."""
    query = update(AccountRow).where(col(AccountRow.account_no).in_(tuple(account_nos)))
    session.exec(query.values(facts_version=AccountRow.facts_version + 1))


def bump_money(session: Session, *account_nos: str) -> None:
    """Let a gate that read billing before this change refuse; the caller holds the accounts' locks."""
    query = update(AccountRow).where(col(AccountRow.account_no).in_(account_nos))
    session.exec(query.values(money_version=AccountRow.money_version + 1))


def write_account(session: Session, account: Account, personal: Personal) -> bool:
    """Write what billing's master says of one account; return whether anything was new."""
    return write_accounts(session, ((account, personal),)) == 1


def write_accounts(session: Session, masters: Iterable[tuple[Account, Personal]]) -> int:
    """Write what billing's master says; return how many accounts are new or changed. Twice changes nothing.

    A changed trait counts as a changed fact.
    """
    wanted = {account.account_no: _columns(account, personal) for account, personal in masters}
    query = select(AccountRow).where(col(AccountRow.account_no).in_(wanted)).order_by(AccountRow.account_no)
    found = {row.account_no: row for row in session.exec(query.with_for_update()).all()}
    new = [columns for account_no, columns in wanted.items() if account_no not in found]
    if new:
        session.exec(insert(AccountRow), params=new)
    changed = 0
    for account_no, row in found.items():
        differing = {name: value for name, value in wanted[account_no].items() if getattr(row, name) != value}
        if differing:
            changed += 1
            for name, value in {**differing, "facts_version": row.facts_version + 1}.items():
                setattr(row, name, value)
    session.flush()
    return len(new) + changed


def note_deposits(session: Session, held: Mapping[str, tuple[int, date]]) -> None:
    """Write which accounts' service has ended while a deposit was held: cents and day, by account. Twice is once."""
    for account_no, (deposit, ended_on) in held.items():
        query = update(AccountRow).where(col(AccountRow.account_no) == account_no)
        session.exec(query.values(deposit_cents=deposit, ended_on=ended_on))


def note_ended(session: Session, account_no: str, status: AccountStatus) -> None:
    """Write that billing has ended the account, where SQL has it as active still."""
    active = (col(AccountRow.account_no) == account_no, col(AccountRow.status) == AccountStatus.ACTIVE.value)
    session.exec(update(AccountRow).where(*active).values(status=status.value))


def ended_accounts(session: Session) -> Sequence[str]:
    """Return the accounts that are served no more: what billing still holds for one is nobody's next bill."""
    ended = col(AccountRow.status) != AccountStatus.ACTIVE.value
    return session.exec(select(AccountRow.account_no).where(ended).order_by(col(AccountRow.account_no))).all()


def note_credits(session: Session, found: Mapping[str, tuple[int, date | None]]) -> None:
    """Write what billing holds for each account, in cents, and since when nobody has touched it."""
    for account_no, (credit, since) in sorted(found.items()):
        query = update(AccountRow).where(col(AccountRow.account_no) == account_no)
        changed = (col(AccountRow.credit_cents) != credit) | col(AccountRow.credit_since).is_distinct_from(since)
        session.exec(query.where(changed).values(credit_cents=credit, credit_since=since))


def _row_of(session: Session, account_no: str) -> AccountRow:
    row = session.exec(_ONE, params={"of_account": account_no}).one_or_none()
    if row is None:
        raise AccountUnknown(f"account {account_no} is not known")
    return row


def _columns(account: Account, personal: Personal) -> dict[str, object]:
    """Return the row's values; the consents among the traits are read from the personal columns."""
    traits = {field.name: getattr(account, field.name) for field in fields(Account) if field.name != "consents"}
    traits["services"] = "|".join(account.services)
    return {name: _plain(value) for name, value in traits.items()} | {
        field.name: getattr(personal, field.name) for field in fields(Personal)
    }


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value
