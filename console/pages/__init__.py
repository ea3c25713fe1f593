"""The pages, a module per screen; importing the room puts them all on the console's map."""

from console.pages import account, live, login, worklist

__all__ = ["account", "live", "login", "worklist"]
