"""What must a fact of each kind state, so that a rule can read it and a second person can check it?

The table is the one place where a kind's details are named: decisions are checked against it, `docs/facts.md` is drawn
from it, and the API hands it to whoever builds a form. What other systems write (billing's master, the weather service)
is not checked here: it is read in the way that protects more.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.account import Service
from domain.facts import FactKind
from domain.money import ZERO, Money

DETAIL_MAX = 200  # characters; a detail is a word for a rule, not a story
CENTS_DIGITS_MAX = 12


class Subject(StrEnum):
    """What a fact of a kind is usually about. An area is every account of the utility."""

    ACCOUNT = "account"
    PREMISES = "premises"
    COUNTY = "county"
    AREA = "area"


class Form(StrEnum):
    """How a detail is written."""

    WORDS = "words"
    DATE = "date"
    SERVICE = "service"
    SCOPES = "scopes"
    CENTS = "cents"
    CENTS_BY_SERVICE = "cents_by_service"


@dataclass(frozen=True, slots=True)
class Detail:
    """One key of a fact's details. *must*: without it the fact is refused. *one_of*: the only values it may have."""

    key: str
    says: str
    must: bool = False
    one_of: tuple[str, ...] = ()
    form: Form = Form.WORDS


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind states. *amount*: what its amount means, none if it has none. *source*: the name of who said so."""

    means: str
    rules: str = ""
    details: tuple[Detail, ...] = ()
    amount: str = ""
    amount_must: bool = False
    source_must: bool = False
    until_must: bool = False
    about: tuple[Subject, ...] = (Subject.ACCOUNT,)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is missing or wrong; *slug* is stable, *says* names kind and key, *way_out* what to write."""

    slug: str
    says: str
    way_out: str


_PLACE = (Subject.ACCOUNT, Subject.PREMISES)
_CHANNELS = ("phone", "sms", "email", "all")
_YES = ("yes",)
_SUBJECTS = ("bill", "terms", "breach")
_OFFERED = ("phone", "in_person", "letter")

