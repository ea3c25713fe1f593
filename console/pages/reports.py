"""How does the desk stand, as pictures with their tables, and as files to reckon on with?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from casework.errors import Refused, missing
from casework.permissions import Permission
from casework.summaries import Line, summary
from casework.tables import Written, written
from console.guard import page
from console.labels import BOOKS
from console.view import View
from console.words import N_

UNFIT = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report of the page: *bar* is the column that the picture draws, *books* name what stands in a column."""

    name: str
    title: str
    says: str
    bar: str
    columns: tuple[tuple[str, str], ...]
    books: tuple[tuple[str, str], ...] = ()


SHOWN = (
    Shown(
        name="aging",
        title=N_("How old the debt is"),
        says=N_("Open cases by how long their oldest unpaid bill has been due."),
        bar="past_due_cents",
        columns=(("age", N_("Oldest bill")), ("cases", N_("Cases")), ("past_due_cents", N_("Past due"))),
        books=(("age", "aging"),),
    ),
    Shown(
        name="payments",
        title=N_("Payments, week by week"),
        says=N_("What came in, and what the bank returned in the same week."),
        bar="paid_cents",
        columns=(
            ("week", N_("Week of")),
            ("payments", N_("Payments")),
            ("paid_cents", N_("Paid")),
            ("returned", N_("Returned")),
            ("returned_cents", N_("Returned, in all")),
        ),
    ),
    Shown(
        name="cuts",
        title=N_("Services cut and restored, week by week"),
        says=N_("By the day on which the crew or the meter did it."),
        bar="cut",
        columns=(("week", N_("Week of")), ("cut", N_("Cut")), ("restored", N_("Restored"))),
    ),
    Shown(
        name="stages",
        title=N_("Where the cases stand"),
        says=N_("Every case on record, the closed ones too."),
        bar="cases",
        columns=(
            ("stage", N_("Stage")),
            ("status", N_("Service is")),
            ("cases", N_("Cases")),
            ("balance_cents", N_("Balance")),
        ),
        books=(("stage", "stage"), ("status", "status")),
    ),
    Shown(
        name="desk",
        title=N_("What waits for whom"),
        says=N_("Open cases by who can move them on, and what is asked of them."),
        bar="cases",
        columns=(("waiting_for", N_("Waits for")), ("task", N_("Asks for")), ("cases", N_("Cases"))),
        books=(("waiting_for", "who"), ("task", "task")),
    ),
    Shown(
        name="letters",
        title=N_("Letters"),
        says=N_("By kind; those that the post returned beside them."),
        bar="letters",
        columns=(("letter", N_("Letter")), ("letters", N_("Letters")), ("came_back", N_("Came back"))),
        books=(("letter", "letter"),),
    ),
)


REGISTERS = (
    ("liens", N_("Liens, with what is left and its interest through the last day")),
    ("owner-waivers", N_("Owners' written notices not to be liable")),
    ("homes-off", N_("Homes whose service is off")),
)
"""What is a list and no picture: handed out as files alone."""


@page("/reports", Permission.SEE_REPORTS)
def reports(view: View) -> Response:
    """Show each report of the days asked for."""
    since, through = view.day("since"), view.day("through")
    try:
        found = [(each, summary(view.desk, each.name, since=since, through=through)) for each in SHOWN]
    except Refused as refused:
        refusal = refused.refusal
        return view.draw(
            "reports.html", status=refusal.status, refusal=refusal, reports=[], since=since, through=through
        )
    return view.draw(
        "reports.html",
        refusal=None,
        registers=REGISTERS,
        day_of=date.fromisoformat,
        reports=[(each, told.lines, _bars(each, told.lines)) for each, told in found],
        since=found[0][1].since,
        through=found[0][1].through,
    )


@page("/reports/{name:str}.{form:str}", Permission.SEE_REPORTS)
def file(view: View) -> Response:
    """Hand out a report as a file."""
    name, form = view.path("name"), view.path("form")
    if form not in set(Written):
        raise missing("report", f"{name}.{form}")
    told = summary(view.desk, name, since=view.day("since"), through=view.day("through"))
    kind = Written(form)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{told.through}.{kind}"'}
    return Response(written(told.lines, name, kind), headers=headers, media_type=kind.media_type)


def _bars(each: Shown, lines: Sequence[Line]) -> list[tuple[Line, float]]:
    """Return each line with how long its bar is, of one."""
    most = max((int(line[each.bar]) for line in lines), default=0)
    return [(line, int(line[each.bar]) / most if most else 0.0) for line in lines]


assert all(book in BOOKS for each in SHOWN for _, book in each.books), "every report's names have a book"
