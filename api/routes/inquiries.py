"""What do people ask about accounts, and what are they answered?"""

from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, Key, needs
from api.mirror import Day, Text
from api.routes.router import AccountNo, AnyId, Limit, router
from api.schemas.inquiries import Inquiries, InquiryShown
from casework import inquiries
from casework.permissions import Permission
from domain.inquiries import Asker, Channel, InquiryState, Topic
from models.mail import To

Name = Annotated[Text, Field(max_length=80)]
User = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_.@-]*$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
PDF = "application/pdf"


class AddresseeBody(BaseModel):
    """Where an answer goes if not to the customer, as an envelope shows it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Text, Field(min_length=1, max_length=80)]
    lines: Annotated[list[Annotated[Text, Field(min_length=1, max_length=80)]], Field(min_length=1, max_length=3)]


class InquiryBody(BaseModel):
    """What somebody asked. *authority*: what shows that they may be told what is owed, if they are not the customer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "asker": "customer",
                    "channel": "phone",
                    "topic": "balance",
                    "question": "How much do I owe, and what becomes of my deposit?",
                    "language": "es",
                }
            ]
        },
    )

    asker: Asker
    channel: Channel
    topic: Topic
    question: Text
    who: Name = ""
    authority: Annotated[Text, Field(max_length=200)] = ""
    language: Language = "en"
    reply_by: Day | None = None
    owner: User = ""
    reply_to: AddresseeBody | None = None


class OwnerBody(BaseModel):
    """Whose work the answer is; nobody's if blank."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"owner": "rep.one"}]})

    owner: User


class AnswerBody(BaseModel):
    """What is answered: sentences of the letter by topic, words of one's own, and by which way it goes.

    *email*: where an answer by e-mail goes; blank for the customer's own address on record.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"topics": ["balance", "agreement"], "words": "", "through": "letter"}]},
    )

    topics: Annotated[list[Topic], Field(max_length=len(Topic))] = []
    words: Annotated[Text, Field(max_length=2_000)] = ""
    through: Literal["letter", "phone", "email", "counter"] = "letter"
    email: Annotated[Text, Field(max_length=254)] = ""


def _reply(body: AnswerBody) -> inquiries.Reply:
    return inquiries.Reply(topics=tuple(body.topics), words=body.words, through=body.through, email=body.email)


@router.get("/inquiries", tags=["inquiries"], response_model=Inquiries)
@needs(Permission.SEE_INQUIRIES)
def get_inquiries(
    desk: AtDesk,
    state: InquiryState | None = InquiryState.OPEN,
    owner: Annotated[str, Query(max_length=60)] = "",
    account_no: Annotated[str, Query(pattern=r"^[0-9]{0,20}$")] = "",
    limit: Limit = 200,
) -> Inquiries:
    """Inquiries, those to be answered first at the top; the open ones unless another state is named."""
    found = inquiries.inquiries(desk, state=state, owner=owner, account_no=account_no, limit=limit)
    return Inquiries(inquiries=[InquiryShown.of(each) for each in found])


@router.get("/inquiries/{inquiry_id}", tags=["inquiries"], response_model=InquiryShown)
@needs(Permission.SEE_INQUIRIES)
def get_inquiry(desk: AtDesk, inquiry_id: AnyId) -> InquiryShown:
    """One inquiry."""
    return InquiryShown.of(inquiries.the_inquiry(desk, inquiry_id))


@router.post("/accounts/{account_no}/inquiries", tags=["inquiries"], response_model=InquiryShown, status_code=201)
@needs(Permission.LOG_INQUIRY)
def post_inquiry(desk: AtDesk, key: Key, account_no: AccountNo, body: InquiryBody) -> InquiryShown:
    """Note what somebody asked about the account. It is owed an answer from then on."""
    to = To(name=body.reply_to.name, lines=tuple(body.reply_to.lines)) if body.reply_to else None
    asked = inquiries.Question(
        asker=body.asker,
        channel=body.channel,
        topic=body.topic,
        question=body.question,
        who=body.who,
        authority=body.authority,
        language=body.language,
        by=body.reply_by,
        owner=body.owner,
        to=to,
    )
    return InquiryShown.of(inquiries.log_inquiry(desk, account_no, asked, key=key))


@router.post("/inquiries/{inquiry_id}/owner", tags=["inquiries"], response_model=InquiryShown)
@needs(Permission.ANSWER_INQUIRY)
def post_owner(desk: AtDesk, inquiry_id: AnyId, body: OwnerBody) -> InquiryShown:
    """Make the answer somebody's work."""
    return InquiryShown.of(inquiries.give_inquiry(desk, inquiry_id, owner=body.owner))


@router.post("/inquiries/{inquiry_id}/answer", tags=["inquiries"], response_model=InquiryShown)
@needs(Permission.ANSWER_INQUIRY)
async def post_answer(desk: AtDesk, inquiry_id: AnyId, body: AnswerBody) -> InquiryShown:
    """Answer it, once: a letter goes out with the day's batch, an e-mail at once with the letter attached."""
    return InquiryShown.of(await inquiries.answer_inquiry(desk, inquiry_id, _reply(body)))


@router.post(
    "/inquiries/{inquiry_id}/reply.pdf",
    tags=["inquiries"],
    response_class=Response,
    responses={200: {"description": "A tagged PDF.", "content": {PDF: {"schema": {"type": "string"}}}}},
)
@needs(Permission.ANSWER_INQUIRY, keyed=False)
async def post_reply(desk: AtDesk, inquiry_id: AnyId, body: AnswerBody) -> Response:
    """The letter that such an answer would send; nothing is stored."""
    return Response(await inquiries.preview_reply(desk, inquiry_id, _reply(body)), media_type=PDF)
