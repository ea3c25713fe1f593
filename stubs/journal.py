"""What is written down so that a stub that was killed comes back as it was, and so that every effect can be counted?"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """An append-only file of JSON lines. A line that a kill cut short is dropped when the file is opened again.

    With *sync* each line has reached the disk when `write` returns; without it, it has reached the operating system,
    which is enough to survive the death of this process. Without a path nothing is written.
    """

    def __init__(self, path: Path | None, *, sync: bool) -> None:
        self._sync = sync
        self._lines = [] if path is None else list(_whole_lines(path))
        self._file = None if path is None else path.open("ab")

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield what was written before this process, once."""
        lines, self._lines = self._lines, []
        for line in lines:
            yield json.loads(line)

    def write(self, **entry: object) -> None:
        """Append one line."""
        if self._file is None:
            return
        self._file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        if self._sync:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _whole_lines(path: Path) -> list[bytes]:
    """Return the lines of *path*, which is cut back to its last whole one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return []
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    return data[:whole].splitlines()
