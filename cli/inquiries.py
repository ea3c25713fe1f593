"""What do people ask about accounts, at the command line: reported, noted, given to somebody and answered?"""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer
from rich.table import Table

from api.schemas.inquiries import InquiryShown
from casework import inquiries as asking
from casework.inquiries import Asked, Question, Reply
from cli.asking import reading_desk
from cli.installation import AsJson, Data
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, chosen
from domain.inquiries import Asker, Channel, InquiryState, Topic

commands = typer.Typer(invoke_without_command=True, help="What people ask about accounts, and by when it is answered.")
Which = Annotated[str, typer.Argument(metavar="INQUIRY", help="The number of the inquiry, as the report shows it.")]


@commands.callback()
def report(  # one option a filter
    context: typer.Context,
    *,
    account: Annotated[str, typer.Option(help="Of one account only.")] = "",
    owner: Annotated[str, typer.Option(help="Of one user only.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="What is answered, too.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Report what waits for an answer, the earliest day first."""
    if context.invoked_subcommand:
        return
    state = None if everything else InquiryState.OPEN
    found = run(_found(chosen(data=data), state, account, owner))
    if as_json:
        say_json({"inquiries": [InquiryShown.of(each).model_dump(mode="json") for each in found]})
        return
    if not found:
        CONSOLE.print("Nothing waits for an answer." if state else "Nobody has asked anything.")
        return
    table = Table("inquiry", "answer by", "state", "who", "about", "owner", box=None)
    for each in found:
        row = each.row
        state_now = "late" if each.late else row.state
        style = "red" if each.late else None
        table.add_row(row.inquiry_id, str(row.reply_by), state_now, row.asker, row.topic, row.owner, style=style)
    CONSOLE.print(table)


@commands.command()
def log(  # one option a question that the form asks
    account: Annotated[str, typer.Argument(help="The account asked about.")],
    question: Annotated[str, typer.Argument(help="What they want to know.")],
    *,
    asker: Annotated[Asker, typer.Option(help="Who asks.")] = Asker.CUSTOMER,
    channel: Annotated[Channel, typer.Option(help="How they asked.")] = Channel.PHONE,
    topic: Annotated[Topic, typer.Option(help="About what.")] = Topic.OTHER,
    who: Annotated[str, typer.Option(help="Name, if it is not the customer.")] = "",
    authority: Annotated[str, typer.Option(help="What shows that they may be told what is owed.")] = "",
    language: Annotated[str, typer.Option(help="Language of the answer.")] = "en",
    by: Annotated[
        datetime | None, typer.Option(help="Answer by; by default the pack's day.", formats=["%Y-%m-%d"])
    ] = None,
    owner: Annotated[str, typer.Option(help="Whose work it is; by default nobody's yet.")] = "",
    key: Annotated[str, typer.Option(help="The same key again notes nothing twice.")] = "",
    data: Data = None,
) -> None:
    """Note what somebody asked; it is owed an answer from then on."""
    asked = Question(
        asker=asker,
        channel=channel,
        topic=topic,
        question=question,
        who=who,
        authority=authority,
        language=language,
        by=by.date() if by else None,
        owner=owner,
    )
    noted = run(_noted(chosen(data=data), account, asked, key or uuid4().hex))
    CONSOLE.print(f"{noted.row.inquiry_id}: an answer is owed by {noted.row.reply_by}.")


@commands.command()
def give(
    which: Which,
    owner: Annotated[str, typer.Argument(help="Who is to answer; blank for nobody.")],
    *,
    data: Data = None,
) -> None:
    """Make the answer somebody's work."""
    given = run(_given(chosen(data=data), which, owner))
    CONSOLE.print(f"{given.row.inquiry_id} is {given.row.owner or 'nobody'}'s work.")


@commands.command()
def answer(
    which: Which,
    *,
    topic: Annotated[list[Topic] | None, typer.Option(help="What the letter says of itself; may be repeated.")] = None,
    words: Annotated[str, typer.Option(help="Words of your own.")] = "",
    through: Annotated[str, typer.Option(help="letter, email, phone or counter.")] = asking.BY_LETTER,
    email: Annotated[str, typer.Option(help="Address of an e-mail; by default the customer's on record.")] = "",
    data: Data = None,
) -> None:
    """Answer it, once: by letter it goes with the day's batch, by e-mail at once."""
    reply = Reply(topics=tuple(topic or ()), words=words, through=through, email=email)
    answered = run(_answered(chosen(data=data), which, reply))
    sent = f" as letter {answered.row.letter_id}" if answered.row.letter_id else ""
    CONSOLE.print(f"{answered.row.inquiry_id} is answered by {answered.row.answered_through}{sent}.")


async def _found(settings: Settings, state: InquiryState | None, account: str, owner: str) -> list[Asked]:
    async with reading_desk(settings) as desk:
        return list(asking.inquiries(desk, state=state, account_no=account, owner=owner))


async def _noted(settings: Settings, account: str, asked: Question, key: str) -> Asked:
    async with reading_desk(settings) as desk:
        return asking.log_inquiry(desk, account, asked, key=key)


async def _given(settings: Settings, which: str, owner: str) -> Asked:
    async with reading_desk(settings) as desk:
        return asking.give_inquiry(desk, which, owner=owner)


async def _answered(settings: Settings, which: str, reply: Reply) -> Asked:
    async with reading_desk(settings) as desk:
        return await asking.answer_inquiry(desk, which, reply)
