"""What is a draft of a policy pack worth: may it be loaded, what does it state otherwise, what would it change?"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import col, select

from casework.backtest import parted
from casework.context import Desk
from casework.permissions import Permission
from domain.check import Finding
from domain.policy import Dated, Policy
from formats.errors import Malformed
from gateways.packs import check_text, policy_of_text
from models.tables import CaseRow
from simulator.backtest import Difference

CASES_MAX = 100  # a page answers within seconds; `arrears backtest` asks every case


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A value that the draft states otherwise than the pack in force; none on a side that does not state it."""

    key: str
    before: tuple[Dated[object], ...]
    after: tuple[Dated[object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """*findings* are what the check says; a fault among them keeps the pack from being loaded, and from being asked.

    *changed* is none where the text could not be read as a pack. *cases*: how many of the latest cases on record it was
    asked along. *differences*: where it would first have led them elsewhere.
    """

    findings: tuple[Finding, ...]
    changed: tuple[Changed, ...] | None = None
    cases: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def loads(self) -> bool:
        """Say whether the pack may be loaded."""
        return all(finding.doubt for finding in self.findings)


async def try_draft(desk: Desk, text: str) -> Draft:
    """Return what the pack that *text* states is worth, beside the one in force; nothing is stored."""
    desk.need(Permission.SEE_POLICY)
    desk.need(Permission.SEE_CASES)
    return await asyncio.to_thread(_tried, desk, text)


def _tried(desk: Desk, text: str) -> Draft:
    findings = check_text(text)
    try:
        draft = policy_of_text(text)
    except Malformed:
        return Draft(findings=findings)
    changed = tuple(_changes(desk.policy(), draft))
    if any(not finding.doubt for finding in findings):
        return Draft(findings=findings, changed=changed)
    latest = select(CaseRow.case_id).order_by(col(CaseRow.opened_on).desc(), col(CaseRow.case_id)).limit(CASES_MAX)
    cases = desk.read_now(lambda session: session.exec(latest).all())
    found = (parted(desk, case_id, draft) for case_id in cases)
    return Draft(
        findings=findings, changed=changed, cases=len(cases), differences=tuple(each for each in found if each)
    )


def _changes(in_force: Policy, draft: Policy) -> Iterator[Changed]:
    for key in sorted({*in_force.values, *draft.values}):
        before, after = in_force.values.get(key, ()), draft.values.get(key, ())
        if _stated(before) != _stated(after):
            yield Changed(key=key, before=before, after=after)


def _stated(values: tuple[Dated[object], ...]) -> list[tuple[object, object]]:
    return [(value.since, value.value) for value in values]
