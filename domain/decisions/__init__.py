"""One handler for each decision, a module per chapter; importing the room registers them all."""

from domain.decisions import (
    ability,
    arrangements,
    contacts,
    desk_work,
    disconnection,
    facts,
    field_work,
    inactive,
    money,
    remedies,
)
from domain.decisions.desk import HANDLERS, Answer, Bodies, Desk

__all__ = [
    "HANDLERS",
    "Answer",
    "Bodies",
    "Desk",
    "ability",
    "arrangements",
    "contacts",
    "desk_work",
    "disconnection",
    "facts",
    "field_work",
    "inactive",
    "money",
    "remedies",
]
