"""The balances of a city's hand-over, counted a second time: no reader, plan or ledger of the product is used.

Its method is another one. Credits are not poured over debits one by one: each debit is laid as a stretch on a line, in
the order of payment, and what an account has paid cuts that line at one point; whatever lies beyond is open.
"""

import csv
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from pathlib import Path


@dataclass
class Recount:
    """What was read: debits as (due, service place, bill, service, cents) and, per account, what counts as paid."""

    debits: dict[str, list[tuple[str, int, str, str, int]]] = field(default_factory=lambda: defaultdict(list))
    paid: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    file_cents: dict[tuple[str, str], int] = field(default_factory=dict)

    def balances(self) -> dict[tuple[str, str], int]:
        """Return cents by account and service, zero left out; what is over stands under `credit`."""
        found: dict[tuple[str, str], int] = defaultdict(int)
        for account in {*self.debits, *self.paid}:
            line = sorted(self.debits[account])
            ends = list(accumulate(stretch[-1] for stretch in line))
            cut = self.paid[account]
            reached = bisect_right(ends, cut)
            for place in range(reached, len(line)):
                begins = ends[place] - line[place][-1]
                found[account, line[place][3]] += ends[place] - max(begins, cut)
            if cut > (ends[-1] if ends else 0):
                found[account, "credit"] = cut - (ends[-1] if ends else 0)
        return {key: cents for key, cents in found.items() if cents}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def luhn(number: str) -> bool:
    doubled = [int(c) * (2 - i % 2) for i, c in enumerate(number[:9])]
    return (sum(d - 9 if d > 9 else d for d in doubled) + int(number[9])) % 10 == 0


def recount(city: Path, *, services: list[str], last: date) -> Recount:
    """Count the city at the close of *last*."""
    counted = Recount()
    status = {row["account_no"]: row["status"] for row in rows(city / "cis" / "accounts.csv")}
    for row in rows(city / "cis" / "accounts.csv"):
        counted.paid[row["account_no"]] += int(row["opening_credit_cents"] or 0)

    def owe(account: str, bill: str, service: str, due: str, cents: int) -> None:
        counted.debits[account].append((due, services.index(service), bill, service, cents))

    for row in rows(city / "cis" / "open_items.csv"):
        owe(row["account_no"], row["bill_no"], row["service"], row["due_date"], int(row["remaining_cents"]))
    for path in sorted((city / "cis" / "bills").iterdir()):
        for row in rows(path) if path.stem <= last.isoformat() else []:
            for service in services:
                if row[f"{service}_cents"]:
                    owe(row["account_no"], row["bill_no"], service, row["due_date"], int(row[f"{service}_cents"]))
    paid, taken = _money(city, last, counted)
    drafts = {row["trace"]: row for row in rows(city / "cis" / "posted_drafts.csv")}
    for key in taken & {("draft", trace) for trace in drafts}:
        row = drafts[key[1]]
        for part in filter(None, row["applied"].split(";")):
            bill, service, due, cents = part.split("/")
            owe(row["account_no"], bill, service, due, int(cents))
    for key, (written, cents) in paid.items():
        number = re.sub("[^0-9]", "", written).lstrip("0")
        if key[:2] not in taken and len(number) == 10 and luhn(number) and status.get(number, "closed") != "closed":
            counted.paid[number] += cents
    return counted


Paid = dict[tuple[str, ...], tuple[str, int]]


def _money(city: Path, last: date, counted: Recount) -> tuple[Paid, set[tuple[str, str]]]:
    """Return the money in, first come first, and the names of what went back."""
    paid: Paid = {}
    taken: set[tuple[str, str]] = set()
    for folder in sorted((city / "bank").iterdir()):
        if folder.name > last.isoformat():
            continue
        for path in [*folder.iterdir(), city / "agency" / f"{folder.name}_remittance.csv"]:
            if not path.is_file():
                continue
            money, back, clearing = _FILES[path.name.split("_", 1)[-1] if "remittance" in path.name else path.name](
                path
            )
            counted.file_cents[folder.name, path.name] = (
                sum(cents for *_, cents in money) + sum(c for *_, c in back) + clearing
            )
            for key, written, cents in money:
                paid.setdefault(key, (written, cents))
            taken |= {(source, called) for source, called, _ in back}
    return paid, taken


Money = list[tuple[tuple[str, ...], str, int]]
Back = list[tuple[str, str, int]]
Found = tuple[Money, Back, int]


def _text(path: Path) -> list[str]:
    return path.read_bytes().decode("latin-1").replace("\r\n", "\n").split("\n")


