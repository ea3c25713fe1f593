"""The pages, a module per screen; importing the room puts them all on the console's map."""

from console.pages import (
    account,
    approvals,
    arrange,
    board,
    call,
    case,
    decide,
    documents,
    live,
    login,
    mail,
    money,
    search,
    supervising,
    watching,
    worklist,
)

__all__ = [
    "account",
    "approvals",
    "arrange",
    "board",
    "call",
    "case",
    "decide",
    "documents",
    "live",
    "login",
    "mail",
    "money",
    "search",
    "supervising",
    "watching",
    "worklist",
]
