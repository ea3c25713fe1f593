"""What may be posted as a decision: one schema per command, told apart by *type*?"""

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args

from pydantic import BaseModel, Field

from api.mirror import from_json, mirror
from api.wire import wire
from casework.at_once import MANY
from domain import commands as c

APPROVALS = (c.Approve, c.Reject)
POSTED: tuple[type[c.Command], ...] = tuple(kind for kind in get_args(c.Command) if kind not in APPROVALS)
"""Every command but those that are posted to an approval."""

# A slotted dataclass has no default to read off the class itself.
_KINDS: dict[str, type[Any]] = {
    str(field.default): kind for kind in get_args(c.Command) for field in fields(kind) if field.name == "type"
}

if TYPE_CHECKING:
    DecisionBody = BaseModel
    ManyDecisionBody = BaseModel
else:
    ManyDecisionBody = Annotated[Union[tuple(mirror(kind) for kind in get_args(MANY))], Field(discriminator="type")]  # noqa: UP007
    DecisionBody = Annotated[Union[tuple(mirror(kind) for kind in POSTED)], Field(discriminator="type")]  # noqa: UP007


def command_of(body: BaseModel) -> c.Command:
    """Return the command that a posted decision stands for."""
    kind = _KINDS[getattr(body, "type")]  # noqa: B009  # every mirror of a command has it, BaseModel does not say so
    command: c.Command = from_json(body, kind)
    return command


def body_of(command: c.Command) -> dict[str, Any]:
    """Return the JSON by which *command* is posted; what it leaves to its defaults is left out."""
    written = wire(command)
    plain = {field.name: field.default for field in fields(command)}
    return {
        name: value
        for name, value in written.items()
        if name == "type" or name.removesuffix("_cents") not in plain or _said(command, name, plain)
    }


def _said(command: c.Command, name: str, plain: dict[str, Any]) -> bool:
    field = name if name in plain else name.removesuffix("_cents")
    return bool(getattr(command, field) != plain[field])


EXAMPLES = {
    "note": {"summary": "Add a note", "value": {"type": "add_note", "note": "Will call back on Friday."}},
    "promise": {
        "summary": "Record a spoken promise",
        "value": {"type": "record_promise", "amount_cents": 8420, "by": "2026-12-11"},
    },
    "arrangement": {
        "summary": "Agree instalments",
        "value": {"type": "agree_arrangement", "months": 6, "down_cents": 2500, "signed": True},
    },
    "ability": {
        "summary": "Assess the ability to pay",
        "value": {
            "type": "assess_ability_to_pay",
            "household_size": 3,
            "incomes": [{"source": "wages", "monthly_cents": 210000}],
            "aid": ["snap"],
            "circumstances": ["illness"],
            "evidence": "pay stub of November",
        },
    },
    "offer": {"summary": "Put the best lawful offers to the customer", "value": {"type": "offer_arrangement"}},
    "programs": {
        "summary": "Record that the customer was told of programs",
        "value": {"type": "tell_programs", "programs": ["energy_assistance"], "providers": True},
    },
    "third_party": {
        "summary": "Agree instalments that the landlord pays",
        "value": {
            "type": "agree_arrangement",
            "months": 4,
            "payer": "landlord",
            "third_party": "Oak Street Homes",
            "authority": "consent signed on 2026-11-20",
        },
    },
    "medical": {
        "summary": "Record a medical certificate",
        "value": {
            "type": "record_fact",
            "kind": "medical_certificate",
            "until": "2027-03-01T06:00:00Z",
            "source": "clinic",
            "details": {"form": "written"},
        },
    },
    "cut": {"summary": "Recommend a disconnection", "value": {"type": "recommend_disconnection"}},
    "adjustment": {
        "summary": "Propose a correction of the balance",
        "value": {
            "type": "propose_adjustment",
            "service": "water",
            "amount_cents": -1800,
            "reason": "leak",
            "because": "The leak at the meter was ours.",
        },
    },
    "refund": {
        "summary": "Propose that credit be paid out",
        "value": {"type": "propose_refund", "amount_cents": 4250, "because": "Paid twice."},
    },
}
