"""The routes, a module per part of the desk; importing the room puts them all on the one router."""

from api.routes import (
    approvals,
    cases,
    decisions,
    facts,
    field,
    files,
    money,
    payment_files,
    reconciliations,
    rules,
    stopping,
    work,
)

__all__ = [
    "approvals",
    "cases",
    "decisions",
    "facts",
    "field",
    "files",
    "money",
    "payment_files",
    "reconciliations",
    "rules",
    "stopping",
    "work",
]