SHAPES: dict[FactKind, Shape] = {
    FactKind.HOLD: Shape(
        "A person stopped cuts, letters and what hands the debt on",
        "G03",
        (Detail("because", "why"), Detail("step", "the step that another system rejected")),
    ),
    FactKind.STOP_SWITCH: Shape(
        "A supervisor stopped them, for all, a service or an area",
        "G02",
        (
            Detail("scope", "words of `cuts letters calls all` (default `all`)", form=Form.SCOPES),
            Detail("service", "one service (default every)", form=Form.SERVICE),
            Detail("because", "why"),
            Detail("lifts", "the switch whose lifting this delays"),
        ),
        about=(Subject.ACCOUNT, Subject.COUNTY, Subject.AREA),
    ),
    FactKind.DISPUTE: Shape(
        "Any open dispute stops a cut; letters stop for what it is about, the whole account when neither amount nor "
        "bills are named",
        "D04",
        (
            Detail("bills", "references separated by blanks"),
            Detail("reviewer", "role that decides"),
            Detail("subject", "an agreement's terms, or whether it was broken (default the bill)", one_of=_SUBJECTS),
        ),
        amount="what is disputed",
    ),
    FactKind.APPEAL: Shape(
        "As a dispute", "D04", (Detail("reviewer", "role that decides"),), amount="what is disputed"
    ),
    FactKind.MEDICAL_CERTIFICATE: Shape(
        "Lasts the pack's open days by telephone, the pack's days in writing, or until its own earlier end; a renewal "
        "is a new fact. On an account in arrears it creates the duty to offer an agreement",
        "D12",
        (
            Detail("form", "how it came", must=True, one_of=("phone", "written")),
            Detail("certified_on", "day of the certificate (default the start)", form=Form.DATE),
            Detail("renews", "the fact that it renews"),
        ),
        source_must=True,
    ),
    FactKind.LIFE_SUPPORT: Shape("Equipment is known to run; stands until a person ends it", "D12", about=_PLACE),
    FactKind.MEDICAL_EQUIPMENT: Shape("Equipment is known to run; stands until a person ends it", "D12", about=_PLACE),
    FactKind.INCOME_QUALIFICATION: Shape(
        "Income shown; one piece of evidence that qualifies outweighs any that does not",
        "D05 D06 D07 D10",
        (
            Detail(
                "band",
                "band of income",
                must=True,
                one_of=("le50smi", "50to100smi", "gt50smi", "gt100smi", "le150fpg", "150to250fpg", "gt250fpg"),
            ),
        ),
    ),
    FactKind.PUBLIC_ASSISTANCE: Shape(
        "Deemed to qualify", "D05 D06 D07 D10", (Detail("programme", "which one", must=True),)
    ),
    FactKind.INABILITY_TO_PAY_FORM: Shape(
        "The latest one counts: while it is `returned`, nobody is cut",
        "D06",
        (Detail("step", "default `sent`", one_of=("sent", "returned", "decided")),),
    ),
    FactKind.REFERRAL_GIVEN: Shape(
        "Referred to energy assistance, weatherization, conservation; counts in the season it was given, or since the "
        "notice",
        "D05 D06",
        (
            Detail("providers", "`yes` if the list of assistance providers went with it", one_of=("yes", "no")),
            Detail("programs", "which ones the customer was told of, separated by blanks"),
        ),
    ),
    FactKind.OCCUPANCY_CHECK: Shape(
        "The latest one counts",
        "D07",
        (
            Detail("result", "default `occupied`", one_of=("occupied", "vacant")),
            Detail("informed", "`yes` if the occupant was told of the winter rule", one_of=("yes", "no")),
        ),
        about=_PLACE,
    ),
    FactKind.PROVIDER_NOTICE: Shape(
        "The assistance provider was told in writing that vacant premises are to be cut", "D07", about=_PLACE
    ),
    FactKind.AGREEMENT_OFFERED: Shape(
        "An agreement was offered: this meets the duty that a medical certificate creates",
        "",
        (Detail("by", "how", one_of=_OFFERED),),
    ),
    FactKind.AGREEMENT_DECLINED: Shape(
        "An agreement was offered and declined. In person or by telephone, it opens that same Friday",
        "D05 D08 D13",
        (Detail("by", "how", must=True, one_of=_OFFERED),),
    ),
    FactKind.MILITARY_ORDERS: Shape(
        "A member of the household is under orders",
        "D13",
        (Detail("income", "`below` (default) or `above` the state median", one_of=("below", "above")),),
    ),
    FactKind.BANKRUPTCY: Shape(
        "Bills issued up to and on the petition's day are stayed; ended on dismissal, kept for ever on discharge",
        "D14 C04",
        (
            Detail("chapter", "chapter of the petition", must=True, one_of=("7", "11", "13", "unknown")),
            Detail("petition_on", "day of the petition (default the start)", form=Form.DATE),
            Detail("claim_filed_on", "day on which our proof of claim was filed", form=Form.DATE),
            Detail("outcome", "how it ended", one_of=("discharged", "closed")),
            Detail("assured_on", "day on which adequate assurance of payment was furnished", form=Form.DATE),
            Detail(
                "assurance",
                "its form (11 U.S.C. 366(c)(1)(A))",
                one_of=("deposit", "letter_of_credit", "certificate_of_deposit", "surety_bond", "prepayment", "other"),
            ),
            Detail("setoff_allowed_on", "day on which counsel let the deposit be set off", form=Form.DATE),
            Detail("joint", "another person owes the debt as well", one_of=("yes",)),
            Detail("converted_on", "day of its conversion to this chapter", form=Form.DATE),
            Detail(
                "paid_since",
                "cents that the customer paid from that day on, before it was known",
                form=Form.CENTS,
            ),
            Detail(
                "read",
                "`service=cents,…` used through that day by the meter; else bills are split by days",
                form=Form.CENTS_BY_SERVICE,
            ),
        ),
    ),
    FactKind.HEAT_PRODUCT: Shape(
        "In force from start to end; also stops a cut earlier on the day it begins",
        "D09",
        (
            Detail("product", "its name as issued, or `unread` when the weather service could not be read", must=True),
            Detail("county", "county (default the pack's)"),
        ),
        about=(Subject.COUNTY, Subject.AREA, Subject.ACCOUNT),
    ),
    FactKind.TENANT_OCCUPIED: Shape("The customer is the landlord, and tenants live there", "D18", about=_PLACE),
    FactKind.TENANT_NOTICE: Shape("The tenants were told, and may pay and stay", "D18", about=_PLACE),
    FactKind.LIABLE_PARTY: Shape(
        "Who owes for a service: collected from that party alone, never from another. The latest one counts",
        "",
        (
            Detail("service", "which service", must=True, form=Form.SERVICE),
            Detail("party", "who owes", must=True, one_of=("customer", "tenant", "owner")),
            Detail("basis", "contract, ordinance or statute"),
        ),
        about=_PLACE,
    ),
    FactKind.OWNER_WAIVER: Shape(
        "The owner gave written notice not to be liable (New Mexico): it covers what falls due after it, and no lien "
        "arises for that",
        "",
        (Detail("received_on", "day on which the notice came (default the start)", form=Form.DATE),),
        source_must=True,
        about=(Subject.PREMISES, Subject.ACCOUNT),
    ),
    FactKind.THIRD_PARTY_DESIGNEE: Shape("The customer named someone for copies", "D21 C05"),
    FactKind.THIRD_PARTY_COPY: Shape("That person was sent a copy of a notice, on the day this starts", "D21"),
    FactKind.DECEASED: Shape("The customer died; letters, calls and cuts stop", "D20 C04", source_must=True),
    FactKind.CRITICAL_FACILITY: Shape(
        "A supervisor decides with this in view; one recorded after the approval was asked for asks for a new one",
        "D19",
        about=_PLACE,
    ),
    FactKind.MASTER_METER: Shape("As a critical facility", "D19", about=_PLACE),
    FactKind.OUTAGE: Shape("As a critical facility", "D19", about=(Subject.ACCOUNT, Subject.PREMISES, Subject.COUNTY)),
    FactKind.BILLING_ERROR: Shape(
        "As a critical facility. An agreement may last as long as the utility had charged too little",
        "D19 A11",
        (
            Detail("what", "the kind of error", one_of=("undercharge", "overcharge", "other")),
            Detail("months", "over how many months"),
        ),
    ),
    FactKind.PREFERRED_PAYMENT_DATE: Shape(
        "Instalments fall on that day of the month",
        "",
        (
            Detail("day", "day of the month", must=True),
            Detail("because", "on which ground", must=True, one_of=("elderly", "disabled")),
        ),
    ),
    FactKind.PLEDGE: Shape(
        "Held to its end and the pack's days after; withdraw one that was taken back",
        "D16",
        (
            Detail("agency", "who pledged, if it is not the source"),
            Detail("extended", "how often its end was put off; counted when it is corrected to a later one"),
        ),
        amount="what is pledged (default all)",
        source_must=True,
    ),
    FactKind.CLAIMED_PAYMENT: Shape(
        "Said to have been paid; stops the cut until the open day on which its channel's file would show it, matches "
        "itself against the payment, else lapses into a task",
        "D17",
        (
            Detail("channel", "through which it was paid; the pack lists the channels", must=True),
            Detail("confirmation", "number on the receipt", must=True),
            Detail("said_by", "who said so: `customer`, `agency`, `family`, `other`", must=True),
            Detail("outcome", "set when it ends", one_of=("matched", "lapsed")),
            Detail("payment", "the payment that it matched"),
        ),
        amount="what is claimed",
        amount_must=True,
    ),
    FactKind.RETURNED_PAYMENT: Shape(
        "A payment came back, from the day on which it did: what it had stopped resumes at the step the pack names",
        "",
        (Detail("code", "the code of the return"), Detail("source", "by which way the money had come")),
        amount="what came back",
    ),
    FactKind.PUT_RIGHT: Shape(
        "A mistake with the account's money was put right when this came to be known: letters written from its start "
        "until then stated a wrong sum, and a notice that stated too much carries no cut where the pack says so",
        "D01",
        (Detail("change", "money that should have been here, or should not", must=True, one_of=("came", "left")),),
        amount="how much",
        amount_must=True,
    ),
    FactKind.CASH_ONLY: Shape(
        "Until its end no check, draft or other paper that may come back is taken at the counter",
        "",
        (Detail("because", "why", one_of=("returned_items", "behaviour")),),
    ),
    FactKind.DEPOSIT_ASKED: Shape(
        "Payment behaviour reached the pack's points for a deposit",
        "",
        (Detail("because", "why"),),
        amount="what is asked",
    ),
    FactKind.CONSENT: Shape(
        "Undoes an earlier revocation", "C03", (Detail("channel", "default `all`", one_of=_CHANNELS),)
    ),
    FactKind.REVOCATION: Shape(
        "Asked not to be contacted, or someone else answers; honoured at once, and passed on within the law's days",
        "C03 C07",
        (
            Detail("channel", "default `all`", one_of=_CHANNELS),
            Detail("reason", "default: the customer asked", one_of=("wrong_number", "asked")),
            Detail("asked_on", "day on which it was asked (default the start)", form=Form.DATE),
            Detail("passed_on", "day on which agency and mail house were told", form=Form.DATE),
        ),
    ),
    FactKind.LANGUAGE: Shape(
        "The customer's language; the latest one counts, before the account's own",
        "C06",
        (Detail("code", "`en`, `es`, …", must=True), Detail("interpreter", "one is needed", one_of=("yes", "no"))),
    ),
    FactKind.REPRESENTED: Shape("A lawyer represents the customer in this", "C04"),
    FactKind.VIOLENCE_VICTIM: Shape(
        "Nothing is left with others, nothing said at the door, and no address told: only the safe channel is used",
        "C04",
        (
            Detail(
                "safe_channel", "the one channel that is safe", must=True, one_of=("phone", "sms", "email", "letter")
            ),
        ),
    ),
    FactKind.IDENTITY_THEFT: Shape(
        "The customer says that the account is not theirs; nothing is handed on until the review is done", "T11"
    ),
    FactKind.ADDRESS_FOUND: Shape(
        "Mail reaches the customer again: billing has the address. A notice that had come back is served anew",
        "D01",
        source_must=True,
    ),
    FactKind.LAST_KNOWN_ADDRESS: Shape(
        "Where the customer lives now, as a skip trace found; the latest one counts",
        "T03",
        (Detail("county", "the county, without the word", must=True),),
        source_must=True,
    ),
    FactKind.TAX_HEARING: Shape(
        "The owner was told of the certification to property tax and could be heard", "T05", source_must=True
    ),
    FactKind.WRITE_OFF_RESOLUTION: Shape(
        "The governing body resolved to remove the debt from the accounts",
        "T12",
        (Detail("resolution", "its number"),),
        source_must=True,
    ),
    FactKind.SAFETY_NOTE: Shape(
        "Travels with every order to the place, whoever the customer is",
        "",
        (Detail("note", "what a crew must know", must=True, one_of=("dog", "threat", "escort")),),
        about=(Subject.PREMISES, Subject.ACCOUNT),
    ),
    FactKind.RECONNECT_EXCEPTION: Shape(
        "A supervisor lets a signed agreement with its down payment bring service back where the pack lets none",
        "",
    ),
    FactKind.OUTSIDE_ACT: Shape(
        "The outside's record shows an act that we did not order",
        "",
        (
            Detail("what", "the act, see `domain/opening.py`", must=True),
            Detail("service", "which service", form=Form.SERVICE),
            Detail("status", "`on` or `off`", one_of=("on", "off")),
            Detail("ref", "the outside's own number"),
        ),
    ),
}


