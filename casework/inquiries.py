"""Who asked what about an account, whose work is the answer, by when, and what were they answered?"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Final

from sqlmodel import Session

from casework.contacts import may_contact
from casework.context import Desk
from casework.errors import Refused, missing, not_now, unfit
from casework.letters import addressee_of
from casework.permissions import Permission, may
from domain.account import balance, past_due
from domain.account_letters import INQUIRY_REPLY, AccountLetter
from domain.commands import RecordContact
from domain.inquiries import Asker, Channel, InquiryState, Topic, reply_by, sentences, unfit_answer
from domain.money import ZERO, Money
from domain.policy import Policy
from domain.verdict import Refusal
from gateways.errors import Outage, Rejected
from gateways.messages import Channel as MessageChannel
from gateways.messages import SendMessage
from letters.book import load_book
from letters.letter import Letter
from letters.message import reply_message
from letters.of_account import compose_own
from letters.render import render
from models.account_letters import prepare
from models.accounts import lock_account, personal_of
from models.codec import write_words
from models.inquiries import Words, close_inquiry, inquiries_of, inquiry, reply_to, sealed_to, words_of
from models.mail import To
from models.tables import AccountRow, InquiryRow
from models.users import user_named
from models.vault import seal

LISTED_MAX = 500
BY_LETTER = "letter"
BY_EMAIL = "email"
OTHERWISE = (BY_EMAIL, "phone", "counter")
_MAILBOX: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,189}")
"""One address and nothing beside it: no second recipient, no line of a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is noted of an inquiry. *by*: the day promised, the pack's if none; *to*: where the answer goes."""

    asker: Asker
    channel: Channel
    topic: Topic
    question: str = field(repr=False)
    who: str = field(default="", repr=False)
    authority: str = field(default="", repr=False)
    language: str = "en"
    by: date | None = None
    owner: str = ""
    to: To | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered: the sentences on *topics* that the files of wording hold, and *words* of one's own.

    *email*: where an answer by e-mail goes; blank for the customer's own address on record.
    """

    topics: tuple[Topic, ...] = ()
    words: str = field(default="", repr=False)
    through: str = BY_LETTER
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An inquiry as somebody who may see it reads it. *late*: its day has passed and it is not answered."""

    row: InquiryRow
    words: Words
    to: To | None
    late: bool


def inquiries(
    desk: Desk,
    *,
    state: InquiryState | None = InquiryState.OPEN,
    owner: str = "",
    account_no: str = "",
    limit: int = LISTED_MAX,
) -> Sequence[Asked]:
    """Return inquiries, those to be answered first at the top."""
    desk.need(Permission.SEE_INQUIRIES)
    today = desk.today()

    def ask(session: Session) -> Sequence[Asked]:
        if account_no and session.get(AccountRow, account_no) is None:
            raise missing("account", account_no)
        rows = inquiries_of(session, state=state, owner=owner, account_no=account_no, limit=limit)
        return [_seen(session, row, today) for row in rows]

    return desk.read_now(ask)


def the_inquiry(desk: Desk, inquiry_id: str) -> Asked:
    """Return one inquiry."""
    desk.need(Permission.SEE_INQUIRIES)
    today = desk.today()
    return desk.read_now(lambda session: _seen(session, _the(session, inquiry_id), today))


def log_inquiry(desk: Desk, account_no: str, asked: Question, *, key: str) -> Asked:
    """Note what somebody asked; the same key again changes nothing.

    Raises:
        Refused: no such account, nothing asked, a day that has passed, or an owner who may not answer.
    """
    desk.need(Permission.LOG_INQUIRY)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    today = policy.calendar.day(now)
    inquiry_id = f"{account_no}-q{sha256(f'{who}/{key}'.encode()).hexdigest()[:12]}"
    if not asked.question.strip():
        raise unfit("nothing-asked", "What was asked?", "An inquiry says what somebody wants to know.")
    by = asked.by or reply_by(today, policy)
    if by < today:
        raise unfit("reply-in-the-past", "That day has passed", f"It is {today}; {by} cannot be kept any more.")

    def write(session: Session) -> Asked:
        if session.get(AccountRow, account_no) is None:
            raise missing("account", account_no)
        lock_account(session, account_no)
        known = inquiry(session, inquiry_id)
        if known is not None:
            return _seen(session, known, today)
        _need_owner(session, asked.owner, today)
        words = {"who": asked.who.strip(), "question": asked.question.strip(), "authority": asked.authority.strip()}
        row = InquiryRow(
            inquiry_id=inquiry_id,
            account_no=account_no,
            asker=asked.asker,
            channel=asked.channel,
            topic=asked.topic,
            language=asked.language,
            asked_on=today,
            reply_by=by,
            owner=asked.owner,
            state=InquiryState.OPEN,
            words=seal(session, account_no, write_words(words)),
            reply_to=sealed_to(session, account_no, asked.to),
            logged_by=who,
            logged_at=now,
        )
        session.add(row)
        session.flush()
        return _seen(session, row, today)

    return desk.write_now(write)


