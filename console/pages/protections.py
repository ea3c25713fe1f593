"""Whom something protects from a cut or another act, and whose protection ends soon."""

from starlette.responses import Response

from casework.permissions import Permission
from casework.protections import protections
from casework.worklists import names_of
from console.guard import page
from console.view import View

SHOWN = 100


@page("/protections", Permission.SEE_CASES)
def show(view: View) -> Response:
    """Show what protects, the soonest end first."""
    kind = view.query("kind")
    found = protections(view.desk, kind=kind, after=view.query("after"), limit=SHOWN)
    if kind and kind not in found.kinds:  # the last of its kind has ended, or there never was one
        kind, found = "", protections(view.desk, limit=SHOWN)
    return view.draw(
        "protections.html",
        protections=found.protections,
        kinds=found.kinds,
        kind=kind,
        after=found.after,
        names=names_of(view.desk, [each.account_no for each in found.protections if each.account_no]),
    )