def flaw(
    kind: FactKind,
    *,
    details: tuple[tuple[str, str], ...] = (),
    amount: Money | None = None,
    source: str = "",
    starts: datetime | None = None,
    until: datetime | None = None,
) -> Flaw | None:
    """Return the first thing that keeps a fact of *kind* from being recorded so; none if nothing does.

    *starts* none means now: what ends must end after it, which the caller checks who knows the instant.
    """
    shape, name = SHAPES[kind], kind.replace("_", " ")
    given = dict(details)
    for found in (
        _keys(shape, name, given),
        *(_value(name, each, given[each.key]) for each in shape.details if each.key in given),
    ):
        if found:
            return found
    if amount is not None and not shape.amount:
        return Flaw("fact-amount-unfit", f"A {name} has no amount.", "Leave the amount out.")
    if (amount is None and shape.amount_must) or (amount is not None and amount <= ZERO):
        return Flaw(
            "fact-amount-missing", f"A {name} states an amount above zero: {shape.amount}.", "State the amount."
        )
    if shape.source_must and not source.strip():
        return Flaw("fact-source-missing", f"A {name} says who said so.", "Name the source: an office, never a person.")
    if starts is not None and until is not None and until <= starts:
        return Flaw("fact-ends-before-it-starts", "The fact would end before it starts.", "Correct its dates.")
    return None


