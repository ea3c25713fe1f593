"""What waits for a second person: the rule and the record beside each, one by one or many at once."""

from dataclasses import dataclass

from starlette.responses import Response

from casework.approvals import approve, open_approvals, preview_approval, reject
from casework.decisions import Ruling
from casework.errors import Refused
from casework.going_out import how_many_wait
from casework.permissions import Permission
from casework.worklists import names_of
from console.guard import page
from console.view import View
from domain.verdict import Refusal

TICKED_MAX = 100
UNFIT = 422


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision on one approval would do, or did; or why it would not, or was not."""

    approval_id: str
    ruling: Ruling | None = None
    refusal: Refusal | None = None


@page("/approvals", Permission.SEE_APPROVALS)
def show(view: View) -> Response:
    """Show what is asked for and not yet decided, oldest first."""
    return _page(view)


def _page(view: View, *, effects: tuple[Effect, ...] = (), status: int = 200, **more: object) -> Response:
    pending = open_approvals(view.desk)
    context: dict[str, object] = {
        "pending": pending,
        "names": names_of(view.desk, [each.case.account_no for each in pending]),
        "effects": {effect.approval_id: effect for effect in effects},
        "trouble": "",
        "because": "",
        "bulk": (),
        "money_waits": how_many_wait(view.desk),
        "mine": any(each.mine_to_decide for each in pending),
        "done": view.query("done"),
    }
    return view.draw("approvals.html", status=status, **(context | more))


@page("/approvals/{approval_id:str}", Permission.APPROVE_SMALL, method="POST")
async def decide_one(view: View) -> Response:
    """Give leave, or refuse it with the reason."""
    approval_id, key = view.path("approval_id"), view.typed("key")
    because, approves = view.typed("because"), view.typed("say") == "approve"
    if not (because or approves):
        return _page(view, trouble=approval_id, status=UNFIT)
    try:
        if approves:
            await approve(view.desk, approval_id, key=key)
        else:
            await reject(view.desk, approval_id, because=because, key=key)
    except Refused as refused:
        effect = Effect(approval_id, refusal=refused.refusal)
        return _page(view, effects=(effect,), because=because, status=refused.refusal.status)
    return view.go(f"/approvals?done={'approved' if approves else 'rejected'}")


@page("/approvals-at-once", Permission.APPROVE_SMALL, method="POST")
async def decide_many(view: View) -> Response:
    """Show the effect of approving each that was ticked; once that was seen, approve them one after the other."""
    ticked = view.ticked("ticked")[:TICKED_MAX]
    seen = view.typed("say") == "approve"
    effects = []
    for approval_id in ticked:
        try:
            if seen:
                ruling = await approve(view.desk, approval_id, key=f"{view.typed('key')}/{approval_id}")
            else:
                ruling = await preview_approval(view.desk, approval_id)
            effects.append(Effect(approval_id, ruling=ruling))
        except Refused as refused:
            effects.append(Effect(approval_id, refusal=refused.refusal))
    template = "approvals_many.html"
    return view.draw(
        template,
        effects=effects,
        done=seen,
        possible=[e.approval_id for e in effects if e.ruling],
        key=view.typed("key"),
    )
