"""A small invented city with bank days: every sum is drawn by chance, every file is whole and ties to the statement."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from formats.nacha import AchFile, Draft, Originator, compose_batch, compose_file, drafts_file
from formats.nacha.records import AddendaReturn, BatchHeader, Entry
from tests.gateways.small_city import _ACCOUNTS as ACCOUNTS_HEADER
from tests.gateways.small_city import number
from tests.money.statements import OPENED_CENTS, bai2

ACCOUNTS = 40
CARDS = "rec,ref,account_no,kind,requested_cents,approved_cents,response,auth_code,card_last4,recurring,original_ref"
RECEIPTS = "receipt_no,time,till,clerk,account_no,tender,amount_cents,check_no,void"
DAYS = (1, 2, 3, 4, 8, 9, 10, 11, 14, 15)  # of September 2026; the 7th is Labor Day
BANK = Originator(
    destination="091400606",
    destination_name="SMALL BANK",
    origin="9410000001",
    origin_name="SMALL CITY",
    company_name="SMALL CITY",
    company_id="9410000001",
    odfi="09140060",
)


def day_of(day: int) -> date:
    return date(2026, 9, day)


@dataclass
class SmallBank:
    """What has been written so far, so that returns name what came before."""

    root: Path
    chance: random.Random
    drafts: list[Draft] = field(default_factory=list)
    paid: list[tuple[str, int]] = field(default_factory=list)
    carded: list[tuple[str, int]] = field(default_factory=list)
    sequence: int = 0
    balance: int = OPENED_CENTS

    def write(self) -> Path:
        """Write the folder and return it."""
        self._cis()
        before: dict[str, int] = {}
        for day in DAYS:
            before = self._day(day_of(day), before)
        return self.root

    def account(self) -> str:
        return number(self.chance.randrange(1, ACCOUNTS + 1))

    def written(self) -> str:
        """Return an account number as a payer writes it: mostly right, at times not."""
        account = self.account()
        forms = (account,) * 8 + (f"00{account}", f"{account[:3]}-{account[3:]}", account[:-1], "", number(900))
        return self.chance.choice(forms)

    def cents(self) -> int:
        return self.chance.randrange(1_00, 150_00)

    def _cis(self) -> None:
        accounts = [_account(number(n)) for n in range(1, ACCOUNTS + 1)]
        _lines(self.root / "cis" / "accounts.csv", ACCOUNTS_HEADER, accounts)
        items = [
            f"{1000 + n},{number(n)},{service},2026-08-10,2026-08-31,20000,{cents}"
            for n in range(1, ACCOUNTS + 1)
            for service, cents in (("electric", 9_000 + n), ("water", 3_000 + n))
        ]
        header = "bill_no,account_no,service,bill_date,due_date,original_cents,remaining_cents"
        _lines(self.root / "cis" / "open_items.csv", header, items)
        header = "bill_no,account_no,bill_date,due_date,electric_cents,water_cents"
        for day in (3, 9):
            bills = [
                f"{day}{n:03d},{number(n)},2026-09-{day:02d},2026-09-{day + 21},{8_000 + n},{2_000 + n}"
                for n in range(1, ACCOUNTS + 1)
            ]
            _lines(self.root / "cis" / "bills" / f"2026-09-{day:02d}.csv", header, bills)
        header = "trace,posted_on,account_no,instrument_id,amount_cents,unapplied_cents,applied"
        _lines(self.root / "cis" / "posted_drafts.csv", header, [])
        header = "instrument_id,account_no,kind,sec,routing,bank_account,tran_code,card_last4,card_expiry,authorized_on"
        _lines(self.root / "cis" / "instruments.csv", header, [])
        _lines(self.root / "cis" / "aging_2026-08-31.csv", "as_of", [])

    def _day(self, on: date, before: dict[str, int]) -> dict[str, int]:
        """Write one bank day; return what of it reaches the bank on the next."""
        folder = self.root / "bank" / on.isoformat()
        folder.mkdir(parents=True)
        lump, ref = self._aggregator(folder, on)
        credited = self._credits(folder, on, lump, ref)
        returned = self._returns(folder, on)
        later = {
            "draft": self._autopay(folder, on),
            "card": self._cards(folder, on),
            "counter": self._counter(folder, on),
        }
        lines = [("142", credited - lump, "SMALL BANK BILL PAY CIE"), ("142", lump, f"EXCHANGE SETTLEMENT {ref}")]
        lines += [("166", before.get("draft", 0), "ACH SETTLEMENT"), ("142", before.get("card", 0), "MERCHANT CARD X")]
        lines += [("301", before.get("counter", 0), "COUNTER DEPOSIT"), ("557", returned, "ACH RETURN ITEMS")]
        kept = [line for line in lines if line[1]]
        (folder / "statement.bai2").write_bytes(bai2(on, *kept, opening=self.balance))
        self.balance += sum(-cents if code == "557" else cents for code, cents, _ in kept)
        return later

    def _draft(self, *, sec: str, code: str, individual_id: str, cents: int, remittance: str = "") -> Draft:
        self.sequence += 1
        return Draft(
            sec=sec,
            transaction_code=code,
            routing="231380104",
            account="93805448061",
            amount_cents=cents,
            individual_id=individual_id,
            name="A Payer",
            sequence=self.sequence,
            remittance=remittance,
        )

    def _autopay(self, folder: Path, on: date) -> int:
        sent = [self._draft(sec="PPD", code="27", individual_id=self.account(), cents=self.cents()) for _ in range(4)]
        self.drafts += sent
        _ach(folder / "autopay.ach", sent, on, "A")
        return sum(draft.amount_cents for draft in sent)

    def _credits(self, folder: Path, on: date, lump: int, ref: str) -> int:
        whose = [self.written() or "NONE" for _ in range(3)]
        came = [self._draft(sec="CIE", code="22", individual_id=each, cents=self.cents()) for each in whose]
        advice = f"RMR*IK*{ref}**{lump // 100}.{lump % 100:02d}\\"
        came.append(self._draft(sec="CTX", code="22", individual_id="LUMP", cents=lump, remittance=advice))
        _ach(folder / "credits.ach", came, on, "B")
        return sum(draft.amount_cents for draft in came)

    def _returns(self, folder: Path, on: date) -> int:
        back = [draft for draft in self.drafts if self.chance.random() < 0.15]
        self.drafts = [draft for draft in self.drafts if draft not in back]
        if back:
            (folder / "returns.ach").write_bytes(_returned(back, on).to_bytes())
        return sum(draft.amount_cents for draft in back)

    def _aggregator(self, folder: Path, on: date) -> tuple[int, str]:
        ref = f"BX{on:%y%m%d}01"
        rows, came, went = [], 0, 0
        for n in range(5):
            trace, cents = f"A{on:%m%d}{n}", self.cents()
            rows.append(f"P,{trace},{self.written()},{cents},{on},web,A Payer,")
            self.paid.append((trace, cents))
            came += cents
        if self.chance.random() < 0.5:
            trace, cents = self.paid.pop(self.chance.randrange(len(self.paid) - 5 or 1))
            if cents < came:
                rows.append(f"R,V{on:%m%d},{self.account()},{cents},{on},reversal,A Payer,{trace}")
                went = cents
        head, tail = f"H,{ref},{on},{on}T04:00:00,SMALL CITY", f"T,{len(rows)},{came},{went},{came - went}"
        (folder / "aggregator.csv").write_text("\n".join([head, *rows, tail, ""]))
        return came - went, ref

    def _cards(self, folder: Path, on: date) -> int:
        rows, sales, back = [], 0, 0
        for n in range(3):
            ref, cents = f"C{on:%m%d}{n}", self.cents()
            rows.append(f"D,{ref},{self.account()},sale,{cents},{cents},00,1,0477,0,")
            self.carded.append((ref, cents))
            sales += cents
        if self.chance.random() < 0.3:
            ref, cents = self.carded.pop(0)
            if cents < sales:
                rows.append(f"D,K{on:%m%d},{self.account()},chargeback,{cents},{cents},,,,,{ref}")
                back = cents
        _lines(folder / "card_settlement.csv", CARDS, [*rows, f"T,{len(rows)},{sales},{back},{sales - back}"])
        return sales - back

    def _counter(self, folder: Path, on: date) -> int:
        sums = [self.cents() for _ in range(3)]
        over = self.chance.choice((0, 0, 5, -10))
        rows = [f"R{on:%m%d}{n},08:5{n},1,clerk1,{self.account()},cash,{cents},," for n, cents in enumerate(sums)]
        rows.append(f"R{on:%m%d}9,09:30,1,clerk1,{self.account()},cash,7,,VOID")
        _lines(folder / "counter_receipts.csv", RECEIPTS, rows)
        total = f"1,cash,{len(sums)},{sum(sums)},{sum(sums) + over},{over}"
        _lines(folder / "register_totals.csv", "till,tender,count,amount_cents,counted_cents,over_short_cents", [total])
        return sum(sums) + over


def _account(account_no: str) -> str:
    return (
        f"{account_no},Ann Larkspur,P1,12 Teal Ct,55901,,residential,electric|water,,,0,0,0,en,owner,,,0,0,0,,,,0,"
        "active,2019-02-28,2019-02-28,remote,,,,0,0,0,0,9,0,"
    )


def _lines(path: Path, header: str, rows: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]))


def _ach(path: Path, drafts: list[Draft], on: date, modifier: str) -> None:
    made = datetime(on.year, on.month, on.day, 4)
    path.write_bytes(drafts_file(BANK, drafts, created_at=made, effective_on=on, modifier=modifier).to_bytes())


def _returned(drafts: list[Draft], on: date) -> AchFile:
    header = BatchHeader.build(
        service_class="225",
        company_name=BANK.company_name,
        company_id=BANK.company_id,
        sec="PPD",
        description="UTIL BILL",
        effective_on=on,
        originator_status="1",
        odfi=BANK.odfi,
        batch_no="1",
    )
    entries = [_back(draft, place) for place, draft in enumerate(drafts, start=1)]
    made = datetime(on.year, on.month, on.day, 5)
    return compose_file(BANK.header(made, "C"), [compose_batch(header, entries)])


def _back(draft: Draft, place: int) -> Entry:
    trace = f"{BANK.odfi}{place:07d}"
    addenda = AddendaReturn.build(
        return_code="R01",
        original_trace=f"{BANK.odfi}{draft.sequence:07d}",
        original_rdfi=draft.routing[:8],
        trace=trace,
    )
    entry = Entry.build(
        transaction_code="26",
        routing="091400606",
        account=draft.account,
        amount_cents=draft.amount_cents,
        individual_id=draft.individual_id,
        individual_name="A Payer",
        addenda_indicator="1",
        trace=trace,
    )
    return Entry(entry.line, addenda=(addenda,))
