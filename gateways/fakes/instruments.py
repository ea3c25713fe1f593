"""Which instruments does the billing engine hold, and what becomes of them?"""

from dataclasses import replace

from domain.money import Money
from formats.city import CityFolder, read_instruments
from gateways.billing import AccountMaster
from gateways.errors import Rejected
from gateways.money_out import CorrectInstrument, EndAutopay, Instrument, InstrumentState, SetInstrument

_LAST = 4


class Instruments:
    """The instruments by account, from a city folder that has them."""

    def __init__(self, folder: CityFolder, masters: dict[str, AccountMaster]) -> None:
        self._masters = masters
        self._held: dict[str, list[Instrument]] = {}
        if not folder.instruments.is_file():
            return
        for row in read_instruments(folder.instruments):
            master = masters.get(row.account_no)
            instrument = Instrument(
                instrument_id=row.instrument_id,
                account_no=row.account_no,
                kind=row.kind.value,
                autopay=master is not None and master.autopay == row.kind.value,
                sec=row.sec,
                transaction_code=row.tran_code,
                routing=row.routing,
                bank_account=row.bank_account,
                last4=row.card_last4 or row.bank_account[-_LAST:],
                expiry=row.card_expiry,
                authorized_on=row.authorized_on,
            )
            self._held.setdefault(row.account_no, []).append(instrument)

    def of(self, account_no: str) -> tuple[Instrument, ...]:
        return tuple(self._held.get(account_no, ()))

    def set(self, effect: SetInstrument) -> int:
        """Return how many were changed. What is disabled stays so."""
        changed = 0
        for number, held in enumerate(self._held.get(effect.account_no, ())):
            if held.kind != effect.kind or held.state in {effect.state, InstrumentState.DISABLED}:
                continue
            self._held[effect.account_no][number] = replace(held, state=effect.state, because=effect.because)
            changed += 1
        return changed

    def end_autopay(self, effect: EndAutopay) -> bool:
        """Return whether it was on."""
        master = self._masters[effect.account_no]
        if master.autopay != effect.kind:
            return False
        self._masters[effect.account_no] = replace(master, autopay="")
        held = self._held.get(effect.account_no, [])
        held[:] = [replace(each, autopay=False) for each in held]
        return True

    def correct(self, effect: CorrectInstrument) -> str:
        """Return the id of the instrument that was corrected.

        Raises:
            Rejected: `no-instrument`, the account has none on a bank account.
        """
        for number, held in enumerate(self._held.get(effect.account_no, ())):
            if held.kind == "ach":
                self._held[effect.account_no][number] = replace(
                    held,
                    routing=effect.routing or held.routing,
                    bank_account=effect.bank_account or held.bank_account,
                    transaction_code=effect.transaction_code or held.transaction_code,
                    last4=(effect.bank_account or held.bank_account)[-_LAST:],
                )
                return held.instrument_id
        raise Rejected("no-instrument", "The account has no bank account to correct.")


def deposit_left(master: AccountMaster, amount: Money) -> AccountMaster:
    """Return *master* with *amount* less of its deposit.

    Raises:
        Rejected: `no-deposit`, less than that is held.
    """
    if amount > master.deposit:
        raise Rejected("no-deposit", f"Of a deposit {master.deposit} is held, not {amount}.")
    return replace(master, deposit=master.deposit - amount)
