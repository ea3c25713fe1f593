"""How is an effect done once for its key, and the same receipt given whenever it is asked for again?"""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Generic, TypeVar

from gateways.errors import Rejected
from gateways.receipt import Receipt

Effect = TypeVar("Effect")


class Keyed(ABC, Generic[Effect]):
    """A fake system: effects by key, numbers of its own, and the business instant its driver has set."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self._done: dict[str, tuple[Effect, Receipt]] = {}
        self._numbers: dict[str, int] = {}

    def apply(self, key: str, effect: Effect) -> Receipt:
        """Do *effect* unless it stands under *key* already; return its receipt either way.

        Raises:
            Rejected: the effect can never be done, or *key* stands for another one (`key-used-otherwise`).
        """
        if key in self._done:
            earlier, receipt = self._done[key]
            if earlier != effect:
                raise Rejected("key-used-otherwise", f"The key {key} stands for another effect.")
            return receipt
        receipt = self._perform(key, effect)
        self._done[key] = (effect, receipt)
        return receipt

    def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when nothing stands under it."""
        done = self._done.get(key)
        return None if done is None else done[1]

    @property
    def effects_done(self) -> int:
        """Return how many effects stand."""
        return len(self._done)

    @abstractmethod
    def _perform(self, key: str, effect: Effect) -> Receipt:
        """Do *effect*; called once per key."""

    def _number(self, prefix: str) -> str:
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}{self._numbers[prefix]:06d}"

    def _receipt(self, key: str, *, ref: str, **details: str) -> Receipt:
        return Receipt(key=key, ref=ref, at=self.now, details=details)
