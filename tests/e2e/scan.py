"""Where in all that a finished demo left behind does a name, address, phone or mail address stand in clear?"""

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

PERSONAL = ("customer_name", "premise_address", "mailing_address", "phone", "email", "landlord", "third_party_designee")
SHORTEST = 6  # a shorter word may stand anywhere by chance


def personal_words(city: Path) -> frozenset[str]:
    """Return every personal word of a city folder's accounts."""
    with (city / "cis" / "accounts.csv").open(newline="", encoding="utf-8") as file:
        return frozenset(
            word for row in csv.DictReader(file) for name in PERSONAL if len(word := row[name].strip()) >= SHORTEST
        )


def found_in(text: str, words: frozenset[str]) -> set[str]:
    """Return those of *words* that *text* holds, whatever their case."""
    low = text.casefold()
    return {word for word in words if word.casefold() in low}


def leaks(data: Path, words: frozenset[str]) -> dict[str, set[str]]:
    """Return what stands in clear in logs, in Temporal's database and in every table but the account's own."""
    found = {name: found_in(text, words) for name, text in _texts(data)}
    return {name: held for name, held in found.items() if held}


def _texts(data: Path) -> Iterator[tuple[str, str]]:
    for path in (*sorted((data / "logs").glob("*")), data / "calls.jsonl", data / "running.json"):
        if path.is_file():
            yield path.name, path.read_text(errors="replace")
    for path in sorted(data.glob("temporal.db*")):
        yield path.name, path.read_bytes().decode("latin-1")  # payloads, summaries, failures, visibility: every byte
    with sqlite3.connect(data / "arrears.db") as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table != "accounts":
                rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
                yield f"arrears.db: {table}", "\n".join(map(repr, rows))