def _ach(path: Path) -> Found:
    money: Money = []
    back: Back = []
    clearing, lines = 0, _text(path)
    for at, line in enumerate(lines):
        if line[:1] == "5":
            sec = line[50:53]
        if line[:1] != "6":
            continue
        cents, trace = int(line[29:39]), line[79:94]
        addenda = []
        for below in lines[at + 1 :]:
            if below[:1] != "7":
                break
            addenda.append(below)
        if addenda and addenda[0][1:3] == "98":
            continue
        if addenda and addenda[0][1:3] == "99":
            back.append(("draft", addenda[0][6:21], cents))
        elif line[1:3] in {"27", "37"}:
            money.append((("draft", trace), line[39:54], cents))
        elif sec == "CIE":
            money.append((("ach", trace), line[54:76], cents))
        else:
            advice = "".join(each[3:83] for each in addenda)
            if advice.startswith("ISA"):
                money += [
                    (("ach", f"{trace}/{n}"), account, sum_)
                    for n, (account, sum_) in enumerate(_rmr(advice, advice[105]))
                ]
            elif advice.startswith("RMR*IK*"):
                clearing += cents
            else:
                money.append((("ach", trace), advice.split("*")[2], cents))
    return money, back, clearing


def _rmr(text: str, end: str) -> list[tuple[str, int]]:
    found = []
    for segment in text.split(end):
        parts = segment.strip().split("*")
        if parts[0] == "RMR":
            dollars, _, fraction = parts[4].partition(".")
            found.append((parts[2], int(dollars or 0) * 100 + int(fraction.ljust(2, "0"))))
    return found


def _820(path: Path) -> Found:
    text = path.read_text()
    return [(("820", path.parent.name, str(n)), *each) for n, each in enumerate(_rmr(text, text[105]))], [], 0


def _lockbox(path: Path) -> Found:
    money: Money = []
    day, item = "", ""
    lines = _text(path)
    for at, line in enumerate(lines):
        if line[:1] == "5":
            day = f"20{line[14:16]}-{line[16:18]}-{line[18:20]}"
        elif line[:1] == "6":
            item = f"{day}/{int(line[1:4])}/{int(line[4:7])}"
            if lines[at + 1][:1] != "4":
                money.append((("lockbox", item), line[46:62], int(line[7:17])))
        elif line[:1] == "4":
            money.append((("lockbox", item, line[8:10]), line[11:27], int(line[27:37])))
    return money, [], 0


def _aggregator(path: Path) -> Found:
    found = [row for row in csv.reader(_text(path)) if row]
    money = [(("aggregator", row[1]), row[2], int(row[3])) for row in found if row[0] == "P"]
    return money, [("aggregator", row[7], int(row[3])) for row in found if row[0] == "R"], 0


def _cards(path: Path) -> Found:
    found = [row for row in rows(path) if row["rec"] == "D"]
    money: Money = [
        (("card", row["ref"]), row["account_no"], int(row["approved_cents"])) for row in found if row["kind"] == "sale"
    ]
    back = [("card", row["original_ref"], int(row["approved_cents"])) for row in found if row["kind"] == "chargeback"]
    return money, back, 0


def _checks(path: Path) -> Found:
    back = []
    for row in rows(path):
        lockbox = f"{row['deposited_on']}/{row['batch']}/{row['item']}"
        back.append(
            (row["source"], lockbox if row["source"] == "lockbox" else row["receipt_no"], int(row["amount_cents"]))
        )
    return [], back, 0


def _statement(path: Path) -> Found:
    return [], [], sum(int(line.split(",")[2]) for line in _text(path) if line.startswith("16,"))


def _agency(path: Path) -> Found:
    paid = [row for row in rows(path) if row["rec"] == "D" and row["paid_to"] == "agency"]
    return [(("agency", row["line_id"]), row["account_no"], int(row["gross_cents"])) for row in paid], [], 0


def _counter(path: Path) -> Found:
    taken = [row for row in rows(path) if row["void"] != "VOID"]
    return [(("counter", row["receipt_no"]), row["account_no"], int(row["amount_cents"])) for row in taken], [], 0


def _assistance(path: Path) -> Found:
    found = rows(path)
    return [(("eap", row["payment_id"]), row["vendor_account_no"], int(row["amount_cents"])) for row in found], [], 0


def _nothing(_path: Path) -> Found:
    return [], [], 0


_FILES = {
    "credits.ach": _ach,
    "autopay.ach": _ach,
    "returns.ach": _ach,
    "noc.ach": _ach,
    "statement.bai2": _statement,
    "lockbox.txt": _lockbox,
    "aggregator.csv": _aggregator,
    "card_settlement.csv": _cards,
    "card_declines.csv": _nothing,
    "check_returns.csv": _checks,
    "820.edi": _820,
    "eap_payments.csv": _assistance,
    "pledges.csv": _nothing,
    "counter_receipts.csv": _counter,
    "register_totals.csv": _nothing,
    "remittance.csv": _agency,
    "remit_820.edi": _820,
}
