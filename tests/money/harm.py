"""Harms the files of a city's bank days as banks and senders do: cut short, changed, sent twice, late, out of order.

All of it is put right within two bank days, so in the end the city owes what the whole one owes.
"""

import random
import shutil
from pathlib import Path

HARMS = ("cut short", "changed", "sent twice", "sent twice in a day", "late", "other line ends")
REFUSED = frozenset(HARMS[:4])  # each of these leaves one file that is not taken
AGAIN = frozenset(HARMS[2:4])
# Nothing in these would show what is missing.
UNTOTALLED = frozenset(
    {
        "card_declines.csv",
        "check_returns.csv",
        "counter_receipts.csv",
        "eap_payments.csv",
        "pledges.csv",
        "register_totals.csv",
    }
)
Done = list[tuple[str, str, str]]
"""What was done as (harm, day, file)."""


def damage(whole: Path, into: Path, *, chance: random.Random, count: int) -> Done:
    """Copy *whole* to *into* with *count* of its files harmed; return what was done."""
    shutil.copytree(whole, into)
    days = sorted((into / "bank").iterdir())
    # What settles a day after it was late is still within the days.
    files = sorted(path for day in days[:-2] for path in day.iterdir())
    done = []
    for path in chance.sample(files, count):
        harms = (*HARMS, "early") if path.name == "returns.ach" else HARMS
        harm = chance.choice(harms[2:] if path.name in UNTOTALLED else harms)
        _harm(path, harm, chance)
        done.append((harm, path.parent.name, path.name))
    return sorted(done)


def _harm(path: Path, harm: str, chance: random.Random) -> None:
    days = sorted(each.name for each in path.parent.parent.iterdir())
    place = days.index(path.parent.name)
    after, before = path.parent.parent / days[place + 1], path.parent.parent / days[max(place - 1, 0)]
    data = path.read_bytes()
    match harm:
        case "cut short":
            (after / f"again-{path.name}").write_bytes(data)
            path.write_bytes(data[: chance.randrange(len(_without_filler(data)) * 9 // 10)])
        case "changed":
            (after / f"again-{path.name}").write_bytes(data)
            path.write_bytes(_changed(data))
        case "sent twice":
            (after / f"again-{path.name}").write_bytes(data)
        case "sent twice in a day":
            (path.parent / f"twice-{path.name}").write_bytes(data)
        case "late":
            (after / f"late-{path.name}").write_bytes(data)
            path.unlink()
        case "early":
            path.rename(before / f"early-{path.name}")  # on the first day nothing but its name is other
        case "other line ends":
            path.write_bytes(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def _without_filler(data: bytes) -> bytes:
    """Return *data* without what it would not be missed for: blank lines at its end, and lines of nines."""
    return data.rstrip(b"\r\n9") if data[:3] == b"101" else data.rstrip(b"\r\n")


def _changed(data: bytes) -> bytes:
    """Return *data* with one digit of its trailer turned into another, which no total survives."""
    lines = _without_filler(data).split(b"\n")
    at = max(place for place, byte in enumerate(lines[-1]) if chr(byte).isdigit())
    digit = lines[-1][at : at + 1]
    lines[-1] = lines[-1][:at] + (b"1" if digit != b"1" else b"2") + lines[-1][at + 1 :]
    return b"\n".join(lines) + b"\n"