def _keys(shape: Shape, name: str, given: dict[str, str]) -> Flaw | None:
    known = [each.key for each in shape.details]
    listed = ", ".join(known) or "none"
    for key in given:
        if key not in known:
            return Flaw("fact-detail-unknown", f"A {name} has no detail {key}; it has: {listed}.", f"Use: {listed}.")
    for each in shape.details:
        if each.must and not given.get(each.key, "").strip():
            return Flaw("fact-detail-missing", f"A {name} states its {each.key}: {_told(each)}.", f"State {each.key}.")
    return None


def _value(name: str, detail: Detail, value: str) -> Flaw | None:
    fits = len(value) <= DETAIL_MAX
    match detail.form:
        case Form.DATE:
            fits = _is_date(value)
        case Form.SERVICE:
            fits = value in set(Service)
        case Form.SCOPES:
            fits = bool(value.split()) and set(value.split()) <= {"cuts", "letters", "calls", "all"}
        case Form.CENTS:
            fits = _is_cents(value)
        case Form.CENTS_BY_SERVICE:
            pairs = [each.partition("=") for each in value.split(",")]
            fits = all(service.strip() in set(Service) and _is_cents(cents) for service, _, cents in pairs)
        case Form.WORDS if detail.one_of:
            fits = value in detail.one_of
    if fits:
        return None
    return Flaw(
        "fact-detail-unfit", f"The {detail.key} of a {name} cannot be {value[:40]!r}.", f"It is: {_told(detail)}."
    )


