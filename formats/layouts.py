"""How do this city's own senders write their files: aggregators by mapping, banks' lockboxes by table of fields?

Each sender has a TOML file of its own in one folder; its name goes before the sender's numbers, so that two senders
may number alike. What `begins` a sender's files tells them from all others. docs/formats/senders.md explains the keys.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from formats import aggregator, lockbox
from formats.errors import FIELD, Malformed

AGGREGATOR: Final = "aggregator"
LOCKBOX: Final = "lockbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One sender. *name* is that of its file; *layout* is how its rows or columns stand."""

    name: str
    begins: str
    layout: aggregator.Mapping | lockbox.Layout

    @property
    def kind(self) -> str:
        return LOCKBOX if isinstance(self.layout, lockbox.Layout) else AGGREGATOR


@dataclass(frozen=True, slots=True)
class Senders:
    """The senders of a city besides those that are known anyway."""

    known: tuple[Sender, ...] = ()

    def of(self, first_line: str) -> Sender | None:
        """Return whose file begins with *first_line*: the one whose beginning says most; none if it is nobody's."""
        found = [each for each in self.known if first_line.startswith(each.begins)]
        return max(found, key=lambda each: len(each.begins), default=None)


NO_SENDERS: Final = Senders()


def read_senders(folder: Path) -> Senders:
    """Return the senders that *folder* describes; none where there is no folder.

    Raises:
        Malformed: one of the files cannot be read, does not say what it must, or begins as another one does.
    """
    return Senders(_told_apart(_sender(path) for path in sorted(folder.glob("*.toml"))))


def _told_apart(senders: Iterable[Sender]) -> tuple[Sender, ...]:
    known: dict[str, Sender] = {}
    for each in senders:
        if each.begins in known:
            message = f"{known[each.begins].name} begins so too: say more of what begins its files"
            raise Malformed(FIELD, message, file=f"{each.name}.toml", field="begins", value=each.begins)
        known[each.begins] = each
    return tuple(known.values())


def _sender(path: Path) -> Sender:
    try:
        return Sender(name=path.stem, **_described(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Malformed("unreadable", str(fault), file=path.name) from None
    except Malformed as fault:
        raise fault.within(path.name) from None


def _described(table: dict[str, Any]) -> dict[str, Any]:
    begins, kind = table.get("begins"), table.get("kind")
    if not isinstance(begins, str) or not begins:
        raise Malformed(FIELD, "it does not say what begins its files", field="begins")
    if kind not in {AGGREGATOR, LOCKBOX}:
        raise Malformed(FIELD, f"{AGGREGATOR} or {LOCKBOX} was expected", field="kind", value=str(kind))
    read = aggregator.Mapping.of_table if kind == AGGREGATOR else lockbox.Layout.of_table
    return {"begins": begins, "layout": read(table)}
