"""What the command line says of each payment file beside its sums: refused with its way out, or taken before."""

from datetime import date

from activities.payment_files import FileTaken
from cli.payments import line_of, said_of
from models.payment_files import FileState
from models.tables import PaymentFileRow
from tests.builders import at


def a_file(state: FileState, **more: object) -> PaymentFileRow:
    values = {"file_id": "f1", "sha256": "", "identity": "", "kind": "lockbox", "file_name": "box[1].txt"}
    values |= {"received_on": date(2026, 9, 4), "at": at("2026-09-04 09:00"), "state": state, "total_cents": 0}
    return PaymentFileRow(**values, **more)


def test_nothing_is_said_of_a_file_that_was_taken_now() -> None:
    assert said_of(line_of(FileTaken(row=a_file(FileState.DONE)))) == ""


def test_a_file_handed_in_a_second_time_says_that_nothing_was_posted_again() -> None:
    says = said_of(line_of(FileTaken(row=a_file(FileState.DONE), again=True)))
    assert says == "box[1].txt: taken before, as f1 of 2026-09-04. Nothing was posted again."


def test_a_refused_file_says_why_and_what_to_do_the_second_time_too() -> None:
    row = a_file(FileState.REFUSED, reason="truncated", detail="box[1].txt, line 9: cut [truncated]")
    for again in (False, True):
        says = said_of(line_of(FileTaken(row=row, again=again)))
        assert says.startswith("box[1].txt, line 9: cut [truncated]\n  Nothing of it was taken.")