def give_inquiry(desk: Desk, inquiry_id: str, *, owner: str) -> Asked:
    """Make the answer *owner*'s work, or nobody's; refused once it is answered."""
    desk.need(Permission.ANSWER_INQUIRY)
    today = desk.today()

    def write(session: Session) -> Asked:
        row = _the(session, inquiry_id, lock=True)
        _need_open(row)
        _need_owner(session, owner, today)
        row.owner = owner
        return _seen(session, row, today)

    return desk.write_now(write)


async def answer_inquiry(desk: Desk, inquiry_id: str, reply: Reply) -> Asked:
    """Answer an inquiry, once: by a letter that goes out with the day's batch, by an e-mail, or as is then noted.

    An e-mail has the same letter attached and goes out at once.

    Raises:
        Refused: nothing is answered, the balance is not theirs to know, the letter cannot be written, nobody may or can
            be reached by e-mail, or somebody answered meanwhile.
    """
    desk.need(Permission.ANSWER_INQUIRY)
    said = await _said(desk, inquiry_id, reply)
    policy, now = desk.policy(), desk.now
    today = policy.calendar.day(now)
    # Sent before it is noted: what is on record as answered was answered. The same words again are not sent twice.
    receipt = await _emailed(desk, inquiry_id, reply, said) if reply.through == BY_EMAIL else ""

    def write(session: Session) -> Asked:
        row = _the(session, inquiry_id, lock=True)
        _need_open(row)
        letter_id = ""
        if reply.through == BY_LETTER:
            _letter(session, row, said, reply, policy)  # one that cannot be written is refused now, not when printed
        if reply.through == BY_LETTER or receipt:
            letter_id = prepare(session, row.account_no, said, about=f"inquiry/{inquiry_id}", at=now, receipt=receipt)
        close_inquiry(
            session,
            row,
            answer=reply.words.strip(),
            by=desk.person.username,
            on=said.on,
            through=reply.through,
            letter_id=letter_id,
        )
        return _seen(session, row, today)

    return await desk.write(write)


async def preview_reply(desk: Desk, inquiry_id: str, reply: Reply) -> bytes:
    """Return the letter that would go out, as a PDF; nothing is stored."""
    desk.need(Permission.ANSWER_INQUIRY)
    said = await _said(desk, inquiry_id, reply)
    policy = desk.policy()
    letter = await desk.read(lambda session: _letter(session, _the(session, inquiry_id), said, reply, policy))
    return render(letter)


# --- what is answered ---------------------------------------------------------------------------------------------


async def _said(desk: Desk, inquiry_id: str, reply: Reply) -> AccountLetter:
    """Return what the letter tells, with the balance as billing has it now where that is answered."""
    if reply.through not in {BY_LETTER, *OTHERWISE}:
        ways = ", ".join((BY_LETTER, *OTHERWISE))
        raise unfit("no-such-way", "No such way of answering", f"An answer goes by one of: {ways}.")
    row, words = await desk.read(lambda session: _opened(session, inquiry_id))
    refusal = unfit_answer(Asker(row.asker), reply.topics, words=reply.words, authority=words.authority or "")
    if refusal is not None:
        raise Refused(refusal)
    policy, on = desk.policy(), desk.today()
    owed, late = await _balance(desk, row.account_no, on) if Topic.BALANCE in reply.topics else (ZERO, ZERO)
    return AccountLetter(
        kind=INQUIRY_REPLY,
        language=row.language,
        policy=policy.digest,
        on=on,
        happened_on=row.asked_on,
        amount=late,
        left=owed,
        more=sentences(reply.topics, owed=owed, past_due=late),
        inquiry_id=inquiry_id,
    )


async def _balance(desk: Desk, account_no: str, on: date) -> tuple[Money, Money]:
    try:
        known = await desk.at.systems.billing.open_bills(account_no)
    except Rejected:
        raise missing("account", account_no) from None
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    return balance(known.bills), past_due(known.bills, on)


def _letter(session: Session, row: InquiryRow, said: AccountLetter, reply: Reply, policy: Policy) -> Letter:
    personal = addressee_of(personal_of(session, row.account_no), policy)
    to = reply_to(session, row)
    found = compose_own(
        said,
        row.account_no,
        policy=policy,
        personal=replace(personal, name=to.name, lines=to.lines) if to else personal,
        answer=reply.words,
    )
    if isinstance(found, Refusal):
        raise Refused(found)
    return found


