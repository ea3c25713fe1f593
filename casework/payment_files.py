"""What becomes of a payment file that someone hands in, and of its money that has no place?"""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.messages import TASK_QUEUE, FilePart
from activities.outbox import POST_PAYMENT
from activities.payment_files import FileIntake, FileTaken, came_before
from casework.context import Desk
from casework.errors import Refused, missing, not_now, unfit
from casework.permissions import Permission
from casework.ways_out import of_file
from domain.account import AccountStatus
from domain.hear import Tells, Told
from domain.money import Money
from domain.posting import DUPLICATE_FILE, Disposition
from domain.verdict import Refusal
from gateways.errors import Outage
from models.accounts import AccountUnknown, account_of, lock_account
from models.outbox import put, tell
from models.payment_files import FileState, SuspenseState, file_of, shift
from models.payments import MATCHED_SOURCE, Payment, receive_payment
from models.tables import FileEntryRow, PaymentFileRow, SuspenseRow

LISTED_MAX = 500


def workflow_id(row: PaymentFileRow) -> str:
    """Return the workflow id of a file: the same bytes are worked off once, unless they were taken back since."""
    _, again, count = row.file_id.partition("-")
    return f"payment-file/{row.sha256}{again}{count}"


async def take_file(
    desk: Desk, data: bytes, *, file_name: str, on: date | None = None, dry_run: bool = False
) -> PaymentFileRow:
    """Take in a payment file and start the workflow that posts it; *on* none means that it came today.

    Raises:
        Refused: the file is wrong as a whole or was taken before, which is recorded; or billing cannot be asked.
    """
    desk.need(Permission.IMPORT_FILES)
    taken = await deliver(desk, data, file_name=file_name, on=on, dry_run=dry_run)
    if taken.row.state == FileState.REFUSED:
        raise Refused(_refusal(taken.row.reason, taken.row.detail))
    if taken.again:
        raise Refused(_refusal(DUPLICATE_FILE, came_before(file_name, taken.row)))
    return taken.row


async def deliver(
    desk: Desk, data: bytes, *, file_name: str, on: date | None = None, dry_run: bool = False
) -> FileTaken:
    """Return what came of a delivery, refused or not, and start the posting of what was taken.

    Raises:
        Refused: billing cannot be asked just now about accounts never seen.
    """
    desk.need(Permission.IMPORT_FILES)
    policy = await desk.read(lambda _session: desk.policy())
    intake, now = FileIntake(desk.at.engine, desk.at.systems.billing, policy, desk.at.senders), desk.now
    try:
        day = on or policy.calendar.day(now)
        taken = await intake.take(data, name=file_name, on=day, at=now, dry_run=dry_run)
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    if taken.row.state == FileState.POSTING and not dry_run:
        await start_posting(desk, taken.row)
    return taken


async def start_posting(desk: Desk, row: PaymentFileRow) -> None:
    """Start the file's workflow. Started before, it is left alone: also when a crash came between the two."""
    try:
        await desk.client.start_workflow(
            "PaymentFile",
            FilePart(file_id=row.file_id),
            id=workflow_id(row),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=f"Post {row.entries} sums of {row.file_name} of {row.received_on}",
        )
    except WorkflowAlreadyStartedError:
        return


def the_file(desk: Desk, file_id: str) -> PaymentFileRow:
    """Return one payment file."""
    desk.need(Permission.SEE_IMPORTS)
    row = desk.read_now(lambda session: file_of(session, file_id))
    if row is None:
        raise missing("payment-file", file_id)
    return row


def files_between(desk: Desk, since: date | None = None, through: date | None = None) -> Sequence[PaymentFileRow]:
    """Return the files of the days from *since* through *through*, in the order they came."""
    desk.need(Permission.SEE_IMPORTS)
    query = select(PaymentFileRow).order_by(col(PaymentFileRow.received_on), col(PaymentFileRow.at))
    if since:
        query = query.where(PaymentFileRow.received_on >= since)
    if through:
        query = query.where(PaymentFileRow.received_on <= through)
    return desk.read_now(lambda session: session.exec(query).all())


def in_suspense(desk: Desk, *, every: bool = False, limit: int | None = LISTED_MAX) -> Sequence[SuspenseRow]:
    """Return the money that has no place, oldest first; with *every* also what found one."""
    desk.need(Permission.SEE_IMPORTS)
    query = select(SuspenseRow).order_by(col(SuspenseRow.entry_id))
    if not every:
        query = query.where(SuspenseRow.state == SuspenseState.OPEN)
    return desk.read_now(lambda session: session.exec(query.limit(limit)).all())


def match(desk: Desk, suspense_id: int, *, account_no: str) -> SuspenseRow:
    """Post money in suspense to the account that a person says it is for. Said twice, it is done once.

    Raises:
        Refused: there is no such money or account, the account takes none, or the money has another place by now.
    """
    desk.need(Permission.POST_PAYMENT)
    return desk.write_now(lambda session: _match(desk, session, suspense_id, account_no))


def _match(desk: Desk, session: Session, suspense_id: int, account_no: str) -> SuspenseRow:
    row = session.get(SuspenseRow, suspense_id, with_for_update=True)
    if row is None:
        raise missing("suspense", str(suspense_id))
    if row.state == SuspenseState.MATCHED and row.account_no == account_no:
        return row
    if row.state != SuspenseState.OPEN or row.debit:
        what = "taken by the bank" if row.debit else row.state
        raise unfit("not-in-suspense", "This cannot be posted", f"The money was {what}.", status=409)
    _takes_money(session, account_no)
    now, entry = desk.now, session.get_one(FileEntryRow, suspense_id)
    payment = Payment(
        payment_id=f"{MATCHED_SOURCE}-{suspense_id}",
        source=MATCHED_SOURCE,
        trace=str(suspense_id),
        account_no=account_no,
        amount=Money(row.cents),
        received_at=now,
        effective_on=desk.today(),
        tender=entry.tender,
    )
    receive_payment(session, payment)
    shift(session, entry, to=Disposition.POSTED, reason=entry.reason)
    entry.payment_id, entry.account_no = payment.payment_id, account_no
    row.state, row.account_no, row.by, row.done_at = SuspenseState.MATCHED, account_no, desk.person.username, now
    key = f"payment/{payment.source}/{payment.trace}"
    put(session, key=key, kind=POST_PAYMENT, target=account_no, body={"payment_id": payment.payment_id}, at=now)
    tell(session, account_no=account_no, told=Told(key=key, at=now, what=Tells.LOOK_AGAIN), at=now)
    return row


def _takes_money(session: Session, account_no: str) -> None:
    try:
        lock_account(session, account_no)
        account = account_of(session, account_no)
    except AccountUnknown:
        detail = f"There is no account {account_no}."
        raise unfit("unknown-account", "No such account", detail, way_out="Check the number.") from None
    if account.status is AccountStatus.CLOSED:
        raise unfit("closed-account", "The account is closed", "It takes no money.", status=409)


def _refusal(reason: str, detail: str) -> Refusal:
    """Return why a whole file was refused; the detail names places in it, never what stood there."""
    return Refusal(
        slug=f"file-{reason.replace('_', '-')}",
        title="The file was refused",
        detail=detail,
        rules=(reason,),
        way_out=of_file(reason),
        status=409 if reason == DUPLICATE_FILE else 422,
    )
