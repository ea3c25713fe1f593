"""How is billing asked over HTTP?"""

from collections.abc import Sequence
from datetime import date

from gateways.billing import (
    AccountMaster,
    Billing,
    BillingAnswer,
    BillingEffect,
    ControlLine,
    KeyedPayment,
    PaymentAnswer,
)
from gateways.errors import Outage
from gateways.http.caller import Caller, UnknownAnswer
from gateways.money_out import Instrument

_MANY = tuple[KeyedPayment, ...]


class HttpBilling(Caller[BillingEffect], Billing):
    async def account(self, account_no: str) -> AccountMaster:
        return await self.get("account", f"accounts/{account_no}", AccountMaster)

    async def accounts(self, account_nos: Sequence[str]) -> tuple[AccountMaster, ...]:
        return await self.ask("accounts", "accounts/query", tuple[AccountMaster, ...], question=list(account_nos))

    async def account_nos(self) -> tuple[str, ...]:
        return await self.get("account_nos", "account-numbers", tuple[str, ...])

    async def open_bills(self, account_no: str) -> BillingAnswer:
        return await self.get("open_bills", f"accounts/{account_no}/open-bills", BillingAnswer)

    async def open_bills_of(
        self, account_nos: Sequence[str], *, as_of: date | None = None
    ) -> tuple[BillingAnswer, ...]:
        path = f"open-bills/query?as_of={as_of}" if as_of else "open-bills/query"
        return await self.ask("open_bills_of", path, tuple[BillingAnswer, ...], question=list(account_nos))

    async def instruments(self, account_no: str) -> tuple[Instrument, ...]:
        return await self.get("instruments", f"accounts/{account_no}/instruments", tuple[Instrument, ...])

    async def post_payments(self, payments: Sequence[KeyedPayment]) -> tuple[PaymentAnswer, ...]:
        return await self.ask(
            "post_payments", "payments", tuple[PaymentAnswer, ...], question=tuple(payments), of=_MANY
        )

    async def control(self, *, since: date, through: date) -> tuple[ControlLine, ...]:
        days = {"since": str(since), "through": str(through)}
        return await self.get("control", "control-accounts", tuple[ControlLine, ...], params=days)

    async def delinquencies(self, as_of: date) -> bytes:
        try:
            return (await self.request("delinquencies", "GET", "delinquencies", params={"as_of": str(as_of)})).content
        except UnknownAnswer as unknown:
            raise Outage("billing", "delinquencies", str(unknown)) from unknown