async def _emailed(desk: Desk, inquiry_id: str, reply: Reply, said: AccountLetter) -> str:
    """Send the answer as a letter attached to an e-mail; return the sender's own number of it."""
    policy = desk.policy()
    row, to = await desk.read(lambda session: _mailbox(session, inquiry_id, reply))
    if row.asker == Asker.CUSTOMER:
        await _need_leave(desk, row)
    letter = await desk.read(lambda session: _letter(session, _the(session, inquiry_id), said, reply, policy))
    words = reply_message(language=row.language, pack=policy.pack, account_no=row.account_no, asked_on=row.asked_on)
    if words is None:
        detail = f"No office of the pack {policy.pack} is named to write."
        raise unfit("no-office", "Nobody can write", detail, way_out="Name one in letters/wording/offices.toml.")
    pdf = render(letter)
    key = f"inquiry/{inquiry_id}/{sha256(to.encode() + pdf).hexdigest()[:12]}"
    message = SendMessage(
        message_id=key,
        channel=MessageChannel.EMAIL,
        account_no=row.account_no,
        to=to,
        subject=words.subject,
        text=words.text,
        attachment=b64encode(pdf).decode(),
        attachment_name="answer.pdf",
    )
    try:
        known = await desk.at.systems.messages.lookup(key)
        return (known or await desk.at.systems.messages.send(key, message)).ref
    except Rejected as rejected:
        raise unfit(
            "not-by-email",
            "No e-mail goes there",
            f"The sender of e-mails does not take it: {rejected.slug}.",
            way_out="Answer by letter, or name another address.",
            status=409,
        ) from rejected
    except Outage as outage:
        raise not_now("email-out", "The sender of e-mails does not answer", str(outage), status=503) from outage


def _mailbox(session: Session, inquiry_id: str, reply: Reply) -> tuple[InquiryRow, str]:
    """Return the inquiry, and the address that its answer by e-mail goes to."""
    row = _the(session, inquiry_id)
    own = personal_of(session, row.account_no).email if row.asker == Asker.CUSTOMER else ""
    to = reply.email.strip() or own
    if not _MAILBOX.fullmatch(to):
        detail = "What is named is no e-mail address." if to else "No e-mail address is on record for whoever asked."
        raise unfit("no-mailbox", "Where does the e-mail go?", detail, way_out="Name an address, or answer by letter.")
    return row, to


async def _need_leave(desk: Desk, row: InquiryRow) -> None:
    """Refuse an e-mail to a customer who said stop, or who neither agreed to any nor asked by one."""
    asked_so = row.channel in {Channel.EMAIL, Channel.WEB}
    wanted = RecordContact(
        channel="email", direction="out", outcome="reached", purpose="call_back" if asked_so else "optional"
    )
    may_be = await may_contact(desk, row.account_no, wanted)
    if not may_be.allows:
        raise unfit("not-by-email", "No e-mail goes there", may_be.says, way_out="Answer by letter.", status=409)


# --- who may ----------------------------------------------------------------------------------------------------------


def _opened(session: Session, inquiry_id: str) -> tuple[InquiryRow, Words]:
    row = _the(session, inquiry_id)
    _need_open(row)
    return row, words_of(session, row)


def _seen(session: Session, row: InquiryRow, today: date) -> Asked:
    late = row.state == InquiryState.OPEN and today > row.reply_by
    return Asked(row=row, words=words_of(session, row), to=reply_to(session, row), late=late)


def _the(session: Session, inquiry_id: str, *, lock: bool = False) -> InquiryRow:
    row = inquiry(session, inquiry_id, lock=lock)
    if row is None:
        raise missing("inquiry", inquiry_id)
    return row


def _need_open(row: InquiryRow) -> None:
    if row.state != InquiryState.OPEN:
        detail = f"{row.answered_by} answered it on {row.answered_on}."
        raise unfit("inquiry-answered", "It is answered", detail, way_out="Log another inquiry.", status=409)


def _need_owner(session: Session, owner: str, today: date) -> None:
    if not owner:
        return
    user = user_named(session, owner)
    if user is None or not user.may_work(today) or not may(user.role, Permission.ANSWER_INQUIRY):
        detail = f"{owner} does not answer inquiries here."
        raise unfit("no-such-owner", "Nobody of that name answers", detail, way_out="Name someone of the desk.")


def languages() -> tuple[str, ...]:
    """Return the languages in which a reply can be written."""
    return tuple(load_book().languages)
