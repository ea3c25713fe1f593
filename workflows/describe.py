"""How does a case look in the Temporal Web UI: a page of Markdown a clerk can read."""

from domain.case import Case
from domain.view import CaseView


def details(case: Case, shown: CaseView) -> str:
    """Return the case in Markdown: where it stands, what is owed, what comes next and why."""
    services = ", ".join(f"{state.service} {state.status.replace('_', ' ')}" for state in shown.services)
    rows = [
        ("Stage", shown.stage.replace("_", " ")),
        ("Service", services),
        ("Past due", f"{shown.past_due} of {shown.balance}"),
        ("Holds", ", ".join(shown.holds).replace("_", " ") or "none"),
        ("Next", shown.next_says),
        ("Waiting for", shown.waiting_for.replace("_", " ")),
        ("As of", f"{shown.as_of:%Y-%m-%d %H:%M} UTC, event {shown.seq}"),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    agreement = ""
    if case.arrangement and case.arrangement.active:
        parts = "\n".join(
            f"| {part.number} | {part.due_on} | {part.amount} | {'yes' if n < case.arrangement.met else ''} |"
            for n, part in enumerate(case.arrangement.schedule)
        )
        agreement = f"\n\n### Agreement\n\n| No. | Due | Amount | Met |\n|---|---|---|---|\n{parts}"
    page = f"## Case {shown.case_id}\n\n| | |\n|---|---|\n{table}{agreement}"
    return page.replace("$", "USD ")  # two dollar signs enclose a formula in the Web UI's Markdown
