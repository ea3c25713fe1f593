"""How does someone get a place at the desk, and a machine its token?"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from cli.asking import reading_desk
from cli.installation import Data
from cli.screen import CONSOLE, run
from cli.settings import Settings, Trouble, chosen
from models.users import Role, UserRefused, create_user, issue_token

commands = typer.Typer(no_args_is_help=True, help="Users of the desk.")


@commands.command()
def add(
    username: Annotated[str, typer.Argument(help="Name by which the user signs in.")],
    *,
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    name: Annotated[str, typer.Option(help="Name as shown; by default the user name.")] = "",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
    ],
    expires: Annotated[datetime | None, typer.Option(help="Last day.", formats=["%Y-%m-%d"])] = None,
    data: Data = None,
) -> None:
    """Add a user."""
    last = expires.date() if expires else None
    run(_add(chosen(data=data), username, name or username, role=role, password=password, last=last))
    CONSOLE.print(f"{username} is on record as {role}.")


def token(
    username: Annotated[str, typer.Argument(help="Whose token it is.")],
    *,
    days: Annotated[int, typer.Option(help="Business days of the calendar for which it holds.", min=1)] = 365,
    data: Data = None,
) -> None:
    """Issue a bearer token; it is shown this once."""
    print(run(_issue(chosen(data=data), username, days=days)))


async def _add(settings: Settings, username: str, name: str, *, role: Role, password: str, last: date | None) -> None:
    async with reading_desk(settings) as desk:
        try:
            desk.write_now(
                lambda session: create_user(
                    session, username=username, display_name=name, role=role, password=password, expires_on=last
                )
            )
        except UserRefused as refused:
            raise Trouble(f"{str(refused).capitalize()}.") from refused


async def _issue(settings: Settings, username: str, *, days: int) -> str:
    async with reading_desk(settings) as desk:
        now = desk.now.astimezone(UTC)
        until = now + timedelta(days=days)
        try:
            return desk.write_now(lambda session: issue_token(session, username, issued_at=now, expires_at=until))
        except UserRefused as refused:
            raise Trouble(f"{str(refused).capitalize()}.") from refused
