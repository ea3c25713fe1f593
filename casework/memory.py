"""Which cases did this process retell lately, so that only what came since need be read?

Events never change, so a case once retold holds for ever; what is remembered is thrown away when its customer's key is
no longer the one it was read under, for then its private words are to be unreadable.
"""

from collections import OrderedDict
from threading import Lock

from domain.case import Case

KEPT_MAX = 500  # cases; each some tens of kilobytes


class Memory:
    """Cases retold lately, each with the key its private words were read under; the least asked for goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[bytes, Case]] = OrderedDict()
        self._lock = Lock()

    def recall(self, case_id: str, key_id: bytes) -> Case | None:
        """Return the case as last retold under this key, none otherwise."""
        with self._lock:
            found = self._kept.get(case_id)
            if found is None or found[0] != key_id:
                self._kept.pop(case_id, None)
                return None
            self._kept.move_to_end(case_id)
            return found[1]

    def keep(self, case: Case, key_id: bytes) -> None:
        """Remember *case*, unless a later state of it is remembered already."""
        with self._lock:
            found = self._kept.get(case.case_id)
            if found is not None and found[0] == key_id and found[1].seq > case.seq:
                return
            self._kept[case.case_id] = (key_id, case)
            self._kept.move_to_end(case.case_id)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