def _told(detail: Detail) -> str:
    match detail.form:
        case Form.DATE:
            return f"{detail.says}, as YYYY-MM-DD"
        case Form.SERVICE:
            return f"{detail.says}, one of {', '.join(Service)}"
        case _:
            return f"{detail.says}, one of {', '.join(detail.one_of)}" if detail.one_of else detail.says


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_cents(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= CENTS_DIGITS_MAX


def table() -> str:
    """Return the kinds as a table in Markdown."""
    rows = ["| Kind | About | Details | Amount | Meaning | Rules |", "| --- | --- | --- | --- | --- | --- |"]
    for kind in FactKind:
        shape = SHAPES[kind]
        keys = "; ".join(
            f"{'**' if d.must else ''}`{d.key}`{'**' if d.must else ''}: {_marked(d)}" for d in shape.details
        )
        source = " A source is needed." if shape.source_must else ""
        amount = f"**{shape.amount}**" if shape.amount_must else shape.amount
        rows.append(
            f"| `{kind}` | {', '.join(shape.about)} | {keys} | {amount} | {shape.means}.{source} | {shape.rules} |"
        )
    return "\n".join([*rows, ""])


def _marked(detail: Detail) -> str:
    values = ", ".join(f"`{value}`" for value in detail.one_of)
    return f"{detail.says}: {values}" if values else detail.says
