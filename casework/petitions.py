"""What has a customer paid from the day of a petition on, before anyone here knew of it?"""

from dataclasses import replace

from casework.context import Desk
from domain.commands import Command, FileBankruptcy
from models.payments import posted_after


async def with_paid_since(desk: Desk, account_no: str, command: Command) -> Command:
    """Return *command*; a petition that does not say what the customer has paid since, with the sum on record.

    What billing has posted counts: it lies on the oldest debt, where from the petition on it may not. Money that comes
    later is posted once the older debt is set aside.
    """
    if not isinstance(command, FileBankruptcy) or command.paid_since is not None:
        return command
    petition_on = command.petition_on
    paid = await desk.read(lambda session: posted_after(session, account_no, petition_on))
    return replace(command, paid_since=paid)
