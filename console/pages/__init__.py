"""The pages, a module per screen; importing the room puts them all on the console's map."""

from console.pages import (
    account,
    approvals,
    board,
    call,
    case,
    decide,
    live,
    login,
    money,
    search,
    supervising,
    worklist,
)

__all__ = [
    "account",
    "approvals",
    "board",
    "call",
    "case",
    "decide",
    "live",
    "login",
    "money",
    "search",
    "supervising",
    "worklist",
]
