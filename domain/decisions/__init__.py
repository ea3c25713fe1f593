"""One handler for each decision, a module per chapter; importing the room registers them all."""

from domain.decisions import (
    ability,
    arrangements,
    bankruptcy,
    contacts,
    desk_work,
    disconnection,
    facts,
    field_work,
    following,
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
    "bankruptcy",
    "contacts",
    "desk_work",
    "disconnection",
    "facts",
    "field_work",
    "following",
    "inactive",
    "money",
    "remedies",
]
