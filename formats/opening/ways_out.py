"""What can a person do about a line of an opening folder that was refused?"""

from typing import Final

OF_OPENINGS: Final = {
    "no_manifest": "Name the folder itself. `arrears export opening DIR` writes one from a running installation;"
    " docs/formats/opening.md says what stands in it.",
    "no_cases": "Put cases.csv beside opening.toml: one line for each account that has a case.",
    "manifest": "Write it as docs/formats/opening.md shows it.",
    "no_as_of": "Write it as 2026-10-30T23:00:00Z.",
    "unknown_file": "Give it the name of one of those, or take it out of the folder.",
    "unknown_column": "Spell it so, or take the column out.",
    "missing_column": "Add the column.",
    "unfit": "Write the cell so.",
    "bad_check_digit": "Write the account's number as billing has it; a spreadsheet may have changed it.",
    "duplicate_account": "Keep the line that is right and take the other out.",
    "no_case": "Add its line to cases.csv, or take its lines out here.",
    "unknown_account": "Take its lines out of every file, or ask billing under which number it goes now.",
    "unknown_reference": "Add the line that it goes back to, or take this one out.",
    "balance_differs": "Money or a bill has moved since: write the folder anew at an instant at which both agree.",
    "other_pack": "Import it under that pack with --policy, or have it written under the pack in force.",
    "in_the_future": "Put the day right, or take the folder over after it.",
    "half_closed": "Fill both, with the stage closed, or leave both empty.",
    "duplicate_service": "Keep the line that is right and take the other out.",
    "no_bills": "Name the bills that the letter named, with amount and due date.",
    "amount_above_bills": "Write the amount of the letter as it was served, or name all of its bills.",
    "schedule_sum": "Write every part of the schedule, and of each bill what the agreement holds.",
    "met_beyond_schedule": "Count the parts that are paid.",
    "count": "Write at least as many as are told of.",
    "two_remedies": "End one of them, or take the bill out of it.",
    "two_orders": "Keep the one that is out.",
    "no_day": "Fill `since` in services.csv.",
}


def of_opening(rule: str) -> str:
    """Return what to do about a line of an opening folder that breaks *rule*; blank where the fault itself says it."""
    return OF_OPENINGS.get(rule, "")
