"""What does another system answer when it has done what was asked?"""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The proof that the effect of *key* stands. Asking again with the same key returns the same receipt.

    *ref* is the other system's own number for it, *at* the business instant at which it was done. *details* are the
    few words that belong to this kind of effect; dates in it are ISO, sums whole cents.
    """

    key: str
    ref: str
    at: datetime
    details: dict[str, str] = field(default_factory=dict)

    def day(self, name: str) -> date:
        """Return the date that *details* holds under *name*."""
        return date.fromisoformat(self.details[name])
