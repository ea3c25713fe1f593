"""A case that did not begin here: it goes on where the record before ours left it."""

from dataclasses import dataclass
from typing import Literal

from domain.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTakenOver:
    """The case as an opening folder tells it, without what it knows of the account and without private words.

    *set_back*: stages for which the folder held no evidence, so that the case stands at an earlier one. Private words
    stand beside it, sealed: who pays an agreement and by what authority, the household, what a follow-up is about, the
    question that waits for a supervisor.
    """

    case: Case
    set_back: tuple[str, ...] = ()
    third_party: str = ""
    authority: str = ""
    household: str = ""
    about: str = ""
    question: str = ""
    type: Literal["case_taken_over"] = "case_taken_over"
