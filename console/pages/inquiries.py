"""What people ask about accounts: the log, what waits for an answer, and the answer with its letter."""

from secrets import token_urlsafe

from starlette.responses import Response

from casework.errors import Refused
from casework.inquiries import (
    BY_LETTER,
    OTHERWISE,
    Question,
    Reply,
    answer_inquiry,
    give_inquiry,
    inquiries,
    languages,
    log_inquiry,
    preview_reply,
    the_inquiry,
)
from casework.permissions import Permission
from console.guard import page
from console.typed import day_of
from console.view import View
from domain.inquiries import STANDARD, Asker, Channel, InquiryState, Topic
from domain.verdict import Refusal
from models.mail import To

SHOWN = 200
LINES_MAX = 3
MINE = "mine"
_TYPED = ("asker", "channel", "topic", "who", "authority", "question", "language", "reply_by", "owner", "lines")


@page("/inquiries", Permission.SEE_INQUIRIES)
def show(view: View) -> Response:
    """Show what waits for an answer, the earliest day first; or what was answered."""
    state, whose = view.query("state"), view.query("whose")
    chosen = InquiryState(state) if state in set(InquiryState) else InquiryState.OPEN
    owner = view.user.username if whose == MINE else ""
    found = inquiries(view.desk, state=chosen, owner=owner, limit=SHOWN)
    return view.draw(
        "inquiries.html",
        inquiries=found,
        state=chosen,
        states=tuple(InquiryState),
        whose=whose,
        late=sum(each.late for each in found),
        full=len(found) == SHOWN,
    )


@page("/accounts/{account_no:str}/inquiries", Permission.SEE_INQUIRIES)
def of_account(view: View) -> Response:
    """Show what was asked about the account, and take what is asked now."""
    return _of_account(view)


@page("/accounts/{account_no:str}/inquiries", Permission.LOG_INQUIRY, method="POST")
def log(view: View) -> Response:
    """Note an inquiry; what cannot be taken says why, with the words typed kept."""
    account_no = view.path("account_no")
    try:
        log_inquiry(view.desk, account_no, _question(view), key=view.typed("key") or token_urlsafe(12))
    except Refused as refused:
        return _of_account(view, refusal=refused.refusal, status=refused.refusal.status)
    return view.go(f"/accounts/{account_no}/inquiries?done=1")


@page("/inquiries/{inquiry_id:str}", Permission.SEE_INQUIRIES)
def one(view: View) -> Response:
    """Show an inquiry, and take its answer."""
    return _one(view)


@page("/inquiries/{inquiry_id:str}/answer", Permission.ANSWER_INQUIRY, method="POST")
async def answer(view: View) -> Response:
    """Answer it."""
    inquiry_id = view.path("inquiry_id")
    try:
        await answer_inquiry(view.desk, inquiry_id, _reply(view))
    except Refused as refused:
        return _one(view, refusal=refused.refusal, where="answer", status=refused.refusal.status)
    return view.go(f"/inquiries/{inquiry_id}?done=answered")


@page("/inquiries/{inquiry_id:str}/preview", Permission.ANSWER_INQUIRY, method="POST")
async def preview(view: View) -> Response:
    """Show the letter that would go out."""
    try:
        pdf = await preview_reply(view.desk, view.path("inquiry_id"), _reply(view))
    except Refused as refused:
        return _one(view, refusal=refused.refusal, where="answer", status=refused.refusal.status)
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": "inline"})


@page("/inquiries/{inquiry_id:str}/owner", Permission.ANSWER_INQUIRY, method="POST")
def owner(view: View) -> Response:
    """Make the answer somebody's work."""
    inquiry_id = view.path("inquiry_id")
    try:
        give_inquiry(view.desk, inquiry_id, owner=view.typed("owner"))
    except Refused as refused:
        return _one(view, refusal=refused.refusal, where="owner", status=refused.refusal.status)
    return view.go(f"/inquiries/{inquiry_id}?done=owner")


def _question(view: View) -> Question:
    asker, channel, topic = view.typed("asker"), view.typed("channel"), view.typed("topic")
    lines = tuple(line.strip() for line in view.typed("lines").splitlines() if line.strip())
    return Question(
        asker=Asker(asker) if asker in set(Asker) else Asker.OTHER,
        channel=Channel(channel) if channel in set(Channel) else Channel.PHONE,
        topic=Topic(topic) if topic in set(Topic) else Topic.OTHER,
        question=view.typed("question"),
        who=view.typed("who"),
        authority=view.typed("authority"),
        language=view.typed("language") if view.typed("language") in languages() else "en",
        by=day_of(view.typed("reply_by")),
        owner=view.typed("owner"),
        to=To(name=lines[0], lines=lines[1 : LINES_MAX + 1]) if len(lines) > 1 else None,
    )


def _reply(view: View) -> Reply:
    topics = view.ticked("topic")
    through = view.typed("through") or BY_LETTER
    return Reply(
        topics=tuple(each for each in STANDARD if each in topics),
        words=view.typed("words"),
        through=through,
        email=view.typed("email"),
    )


def _of_account(view: View, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    account_no = view.path("account_no")
    return view.draw(
        "inquiry_log.html",
        status=status,
        account_no=account_no,
        inquiries=inquiries(view.desk, state=None, account_no=account_no, limit=SHOWN),
        askers=tuple(Asker),
        channels=tuple(Channel),
        topics=tuple(Topic),
        speaks=languages(),
        typed={name: view.typed(name) for name in _TYPED},
        key=view.typed("key"),
        refusal=refusal,
        done=view.query("done"),
    )


def _one(view: View, *, refusal: Refusal | None = None, where: str = "", status: int = 200) -> Response:
    found = the_inquiry(view.desk, view.path("inquiry_id"))
    ticked = view.ticked("topic") or ([found.row.topic] if not view.form else [])
    return view.draw(
        "inquiry.html",
        status=status,
        inquiry=found,
        standard=STANDARD,
        ticked=frozenset(ticked),
        by=(BY_LETTER, *OTHERWISE),
        typed={name: view.typed(name) for name in ("words", "through", "email", "owner")},
        refusal=refusal,
        where=where,
        done=view.query("done"),
    )
