"""How does a written list of dated decisions act as the desk while a folder is played?"""

import json
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import httpx2
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from api.commands import DecisionBody
from cli.embedded import Embedded
from cli.people import Answered, Caller, caller
from cli.settings import Trouble
from domain.calendar import DAY
from models.cases import open_case_of
from models.session import reading
from models.users import Role

ACT_AT = time(10, 0)
APPROVALS = frozenset({"approve", "reject"})  # posted to the case's open approval

_COMMAND: TypeAdapter[Any] = TypeAdapter(DecisionBody)


class Line(BaseModel):
    """One decision: on which day, by whom in which role, on which account's case, and the command as the API has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    by: str
    role: Role
    account_no: str
    command: dict[str, Any]
    number: int = 0
    """Its place in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not taken, and why."""

    number: int
    account_no: str
    because: str


def read_script(path: Path) -> tuple[Line, ...]:
    """Return the lines of a TOML file (`[[decision]]`) or of JSON lines, in the order of the file.

    Raises:
        Trouble: a line cannot be read; it is named.
    """
    try:
        if path.suffix == ".toml":
            rows = tomllib.loads(path.read_text()).get("decision", [])
        else:
            rows = [json.loads(row) for row in path.read_text().splitlines() if row.strip()]
    except ValueError as wrong:
        raise Trouble(f"{path} is neither TOML nor JSON lines: {wrong}") from wrong
    return tuple(_line(path, number, row) for number, row in enumerate(rows, start=1))


def _line(path: Path, number: int, row: object) -> Line:
    try:
        line = Line.model_validate(row)
        if line.command.get("type") not in APPROVALS:
            _COMMAND.validate_json(json.dumps(line.command, default=str))
    except ValidationError as wrong:
        where = sorted({".".join(map(str, error["loc"])) for error in wrong.errors(include_input=False)})
        raise Trouble(f"{path}, decision {number}: missing or wrong: {', '.join(where)}.") from None
    return line.model_copy(update={"number": number})


@dataclass(slots=True, kw_only=True)
class ScriptedDesk:
    """Acts once a day. What was posted before an interruption is posted again under its key, which changes nothing."""

    at: Embedded
    http: httpx2.AsyncClient
    lines: Sequence[Line]
    refused: list[Refused] = field(default_factory=list)
    _next: int = 0
    _people: dict[str, Caller] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lines = sorted(self.lines, key=lambda line: line.on)

    def next_at(self, now: datetime) -> datetime | None:
        """Return ten o'clock of the next day that has a line; a day that has passed is made up for tomorrow."""
        if self._next >= len(self.lines):
            return None
        calendar = self.at.policy.calendar
        due = calendar.at(self.lines[self._next].on, ACT_AT)
        return due if due > now else calendar.at(calendar.day(now) + DAY, ACT_AT)

    async def act(self, now: datetime) -> None:
        """Post every line through today, in order."""
        today = self.at.policy.calendar.day(now)
        while self._next < len(self.lines) and self.lines[self._next].on <= today:
            self._next += 1
            await self._post(self.lines[self._next - 1])

    async def _post(self, line: Line) -> None:
        with reading(self.at.engine) as session:
            row = open_case_of(session, line.account_no)
        if row is None:
            self.refused.append(Refused(line.number, line.account_no, "the account has no open case"))
            return
        who, key = self._person(line), f"desk-file.{line.number}.{line.on}"
        if line.command["type"] in APPROVALS:
            answered = await self._decide_approval(who, row.case_id, line.command, key=key)
        else:
            answered = await who.post(f"cases/{row.case_id}/decisions", line.command, key=key)
        if not answered.ok:
            self.refused.append(
                Refused(line.number, line.account_no, str(answered.body.get("detail", answered.status)))
            )

    async def _decide_approval(self, who: Caller, case_id: str, command: dict[str, Any], *, key: str) -> Answered:
        asked = [a for a in (await who.get("approvals"))["approvals"] if a["case_id"] == case_id]
        if not asked:
            return Answered(404, {"detail": "nothing waits for a second person"})
        return await who.post(f"approvals/{asked[0]['approval_id']}", command, key=key)

    def _person(self, line: Line) -> Caller:
        if line.by not in self._people:
            password = secrets.token_urlsafe(12)
            self._people[line.by] = caller(
                self.at.engine, self.http, username=line.by, role=line.role, password=password
            )
        return self._people[line.by]
