"""What is a process of a benchmark told when it starts?"""

import json
from dataclasses import asdict, dataclass

HOST = "127.0.0.1"
KEY = bytes(range(32))  # of data that is thrown away
READY = "ready"  # what a worker says when it has begun, and has done what it was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a process of a benchmark is told; it goes to it as JSON."""

    temporal: str
    folder: str
    api_port: int
    accounts: int = 0

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder}/site.db"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, told: str) -> "Site":
        return cls(**json.loads(told))
